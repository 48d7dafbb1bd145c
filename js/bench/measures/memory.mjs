/**
 * What XMLHttpRequests leave behind: 100,000 on loopback, protected and natively, twenty at a time. The heap after a
 * full collection is compared with what it was after the first tenth of them.
 * @module
 */

import { call, heap } from "../browser.mjs";

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, lab, quick, log }) => {
  const calls = quick ? 5_000 : 100_000;
  const chunk = calls / 20;
  /** @type {Record<string, any>} */
  const results = {};
  /** @type {Record<string, string>} */
  const failures = {};
  for (const variant of variants) {
    if (!/^(native|fetch401)-xhr$/.test(variant.name)) continue;
    log(`${calls} XMLHttpRequests: ${variant.name}`);
    try {
      const subject = await lab.open(variant, "real");
      let before = 0;
      for (let done = chunk; done <= calls; done += chunk) {
        await call(subject, "many", chunk);
        if (done === calls / 10) before = await heap(subject);
      }
      const after = await heap(subject);
      const held = await subject.page.evaluate(() => /** @type {any} */ (window).fetch401?.state().held ?? 0);
      results[variant.name] = { calls, before, after, held, bytes: (after - before) / (calls * 0.9) };
      await subject.close();
    } catch (/** @type {any} */ error) {
      failures[variant.name] = error.message.split("\n")[0];
    }
  }
  return { results, failures };
};
