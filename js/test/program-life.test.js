// The real Go program over time: what it refuses, what it keeps, and what happens when it ends.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openDoor } from "../src/program/door.js";
import { ANNOUNCE } from "../src/protocol.js";
import { EXCHANGE, LOGIN, ORIGIN, SESSION, WAKE } from "./fake.js";
import { openProgram } from "./go-program.js";

const KEY = ORIGIN + "/api/x";
const open = () => openProgram(SESSION);

test("the longest URL that is ours, of 1 MiB", async () => {
  const { door } = await open();
  assert.equal(door.started(0, 0, KEY.padEnd(1 << 20, "/x")), 0);
  door.unauthorized(0, 0, "");
  assert.deepEqual(door.take().map(({ kind }) => kind).filter((kind) => kind !== ANNOUNCE), [WAKE, EXCHANGE, WAKE]);
});

test("100,000 calls leave the memory as it is", async () => {
  const { door, memory, values } = await open();
  const round = () => {
    for (let id = 0; id < 100; id++) door.started(id, 0, `${KEY}/${id}`);
    for (let id = 0; id < 90; id++) door.answered(id, 200);
    for (let id = 90; id < 100; id++) door.failed(id);
  };
  round();
  const before = [memory.buffer.byteLength, values()];
  for (let i = 0; i < 1000; i++) round();
  assert.deepEqual([memory.buffer.byteLength, values()], before);
  assert.deepEqual(door.take(), []);
});

test("a thousand refreshes of ten calls each keep nothing but what the collector has yet to take", async () => {
  const { door, memory, values } = await open();
  // What the page is asked for the first time stays.
  door.tell(1);
  const before = values();
  for (let i = 1; i <= 1000; i++) {
    for (let id = 0; id < 10; id++) door.started(id, 0, `${KEY}/${id}`);
    for (let id = 0; id < 10; id++) door.unauthorized(id, 0, 'GET\nBearer realm="x", error="invalid_token"');
    assert.deepEqual(door.take().filter(({ kind }) => kind === EXCHANGE).map(({ number }) => number), [i]);
    door.exchanged(i, 204, 0, 0, "\n");
    assert.equal(door.take().length, 12, "adopted, ten are sent again, and other pages are told");
    for (let id = 0; id < 10; id++) door.answered(id, 200);
  }
  assert.equal(values(), before);
  assert.equal(door.fact(0), 1001);
  assert.equal(door.fact(3), 0);
  assert.ok(memory.buffer.byteLength < 8 << 20, `${memory.buffer.byteLength} bytes`);
});

test("memory that grows within a call does not cut text off", async () => {
  const { door, memory } = await open();
  const before = memory.buffer.byteLength;
  for (let length = 1 << 12; length <= 1 << 20; length *= 2) {
    assert.equal(door.started(0, 0, KEY + "/" + "x".repeat(length - KEY.length - 1)), 0, String(length));
    assert.equal(door.started(1, 0, "https://evil.example.com/" + "x".repeat(length - 30)), -2, String(length));
  }
  for (let i = 0; i < 400 && memory.buffer.byteLength === before; i++) {
    for (let id = 0; id < 100; id++) door.started(i * 100 + id, 0, KEY + "/" + "x".repeat(1000));
  }
  assert.notEqual(memory.buffer.byteLength, before, "the test grows nothing");
  assert.equal(door.started(0, 0, KEY), 0);
  door.tell(8, 0, 0, "why");
  assert.equal(door.take().find(({ kind }) => kind === LOGIN)?.text, "why");
});

/** @type {Record<string, (door: Awaited<ReturnType<typeof open>>["door"], exports: Record<string, any>) => unknown>} */
const ENDS = {
  "a panic of standard Go, whose export returns a number all the same": (door) => door.started(-1, 0, KEY),
  "an export that throws, as TinyGo's do": (door, exports) => ((exports.started = () => assert.fail("trap")), door.started(0, 0, KEY)),
};
for (const [name, end] of Object.entries(ENDS)) {
  test(name + ": every method answers undefined from then on", async () => {
    const { exports, state } = await open();
    const door = openDoor(exports, () => state.alive, () => {
      state.alive = false;
      state.deaths++;
    });
    assert.equal(end(door, exports), undefined);
    assert.equal(state.deaths, 1);
    assert.equal(door.started(0, 0, KEY), undefined);
    assert.equal(door.answered(0, 200), undefined);
    assert.equal(door.failed(0), undefined);
    assert.equal(door.unauthorized(0, 0, ""), undefined);
    assert.equal(door.exchanged(1, 200, 0, 0, "\n"), undefined);
    assert.equal(door.tell(1), undefined);
    assert.deepEqual(door.take(), []);
    assert.equal(door.fact(0), 0);
    assert.equal(state.deaths, 1, "reported once");
  });
}
