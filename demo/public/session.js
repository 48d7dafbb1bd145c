import { counts, post } from "./backend.js";
import { fetch401, isOn, mode } from "./interceptor.js";
import { recall, remember, take } from "./storage.js";
import { tabsThere, until } from "./tabs.js";
import { hold } from "./tokens.js";

/**
 * What the page believes about its session; the server may know better.
 * @typedef {"out" | "in" | "ended"} State
 */

/** Fires `change` whenever one of the facts below changes. */
export const session = Object.assign(new EventTarget(), {
  /** @type {State} */
  state: "out",
  /** Seconds that an access token lives, as chosen at sign-in. */
  lifetime: 30,
  /** When the present access token runs out, on the clock of performance.now(). */
  deadline: 0,
});

/** @param {Partial<{ state: State, lifetime: number, deadline: number }>} facts */
export function change(facts) {
  Object.assign(session, facts);
  if (session.state === "in") remember("signed-in", JSON.stringify({ mode: mode(), lifetime: session.lifetime }));
  else remember("signed-in", null);
  session.dispatchEvent(new Event("change"));
}

/**
 * @param {{ user: string, password: string, lifetime: number }} form
 * @returns {Promise<string>} empty, or why it did not work
 */
export async function signIn({ user, password, lifetime }) {
  const { ok, status, answer } = await post("/auth/login", { user, password, mode: mode(), lifetime });
  if (!ok) return answer.detail ?? answer.title ?? `The server answered ${status}.`;
  begin(answer, lifetime);
  return "";
}

/**
 * A session has begun: fetch401 gets its tokens, or hears that there is a new cookie.
 * @param {Record<string, any>} tokens
 * @param {number} lifetime
 */
function begin(tokens, lifetime) {
  const { access_token, refresh_token, expires_in } = tokens;
  hold(access_token);
  if (isOn()) fetch401()?.setTokens({ access_token, refresh_token, expires_in });
  change({ state: "in", lifetime, deadline: performance.now() + (expires_in ?? lifetime) * 1000 });
}

/** Ends the session at the backend, and quietly in fetch401: nobody is asked to sign in after signing out. */
export async function signOut() {
  await post("/auth/logout");
  hold(undefined);
  if (isOn()) fetch401()?.clearTokens();
  change({ state: "out" });
}

/**
 * Takes up the session that was there before a reload, or that the login page has just begun.
 * @returns {Promise<string>} a sentence for the person, or nothing
 */
export async function resume() {
  const handed = take("handover");
  if (handed) {
    const { tokens, lifetime } = JSON.parse(handed);
    begin(tokens, lifetime);
    return "";
  }
  const stored = JSON.parse(recall("signed-in") ?? "null");
  if (!stored || stored.mode !== mode()) return "";
  if (mode() === "bearer") {
    if (await resumeShared(stored.lifetime)) return "The reload has emptied this page's memory; another tab has shared its tokens.";
    change({ state: "out" });
    return "The reload has emptied the page's memory, and the tokens were kept nowhere else: sign in again.";
  }
  if (mode() === "pair") return resumePair(stored.lifetime);
  // The cookies are out of this page's sight, so the backend is asked.
  if (await counts()) change({ state: "in", lifetime: stored.lifetime, deadline: 0 });
  else change({ state: "out" });
  return "";
}

/**
 * Other tabs of the demo share their tokens (data-share), if there are any.
 * @param {number} lifetime
 */
async function resumeShared(lifetime) {
  if (!isOn() || !(await until(() => tabsThere() > 0, 300))) return false;
  const nobody = new Promise((resolve) => setTimeout(resolve, 1000));
  const token = await Promise.race([fetch401()?.accessToken().catch(() => undefined), nobody]);
  if (!token) return false;
  hold(token);
  change({ state: "in", lifetime, deadline: 0 });
  return true;
}

/**
 * The refresh token is still in its cookie, so one exchange brings a new access token. The page does this one itself,
 * as it wants to see the token; calls made meanwhile wait for it.
 * @param {number} lifetime
 */
async function resumePair(lifetime) {
  const exchange = post("/auth/refresh").then(({ ok, answer }) => {
    if (!ok) throw new Error("page: the session was not renewed");
    return answer;
  });
  try {
    begin(await exchange, lifetime);
    return "The reload has emptied the page's memory; the refresh token in its cookie brought a new access token.";
  } catch {
    change({ state: "out" });
    return "The session from before the reload has ended: sign in again.";
  }
}
