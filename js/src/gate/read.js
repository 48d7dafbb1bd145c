/**
 * Reads a call of fetch: whether it is ours, and what of it has to be kept.
 * @module
 */

import { STREAM } from "../protocol.js";
import { isAborted, ofRequest } from "./platform.js";
import { member } from "./record.js";
import { isRequest, keep, members } from "./replay.js";

/**
 * @typedef {object} Read
 * @property {import("./places.js").Place} place
 * @property {number} flags
 * @property {string} method
 * @property {import("./replay.js").Passed} passed
 * @property {AbortSignal} [signal]
 */

/**
 * @param {import("./places.js").Places} places
 * @param {(authorization: string) => boolean} owns a value of Authorization carries one of our tokens
 * @param {boolean} cookies the session is one of cookies
 */
export const createReader = (places, owns, cookies) =>
  /**
   * Undefined, or an exception, means that the call is not ours: native fetch says what is wrong with it, if anything.
   * @param {any[]} args of fetch; headers that can be read only once are replaced by what was read
   * @returns {Read | undefined}
   */
  (args) => {
    if (!args.length) return;
    const [input, given] = args;
    const request = isRequest(input) ? input : undefined;
    const text = typeof input === "string" ? input : request ? ofRequest(request, "url") : `${input}`;
    const place = places.locate(text);
    if (!place.ours || (given != null && Object(given) !== given)) return;
    const init = members(given);
    const signal = "signal" in init ? init.signal : ofRequest(request, "signal");
    if (signal && isAborted(signal)) return;
    if ((init.mode ?? ofRequest(request, "mode")) === "no-cors") return;
    if (init.headers && member(init.headers, "next")) {
      init.headers = [...init.headers];
      args[1] = init;
    }
    const list = init.headers ?? ofRequest(request, "headers");
    const headers = list && new Headers(list);
    const authorization = headers?.get("Authorization");
    if (authorization != null && !owns(authorization)) return;
    const credentials = init.credentials ?? ofRequest(request, "credentials");
    if (cookies && places.cookieless(place, credentials === "include", credentials === "omit")) return;
    const method = `${init.method ?? ofRequest(request, "method") ?? "GET"}`.toUpperCase();
    const passed = keep(request, init, headers, text, places.base);
    return { place, flags: place.flags | (passed.stream ? STREAM : 0), method, passed, signal };
  };
