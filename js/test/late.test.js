// CONTRACT §1: an install() by which a protected URL was called already is one console warning (FETCH401_LATE).
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN, SESSION } from "./fake.js";
import { openWindow } from "./window.js";

const { tellIfLate } = await import("../src/entry/late.js");

const SINCE = 100;
const EARLY = { initiatorType: "fetch", startTime: SINCE - 1, name: ORIGIN + "/api/x?secret#secret" };

/**
 * What is printed where this was loaded before, or after.
 * @param {import("node:test").TestContext} t
 * @param {object[]} loaded
 * @param {Record<string, unknown>} [options]
 */
const printed = async (t, loaded, options = { ...SESSION, except: ["/open"] }) => {
  const { printed } = openWindow();
  t.mock.method(performance, "getEntriesByType", (/** @type {string} */ type) => (type === "resource" ? loaded : []));
  await tellIfLate(SINCE, Promise.resolve(), options, ORIGIN + "/f/");
  return printed;
};

test("one warning, of the first call, without its query", async (t) => {
  for (const initiatorType of ["fetch", "xmlhttprequest"]) {
    const warnings = await printed(t, [{ ...EARLY, initiatorType }, { ...EARLY, name: ORIGIN + "/api/second" }]);
    assert.equal(warnings.length, 1);
    const [{ level, text }] = warnings;
    assert.equal(level, "warn");
    assert.match(text, /^fetch401: https:\/\/app\.example\.com\/api\/x was called before install\(\): .*fetch401\/auto.* \(FETCH401_LATE\)$/);
  }
});

test("none for what came later, is not ours, or no call", async (t) => {
  for (const other of [
    { startTime: SINCE },
    { startTime: SINCE + 1 },
    { name: ORIGIN + "/open/x" },
    { name: ORIGIN + "/auth/refresh" },
    { name: "https://other.example.com/api/x" },
    { initiatorType: "script" },
    { initiatorType: "prefetch" },
    { initiatorType: "fetched" },
  ]) {
    assert.deepEqual(await printed(t, [{ ...EARLY, ...other }]), [], JSON.stringify(other));
  }
  assert.deepEqual(await printed(t, []), []);
});

test("what stands behind others is found, and a prefix is one of the page's origin", async (t) => {
  const options = { ...SESSION, protect: ["/api"] };
  assert.equal((await printed(t, [{ ...EARLY, startTime: SINCE }, { ...EARLY, name: ORIGIN + "/x" }, EARLY], options)).length, 1);
});

test("it looks once calls under way are over, and not before", async (t) => {
  const { printed } = openWindow();
  let ready = () => {};
  /** @type {object[]} */
  const loaded = [];
  t.mock.method(performance, "getEntriesByType", () => loaded);
  const told = tellIfLate(SINCE, new Promise((resolve) => (ready = () => resolve(undefined))), SESSION, ORIGIN + "/f/");
  loaded.push(EARLY);
  assert.deepEqual(printed, []);
  ready();
  await told;
  assert.equal(printed.length, 1);
});
