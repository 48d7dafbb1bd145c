/**
 * Forwards what fetch401 tells to an error monitor: Sentry (sentry.js, beside this file), or any other by an object with
 * two functions, see {@link Monitor}.
 *
 * One event per final 401: that is `unauthorized`, a 401 that is handed to a caller. All else is a breadcrumb on the way
 * to it. `login` is one too, since the call that it speaks of is handed its 401 as well; a hundred calls that end with the
 * session are a hundred events of one fingerprint, which a monitor shows as one problem with a count.
 *
 * Nothing sensitive is forwarded: fetch401's events hold no token, query or fragment, and of the path what may be an id or
 * a secret is replaced, which also lets a monitor see /orders/1 and /orders/2 as one problem.
 * @module
 */

/**
 * @typedef {"info" | "warning" | "error"} Level
 *
 * @typedef {object} Told
 * @property {Level} level
 * @property {string[]} fingerprint what makes two events one problem
 * @property {Record<string, string | number | boolean>} data
 *
 * @typedef {object} Monitor
 * @property {(message: string, data: Record<string, string | number | boolean>) => void} breadcrumb what led to an event
 * @property {(message: string, told: Told) => void} event one problem
 */

/**
 * How bad a 401 is that nobody could heal. A session that ends is daily life. What a person cannot mend by signing in is
 * for the team.
 * @type {Record<string, Level>}
 */
const LEVELS = {
  session_ended: "info",
  no_credentials: "info",
  step_up: "info",
  refresh_failed: "warning",
  not_replayable: "warning",
};

/** A segment that is a number, longer than words are, or long with a digit among its letters, as UUIDs and tokens are. */
const SECRET = /^(\d+|.{25,}|(?=.*\d)[\w~%+=-]{12,})$/;

/** @param {string} url origin and path */
export const withoutIds = (url) => {
  const [, origin, path] = /^(\w+:\/\/[^/]*)?(.*)$/.exec(url.split(/[?#]/)[0]) ?? [];
  return (origin ?? "") + path.split("/").map((segment) => (SECRET.test(segment) ? ":id" : segment)).join("/");
};

/** What of an event's facts goes on; the values are fetch401's, the names are those of js/fetch401.d.ts. */
const FACTS = ["reason", "method", "url", "status", "final", "code", "generation"];

/** @param {any} detail */
const facts = (detail) => {
  /** @type {Record<string, string | number | boolean>} */
  const data = {};
  for (const name of FACTS) {
    const value = detail?.[name];
    if (value !== undefined && value !== "") data[name] = name === "url" ? withoutIds(value) : value;
  }
  return data;
};

/**
 * Begins to forward; gives a function that ends it.
 * @param {EventTarget} fetch401 `window.fetch401`
 * @param {Monitor} monitor
 */
export const forward = (fetch401, monitor) => {
  const ending = new AbortController();
  /** @param {string} type @param {(data: Record<string, any>) => void} hear */
  const on = (type, hear) => fetch401.addEventListener(type, (event) => hear(facts(/** @type {CustomEvent} */ (event).detail)), { signal: ending.signal });

  for (const type of ["refreshing", "refreshed", "refreshfailed", "retried", "login"]) {
    on(type, (data) => monitor.breadcrumb("fetch401 " + type, data));
  }
  on("unauthorized", (data) => {
    const { reason, method, url } = data;
    monitor.event(`401 (${reason}): ${method} ${url}`, {
      level: LEVELS[reason] ?? "error",
      fingerprint: ["fetch401", reason, method, url],
      data,
    });
  });
  return () => ending.abort();
};
