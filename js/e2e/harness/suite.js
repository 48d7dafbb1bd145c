/** Runs a folder of cases in one engine, and says what it tests. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { before, it } from "node:test";
import { endSuite, runTopics, topic } from "./check.js";
import { engine } from "./engine.js";
import { DIST, ROOT } from "./paths.js";

/** Which compiler made the program: only standard Go's asks for an exit. */
const compiler = () => {
  const program = new WebAssembly.Module(readFileSync(join(DIST, "fetch401.wasm")));
  return WebAssembly.Module.imports(program).some(({ name }) => name === "runtime.wasmExit") ? "standard Go" : "TinyGo";
};

/**
 * @param {URL} cases a folder of files that register their checks
 * @param {number} concurrency so many side by side
 */
export const runSuite = async (cases, concurrency) => {
  const where = relative(ROOT, cases.pathname);
  if (engine.missing) {
    // One browser there must be; the others are for whoever has them, and CI has all.
    if (engine.name === "chromium" || process.env.CI) throw new Error(`there is no ${engine.missing}`);
    console.log(`e2e: ${where} is NOT tested in ${engine.name} here: there is no ${engine.missing}`);
    return void it(`${where} in ${engine.name}`, { skip: `there is no ${engine.missing}` });
  }
  const wanted = process.env.TOPICS?.split(",");
  for (const file of readdirSync(cases).sort()) {
    if (wanted && !wanted.some((name) => file.startsWith(name))) continue;
    topic(file.replace(".js", ""));
    await import(new URL(file, cases).href);
  }
  await import("./fresh.js");
  const checks = runTopics(where, Number(process.env.E2E_CONCURRENCY || concurrency));
  if (!checks) throw new Error(`no checks in ${where}${wanted ? ` for TOPICS=${wanted}` : ""}`);
  before(async () => {
    console.log(`e2e: ${await engine.version()}, built by ${compiler()} in ${relative(ROOT, DIST)}: ${checks} checks of ${where}`);
  });
  await import("./tokens.js");
  endSuite();
};
