/**
 * The way back that a login page reads from its own query. Anybody can write that query, so what is not plainly a
 * path of this origin is refused: an open redirect right after sign-in is what a phisher wants.
 * @module
 */

// The parser reads "\" as "/" and drops tabs and newlines: refuse both before it sees them. A "\" in the query is data.
const DOUBTFUL = /\p{Cc}|^[^?#]*\\/u;

// A path, or an absolute URL without user name; "https:host" is neither, though the parser would take it for a path.
const PLAIN = /^(\/(?!\/)|https?:\/\/[^/@]+(\/|$))/i;

// In the normalised path: "//" at its start ("/..//host" becomes that), the same encoded, encoded control characters.
const UNSAFE_PATH = /^\/(\/|%2f|%5c)|%([01]|7f)/i;

/**
 * The validated path, query and fragment to go back to, or the fallback.
 * @param {string} search `location.search`
 * @param {string} param the query parameter that carries the way back
 * @param {string} [fallback] returned as it is when there is no way back, or a doubtful one
 * @param {string} [origin] `location.origin`; without it every way back is doubtful
 * @returns {string}
 */
export const returnTo = (search, param, fallback = "/", origin) => {
  const wanted = new URLSearchParams(search).get(param) || "";
  try {
    const url = new URL(wanted, origin);
    const plain = PLAIN.test(wanted) && !DOUBTFUL.test(wanted) && !UNSAFE_PATH.test(url.pathname);
    if (plain && url.origin === origin) return url.pathname + url.search + url.hash;
  } catch {
    // Not a URL: the fallback.
  }
  return fallback;
};
