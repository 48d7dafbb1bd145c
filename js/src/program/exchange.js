/**
 * The exchange: the one request that renews the session. What its answer means is for Go to say.
 * @module
 */

import { APP_FAILED, APP_FINAL, HAS_TOKEN, OPAQUE_REDIRECT, PARSED } from "../protocol.js";
import { seconds, usable } from "../gate/credentials.js";
import { member, record } from "../gate/record.js";
import { subject } from "./subject.js";

/**
 * @typedef {import("../gate/credentials.js").Tokens} Tokens
 *
 * @typedef {object} Answer
 * @property {number} status 0 without an answer
 * @property {number} bits as protocol.js names them
 * @property {number} expiresIn seconds, 0 if unknown, -1 if it has run out; of an answer that refuses, how long the server asks to wait
 * @property {string} text error code, token type and whose the session is, a line each
 * @property {Tokens} tokens
 */

/** Milliseconds. */
const BODY_LIMIT = 1000;

/** @param {unknown} text */
const word = (text) => (typeof text === "string" ? (/^[!-~]{1,64}$/.test(text) ? text : "?") : "");

/**
 * How long the server asks to wait, in seconds (RFC 9110 §10.2.3), 0 for nothing.
 * @param {Response} response
 */
const retryAfter = ({ headers }) => {
  const text = headers.get("Retry-After") ?? "";
  return Math.max(0, seconds(/\D/.test(text) ? Math.ceil((Date.parse(text) - Date.now()) / 1000) : text));
};

/**
 * The tokens of an answer or a message, as far as a header can carry them.
 * @param {any} body
 */
export const tokensOf = (body) => {
  /** @type {Tokens} */
  const tokens = record();
  for (const name of /** @type {const} */ (["access_token", "refresh_token"])) {
    const token = member(body, name);
    if (usable(token)) tokens[name] = token;
  }
  return tokens;
};

/**
 * @param {number} status
 * @param {number} bits
 * @param {any} [json] the answer's body, if it is an object
 * @param {number} [wait] seconds
 * @returns {Answer}
 */
const answer = (status, bits, json, wait) => {
  const body = json && typeof json === "object" ? json : undefined;
  const tokens = tokensOf(body);
  const named = member(body, "subject");
  if (named != null) tokens.subject = `${named}`;
  const type = member(body, "token_type");
  const who = subject(body);
  return {
    status,
    bits: bits | (body ? PARSED : 0) | (tokens.access_token ? HAS_TOKEN : 0),
    expiresIn: wait ?? seconds(member(body, "expires_in")),
    // A token type that is no string is some type but Bearer.
    text: word(member(body, "error")) + "\n" + (type == null ? "" : word(type) || "?") + (who && "\n" + who),
    tokens,
  };
};

/**
 * The header value that a refreshHeader template stands for at this moment. `cookie(NAME)` gives that cookie's value,
 * URL-decoded; "" if it is absent, undecodable, or nothing that a header can carry.
 * @param {string} template
 * @param {string} cookies `document.cookie`
 * @returns {string}
 */
export const headerValue = (template, cookies) => {
  const name = /^cookie\((.+)\)$/.exec(template)?.[1];
  if (!name) return template;
  try {
    const value = decodeURIComponent(`; ${cookies}`.split(`; ${name}=`)[1].split(";")[0]);
    return /^[!-~][ -~]*$/.test(value) ? value : "";
  } catch {
    return "";
  }
};

/**
 * @param {import("../gate/config.js").Config} config
 * @param {() => string} cookies
 * @param {string | undefined} refreshToken
 * @param {AbortSignal} signal
 * @returns {[string, RequestInit]}
 */
const request = (config, cookies, refreshToken, signal) => {
  const { refreshUrl, tokenUrl = "", refreshHeader, clientId = "", scope } = config;
  const init = { method: "POST", redirect: "manual", cache: "no-store", signal };
  if (refreshUrl) {
    const headers = refreshHeader ? { [refreshHeader.name]: headerValue(refreshHeader.value, cookies()) } : {};
    // keepalive: leaving the page must not lose the new cookie.
    return [refreshUrl, record(init, { credentials: "include", keepalive: true, headers })];
  }
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken ?? "", client_id: clientId });
  if (scope) body.set("scope", scope);
  return [tokenUrl, record(init, { credentials: "omit", headers: { Accept: "application/json" }, body })];
};

/**
 * Renews the session. Never rejects.
 * @param {import("../gate/config.js").Config} config
 * @param {typeof fetch} fetch the native one
 * @param {() => string} cookies document.cookie
 * @param {string | undefined} refreshToken
 * @param {(() => any) | undefined} app the app's own refresh
 * @param {boolean} known whose the session is: then the answer is none before it says whose it is now
 * @param {AbortSignal} signal aborts it when another session begins, so that no cookie of the one before comes after that
 * @returns {Promise<Answer>}
 */
export const exchange = async (config, fetch, cookies, refreshToken, app, known, signal) => {
  if (app) {
    try {
      const given = await app();
      const token = member(given, "access_token");
      return token === undefined || usable(token) ? answer(0, 0, given) : answer(0, APP_FAILED);
    } catch (error) {
      return answer(0, APP_FAILED | (member(error, "final") === true ? APP_FINAL : 0), { error: member(error, "error") });
    }
  }
  const { refreshUrl, attach } = config;
  let status = 0;
  /** @type {number | undefined} */
  let wait;
  try {
    const response = await fetch(...request(config, cookies, refreshToken, signal));
    if (response.type === "opaqueredirect") return answer(0, OPAQUE_REDIRECT);
    status = response.status >>> 0;
    if (!response.ok) wait = retryAfter(response);
    const json = response.json();
    // A cookie session is renewed by the status: calls do not wait for a body that never ends.
    const late = response.ok && refreshUrl && !attach && !known && new Promise((resolve) => setTimeout(resolve, BODY_LIMIT));
    return answer(status, 0, await (late ? Promise.race([json, late]) : json), wait);
  } catch (error) {
    // A body that is no JSON is an answer all the same; one that broke off is one only where nothing is read from it.
    return answer(member(error, "name") === "SyntaxError" || (refreshUrl && !attach) ? status : 0, 0, undefined, wait);
  }
};
