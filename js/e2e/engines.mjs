/**
 * Runs the suite in each engine, one after the other: in Chromium on what every compiler makes, in the other engines, and the
 * demo's own in Chromium, on what ships, which is the last one's. What a run has to say comes when it ends, and a table closes
 * all.
 *
 *   node js/e2e/engines.mjs .build/go .build/tinygo
 *   ENGINES=firefox,webkit   these alone
 *   LANES=3                  so many at a time, not one after the other: for more than two cores
 */

import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./harness/paths.js";
import { FIRST, SPAN } from "./harness/ports.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const dists = process.argv.slice(2);
if (!dists.length) throw new Error("which folders of built files?");
const wanted = (process.env.ENGINES || "chromium,firefox,webkit").split(",");

const ships = dists.at(-1);
/**
 * The same Chromium without its window, where Debian's package of it is installed: a page there costs two thirds of the time.
 * @param {string} dist
 */
const without = (dist) => (dist !== ships && !process.env.CHROMIUM && program("chromium-headless-shell")) || "";

/** @type {[engine: string, folder: string, dist: string, chromium: string][]} */
const all = [
  ...dists.map((dist) => /** @type {const} */ (["chromium", "js/e2e/", dist, without(dist)])),
  ["firefox", "js/e2e/", ships, ""],
  ["webkit", "js/e2e/", ships, ""],
  ["chromium", "demo/e2e/", ships, ""],
];
const jobs = all.filter(([engine]) => wanted.includes(engine));

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    for (const child of running) child.kill("SIGTERM");
    process.exit(1);
  });
}

/** Gives what a run has said, and whether it went well. */
const run = ([engine, folder, dist, chromium], lane) =>
  new Promise((done) => {
    const env = { ...process.env, ENGINE: engine, DIST: resolve(ROOT, dist), E2E_PORT: String(FIRST + lane * SPAN), ...(chromium && { CHROMIUM: chromium }) };
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
    const [engine, folder, dist] = job;
    const title = `${folder} in ${engine}, ${dist}`;
    console.log(`e2e: ${title}: begins`);
    const begun = performance.now();
    const { text, good } = await run(job, number);
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    const count = (name) => `${new RegExp(`^ℹ ${name} (\\d+)$`, "m").exec(text)?.[1]} ${name}`;
    if (!good) process.exitCode = 1;
    table.push(`e2e: ${title}: ${/NOT tested .*/.exec(text)?.[0] ?? `${good ? "good" : "FAILS"}: ${["pass", "fail", "cancelled", "skipped"].map(count).join(", ")}`}; ${minutes} min`);
    console.log(`\n${text}\n${table.at(-1)}`);
  }
};
await Promise.all(Array.from({ length: Number(process.env.LANES || 1) }, lane));
console.log(`\n${table.join("\n")}`);
