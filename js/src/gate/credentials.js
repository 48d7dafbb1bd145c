/**
 * The tokens of the page's session. They rest here; which of them counts is Go's to say.
 * @module
 */

import * as protocol from "../protocol.js";
import { record } from "./record.js";

/** @typedef {{ access_token?: string, refresh_token?: string, subject?: string }} Tokens whose they are, if that was said */

/**
 * A token as a header can carry it.
 * @param {unknown} token
 * @returns {token is string}
 */
export const usable = (token) => typeof token === "string" && /^[!-~]+$/.test(token);

/**
 * Which of the two there are, as bits for Go.
 * @param {Tokens} tokens
 */
export const present = ({ access_token, refresh_token }) =>
  (access_token ? protocol.ACCESS_TOKEN : 0) | (refresh_token ? protocol.REFRESH_TOKEN : 0);

/**
 * Whole seconds; -1 for those that are over, 0 for what is no number.
 * @param {any} value
 */
export const seconds = (value) => {
  const number = Math.floor(parseFloat(value));
  return number > 0 ? Math.min(number, 0x7fffffff) : number <= 0 ? -1 : 0;
};

// Access tokens by which a call is known as ours: the present one, and the last 16.
const REMEMBERED = 17;

/** @param {boolean} carrying access tokens are attached to calls */
export const createCredentials = (carrying) => {
  /** @type {Map<number, string>} the last access tokens of the present session, by generation */
  const byGeneration = new Map();

  const credentials = {
    /** @type {string | undefined} the newest access token */
    present: undefined,
    /** @type {string | undefined} */
    refreshToken: undefined,
    /** @type {string | undefined} whose the session is, as the server or the app names people */
    subject: undefined,
    /** @type {Tokens} what the app gave last, until Go has heard of it */
    given: record(),

    /** @param {number} generation */
    of: (generation) => byGeneration.get(generation),

    /**
     * Whether a value of Authorization carries one of our tokens.
     * @param {string} authorization
     */
    owns(authorization) {
      const token = /^bearer +([!-~]+)$/i.exec(authorization)?.[1];
      return !!token && (token === credentials.present || [...byGeneration.values()].includes(token));
    },

    /**
     * The app has given tokens, or taken them away.
     * @param {Tokens} tokens
     * @param {boolean} same no other session begins: where one does, the tokens of the one before are no longer ours
     */
    give(tokens, same) {
      if (!same) {
        byGeneration.clear();
        credentials.subject = undefined;
      }
      credentials.subject = tokens.subject ?? credentials.subject;
      credentials.given = tokens;
      if (carrying) credentials.present = tokens.access_token;
      credentials.refreshToken = undefined;
    },

    /**
     * Go has made these the present ones.
     * @param {number} generation
     * @param {Tokens} tokens
     */
    adopt(generation, { access_token, refresh_token, subject }) {
      // RFC 6749 §6: without a new refresh token the old one stays.
      credentials.refreshToken = refresh_token ?? credentials.refreshToken;
      credentials.subject = subject ?? credentials.subject;
      credentials.present = carrying ? access_token : undefined;
      if (credentials.present) byGeneration.set(generation, credentials.present);
      if (byGeneration.size > REMEMBERED) byGeneration.delete(/** @type {number} */ (byGeneration.keys().next().value));
    },
  };
  return credentials;
};
