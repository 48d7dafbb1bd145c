/**
 * Real calls to a server on this machine, one after the other, bodies read: what is left of the pass-through cost
 * where there is a network, if the shortest of all.
 * @module
 */

import { call } from "../browser.mjs";
import { interleave, summary } from "../sampling.mjs";

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, openAll, quick }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  const subjects = await openAll(variants, "real", failures);
  const count = quick ? 10 : 60;
  await interleave({ rounds: 1, subjects, next, failures }, async (subject) => void (await call(subject, "real", count)));

  /** @type {Record<string, number[]>} */
  const taken = {};
  await interleave({ rounds: rounds(9), subjects, next, failures, deadline: deadline(20) }, async (subject, round) => {
    (taken[subject.name] ??= [])[round] = (await call(subject, "real", count)) / count;
  });
  /** @type {Record<string, any>} */
  const results = {};
  for (const { name } of subjects) {
    const own = taken[name] ?? [];
    results[name] = {
      milliseconds: summary(own),
      ratio: summary(own.map((time, round) => time / taken.native?.[round]).filter(Number.isFinite)),
    };
  }
  return { results, failures };
};
