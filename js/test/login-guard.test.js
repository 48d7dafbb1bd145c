// The guard against a login page that sends the person straight back (CONTRACT §6), with a tab's storage and without.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN } from "./fake.js";
import { openWindow } from "./window.js";

const NOW = 1_700_000_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A page of its own: what the guard knows, it knows of one page. */
let pages = 0;

/**
 * @param {import("node:test").TestContext} t
 * @param {{ times?: number[] | string, stood?: number, touched?: boolean, clicked?: boolean, storage?: any }} [page]
 */
const openPage = async (t, { times, stood = 0, touched = false, clicked = false, storage } = {}) => {
  const text = typeof times === "string" ? times : times?.map((time) => NOW + time).join();
  const window = openWindow(ORIGIN + "/shop/cart", text === undefined ? {} : { fetch401: text });
  if (storage) Object.defineProperty(globalThis, "sessionStorage", { configurable: true, ...storage(window.storage) });
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { userActivation: { hasBeenActive: touched, isActive: clicked } } });
  t.mock.method(Date, "now", () => NOW);
  t.mock.method(performance, "now", () => stood);
  const { guard } = await import(`../src/gate/login-guard.js?${pages++}`);
  return { ...window, guard };
};

/** @type {[why: string, times: number[] | string, looping: boolean][]} */
const TIMES = [
  ["the first", [], false],
  ["a second one at once", [0], true],
  ["a second one just before 30 s", [-30 * SECOND + 1], true],
  ["a second one after 30 s", [-30 * SECOND], false],
  ["the third", [-5 * MINUTE, -MINUTE], false],
  ["the fourth", [-9 * MINUTE, -5 * MINUTE, -MINUTE], true],
  ["the fourth just before 10 min", [-10 * MINUTE + 1, -5 * MINUTE, -MINUTE], true],
  ["the fourth after 10 min", [-10 * MINUTE, -5 * MINUTE, -MINUTE], false],
  ["the clock was set back", [1, 3600 * SECOND], false],
  ["order does not matter", [-MINUTE, -SECOND, -5 * MINUTE], true],
  ["what another script has written there", "null", false],
  ["and something that reads as a time in part", `x,-1,1.5,,1e3,99999999999999999999999,${NOW}`, true],
];
for (const [why, times, looping] of TIMES) {
  test("at most one redirect in 30 s and three in 10 min: " + why, async (t) => {
    const { guard, storage } = await openPage(t, { times });
    const before = [...storage];
    assert.equal(guard.looping(), looping);
    assert.deepEqual([...storage], before, "what is stored stays");
  });
}

test("a redirect is remembered, with those before it", async (t) => {
  const { guard, storage, left } = await openPage(t, { times: [-11 * MINUTE, -9 * MINUTE, -5 * MINUTE, -MINUTE] });
  guard.leave(ORIGIN + "/login");
  assert.deepEqual(left, [ORIGIN + "/login"]);
  assert.equal(storage.get("fetch401"), [NOW - 5 * MINUTE, NOW - MINUTE, NOW].join());
});

const THROWING = () => ({ get: () => { throw new DOMException("blocked", "SecurityError"); } });
/** @param {Map<string, string>} kept */
const FULL = (kept) => ({
  value: {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    removeItem: (/** @type {string} */ name) => void kept.delete(name),
    setItem(/** @type {string} */ name, /** @type {string} */ value) {
      if (value.length > 20) throw new DOMException("full", "QuotaExceededError");
      kept.set(name, value);
    },
  },
});
for (const [name, storage] of Object.entries({ blocked: THROWING, full: FULL })) {
  test(`where sessionStorage is ${name}: a page that was touched, or has stood for 10 s`, async (t) => {
    assert.equal((await openPage(t, { storage })).guard.looping(), true);
    assert.equal((await openPage(t, { storage, stood: 9_999 })).guard.looping(), true);
    assert.equal((await openPage(t, { storage, stood: 10_000 })).guard.looping(), false);
    assert.equal((await openPage(t, { storage, touched: true })).guard.looping(), false);
    const page = await openPage(t, { storage });
    page.guard.leave(ORIGIN + "/login");
    assert.deepEqual(page.left, [ORIGIN + "/login"], "what was decided is done");
  });
}

test("storage that fills up later", async (t) => {
  const { guard, window } = await openPage(t);
  assert.equal(guard.looping(), false);
  window.sessionStorage.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  guard.leave(ORIGIN + "/login");
  assert.equal(guard.looping(), true);
});

test("without Go: not in a loop, but for a click", async (t) => {
  for (const [page, leaves] of /** @type {const} */ ([[{}, true], [{ times: [0] }, false], [{ times: [0], clicked: true }, true]])) {
    const { guard, left } = await openPage(t, /** @type {any} */ (page));
    guard.leaveUnlessLooping(ORIGIN + "/login");
    assert.equal(left.length, leaves ? 1 : 0);
  }
});

test("the login page is known by path, and by fragment where the login URL has one", async (t) => {
  const { guard, window } = await openPage(t);
  assert.equal(guard.onLogin(ORIGIN + "/shop/cart"), true);
  assert.equal(guard.onLogin(ORIGIN + "/shop/cart?x=1"), true);
  assert.equal(guard.onLogin(ORIGIN + "/shop/cart#/login"), false);
  window.location.hash = "#/login";
  assert.equal(guard.onLogin(ORIGIN + "/shop/cart#/login"), true);
  assert.equal(guard.onLogin("https://id.example.com/shop/cart"), false);
  assert.equal(guard.onLogin(undefined), false);
});

test("where browsers do not tell of touches (Firefox before 120), nobody has touched the page", async (t) => {
  for (const [page, looping] of /** @type {const} */ ([[{ storage: THROWING }, true], [{ storage: THROWING, stood: 10_000 }, false], [{ times: [0] }, true], [{}, false]])) {
    const { guard, left } = await openPage(t, /** @type {any} */ (page));
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: {} });
    assert.equal(guard.looping(), looping);
    guard.leaveUnlessLooping(ORIGIN + "/login");
    assert.equal(left.length, looping ? 0 : 1);
  }
});

test("storage that is full stays so, however often it is asked", async (t) => {
  const { guard } = await openPage(t, { storage: FULL });
  for (let i = 0; i < 3; i++) assert.equal(guard.looping(), true);
});

test("a tab that was never sent to login has nothing stored, before it is and after it was asked", async (t) => {
  const { guard, storage } = await openPage(t);
  assert.equal(guard.looping(), false);
  assert.deepEqual([...storage], []);
});
