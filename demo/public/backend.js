import { heldToken } from "./tokens.js";

/**
 * Calls beside the API: sign-in and the demo's own controls. They lie outside data-protect, so fetch401 leaves them
 * alone, and the page attaches its token itself.
 * @param {string} path
 * @param {object} [body] sent as JSON; without it the request has no body
 * @returns {Promise<{ ok: boolean, status: number, answer: Record<string, any> }>}
 */
export function post(path, body) {
  return send(path, "POST", body);
}

/** The backend's own counters of this session; undefined while there is none. */
export async function counts() {
  const { ok, answer } = await send("/demo/counts", "GET");
  return ok ? answer : undefined;
}

/**
 * @param {string} path
 * @param {string} method
 * @param {object} [body]
 */
async function send(path, method, body) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  const token = path.startsWith("/demo/") || path === "/auth/logout" ? heldToken() : undefined;
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { ok: response.ok, status: response.status, answer: parse(text) };
  } catch {
    return { ok: false, status: 0, answer: { detail: "The demo's server does not answer. Is it still running?" } };
  }
}

/**
 * @param {string} text
 * @returns {Record<string, any>}
 */
function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
