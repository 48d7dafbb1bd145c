/**
 * Many calls at once on an expired session. The server counts the refreshes; the page counts the calls that failed.
 *
 * Time is compared with two things that native code does: the floor, which is one refresh and then the calls, as if it
 * were known beforehand that the session has expired; and by hand, where all calls meet their 401 first. No interceptor
 * of 401s can do without the 401s that are on their way when the refresh begins.
 * @module
 */

import { call, heap } from "../browser.mjs";
import { interleave, summary } from "../sampling.mjs";

const COUNTS = [1, 10, 100, 1000];
/** A burst that takes longer counts what is not answered by then as failed, and is not repeated. */
const LIMIT = 20_000;
/** A variant that takes longer than this for one is sampled once. */
const SLOW = 4_000;

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>} nothing, where it takes too long
 */
const limited = (promise) => {
  /** @type {NodeJS.Timeout} */
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, LIMIT, undefined)));
  promise.catch(() => {});
  return Promise.race([promise, /** @type {Promise<undefined>} */ (late)]).finally(() => clearTimeout(timer));
};

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, openAll, reopen, backend, quick, log }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  const subjects = await openAll(variants, "real", failures);
  /** @type {Record<string, any>} */
  const results = {};
  /** @type {Set<string>} of name and URL kind: what one size took too long for, no larger one is tried on */
  const given = new Set();

  for (const count of quick ? [1, 10, 100] : COUNTS) {
    // A thousand calls to one URL go through Chromium's cache one by one: minutes, and nothing that a hundred do not tell.
    for (const same of count === 1 || count === 1000 ? [false] : [false, true]) {
      const key = `${count}${same ? " same" : ""}`;
      log(`burst of ${key}`);
      /** @type {Record<string, any[]>} */
      const samples = {};
      const again = count === 1000 ? 3 : count === 100 ? 3 : 7;
      await interleave({ rounds: rounds(again), subjects, next, failures, deadline: deadline(10) }, async (subject, round) => {
        const { name } = subject;
        const all = (samples[name] ??= []);
        if (given.has(name + same) || all.some(({ wall, byHand = wall }) => byHand > SLOW)) return;
        if (name === "native") {
          await backend.expire(name);
          const floor = await call(subject, "floor", count, same, false);
          await backend.expire(name);
          const byHand = await call(subject, "floor", count, same, true);
          all[round] = { ...floor, byHand: byHand.wall, refreshes: 1 };
          return;
        }
        const weighed = count >= 100 && round === 0;
        const before = weighed ? await heap(subject) : 0;
        await backend.expire(name);
        const burst = await limited(call(subject, "burst", count, same));
        const { refreshes, unauthorized } = await backend.counts(name);
        if (burst) {
          all[round] = { ...burst, refreshes, unauthorized, kept: weighed ? (await heap(subject)) - before : undefined };
          return;
        }
        given.add(name + same);
        all[round] = { wall: LIMIT, timedOut: true, refreshes, unauthorized };
        Object.assign(subject, await reopen(subject, "real"));
      });
      for (const { name } of subjects) {
        const own = (samples[name] ?? []).filter(Boolean);
        const ended = own.filter(({ timedOut }) => !timedOut);
        /** @param {string} field */
        const of = (field) => summary(own.map((sample) => sample[field]).filter((value) => value !== undefined));
        /** @param {string} field of the native sample */
        const against = (field) =>
          summary(
            (samples[name] ?? [])
              .map((sample, round) => sample && sample.wall / samples.native?.[round]?.[field])
              .filter(Number.isFinite),
          );
        (results[name] ??= {})[key] = {
          milliseconds: of("wall"),
          ofFloor: against("wall"),
          ofByHand: name === "native" ? undefined : against("byHand"),
          byHandMilliseconds: of("byHand"),
          refreshes: of("refreshes"),
          most: Math.max(0, ...own.map(({ refreshes }) => refreshes)),
          unauthorized: of("unauthorized"),
          failed: ended.length ? Math.max(...ended.map(({ failed }) => failed)) : undefined,
          timedOut: own.length > ended.length,
          heapAtEnd: of("heap"),
          heapKept: of("kept"),
        };
      }
    }
  }
  return { results, failures };
};
