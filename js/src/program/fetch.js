/**
 * The program's half of the transport of fetch: what a 401 says, and how its call is sent again.
 * @module
 */

import { ofRequest } from "../gate/platform.js";
import { record } from "../gate/record.js";

/** @typedef {import("../gate/fetch.js").Call} Call */

/**
 * The challenge, and whether the 401 came behind a redirect.
 * @param {Call} call
 * @returns {[challenge: string, redirected: boolean]}
 */
const read = ({ response }) => {
  try {
    return [`${response?.headers.get("WWW-Authenticate") ?? ""}`, !!response?.redirected];
  } catch {
    // A wrapper beneath ours may give something else for a Response.
    return ["", false];
  }
};

/**
 * Calls back with the members of init that are different when a call is sent again.
 * @param {Call} call
 * @param {boolean} visible somebody looks at the page
 * @param {(changes: RequestInit) => void} then
 */
const again = ({ passed: { init, request } }, visible, then) => {
  /** @type {RequestInit} */
  const changes = record();
  // The 401 itself may be in the HTTP cache.
  if (/^(default|force-cache)$/.test(init.cache ?? ofRequest(request, "cache") ?? "default")) changes.cache = "reload";
  if (visible) changes.keepalive = false;
  then(changes);
};

export const fetch = { read, again };
