/**
 * XMLHttpRequest: a whole call to a server on this machine, and what making one costs without sending it, in scope and
 * out of it.
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
  const made = quick ? 100 : 1000;

  const series = subjects.flatMap((subject) => ["whole", "sequential", "outside"].map((kind) => ({ name: `${subject.name}:${kind}`, subject, kind })));
  /** @param {typeof series[number]} one microseconds a call */
  const take = async ({ subject, kind }) =>
    kind === "whole" ? ((await call(subject, "real", count)) * 1000) / count : ((await call(subject, "opened", kind, made)) * 1000) / made;
  await interleave({ rounds: 2, subjects: series, next, failures }, async (one) => void (await take(one)));

  /** @type {Record<string, number[]>} */
  const taken = {};
  await interleave({ rounds: rounds(11), subjects: series, next, failures, deadline: deadline(30) }, async (one, round) => {
    (taken[one.name] ??= [])[round] = await take(one);
  });
  /** @type {Record<string, any>} */
  const results = {};
  for (const { name, subject, kind } of series) {
    const own = taken[name] ?? [];
    const paired = own.map((time, round) => [time, taken[`native-xhr:${kind}`]?.[round]]).filter(([, other]) => other !== undefined);
    (results[subject.name] ??= {})[kind] = {
      microseconds: summary(own),
      over: summary(paired.map(([time, other]) => time - other)),
      ratio: summary(paired.map(([time, other]) => time / other)),
    };
  }
  return { results, failures };
};
