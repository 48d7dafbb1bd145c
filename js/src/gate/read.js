/**
 * Reads a call: whether it is ours, and what of it has to be kept.
 * @module
 */

import { isAborted, ofRequest } from "./platform.js";
import { isRequest, keep, members } from "./replay.js";
import { NO_LOGIN, STREAM } from "../protocol.js";
import { key, within } from "./scope.js";

/**
 * @typedef {object} Place what is known of a URL
 * @property {string} key
 * @property {boolean} ours
 * @property {boolean} foreign another origin than the page's
 * @property {number} flags
 *
 * @typedef {object} Call
 * @property {number} id
 * @property {number} session in which it was made
 * @property {Place} place
 * @property {number} flags
 * @property {string} method
 * @property {import("./replay.js").Passed} passed
 * @property {AbortSignal} [signal]
 * @property {() => void} [onAbort]
 * @property {boolean} [sent]
 * @property {boolean} [closed]
 * @property {Response} [replaced] the 401 in whose place it was sent again
 * @property {Response} [response] its 401
 * @property {(response: Response) => void} resolve
 * @property {(reason: any) => void} reject
 */

/**
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {(token: string) => boolean} owns a token is one of ours
 * @param {boolean} cookies the session is one of cookies
 */
export const createReader = (config, host, owns, cookies) => {
  let base = "";
  /** @type {Map<string, Place>} */
  const places = new Map();
  let warned = false;

  /** @param {URL} url @returns {Place} */
  const placeOf = (url) => {
    const at = key(url);
    return {
      key: at,
      ours:
        within(config.protect, at) &&
        !within(config.except, at) &&
        !config.exempt.includes(at) &&
        !config.exempt.includes(at + url.hash),
      foreign: url.origin !== host.origin,
      flags: within(config.loginExcept, at) ? NO_LOGIN : 0,
    };
  };

  /** @param {string} text as it was passed to fetch */
  const locate = (text) => {
    const now = host.base();
    if (now !== base) {
      places.clear();
      base = now;
    }
    const found = places.get(text);
    if (found) return found;
    // A query tells nothing of the place, and is new in every other call. The "?" stays: blanks before it are part of the path.
    const end = text.includes("#") ? 0 : text.indexOf("?") + 1;
    const known = end ? text.slice(0, end) : text;
    const place = places.get(known) ?? placeOf(new URL(known, base));
    if (places.size > 1023) places.clear();
    if (known.length < 1024) places.set(known, place);
    return place;
  };

  return {
    /**
     * Whether a 401 of a call comes from where it was sent.
     * @param {Response} response
     */
    kept(response) {
      try {
        return !response.redirected || placeOf(new URL(response.url)).ours;
      } catch {
        // A wrapper beneath ours may give something else for a Response.
        return false;
      }
    },

    /**
     * Undefined, or an exception, means that the call is not ours: native fetch says what is wrong with it, if anything.
     * @param {any[]} args of fetch; headers that can be read only once are replaced by what was read
     * @returns {Call | undefined}
     */
    recognise(args) {
      if (!args.length) return;
      const [input, given] = args;
      const request = isRequest(input) ? input : undefined;
      const text = typeof input === "string" ? input : request ? ofRequest(request, "url") : `${input}`;
      const place = locate(text);
      if (!place.ours || (given != null && Object(given) !== given)) return;
      const init = members(given);
      const signal = "signal" in init ? init.signal : ofRequest(request, "signal");
      if (signal && isAborted(signal)) return;
      if ((init.mode ?? ofRequest(request, "mode")) === "no-cors") return;
      if (init.headers?.next) {
        init.headers = [...init.headers];
        args[1] = init;
      }
      const list = init.headers ?? ofRequest(request, "headers");
      const headers = list && new Headers(list);
      const authorization = headers?.get("Authorization");
      if (authorization != null) {
        const token = /^bearer +([!-~]+)$/i.exec(authorization)?.[1];
        if (!token || !owns(token)) return;
      }
      const credentials = init.credentials ?? ofRequest(request, "credentials");
      if (cookies && (credentials === "omit" || (place.foreign && credentials !== "include"))) {
        if (!warned) {
          warned = true;
          host.cookieless(place.key);
        }
        return;
      }
      const method = `${init.method ?? ofRequest(request, "method") ?? "GET"}`.toUpperCase();
      const passed = keep(request, init, headers, text, base);
      const flags = place.flags | (passed.stream ? STREAM : 0);
      // With all members that it will ever have: none may come from elsewhere.
      return /** @type {Call} */ ({
        id: 0,
        session: 0,
        place,
        flags,
        method,
        passed,
        signal,
        onAbort: undefined,
        sent: false,
        closed: false,
        replaced: undefined,
        response: undefined,
        resolve: /** @type {any} */ (undefined),
        reject: /** @type {any} */ (undefined),
      });
    },
  };
};
