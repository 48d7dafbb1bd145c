/**
 * Which session the page is in, and how another one begins: each call belongs to the session in which it was made.
 * @module
 */

import { present } from "./credentials.js";
import * as protocol from "../protocol.js";
import { record } from "./record.js";

/** @typedef {import("./credentials.js").Tokens} Tokens */

/**
 * @param {string} mode
 * @param {ReturnType<typeof import("./credentials.js").createCredentials>} credentials
 * @param {import("./gate.js").Host} host
 * @param {(what: (go: import("../program/decisions.js").Decisions) => void) => void} withGo tells Go something, now or once it is there
 */
export const createSession = (mode, credentials, host, withGo) => {
  // With a refresh of cookies or by the app the first session is the one that the page comes with; with a token endpoint it
  // begins with the first tokens, and calls of before wait for it and join it.
  let number = 0;
  let hasSession = mode !== "bearer";
  let promised = false;
  let exchanging = new AbortController();

  /** An exchange that is under way is of no use any more, and its cookie must not come after the next ones. */
  const abort = () => {
    exchanging.abort();
    exchanging = new AbortController();
  };

  /**
   * Another session, begun in another page. Whether that is the end of an exchange is for Go to say: it may have renewed
   * that one's cookie.
   * @param {Tokens} tokens
   * @param {boolean} same no other session begins
   */
  const follow = (tokens, same) => {
    hasSession = true;
    promised = false;
    if (!same) number++;
    credentials.give(tokens, same);
  };

  /**
   * Another session, or the same with other tokens: at once for calls that go on without Go, and again when Go hears of it.
   * @param {number} what
   * @param {Tokens} tokens
   * @param {boolean} [fulfilled] these are the promised ones
   * @param {number} [bits]
   * @param {number} [expiresIn]
   */
  const begin = (what, tokens, fulfilled, bits = 0, expiresIn) => {
    const { subject } = tokens;
    // Other pages' tokens begin one, too; where they came since the promise, its own are another's.
    const same = (fulfilled && promised) || !(hasSession || credentials.present) || (subject !== undefined && subject === credentials.subject);
    const at = performance.now();
    follow(tokens, same);
    // Other pages still live on what it renews while tokens are promised.
    if (!(promised = what === protocol.PROMISED)) abort();
    withGo((go) => {
      go.note();
      credentials.give(tokens, same);
      go.tell(what, bits | (same ? protocol.SAME : 0), expiresIn, go.subject(tokens), performance.now() - at);
    });
  };

  return {
    /** Its number. */
    session: () => number,
    /** Its tokens are promised. */
    awaited: () => promised,
    exchanging: () => exchanging.signal,
    abort,
    follow,

    /**
     * @param {Tokens} tokens
     * @param {number} expiresIn
     * @param {boolean} [fulfilled] they are the promised ones
     */
    tokens: (tokens, expiresIn, fulfilled) => begin(protocol.TOKENS, tokens, fulfilled, present(tokens), expiresIn),

    promised: () => begin(protocol.PROMISED, record()),

    cleared() {
      // Until Go has heard of it, it is where the app has put it.
      const token = credentials.refreshToken ?? credentials.given.refresh_token;
      if (token) host.revoke?.(token);
      begin(protocol.CLEARED, record());
    },

    broken() {
      promised = false;
      withGo((go) => go.tell(protocol.BROKEN));
    },
  };
};
