// The door's exports: what Go is told in numbers. With the real program they are tested in program.test.js.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openDoor } from "../src/program/door.js";

const [NOW, TODAY] = [5_000, 1_800_000_000_000];

/**
 * A door to exports that write down what they are told.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, any>} [answers]
 */
const open = (t, answers = {}) => {
  t.mock.method(performance, "now", () => NOW);
  t.mock.method(Date, "now", () => TODAY);
  /** @type {any[][]} */
  const told = [];
  const memory = new WebAssembly.Memory({ initial: 1 });
  const go = new Proxy(/** @type {any} */ ({ memory, room: () => 64 }), {
    get: (own, name) => own[name] ?? (name === "mem" ? undefined : (/** @type {any[]} */ ...args) => (told.push([name, ...args]), answers[String(name)])),
  });
  return { door: openDoor(go, () => true, () => {}), told, text: (/** @type {number} */ length) => new TextDecoder().decode(new Uint8Array(memory.buffer, 64, length)) };
};

test("the lock: whether somebody else had it before, as 1 or 0", (t) => {
  const { door, told } = open(t);
  door.granted(true, 3, 4, 5);
  door.granted(false, -1, 0, 0);
  assert.deepEqual(told, [["granted", 1, 3, 4, 5, NOW], ["granted", 0, -1, 0, 0, NOW]]);
});

test("CONTRACT §3: a lifetime counts from when the app gave it, by both clocks, however late Go hears of it", (t) => {
  const { door, told, text } = open(t);
  door.tell(7, 1, 60, "whose", 250);
  door.tell(8);
  assert.deepEqual(told, [["tell", 7, 1, 60, 5, NOW - 250, TODAY - 250], ["tell", 8, 0, 0, 0, NOW, TODAY]]);
  assert.equal(text(5), "whose");
});

test("§3 accessToken(): whether the present credentials have run out, by both clocks", (t) => {
  for (const [answer, stale] of /** @type {const} */ ([[1, true], [0, false], [undefined, false]])) {
    const { door, told } = open(t, { stale: answer });
    assert.equal(door.stale(), stale);
    assert.deepEqual(told, [["stale", NOW, TODAY]]);
  }
});
