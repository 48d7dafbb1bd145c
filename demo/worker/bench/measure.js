/**
 * Measures the backend natively and on workerd, loaded from a second process, and prints two tables of Markdown.
 * SECONDS is the length of a row, SOAK that of the trial with 64 clients.
 */

import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cpu, memory, subjects } from "./subjects.js";

const SECONDS = Number(process.env.SECONDS || 10);
const SOAK = Number(process.env.SOAK || 60);
const CLIENTS = 64;
/**
 * CPU of one refresh at the median, in milliseconds. It is held against all that workerd's process takes in the row
 * "workerd, D1": Go, the JavaScript around it, HTTP, miniflare's Worker in front, and D1 itself, which on Cloudflare runs
 * elsewhere. What of it is the Worker's own is told beside it, in two ways: against the rows "alone", which are the same
 * statement with no Go around it, and by the rows "D1 elsewhere", where the database is in a process of its own.
 */
const GOAL = 2;
/** What workerd may hold at most, in MB; a Worker of ten lines brings it to some 500 within seconds, lazy as V8 collects. */
const MEMORY = 1024;

/** @param {string} name */
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @param {number[]} values @param {number} part */
const quantile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;

/**
 * @param {{ url: string, pid: number }} subject
 * @param {string} kind
 * @param {number} clients
 * @param {number} seconds
 */
const load = async ({ url, pid }, kind, clients, seconds) => {
  const child = spawn(process.execPath, [file("load.js"), url, kind, String(clients), String(seconds)], { stdio: ["ignore", "pipe", "inherit"] });
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} CPU of one request in each second */
  const costs = [];
  let wrong = 0;
  let used = cpu(pid);
  const began = performance.now();
  for await (const line of createInterface(child.stdout)) {
    const told = JSON.parse(line);
    const now = cpu(pid);
    if (told.times.length >= 20) costs.push((now - used) / told.times.length);
    used = now;
    times.push(...told.times);
    wrong = told.wrong;
  }
  return { rate: times.length / ((performance.now() - began) / 1000), p50: quantile(times, 0.5), p99: quantile(times, 0.99), cost: quantile(costs, 0.5), wrong };
};

/** @param {unknown[]} cells */
const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);

let failed = false;
/** @param {string} text */
const fault = (text) => {
  console.error("measure: " + text);
  failed = true;
};
/** CPU of a refresh of one client at the median, by subject. */
const refreshes = new Map();
row("", "clients", "requests/s", "p50 ms", "p99 ms", "CPU ms/request", "MB");
row("---", "--:", "--:", "--:", "--:", "--:", "--:");
for (const [name, begin] of Object.entries(subjects)) {
  const subject = await begin();
  try {
    // V8 compiles what is hot in the background; that is not what a request costs.
    for (const kind of ["hello", "refresh"]) await load(subject, kind, 4, Math.min(SECONDS, 5));
    for (const [kind, clients] of /** @type {[string, number][]} */ ([["public", 1], ["hello", 1], ["refresh", 1], ["refresh", 16]])) {
      if (kind === "hello" && /alone/.test(name)) continue;
      const { rate, p50, p99, cost, wrong } = await load(subject, kind, clients, SECONDS);
      row(`${name}: ${kind}`, clients, rate.toFixed(0), p50.toFixed(2), p99.toFixed(2), cost.toFixed(2), memory(subject.pid).toFixed(0));
      if (wrong > 0) fault(`${wrong} wrong answers`);
      if (kind === "refresh" && clients === 1) refreshes.set(name, cost);
    }
  } finally {
    await subject.stop();
  }
}

const ALONE = " alone";
console.log(`\nCPU of a refresh at the median; the goal is under ${GOAL} ms:\n`);
for (const [name, cost] of refreshes) {
  const floor = refreshes.get(name + ALONE);
  if (floor !== undefined) console.log(`- ${name}: ${cost.toFixed(2)} ms in all, ${(cost - floor).toFixed(2)} ms for Go and what is around it`);
}
if (!(refreshes.get("workerd, D1") < GOAL)) fault("the goal is missed");

console.log(`\n${CLIENTS} clients for ${SOAK} s:\n`);
row("", "answers", "wrong", "turned away", "rotations, none lost", "MB after a third", "MB at most");
row("---", "--:", "--:", "--:", "--:", "--:", "--:");
for (const name of ["native, SQLite", "workerd, D1"]) {
  const subject = await subjects[name]?.();
  if (!subject) throw new Error(name);
  /** @type {number[]} */
  const sizes = [];
  const watch = setInterval(() => sizes.push(memory(subject.pid)), 500);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file("soak.js"), subject.url, String(CLIENTS), String(SOAK)], { timeout: (SOAK + 60) * 1000 });
    const told = JSON.parse(stdout);
    const third = sizes[Math.floor(sizes.length / 3)] ?? NaN;
    const most = Math.max(...sizes);
    row(name, told.answers, told.wrong, told.away, told.rotations, third.toFixed(0), most.toFixed(0));
    if (told.wrong > 0) fault(`wrong answers, the first of them: ${JSON.stringify(told.first)}`);
    if (most > MEMORY) fault(`${name} holds ${most.toFixed(0)} MB, more than ${MEMORY}`);
  } finally {
    clearInterval(watch);
    await subject.stop();
  }
}
process.exit(failed ? 1 : 0);
