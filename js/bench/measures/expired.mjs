/**
 * One call on a session that the server has let expire, against the same by hand: 401, refresh and retry, one after the
 * other, natively. At no delay of the server and at 20 ms before each of its answers. By hand there are two ways: the
 * plainest requests, and those that fetch401 sends, whose refresh outlives the page (keepalive) and whose retry goes past
 * the HTTP cache, which costs Chromium some tenths of a millisecond each.
 * @module
 */

import { call } from "../browser.mjs";
import { interleave, summary } from "../sampling.mjs";

const DELAYS = [0, 20];

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, openAll, backend }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  const subjects = await openAll(variants, "real", failures);
  /** @type {Record<string, any>} */
  const results = {};
  for (const delay of DELAYS) {
    for (const { name } of subjects) await backend.delay(name, delay);
    /** @type {Record<string, number[]>} */
    const taken = {};
    /** @type {number[]} */
    const careful = [];
    /** @type {Record<string, number>} */
    const refreshes = {};
    // The first round warms up.
    await interleave({ rounds: rounds(15) + 1, subjects, next, failures, deadline: deadline(20) }, async (subject, round) => {
      const { name } = subject;
      /** @param {string} how @param {boolean} [same] */
      const once = async (how, same) => {
        await backend.expire(name);
        return call(subject, how, same);
      };
      let time = 0;
      if (name === "native") {
        // Each of the two goes first in every other round.
        if (round % 2) careful[round - 1] = await once("ideal", true);
        time = await once("ideal");
        if (round % 2 === 0) careful[round - 1] = await once("ideal", true);
      } else time = await once("expired");
      if (!round) return;
      (taken[name] ??= [])[round - 1] = time;
      refreshes[name] = (refreshes[name] ?? 0) + (await backend.counts(name)).refreshes;
    });
    for (const { name } of subjects) {
      const own = taken[name] ?? [];
      (results[name] ??= {})[delay] = {
        milliseconds: summary(own),
        ratio: summary(own.map((time, round) => time / taken.native?.[round]).filter(Number.isFinite)),
        ofSame: summary(own.map((time, round) => time / careful[round]).filter(Number.isFinite)),
        refreshesPerCall: (refreshes[name] ?? 0) / own.length,
      };
    }
    for (const { name } of subjects) await backend.delay(name, 0);
  }
  return { results, failures };
};
