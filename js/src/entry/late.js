/**
 * Says once that install() came late. A script tag stands where it stands; a call of install() runs after all that the
 * app imports, which nobody sees who reads the code.
 * @module
 */

import { check } from "../gate/config.js";
import { createPlaces } from "../gate/places.js";
import { baseURI, ownBase } from "../gate/platform.js";
import { key } from "../gate/scope.js";

/**
 * @param {number} since when install() was called
 * @param {Promise<void>} ready by then what was under way has ended, and the browser tells of it
 * @param {import("../gate/config.js").Options} options that were found right
 * @param {string} script
 */
export const tellIfLate = async (since, ready, options, script) => {
  const { origin } = location;
  const places = createPlaces(check(options, { base: ownBase(), origin, script }), /** @type {any} */ ({ origin, base: baseURI }));
  await ready;
  const calls = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
  const early = calls.find(({ initiatorType, startTime, name }) => startTime < since && /^(fetch|xmlhttprequest)$/.test(initiatorType) && places.ours(name));
  if (early) {
    const url = key(new URL(early.name));
    console.warn(`fetch401: ${url} was called before install(): that call was not protected, and what keeps fetch since then is not. Import "fetch401/auto" first of all (FETCH401_LATE)`);
  }
};
