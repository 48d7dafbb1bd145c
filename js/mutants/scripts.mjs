/**
 * Changes the scripts a little, one place at a time, and runs the gate's tests: `node scripts.mjs WORKERS FILE…`, in the
 * root of the repository. It prints what became of each mutant, as JSON.
 *
 * Stryker's instrumenter makes the mutants, and puts all of them into each file at once: the environment says which one
 * counts. A file of tests runs only where it reaches the mutant, those first that have caught most of the same source.
 *
 * Rejected: Stryker's own runners. They start every file of tests in the order of its names, and take a test that the
 * machine was too busy for as one that does not end.
 * @module
 */

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";

import { Instrumenter } from "@stryker-mutator/instrumenter";

const [workers, ...files] = process.argv.slice(2);
const box = resolve(".build/mutants");
const seen = box + "/seen";

/** How long a file of tests may take by the clock of the wall, whatever else the machine does. */
const PATIENCE = 180_000;

/** Writes down which mutants a process reaches, its children's too. */
const COVER = `process.on("exit", () => {
  const { static: reached = {} } = globalThis.__stryker__?.mutantCoverage ?? {};
  process.getBuiltinModule("node:fs").writeFileSync(${JSON.stringify(seen + "/")} + process.pid, Object.keys(reached).join(" "));
});`;

/**
 * Runs a file of tests, at most so many seconds by the processor's time.
 * @param {string} test
 * @param {number} seconds
 * @param {Record<string, string>} env
 * @returns {Promise<"Survived" | "Killed" | "Timeout">}
 */
const run = (test, seconds, env) =>
  new Promise((done) => {
    const child = spawn("sh", ["-c", 'ulimit -t "$1"; exec node --test-reporter=tap "$0"', "js/test/" + test, `${Math.ceil(seconds)}`], {
      cwd: box,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let failed = false;
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    child.stdout.on("data", (text) => {
      if (failed || !/^\s*not ok/m.test(text)) return;
      failed = true;
      child.kill("SIGKILL");
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      done(failed ? "Killed" : signal === "SIGKILL" ? "Timeout" : code ? "Killed" : "Survived");
    });
  });

rmSync(box, { recursive: true, force: true });
const skipped = /\/(node_modules|dist|bench|docs|e2e|mutants|package)$/;
for (const folder of ["js", "wasm"]) cpSync(folder, `${box}/${folder}`, { recursive: true, filter: (path) => !skipped.test(path) });
symlinkSync(resolve("js/node_modules"), box + "/js/node_modules");
for (const name of ["go.mod", "go.sum"]) cpSync(name, `${box}/${name}`);

const sources = files.map((name) => ({ name, mutate: true, content: readFileSync(name, "utf8") }));
const log = () => {};
const instrumenter = new Instrumenter({ debug: log, info: log, warn: log, isDebugEnabled: () => false });
const made = await instrumenter.instrument(sources, { plugins: null, excludedMutations: [], ignorers: [] });
for (const { name, content } of made.files) writeFileSync(`${box}/${name}`, content);

/** @type {{ name: string, reached: Set<string>, cpu: number, caught: Record<string, number> }[]} */
const tests = [];
for (const name of readdirSync(box + "/js/test").filter((name) => name.endsWith(".test.js"))) {
  rmSync(seen, { recursive: true, force: true });
  mkdirSync(seen);
  const before = process.hrtime.bigint();
  const result = await run(name, 600, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(COVER)}` });
  const reached = new Set(readdirSync(seen).flatMap((pid) => readFileSync(`${seen}/${pid}`, "utf8").split(" ").filter(Boolean)));
  if (!reached.size) continue;
  if (result !== "Survived") throw new Error(`${name} fails without any change`);
  tests.push({ name, reached, cpu: Number(process.hrtime.bigint() - before) / 1e9, caught: {} });
}

/** @param {any} mutant */
const attempt = async (mutant) => {
  const { id, fileName } = mutant;
  /** @param {(typeof tests)[number]} test */
  const worth = ({ caught, cpu, name }) => ((caught[fileName] ?? 0) + (name === basename(fileName, ".js") + ".test.js" ? 3 : 0.2)) / cpu;
  for (const test of tests.filter(({ reached }) => reached.has(id)).sort((a, b) => worth(b) - worth(a))) {
    const status = await run(test.name, 5 * test.cpu + 5, { __STRYKER_ACTIVE_MUTANT__: id });
    if (status === "Survived") continue;
    test.caught[fileName] = (test.caught[fileName] ?? 0) + 1;
    return status;
  }
  return "Survived";
};

/** From 1, as an editor counts. @param {{ line: number, column: number }} at */
const place = ({ line, column }) => ({ line: line + 1, column: column + 1 });

const queue = made.mutants.filter(({ status }) => !status).entries();
const total = made.mutants.length;
/** @type {object[]} */
const report = [];
const work = async () => {
  for (const [i, mutant] of queue) {
    const status = await attempt(mutant);
    const { fileName: file, location, replacement } = mutant;
    report.push({ file, status, replacement, start: place(location.start), end: place(location.end) });
    if (status !== "Killed") console.error(`${status}: ${file}:${location.start.line + 1} ${replacement}`);
    if (i % 50 === 0) console.error(`${i} of ${total}`);
  }
};
await Promise.all(Array.from({ length: Number(workers) }, work));
console.log(JSON.stringify(report));
