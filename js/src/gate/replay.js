/**
 * What a caller passed to fetch, kept as it was at that moment, so that it can be sent again.
 * @module
 */

import { ofRequest } from "./platform.js";
import { record } from "./record.js";

// The members of RequestInit, of the Fetch standard and of its extensions, in WebIDL's order: each is read once.
const MEMBERS =
  "adAuctionHeaders attributionReporting body cache credentials duplex headers integrity keepalive method mode priority privateToken redirect referrer referrerPolicy signal targetAddressSpace window".split(" ");

/**
 * @typedef {object} Passed
 * @property {any} input what native fetch is to get in the tick of the call
 * @property {Request} [request] the caller's Request, when that is the input
 * @property {Record<string, any>} init the caller's init, each member read once
 * @property {Headers} [headers] the effective headers, if there are any
 * @property {Request | string} copy the input to send later, and for a string
 * @property {string} base what it is relative to
 * @property {any} body the body to send later
 * @property {boolean} stream the body cannot be sent again
 */

/**
 * Objects of other realms, such as a frame's, pass no instanceof.
 * @param {any} value
 * @returns {string | false}
 */
export const kind = (value) => typeof value === "object" && value !== null && value[Symbol.toStringTag];

/**
 * Whether native fetch takes it for a Request: by what it is, not by what it looks like.
 * @param {any} input
 * @returns {input is Request}
 */
export const isRequest = (input) => {
  if (kind(input) !== "Request" && !(input instanceof Request)) return false;
  try {
    ofRequest(input, "url");
    return true;
  } catch {
    return false;
  }
};

/**
 * @param {any} init
 * @returns {Record<string, any>}
 */
export const members = (init) => {
  const own = record();
  if (init) {
    for (const name of MEMBERS) {
      const value = init[name];
      if (value !== undefined) own[name] = value;
    }
  }
  return own;
};

/**
 * A copy that later changes of the original do not reach; undefined for what can be read only once.
 * @param {any} body
 */
export const copyBody = (body) => {
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  switch (kind(body)) {
    case false:
      return String(body);
    case "Blob":
    case "File":
      return body;
    case "ArrayBuffer":
      return body.slice(0);
    case "URLSearchParams":
      return new URLSearchParams(body);
    case "FormData": {
      const copy = new FormData();
      for (const [name, value] of body) copy.append(name, value);
      return copy;
    }
  }
};

/**
 * Reads the call, and copies what must be replayed: before native fetch has seen it, since a body that is in use cannot
 * be cloned. A Request is cloned even without a body, for its headers can change.
 * @param {Request | undefined} request the caller's, when that is the input
 * @param {Record<string, any>} init members of the caller's
 * @param {Headers | undefined} headers
 * @param {string} text the input's URL
 * @param {string} base what that is relative to
 * @returns {Passed}
 */
export const keep = (request, init, headers, text, base) => {
  const has = init.body != null;
  const body = has ? copyBody(init.body) : undefined;
  return {
    // Neither string nor Request: it may be read as another URL the next time.
    input: request ?? text,
    request,
    init,
    headers,
    copy: request ? ofRequest(request, "clone").call(request) : text,
    base,
    body,
    stream: has && body === undefined,
  };
};

/**
 * The arguments with which the call is sent.
 * @param {Passed} passed
 * @param {string | undefined} token to attach
 * @param {RequestInit} [later] not in the tick of the call: the copies are sent, with these members instead of the caller's
 * @returns {[Request | string, RequestInit]}
 */
export const sendable = (passed, token, later) => {
  const { request, copy } = passed;
  const init = record(passed.init, later);
  if (request && !Object.keys(passed.init).length) {
    // An init with any member makes the Request constructor forget these two (Fetch standard, step "if init is not empty").
    init.referrer = ofRequest(request, "referrer");
    init.referrerPolicy = ofRequest(request, "referrerPolicy");
  }
  if (passed.headers || token) {
    init.headers = new Headers(passed.headers);
    if (token) init.headers.set("Authorization", "Bearer " + token);
  }
  if (!later) return [passed.input, init];
  if (passed.body !== undefined) init.body = passed.body;
  return [typeof copy === "string" ? new URL(copy, passed.base).href : copy.clone(), init];
};
