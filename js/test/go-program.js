/**
 * The real Go program, built with standard Go and run in Node by the compiler's own wasm_exec.js.
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";

/** @type {any} */
const scope = globalThis;
const root = fileURLToPath(new URL("../..", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "fetch401-"));
const file = join(folder, "fetch401.wasm");
let bytes;
let glue;
try {
  // As js/build compiles it, without the minutes that compressing takes.
  execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", file, "./wasm"], { cwd: root, env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
  glue = readFileSync(join(execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim(), "lib/wasm/wasm_exec.js"), "utf8");
  bytes = readFileSync(file);
} finally {
  rmSync(folder, { recursive: true });
}
runInThisContext(glue);
// A panic prints a hundred lines.
scope.fs.writeSync = (/** @type {number} */ _, /** @type {Uint8Array} */ { length }) => length;

export const program = new Uint8Array(bytes);
const compiled = WebAssembly.compile(program);

/** @param {(cause?: unknown) => void} exit */
export const boot = (exit) => {
  const go = new scope.Go();
  go.exit = exit;
  return {
    /** @type {WebAssembly.Imports} */
    imports: go.importObject,
    /** What Go holds of JavaScript's objects. @type {() => number} */
    values: () => go._values.length,
    /** @param {WebAssembly.Instance} instance */
    run: async (instance) => void go.run(instance).catch(exit),
  };
};

/** A program of its own, started. */
export const start = async () => {
  const state = { alive: true, deaths: 0 };
  const die = () => {
    state.alive = false;
    state.deaths++;
  };
  const { imports, values, run } = boot(die);
  const instance = await WebAssembly.instantiate(await compiled, imports);
  await run(instance);
  return { exports: /** @type {Record<string, any>} */ (instance.exports), state, die, values };
};
