/** Answers what is neither the backend's nor an asset, as the native demo does. */

/** Looked for in the URL as it is: taking that apart costs more than the question. */
const BACKEND = /^https?:\/\/[^/]+\/(?:(?:api|auth|oauth|demo)\/|elsewhere(?:\?|$))/;

/** @param {Request} request */
export const missing = ({ url, method }) => {
  if (BACKEND.test(url)) return undefined;
  const { pathname } = new URL(url);
  const head = { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" };
  if (method !== "GET" && method !== "HEAD") {
    return new Response("this path takes GET and HEAD\n", { status: 405, headers: { ...head, "Allow": "GET, HEAD" } });
  }
  const what = pathname.startsWith("/fetch401/") ? "no such file here: is the library built (make build)?" : "no such page";
  return new Response(what + "\n", { status: 404, headers: { ...head, "Cache-Control": "no-store" } });
};
