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

import { openDoor } from "../src/program/door.js";
import { booting, openWindow, wasm } from "./window.js";

/** @type {any} */
const scope = globalThis;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** @type {Uint8Array<ArrayBuffer> | undefined} */
let built;

/** The program, built once and not before it is asked for, or where a run of many tests has built it already. */
export const program = () => {
  if (built) return built;
  const given = process.env.FETCH401_PROGRAM;
  const folder = mkdtempSync(join(tmpdir(), "fetch401-"));
  const file = given ?? join(folder, "fetch401.wasm");
  try {
    // As js/build compiles it, without the minute that compressing takes.
    if (!given) execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", file, "./wasm"], { cwd: root, env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
    built = new Uint8Array(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  runInThisContext(readFileSync(join(goroot, "lib/wasm/wasm_exec.js"), "utf8"));
  // A panic prints a hundred lines.
  scope.fs.writeSync = (/** @type {number} */ _, /** @type {Uint8Array} */ { length }) => length;
  return built;
};

/**
 * What the build makes of wasm_exec.js.
 * @param {(cause?: unknown) => void} exit
 */
export const boot = (exit) => {
  const go = new scope.Go();
  go.exit = exit;
  return {
    /** @type {WebAssembly.Imports} */
    imports: go.importObject,
    /** @param {WebAssembly.Instance} instance */
    run: async (instance) => void go.run(instance).catch(exit),
    /** How many of JavaScript's objects Go knows. @type {() => number} */
    values: () => go._values.length,
  };
};

/**
 * A program of its own, configured by the script itself, and a door to it.
 * @param {Record<string, unknown>} options
 * @param {(window: any) => void} [prepare] changes the page before the script is installed
 */
export const openProgram = async (options, prepare = () => {}) => {
  const { window, sent } = openWindow();
  prepare(window);
  const state = { alive: true, deaths: 0 };
  const die = () => {
    state.alive = false;
    state.deaths++;
  };
  /** @type {Record<string, any>} */
  let exports = {};
  let values = () => 0;
  const bytes = program();
  booting((exit) => {
    const { imports, run, values: count } = boot((cause) => (die(), exit(cause)));
    values = count;
    return { imports, run: (instance) => ((exports = { ...instance.exports }), run(instance)) };
  });
  const { install } = await import("../src/gate/install.js");
  const api = install(options, window.location.origin + "/", undefined, () => import("../src/program/program.js"));
  // Exchanges are numbered from the time of day on at which the page opens: here from 1.
  const { now } = Date;
  Date.now = () => 3 * 2 ** 29 * 1000;
  sent[0].resolve(wasm(bytes));
  await api.ready;
  Date.now = now;
  return { door: openDoor(exports, () => state.alive, die), exports, state, values, window, memory: /** @type {WebAssembly.Memory} */ (exports.mem) };
};
