/**
 * What each makes the page load: its minified bundle, or fetch401's built files, in Brotli 11, each file by itself.
 * @module
 */

import { weigh } from "../bundle.mjs";

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, paths }) => {
  /** @type {Record<string, any>} */
  const results = {};
  for (const variant of variants) {
    const files = await weigh(variant, paths);
    /** @param {(file: typeof files[number]) => number} of */
    const sum = (of) => files.reduce((total, file) => total + of(file), 0);
    results[variant.name] = {
      files,
      raw: sum(({ raw }) => raw),
      brotli: sum(({ brotli }) => brotli),
      blocking: sum(({ brotli, blocking }) => (blocking ? brotli : 0)),
    };
  }
  return { results, failures: {} };
};
