/** Runs a folder of cases, and says what it tests. */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { before } from "node:test";
import { browser } from "./browser.js";
import { endSuite, runTopics, topic } from "./check.js";
import { DIST, ROOT } from "./paths.js";
import "./fresh.js";

/** Which compiler made the program: only standard Go's asks for an exit. */
const compiler = () => {
  const program = new WebAssembly.Module(readFileSync(join(DIST, "fetch401.wasm")));
  return WebAssembly.Module.imports(program).some(({ name }) => name === "runtime.wasmExit") ? "standard Go" : "TinyGo";
};

/** @param {URL} cases a folder of files that register their checks */
export const runSuite = async (cases) => {
  const wanted = process.env.TOPICS?.split(",");
  for (const file of readdirSync(cases).sort()) {
    if (wanted && !wanted.some((name) => file.startsWith(name))) continue;
    topic(file.replace(".js", ""));
    await import(new URL(file, cases).href);
  }
  const checks = runTopics(Number(process.env.E2E_CONCURRENCY || 2));
  if (!checks) throw new Error(`no checks in ${cases}${wanted ? ` for TOPICS=${wanted}` : ""}`);
  before(async () => {
    const engine = await (await browser()).version();
    console.log(`e2e: ${engine}, built by ${compiler()} in ${relative(ROOT, DIST)}: ${checks} checks of ${relative(ROOT, cases.pathname)}`);
  });
  await import("./tokens.js");
  endSuite();
};
