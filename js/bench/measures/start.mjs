/**
 * A first visit, nothing cached: when calls are protected (the script has run), when everything is there that decides
 * (fetch401.ready), and how long the main thread was blocked. Without a throttle and at 1.6 Mbit/s with 150 ms.
 * @module
 */

import { interleave, summary } from "../sampling.mjs";

const CONNECTIONS = {
  loopback: undefined,
  slow: { download: 1_600_000 / 8, upload: 750_000 / 8, latency: 150 },
};

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, rounds, next, deadline, lab, quick, log }) => {
  /** @type {Record<string, string>} */
  const failures = {};
  /** @type {Record<string, any>} */
  const results = {};
  for (const [connection, conditions] of Object.entries(CONNECTIONS)) {
    log(`start, ${connection}`);
    /** @type {Record<string, { protected: number, ready: number, long: number[] }[]>} */
    const samples = {};
    await interleave({ rounds: rounds(conditions ? 3 : 5), subjects: variants, next, failures, deadline: deadline(20) }, async (variant) => {
      const subject = await lab.blank(variant);
      try {
        const { page } = subject;
        if (conditions) await page.emulateNetworkConditions(conditions);
        await page.goto(lab.start(variant), { waitUntil: "load" });
        await page.waitForFunction("times.ready !== undefined", { timeout: 30_000, polling: 20 });
        // A long task is reported once it has ended, and not at once.
        await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), quick ? 50 : 150);
        const { times, long } = /** @type {any} */ (await page.evaluate("({ times, long })"));
        (samples[variant.name] ??= []).push({ ...times, long });
      } finally {
        await subject.close();
      }
    });
    for (const { name } of variants) {
      const own = samples[name] ?? [];
      (results[name] ??= {})[connection] = {
        protected: summary(own.map((sample) => sample.protected)),
        ready: summary(own.map(({ ready }) => ready)),
        longTasks: summary(own.map(({ long }) => long.filter((duration) => duration > 50).length)),
        // Of each visit: one in several meets a collection of garbage, or another process.
        longestTask: summary(own.map(({ long }) => Math.max(0, ...long))),
        longestOfAll: Math.max(0, ...own.flatMap(({ long }) => long)),
      };
    }
  }
  return { results, failures };
};
