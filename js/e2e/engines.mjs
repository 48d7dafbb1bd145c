/**
 * Runs the suite in each engine, and the demo's in Chromium: there on what every compiler makes, in the other engines on
 * what ships, which is the last one's. One browser at a time is enough for two cores: beside others, what a test waits for
 * comes late. What a run has to say comes when it ends, and a table closes all.
 *
 *   node js/e2e/engines.mjs .build/go .build/tinygo
 *   ENGINES=firefox,webkit   these; chromium, which is the default
 *   LANES=3                  so many at a time, not one after the other
 */

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FIRST, SPAN } from "./harness/ports.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const dists = process.argv.slice(2);
if (!dists.length) throw new Error("which folders of built files?");
const wanted = (process.env.ENGINES || "chromium").split(",");

/** The longest first. Those of the demo follow each other: they build its Worker in one folder. */
const jobs = [
  ["webkit", "js/e2e/", dists.slice(-1)],
  ["firefox", "js/e2e/", dists.slice(-1)],
  ...dists.map((dist) => ["chromium", "js/e2e/", [dist]]),
  ["chromium", "demo/e2e/", dists],
].filter(([engine]) => wanted.includes(engine));

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of running) child.kill("SIGTERM");
    process.exit(1);
  });
}

/** Gives what a run has said, and whether it went well. */
const run = (engine, folder, dist, lane) =>
  new Promise((done) => {
    const env = { ...process.env, ENGINE: engine, DIST: resolve(ROOT, dist), E2E_PORT: String(FIRST + lane * SPAN) };
    const child = spawn(process.execPath, ["--test", "--test-reporter=spec", folder], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const words = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => words.push(data));
    child.on("close", (code) => {
      running.delete(child);
      done({ text: Buffer.concat(words).toString(), good: code === 0 });
    });
  });

const table = [];
const lane = async (_, number) => {
  for (let job; (job = jobs.shift()); ) {
    const [engine, folder, builds] = job;
    for (const dist of builds) {
      const title = `${folder} in ${engine}, ${dist}`;
      console.log(`e2e: ${title}: begins`);
      const begun = performance.now();
      const { text, good } = await run(engine, folder, dist, number);
      const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
      const count = (name) => `${new RegExp(`^ℹ ${name} (\\d+)$`, "m").exec(text)?.[1]} ${name}`;
      if (!good) process.exitCode = 1;
      table.push(`e2e: ${title}: ${/NOT tested .*/.exec(text)?.[0] ?? `${good ? "good" : "FAILS"}: ${["pass", "fail", "cancelled", "skipped"].map(count).join(", ")}`}; ${minutes} min`);
      console.log(`\n${text}\n${table.at(-1)}`);
    }
  }
};
await Promise.all(Array.from({ length: Number(process.env.LANES || 1) }, lane));
console.log(`\n${table.join("\n")}`);
