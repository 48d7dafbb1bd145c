/**
 * Warnings for whoever writes the page. Few pages need them, and none at once, so they come with the program.
 * @module
 */

/**
 * Whether two words are at most so many letters apart: inserted, dropped or changed.
 * @param {string} a
 * @param {string} b
 * @param {number} edits
 * @returns {boolean}
 */
const near = (a, b, edits) =>
  a === b ||
  (a[0] === b[0]
    ? near(a.slice(1), b.slice(1), edits)
    : edits >= 1 &&
      (near(a.slice(1), b.slice(1), edits - 1) || near(a.slice(1), b, edits - 1) || near(a, b.slice(1), edits - 1)));

/** Kept for what is to come. */
const RESERVED = /^(storage|login|issuer|redirectUri|reload|dpop|worker|replayHeader)$/;

/**
 * The known option that an unknown one was meant to be, if any. Another script's data-id or data-turbo-track is none.
 * @param {string} name
 * @param {string[]} known
 */
const lookalike = (name, known) => {
  const word = name.replace(/\W|_/g, "").toLowerCase();
  return known.find((option) => {
    const target = option.toLowerCase();
    return word[3] && (target.startsWith(word) || near(word, target, target.length / 3));
  });
};

/**
 * A text for each unknown option that looks like a known one.
 * @param {string[]} unknown
 * @param {string[]} known
 * @param {(name: string) => string} [spell] how messages name an option
 */
export const misspellings = (unknown, known, spell = (name) => name) =>
  unknown.flatMap((name) => {
    const meant = !RESERVED.test(name) && lookalike(name, known);
    return meant ? [`fetch401: unknown ${spell(name)}: did you mean ${spell(meant)}?`] : [];
  });

/** @param {Parameters<typeof misspellings>} names */
export const misspelt = (...names) => {
  for (const text of misspellings(...names)) console.warn(text);
};

/** Once a page. */
let told = false;
export const foreignXhr = () => {
  if (!told) console.warn("fetch401: another script has replaced XMLHttpRequest with a class of its own: what it makes keeps its 401. Put the tag of fetch401 in front of it (FETCH401_XHR_FOREIGN)");
  told = true;
};

/** Once a page. */
let unsure = false;
export const undecided = () => {
  if (!unsure) console.warn("fetch401: the function of unauthorizedWhen() fails or takes too long: what it was asked about counts as no 401 (FETCH401_UNDECIDED)");
  unsure = true;
};

/** The refresh token that the app has given was refused when it was used for the first time. */
export const twoOwners = () =>
  console.warn(
    'fetch401: invalid_grant at the first use of the refresh token of setTokens(): does a library use it too? Let one of both renew, fetch401 or, with data-refresh="app", the library (FETCH401_TWO_OWNERS)',
  );

/** @param {string} url of a protected call */
export const cookieless = (url) =>
  console.warn(
    `fetch401: ${url} is protected, but this call sends no cookies there and is left alone: use credentials: "include", or leave it out of data-protect (FETCH401_NO_COOKIES)`,
  );
