/**
 * A page that lives long: a million protected calls over the stub, fetch401 alone. What is held is compared with what
 * was held after the first hundredth of them.
 * @module
 */

import { call, heap } from "../browser.mjs";

/**
 * Runs before the page's scripts and shows what is hidden in them: the memory of the program, and the table in which
 * wasm_exec.js keeps JavaScript values for it, which it assigns to a property of its own.
 */
const OBSERVE = `
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...args) => {
    const made = await instantiate.apply(WebAssembly, args);
    window.program = made.instance.exports;
    return made;
  };
  Object.defineProperty(Object.prototype, "_values", {
    configurable: true,
    set(value) {
      window.values = value;
      Object.defineProperty(this, "_values", { value, writable: true, configurable: true, enumerable: true });
    },
  });
`;

/** @param {import("../browser.mjs").Subject} subject */
const held = async (subject) => ({
  heap: await heap(subject),
  .../** @type {{ memory: number, values: number, calls: number }} */ (
    await subject.page.evaluate(() => {
      const { program, values, fetch401 } = /** @type {any} */ (window);
      return {
        memory: (program.mem ?? program.memory).buffer.byteLength,
        values: values?.length ?? null,
        calls: fetch401.state().held,
      };
    })
  ),
});

/** @param {import("../run.mjs").Context} context */
export const measure = async ({ variants, lab, calls, log }) => {
  /** @type {Record<string, any>} */
  const results = {};
  /** @type {Record<string, string>} */
  const failures = {};
  for (const variant of variants) {
    // Bearer is the same program.
    if (!variant.dist || variant.name === "fetch401-bearer") continue;
    log(`${calls} calls through ${variant.name}`);
    try {
      const subject = await lab.open(variant, "stub", OBSERVE);
      const batch = Math.min(5000, calls / 100);
      let milliseconds = 0;
      let done = 0;
      let before;
      while (done < calls) {
        milliseconds += await call(subject, "stubbed", "sequential", batch);
        done += batch;
        if (!before && done >= calls / 100) before = await held(subject);
      }
      results[variant.name] = { calls, microseconds: (milliseconds * 1000) / calls, before, after: await held(subject) };
      await subject.close();
    } catch (/** @type {any} */ error) {
      failures[variant.name] = error.message.split("\n")[0];
    }
  }
  return { results, failures };
};
