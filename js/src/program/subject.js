/**
 * Whose the session is, as far as an answer or a token says so. It is compared and never told: other pages hear a number
 * that Go makes of it.
 * @module
 */

import { member } from "../gate/record.js";

/**
 * The claim "sub" of a JSON Web Token (RFC 7519 §4.1.2), unchecked: it is compared with what the same server said before.
 * @param {unknown} token
 */
const sub = (token) => {
  try {
    const [, payload] = `${token}`.split(".");
    return member(JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))), "sub");
  } catch {}
};

/**
 * What says it first: `subject`, the id token (OpenID Connect Core §2), the access token where it can be read (RFC 9068
 * §2.2); before it a mark of the two ways in which servers name people, "1" and "0".
 * @param {any} body an answer, or the app's tokens
 * @returns {string} "" if nothing says so
 */
export const subject = (body) => {
  const named = member(body, "subject");
  const claimed = sub(member(body, "id_token")) ?? sub(member(body, "access_token"));
  return named != null ? "1" + named : claimed != null ? "0" + claimed : "";
};
