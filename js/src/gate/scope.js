/**
 * Which calls are ours: an exact origin and a path prefix on a "/" boundary.
 * Go decides the same again before a token goes out; both suites read wasm/scope/testdata/vectors.json.
 * @module
 */

/**
 * What a URL is compared by, and all of it that Go ever sees: origin and path.
 * @param {URL} url
 */
export const key = (url) => url.origin + url.pathname;

/**
 * Whether a key lies within one of the prefixes. Runs on every fetch of the page, so it allocates nothing.
 * @param {readonly string[]} prefixes keys, each with a path of at least "/"
 * @param {string} at a key
 */
export const within = (prefixes, at) => {
  for (let i = 0; i < prefixes.length; i++) {
    const prefix = prefixes[i];
    const end = prefix.length;
    if (at.startsWith(prefix) && (at.length === end || at.charCodeAt(end) === 47 || prefix.endsWith("/"))) return true;
  }
  return false;
};
