/**
 * Five tabs of one session that has expired, twenty calls at once in each: the time until the last is answered, against that
 * of the same hundred calls in one of them, and how often the session was refreshed.
 *
 * And what a page that is alone pays for the others: a refresh with the lock between tabs against one in a page without Web
 * Locks, and so with a call that needs nothing, over a stubbed fetch.
 * @module
 */

import { call } from "../browser.mjs";
import { interleave, summary } from "../sampling.mjs";

const TABS = 5;
const CALLS = 20;
/** fetch401 then goes alone. */
const NO_LOCKS = "delete Navigator.prototype.locks";

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, lab, backend, quick, log }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  /** @type {Record<string, any>} */
  const results = {};

  /** @typedef {import("../browser.mjs").Subject} Subject */
  /** @type {{ name: string, tabs: Subject[] }[]} */
  const groups = [];
  for (const variant of variants) {
    try {
      const first = await lab.open(variant, "real");
      const tabs = [first];
      groups.push({ name: variant.name, tabs });
      while (tabs.length < TABS) tabs.push(await lab.open(variant, "real", undefined, first));
    } catch (/** @type {any} */ error) {
      failures[variant.name] = error.message.split("\n")[0];
    }
  }

  log(`${TABS} tabs of ${CALLS} calls`);
  /** @type {Record<string, { wall: number, one: number, failed: number, refreshes: number }[]>} */
  const samples = {};
  // The first round warms up.
  await interleave({ rounds: rounds(9) + 1, subjects: groups, next, failures, deadline: deadline(30) }, async ({ name, tabs }, round) => {
    await backend.expire(name);
    if (name === "native") {
      // By hand, which five tabs cannot do together.
      const one = await call(tabs[0], "floor", TABS * CALLS, false, true);
      if (round) (samples[name] ??= [])[round] = { wall: NaN, one: one.wall, failed: one.failed, refreshes: 1 };
      return;
    }
    const one = await call(tabs[0], "burst", TABS * CALLS, false);
    await backend.expire(name);
    const all = await Promise.all(tabs.map((tab) => call(tab, "burst", CALLS, false)));
    if (!round) return;
    (samples[name] ??= [])[round] = {
      wall: Math.max(...all.map(({ end }) => end)) - Math.min(...all.map(({ start }) => start)),
      one: one.wall,
      failed: all.reduce((sum, { failed }) => sum + failed, one.failed),
      refreshes: (await backend.counts(name)).refreshes,
    };
  });
  for (const { name, tabs } of groups) {
    const own = samples[name] ?? [];
    /** @param {(sample: typeof own[number], round: number) => number} of */
    const of = (of) => summary(own.map(of).filter(Number.isFinite));
    results[name] = {
      milliseconds: of(({ wall }) => wall),
      oneMilliseconds: of(({ one }) => one),
      ofOne: of(({ wall, one }) => wall / one),
      ofByHand: of(({ wall }, round) => wall / samples.native?.[round]?.one),
      refreshes: of(({ refreshes }) => refreshes),
      most: Math.max(0, ...own.filter(Boolean).map(({ refreshes }) => refreshes)),
      failed: Math.max(0, ...own.filter(Boolean).map(({ failed }) => failed)),
    };
    await tabs[0].close();
  }

  const ours = variants.filter(({ dist, name }) => dist && name !== "fetch401-bearer");
  log("the lock between tabs");
  for (const variant of ours) {
    /** @param {"real" | "stub"} kind */
    const pair = async (kind) => [
      { name: `${variant.name}, ${kind}, locks`, subject: await lab.open(variant, kind) },
      { name: `${variant.name}, ${kind}, no locks`, subject: await lab.open(variant, kind, NO_LOCKS) },
    ];
    /**
     * @param {"real" | "stub"} kind
     * @param {number} usual rounds
     * @param {(subject: Subject) => Promise<number>} take
     */
    const more = async (kind, usual, take) => {
      const subjects = await pair(kind);
      /** @type {Record<string, number[]>} */
      const taken = {};
      await interleave({ rounds: rounds(usual) + 1, subjects, next, failures, deadline: deadline(20) }, async ({ name, subject }, round) => {
        const time = await take(subject);
        if (round) (taken[name] ??= [])[round] = time;
      });
      for (const { subject } of subjects) await subject.close();
      const [locks, none] = subjects.map(({ name }) => taken[name] ?? []);
      return summary(locks.map((time, round) => time - none[round]).filter(Number.isFinite));
    };
    const count = quick ? 1_000 : 8_000;
    const own = (results[variant.name] ??= {});
    own.lock = await more("real", 31, async (subject) => {
      await backend.expire(variant.name);
      return call(subject, "expired");
    });
    own.alone = await more("stub", 15, async (subject) => ((await call(subject, "stubbed", "sequential", count)) * 1000) / count);
  }
  return { results, failures };
};
