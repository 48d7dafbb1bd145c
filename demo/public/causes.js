import * as act from "./acts.js";

/**
 * @typedef {import("./run.js").Run} Run
 *
 * @typedef {object} Cause
 * @property {string} title
 * @property {string} does what the button does, in one sentence
 * @property {string} on what to expect with fetch401
 * @property {string} off what to expect without it
 * @property {string[]} network what to look for in the Network tab
 * @property {(run: Run) => Promise<string | void>} act returns a sentence of its own about the outcome, or nothing
 */

const challengeHint = "Click a red line, then Headers: the answer's `www-authenticate` says why it was refused.";
export const withoutHints = ["Only the calls themselves: no refresh, and no second try.", challengeHint];

const healed = "Three lines: the call with 401 in red, the refresh with 200, and the same call again with 200.";

/** @type {Record<string, Cause>} */
export const causes = {
  plain: {
    title: "Just call the API",
    does: "One call with whatever session there is.",
    on: "While the access token is good, nothing happens at all: the call goes through untouched. Once it has run out, the call heals.",
    off: "While the access token is good, you get 200. Once it has run out, your code gets the 401.",
    network: ["One line with 200, or the three lines of a healed call."],
    act: act.plain,
  },
  expired: {
    title: "Expired session",
    does: "The backend declares your access token expired; then the page calls `/api/hello`.",
    on: "The call got a 401. fetch401 renewed the session, sent the call again, and the page saw only the 200.",
    off: "The 401 reaches your code, although one refresh would have healed it.",
    network: [healed, challengeHint],
    act: act.expired,
  },
  malformed: {
    title: "Malformed token",
    does: "The access token is replaced by garbage; then the page calls `/api/hello`.",
    on: "To the server it is just another `invalid_token`, and a refresh brings a good one.",
    off: "Every call fails from now on, until somebody signs in again.",
    network: [healed, "The 401 says `error=\"invalid_token\"` in its `www-authenticate`."],
    act: act.malformed,
  },
  burst: {
    title: "Burst of 100 calls",
    does: "The access token is declared expired; then the page makes 100 calls at once.",
    on: "Every call may get a 401, but they share one refresh, and each is then sent again.",
    off: "100 calls, 100 errors. A home-made retry would often refresh many times here.",
    network: ["Up to 100 red lines, exactly one `refresh` or `token`, then 100 lines with 200.", "The Waterfall column shows them all waiting for that one."],
    act: act.burst,
  },
  tabs: {
    title: "Four tabs at once",
    does: "Three more tabs are opened, and the access token is declared expired; then all four make 25 calls each at the same moment.",
    on: "One of the tabs refreshed, for all of them; the others waited, and sent their calls again. This server changes the refresh token at each refresh: had every tab used the old one, it would have taken the second use for theft, and ended the session.",
    off: "100 calls, 100 errors. With a home-made retry each tab would refresh on its own, and a server that changes the refresh token each time takes the second use of one for theft.",
    network: ["Each tab has a DevTools of its own: these are the lines of this one.", "Only one of the four has a `refresh` or `token`."],
    act: act.tabs,
  },
  upload: {
    title: "File upload",
    does: "The access token is declared expired; then a file is sent to `/api/echo`.",
    on: "The file was sent again after the refresh. The server's SHA-256 shows that it arrived whole.",
    off: "The upload is lost, and the person has to begin anew.",
    network: ["`echo` twice, both with the file in Payload: first 401, then 200."],
    act: act.upload,
  },
  abort: {
    title: "Abort while refreshing",
    does: "Two calls get a 401. The first is aborted as soon as the refresh begins.",
    on: "The aborted call is rejected at once; the refresh goes on for the other one.",
    off: "Without a refresh there is nothing to wait for: both calls simply get 401.",
    network: ["`hello` twice with 401, one refresh, and only one `hello` with 200."],
    act: act.abort,
  },
  down: {
    title: "Backend down",
    does: "The refresh endpoint answers 503 for a moment; the page calls, waits until it is back, and calls again.",
    on: "An outage of the refresh ends nothing: the first call gets its own 401, nobody is sent to sign in, and the next call heals.",
    off: "Both calls get 401.",
    network: ["The refresh with 503 after the first 401; after the second 401 it has 200."],
    act: act.down,
  },
  missing: {
    title: "Missing credentials",
    does: "The page signs out behind fetch401's back; then it calls `/api/hello` without credentials.",
    on: "There is nothing to renew, so you have to sign in. That is the one moment at which a person is asked.",
    off: "The 401 reaches your code, which has to find out what to do.",
    network: ["The 401's `www-authenticate` names a scheme and no error: nothing was sent that could be wrong."],
    act: act.missing,
  },
  revoked: {
    title: "Revoked session",
    does: "The backend ends your session, as after “sign out everywhere”; then the page calls `/api/hello`.",
    on: "The refresh was refused for good, so the session has ended: the call gets its own 401, and you have to sign in.",
    off: "The 401 looks just like that of an expired session; your code cannot tell them apart.",
    network: ["The call with 401, then the refresh with 401 (session and pair) or 400 (bearer)."],
    act: act.revoked,
  },
  stepup: {
    title: "Step-up sign-in",
    does: "The page calls `/api/stepup`, which wants a stronger sign-in.",
    on: "The answer says `insufficient_user_authentication`: no refresh helps, a stronger sign-in does.",
    off: "A 401 like any other, unless your code reads `WWW-Authenticate`.",
    network: ["`stepup` with 401 and no refresh; see `acr_values` in its `www-authenticate` (RFC 9470)."],
    act: act.stepup,
  },
  forbidden: {
    title: "Insufficient permission (403)",
    does: "The page calls `/api/forbidden`.",
    on: "403 means: I know you, and the answer is no. fetch401 leaves it alone.",
    off: "The same with and without fetch401.",
    network: ["One line with 403, and no refresh."],
    act: act.forbidden,
  },
  scope: {
    title: "Insufficient scope (401)",
    does: "The page calls `/api/scope`, which wants a permission that your token lacks.",
    on: "`insufficient_scope` says that a new token of the same kind would not help: no refresh, no sign-in, the page gets the 401.",
    off: "A 401 like any other, unless your code reads `WWW-Authenticate`.",
    network: ["`scope` with 401 and no refresh; its `www-authenticate` says `error=\"insufficient_scope\"`."],
    act: act.scope,
  },
  broken: {
    title: "A 401 that never heals",
    does: "One call to `/api/broken`, which answers 401 whatever it is sent, and eight healthy ones.",
    on: "The new session is sound, as the healthy calls show. So the broken one gets its 401, nobody is signed out, and for 30 seconds no refresh is tried for this URL: there is no loop.",
    off: "The 401 reaches your code, which cannot know whether signing in would help.",
    network: ["`broken` with 401, one refresh, `broken` with 401 again, and no more.", "Press again within 30 seconds: one `broken`, and no refresh."],
    act: act.broken,
  },
};
