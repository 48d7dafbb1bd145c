/**
 * What a library costs a call that needs nothing of it: over a stubbed fetch, so that no network is in the time.
 * Microseconds per call over what native code takes for the same result, the difference taken within each round.
 * @module
 */

import { call } from "../browser.mjs";
import { interleave, summary } from "../sampling.mjs";

/** Chromium's timer counts 5 µs: batches of this many milliseconds make that nothing. */
const BATCH = 15;
const MOST = 8_000;

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, openAll, quick }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  const subjects = await openAll(variants, "stub", failures);
  const native = subjects.find(({ name }) => name === "native");
  if (!native) throw new Error("nothing to compare with: native could not be measured");

  /** @type {{ name: string, subject: import("../browser.mjs").Subject, kind: string, baseline: string, count: number }[]} */
  const series = [];
  /** @param {import("../browser.mjs").Subject} subject @param {string} kind @param {string} baseline */
  const add = (subject, kind, baseline = "") =>
    series.push({ name: `${baseline || subject.name}:${kind}`, subject, kind, baseline, count: 0 });
  for (const kind of ["sequential", "fresh", "parallel", "outside"]) {
    for (const baseline of ["fetch", "json", "xhr"]) {
      if (kind !== "outside" || baseline === "fetch") add(native, kind, baseline);
    }
    for (const subject of subjects) {
      if (subject !== native && (kind !== "outside" || subject.variant.patches)) add(subject, kind);
    }
  }

  // Warm-up, and how many calls make a batch. The optimising compiler wants to have seen the loop often.
  await interleave({ rounds: 1, subjects: series, next, failures }, async (one) => {
    const step = one.kind === "parallel" ? 1000 : 20;
    let time = await call(one.subject, "stubbed", one.kind, step, one.baseline);
    const warm = Math.min(6, Math.ceil(300 / (time + 1)));
    for (let i = 0; i < warm; i++) {
      const count = i && one.kind !== "parallel" && time < 2 ? 2000 : step;
      time = (await call(one.subject, "stubbed", one.kind, count, one.baseline)) * (step / count);
    }
    const wanted = Math.min(MOST, Math.max(step, (BATCH / (quick ? 3 : 1)) * (step / time)));
    one.count = Math.ceil(wanted / step) * step;
  });

  /** @type {Record<string, number[]>} microseconds by series, by round */
  const taken = {};
  await interleave({ rounds: rounds(11), subjects: series, next, failures, deadline: deadline(40) }, async (one, round) => {
    const time = await call(one.subject, "stubbed", one.kind, one.count, one.baseline);
    (taken[one.name] ??= [])[round] = (time * 1000) / one.count;
  });

  /** @type {Record<string, any>} */
  const results = {};
  for (const { name, subject, kind, baseline, count } of series) {
    const { variant } = subject;
    const reference = taken[`${baseline || variant.baseline}:${kind}`] ?? [];
    const own = taken[name] ?? [];
    const paired = own.map((time, round) => [time, reference[round]]).filter(([, other]) => other !== undefined);
    const key = baseline ? `native ${baseline}` : variant.name;
    (results[key] ??= {})[kind] = {
      callsPerSample: count,
      baseline: baseline || variant.baseline,
      microseconds: summary(own),
      over: summary(paired.map(([time, other]) => time - other)),
      ratio: summary(paired.map(([time, other]) => time / other)),
    };
  }
  return { results, failures };
};
