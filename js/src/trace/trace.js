/**
 * What data-debug shows, loaded by pages that ask for it and by no other: each protected call as one line of the console,
 * or as a group where anything but its first answer happened to it, and what it waited for as tracks of their own in
 * Chrome's Performance panel (https://developer.chrome.com/docs/devtools/performance/extension).
 *
 * No token is shown: URLs go without query and fragment, of headers only WWW-Authenticate is read, and what is long and
 * without a blank in it is left out.
 * @module
 */

/**
 * @typedef {import("../gate/calls.js").Call} Call
 *
 * @typedef {object} Story what happened to a call
 * @property {number} since milliseconds, as performance.now() gives them
 * @property {[at: number, text: string][]} lines
 * @property {number} [waits] since when it waits
 * @property {number} [retried] when it was sent again
 * @property {number} [status] of its last answer
 * @property {boolean} [held] that counts as a 401 of ours
 */

/** A blank-free run of this length could be a token, the rest of a challenge is words. */
const TOKEN = /[\w+/~.-]{20,}=*/g;

/** Milliseconds that a call may take from its start until it is sent without having waited for anything. */
const SHORT = 10;

/** @param {unknown} text from the server */
const harmless = (text) => String(text).replace(TOKEN, "[…]").slice(0, 300);

/**
 * @param {any} answer a Response, or what an XMLHttpRequest tells of its own
 * @returns {string | null | undefined}
 */
const challengeOf = ({ headers, fields }) => (headers ? headers.get("WWW-Authenticate") : /^www-authenticate: *(.*)/im.exec(fields)?.[1]);

/** @param {number} from @param {number} to */
const took = (from, to) => `${Math.round(to - from)} ms`;

/**
 * @param {unknown} why what the gate says of a call that ended without an answer, or with a 401
 */
const named = (why) => {
  if (typeof why === "string" && /^[a-z_]{1,32}$/.test(why)) return why;
  const name = /** @type {any} */ (why)?.name;
  return typeof name === "string" && /^\w{1,40}$/.test(name) ? name : "aborted";
};

/**
 * @param {Pick<Console, "debug" | "info" | "groupCollapsed" | "groupEnd">} console
 * @param {Pick<Performance, "measure">} performance
 */
export const createTrace = (console, performance) => {
  /** @type {Map<Call, Story>} calls under way */
  const stories = new Map();
  let exchanged = 0;

  /**
   * @param {string} track
   * @param {string} name
   * @param {number} start
   * @param {number} end
   * @param {string} color
   * @param {[string, string][]} properties
   */
  const draw = (track, name, start, end, color, properties) => {
    const tooltipText = `${name}: ${track}, ${took(start, end)}`;
    const devtools = { dataType: "track-entry", trackGroup: "fetch401", track, color, properties, tooltipText };
    performance.measure(`fetch401 ${track}: ${name}`, { start, end, detail: { devtools } });
  };

  /** @param {Call} call */
  const title = (call) => `${call.method} ${call.place.key}`;

  /**
   * @param {number} now
   * @param {Call} call
   * @param {Story} story
   * @param {unknown} why
   */
  const end = (now, call, story, why) => {
    stories.delete(call);
    const { since, lines, status, held, waits, retried } = story;
    const outcome = why === undefined ? `${status ?? "left to native fetch"}` : held && typeof why === "string" ? `${status} (${named(why)})` : named(why);
    if (waits !== undefined && now > waits) draw("waiting", title(call), waits, now, "error", [["ended with", outcome]]);
    if (retried !== undefined && why !== undefined) draw("retrying", title(call), retried, now, "error", [["ended with", outcome]]);
    const text = `fetch401 ${title(call)}: ${outcome}, ${took(since, now)}`;
    if (lines.length < 3 && why === undefined) return console.debug(text);
    console.groupCollapsed(text);
    for (const [at, line] of lines) console.info(`${took(since, at)}  ${line}`);
    console.info(`${took(since, now)}  ${why === undefined ? "handed to the caller" : `the caller gets ${outcome}`}`);
    console.groupEnd();
  };

  /**
   * @param {number} now when it happened
   * @param {Call} call
   * @param {string} what
   * @param {any} detail
   */
  const print = (now, call, what, detail) => {
    if (what === "started") return stories.set(call, { since: now, lines: [], waits: now });
    const story = stories.get(call);
    if (!story) return;
    const { lines, waits } = story;
    switch (what) {
      case "sent": {
        const again = story.held;
        if (waits !== undefined && (again || now - waits >= SHORT)) {
          const what = again ? "the refresh" : "the session";
          lines.push([now, `waited ${took(waits, now)} for ${what}`]);
          draw("waiting", title(call), waits, now, "tertiary", [["for", what]]);
        }
        story.waits = undefined;
        story.held = false;
        if (again) story.retried = now;
        lines.push([now, again ? "sent again" : "sent"]);
        return;
      }
      case "answered": {
        const { status } = detail;
        const challenge = status === 401 ? challengeOf(detail) : undefined;
        lines.push([now, challenge == null ? `answered with ${status}` : `answered with 401, WWW-Authenticate: ${harmless(challenge)}`]);
        if (story.retried !== undefined) draw("retrying", title(call), story.retried, now, status === 401 ? "error" : "secondary", [["status", `${status}`]]);
        story.retried = undefined;
        story.status = status;
        return;
      }
      case "held":
        story.held = true;
        story.waits = now;
        return;
      case "closed":
        end(now, call, story, detail);
    }
  };

  /**
   * @param {number} now
   * @param {string} event
   * @param {any} detail
   */
  const hear = (now, event, { generation, final, code, status, reason, url }) => {
    switch (event) {
      case "refreshing":
        exchanged = now;
        break;
      case "refreshed":
        console.info(`fetch401 refresh: renewed, generation ${generation}, ${took(exchanged, now)}`);
        draw("refreshing", `generation ${generation}`, exchanged, now, "primary", [["outcome", "renewed"]]);
        break;
      case "refreshfailed": {
        const outcome = final ? "refused, the session has ended" : "failed for now, the session is kept";
        const cause = [status && `status ${status}`, code && harmless(code)].filter(Boolean).join(", ");
        console.info(`fetch401 refresh: ${outcome}${cause && ` (${cause})`}, ${took(exchanged, now)}`);
        draw("refreshing", outcome, exchanged, now, "error", [["cause", cause]]);
        break;
      }
      case "login":
        console.info(`fetch401 login: ${reason}${url && `, for ${url}`}`);
    }
  };

  /**
   * @param {number} now
   * @param {string} what
   * @param {Call | undefined} call
   * @param {any} detail
   */
  return (now, what, call, detail) => void (call ? print(now, call, what, detail) : hear(now, what, detail));
};
