/**
 * Runs the collection and prints what newman found: a line for each folder, the failures in full, the totals. newman's
 * own reporters print every request with its whole result, which hides the few lines that matter.
 *
 *   node report.js BASE_URL [ALLOWED_ORIGIN]
 *
 * Without ALLOWED_ORIGIN the requests that need a backend with that origin on its list are skipped.
 */

import { join } from "node:path";
import newman from "newman";

const [baseUrl, corsOrigin = ""] = process.argv.slice(2);
const MOST = 30; // failures in full: past that one cause has many, and the first of them tell it

const file = (kind) => join(import.meta.dirname, `fetch401.postman_${kind}.json`);

/** Item, and what became of a part of it. newman's summary leaves out what a skipped request's script said. */
const facts = [];

const blank = () => ({ requests: 0, passed: 0, failed: 0, skipped: 0 });

/** The facts counted by folder; a nested folder's name follows its parent's. */
const tally = (collection) => {
  const folders = new Map();
  for (const { id, kind } of facts) {
    const names = [];
    collection.oneDeep(id).forEachParent((parent) => names.unshift(parent.name));
    const name = names.join(" / ");
    if (!folders.has(name)) folders.set(name, blank());
    folders.get(name)[kind]++;
  }
  return folders;
};

const line = (name, { requests, passed, failed, skipped }) =>
  `  ${name.padEnd(26)}${`${requests} ${requests === 1 ? "request" : "requests"},`.padStart(13)}${String(passed).padStart(5)} passed` +
  (failed ? `, ${failed} failed` : "") + (skipped ? `, ${skipped} skipped` : "");

const place = ({ parent, source, error }) => [parent?.name, source?.name, error.test].filter(Boolean).join(" / ");

newman
  .run({
    collection: file("collection"),
    environment: file("environment"),
    envVar: [
      { key: "baseUrl", value: baseUrl.replace(/\/+$/, "") },
      { key: "corsOrigin", value: corsOrigin },
    ],
    timeoutRequest: 20_000,
  })
  .on("request", (error, { item }) => {
    if (error) {
      // Each further request would fail alike, after a timeout maybe.
      console.error(`postman: no answer to "${item.name}" from ${baseUrl}, is the demo running there? ${error.message}`);
      process.exit(1);
    }
    facts.push({ id: item.id, kind: "requests" });
  })
  .on("assertion", (error, { item, skipped }) => {
    facts.push({ id: item.id, kind: skipped ? "skipped" : error ? "failed" : "passed" });
  })
  .on("console", (error, { messages }) => console.log("  console:", ...messages))
  .on("done", (error, { collection, run }) => {
    if (error) throw error;
    const total = blank();
    for (const [name, counts] of tally(collection)) {
      for (const kind of Object.keys(total)) total[kind] += counts[kind];
      console.log(line(name, counts));
    }
    const { failures, timings, error: stopped } = run;
    for (const failure of failures.slice(0, MOST)) console.log(`\n  ${place(failure)}\n    ${failure.error.message}`);
    if (failures.length > MOST) console.log(`\n  and ${failures.length - MOST} more`);
    if (stopped) console.log(`\n  the run stopped: ${stopped.message}`);
    console.log(`\npostman: ${total.requests} requests in ${((timings.completed - timings.started) / 1000).toFixed(1)} s`);
    // A script's own error is a failure too, but of no assertion.
    console.log(`postman: ${total.passed} passed, ${failures.length} failed${total.skipped ? `, ${total.skipped} skipped` : ""}`);
    process.exitCode = stopped || failures.length ? 1 : 0;
  });
