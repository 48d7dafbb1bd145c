/**
 * Revocation at sign-out (RFC 7009 §2.1), best effort: nobody waits for it, and it outlives the page.
 * @module
 */

import { record } from "../gate/record.js";

/**
 * @param {import("../gate/config.js").Config} config with a revocation URL
 * @param {typeof fetch} fetch the native one
 * @param {string} token the refresh token
 */
export const revoke = ({ revocationUrl = "", clientId = "" }, fetch, token) => {
  const body = new URLSearchParams({ token, token_type_hint: "refresh_token", client_id: clientId });
  return fetch(revocationUrl, record({ method: "POST", credentials: "omit", keepalive: true, cache: "no-store", redirect: "manual", body }));
};
