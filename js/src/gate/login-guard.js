/**
 * The guard against a login page that sends the person straight back: per tab, at most one redirect in 30 s and three in
 * 10 min, with the Go program and without it. What it remembers is in sessionStorage; where that cannot be read or
 * written, a redirect needs a page that the person has touched, or that has stood for a while.
 * @module
 */

const NAME = "fetch401";
const SHORT = 30_000;
const LONG = 600_000;
const MOST = 3;
/** Milliseconds after which a page is none that was only passed through. */
const STOOD = 10_000;

/** @type {boolean | undefined} */
let writable;

/** Whether as much can be written as {@link leave} writes; what is there stays. */
const probe = () => {
  const stored = sessionStorage.getItem(NAME);
  sessionStorage.setItem(NAME, stored + ",".repeat(64));
  if (stored === null) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, stored);
  return true;
};

/**
 * When this tab was sent to login in the last 10 min, in milliseconds since 1970; undefined where nobody can tell. Any
 * script of the origin can write there: what is no time counts for nothing, nor does one to come (the clock was set back).
 * @param {number} now
 */
const times = (now) => {
  try {
    writable ??= probe();
    const text = sessionStorage.getItem(NAME) ?? "";
    return text.split(",").filter((time) => /^\d{1,15}$/.test(time) && now >= +time && now - +time < LONG);
  } catch {
    writable = false;
  }
};

/** Whether this tab must not be sent to login now. */
const looping = () => {
  const now = Date.now();
  const before = writable === false ? undefined : times(now);
  if (!before) return !navigator.userActivation?.hasBeenActive && performance.now() < STOOD;
  return before.length >= MOST || before.some((time) => now - +time < SHORT);
};

/**
 * Goes to login, and remembers for this tab that it went there.
 * @param {string} url
 */
const leave = (url) => {
  const now = Date.now();
  try {
    sessionStorage.setItem(NAME, [...(times(now) ?? []), now].slice(-MOST).join());
  } catch {
    writable = false;
  }
  location.assign(url);
};

/**
 * Whether the page is the login page.
 * @param {string | undefined} loginUrl
 */
const onLogin = (loginUrl) => {
  const { origin, pathname, hash } = new URL(loginUrl ?? "about:blank");
  return origin === location.origin && pathname === location.pathname && (!hash || hash === location.hash);
};

/**
 * Goes to login without Go, unless that would be a loop; a click is none.
 * @param {string} url
 */
const leaveUnlessLooping = (url) => {
  if (!looping() || navigator.userActivation?.isActive) leave(url);
};

export const guard = { looping, leave, onLogin, leaveUnlessLooping };
