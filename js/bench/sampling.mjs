/**
 * Order and statistics: seeded random interleaving, medians and quartiles.
 * @module
 */

/**
 * mulberry32: the same seed gives the same order.
 * @param {number} seed
 * @returns {() => number} in [0, 1)
 */
export const random = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

/**
 * @template T
 * @param {readonly T[]} list
 * @param {() => number} next
 * @returns {T[]}
 */
export const shuffled = (list, next) => {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
};

/** @typedef {{ median: number, q1: number, q3: number, n: number }} Summary */

/**
 * Median and quartiles by linear interpolation (type 7 of Hyndman and Fan, as in R and NumPy).
 * @param {readonly number[]} samples
 * @returns {Summary | undefined} nothing of nothing
 */
export const summary = (samples) => {
  if (!samples.length) return;
  const sorted = [...samples].sort((a, b) => a - b);
  /** @param {number} p */
  const at = (p) => {
    const place = p * (sorted.length - 1);
    const low = Math.floor(place);
    return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return { median: at(0.5), q1: at(0.25), q3: at(0.75), n: sorted.length };
};

/**
 * Each round takes every subject once, in an order of its own, so that drift of the machine meets all alike.
 * A subject that fails is left out from then on, with its error. On a slow machine the rounds that the deadline does not
 * leave time for are left out, all but three.
 * @template {{ name: string }} T
 * @param {{ rounds: number, subjects: readonly T[], next: () => number, failures: Record<string, string>, deadline?: number }} plan
 * @param {(subject: T, round: number) => Promise<void>} sample
 */
export const interleave = async ({ rounds, subjects, next, failures, deadline = Infinity }, sample) => {
  for (let round = 0; round < rounds; round++) {
    if (round >= 3 && Date.now() > deadline) return console.error(`        ended after ${round} of ${rounds} rounds: no time`);
    for (const subject of shuffled(subjects, next)) {
      if (failures[subject.name]) continue;
      try {
        await sample(subject, round);
      } catch (/** @type {any} */ error) {
        failures[subject.name] = String(error?.message ?? error).split("\n")[0];
        console.error(`  ${subject.name}: ${failures[subject.name]}`);
      }
    }
  }
};
