/**
 * Which URLs are ours, told apart once for every caller.
 * @module
 */

import { NO_LOGIN } from "../protocol.js";
import { key, within } from "./scope.js";

/** Longer URLs than this, without their query, are no business of ours: Go is told all of it. */
const LONGEST = 1 << 20;

/**
 * @typedef {object} Place what is known of a URL
 * @property {string} key
 * @property {boolean} ours
 * @property {boolean} foreign another origin than the page's
 * @property {boolean} absolute whatever URLs are relative to, it is this one
 * @property {number} flags
 *
 * @typedef {ReturnType<typeof createPlaces>} Places
 */

/**
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 */
export const createPlaces = (config, host) => {
  /** @type {Map<string, Place>} */
  const known = new Map();
  let warned = false;

  /** @param {URL} url @param {string} [text] as it was passed @returns {Place} */
  const placeOf = (url, text = "") => {
    const at = key(url);
    return {
      key: at,
      ours:
        at.length <= LONGEST &&
        within(config.protect, at) &&
        !within(config.except, at) &&
        !config.exempt.includes(at) &&
        !config.exempt.includes(at + url.hash),
      foreign: url.origin !== host.origin,
      absolute: /^[a-z]+:\/\//i.test(text),
      flags: within(config.loginExcept, at) ? NO_LOGIN : 0,
    };
  };

  const places = {
    /** What the URLs of calls were relative to when one was located last. */
    base: "",

    /** @param {string} text as it was passed */
    locate(text) {
      const found = known.get(text);
      // document.baseURI is a fifth of what a call that is not ours costs.
      if (found?.absolute) return found;
      const now = host.base();
      if (now !== places.base) {
        known.clear();
        places.base = now;
      } else if (found) return found;
      // A query tells nothing of the place, and is new in every other call. The "?" stays: blanks before it are part of the path.
      const end = text.includes("#") ? 0 : text.indexOf("?") + 1;
      const short = end ? text.slice(0, end) : text;
      const place = known.get(short) ?? placeOf(new URL(short, now), short);
      if (known.size > 1023) known.clear();
      if (short.length < 1024) known.set(short, place);
      return place;
    },

    /**
     * Whether an absolute URL is ours.
     * @param {string} url
     */
    ours: (url) => placeOf(new URL(url)).ours,

    /**
     * Whether a call there is no part of a session of cookies, since it sends none. The first is warned of.
     * @param {Place} place
     * @param {boolean} anywhere it would send them to another origin too
     * @param {boolean} [nowhere] nor to this one
     */
    cookieless(place, anywhere, nowhere) {
      const without = nowhere || (place.foreign && !anywhere);
      if (without && !warned) {
        warned = true;
        host.advise("cookieless", place.key);
      }
      return without;
    },
  };
  return places;
};
