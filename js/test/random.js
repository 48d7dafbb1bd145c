/**
 * Seeded random cases. FUZZ_SECONDS runs them for so long instead of a fixed number; FUZZ_SEED repeats a failure.
 * @module
 */

/** @param {number} seed mulberry32 */
const generator = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** @typedef {ReturnType<typeof source>} Random */

/** @param {number} seed */
const source = (seed) => {
  const next = generator(seed);
  /** @param {number} limit */
  const below = (limit) => Math.floor(next() * limit);
  /**
   * @template T
   * @param {readonly T[]} list
   */
  const pick = (list) => list[below(list.length)];
  return {
    below,
    pick,
    /**
     * Up to so many pieces in a row.
     * @param {readonly string[]} pieces
     * @param {number} most
     */
    text: (pieces, most) => Array.from({ length: below(most + 1) }, () => pick(pieces)).join(""),
  };
};

/**
 * @param {number} count cases of a normal run
 * @param {(random: Random) => void} one throws where a property does not hold
 */
export const run = (count, one) => {
  const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
  const first = Number(process.env.FUZZ_SEED ?? 401);
  const end = performance.now() + seconds * 1000;
  for (let seed = first; seconds ? performance.now() < end : seed < first + count; seed++) {
    try {
      one(source(seed));
    } catch (cause) {
      throw new Error(`with FUZZ_SEED=${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
};
