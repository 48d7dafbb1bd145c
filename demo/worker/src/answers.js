/** The answers that need no Go: the same problems (RFC 9457) and CORS headers as the backend's own. */

/**
 * @param {Request} request
 * @param {string} origins the allowed ones, as in the binding
 * @param {number} status
 * @param {string} title
 * @param {string} detail
 * @param {Record<string, string>} [more] headers
 */
export const problem = (request, origins, status, title, detail, more) => {
  const headers = new Headers({
    "Cache-Control": "no-store",
    "Content-Type": "application/problem+json",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Authorization, Cookie, Origin",
    ...more,
  });
  const origin = request.headers.get("Origin") ?? "";
  if (origin !== "" && origins.split(/[\s,]+/).includes(origin)) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Allow-Credentials", "true");
    headers.set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After");
  }
  return new Response(JSON.stringify({ type: "about:blank", title, status, detail }) + "\n", { status, headers });
};
