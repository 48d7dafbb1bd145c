// The real Go program over time: what it refuses, what it keeps, and what happens when it ends.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openDoor } from "../src/door.js";
import { EXCHANGE, LOGIN, ORIGIN, WAKE } from "./fake.js";
import { start } from "./go-program.js";
import { openWindow } from "./window.js";

const KEY = ORIGIN + "/api/x";

const open = async () => {
  openWindow();
  const { exports, state, die, values } = await start();
  const door = openDoor(exports, () => state.alive, die);
  door.configure(0, 0, 10_000, ["", "", "", "", "return_to", "reason", "", ORIGIN + "/"].join("\n"));
  return { door, exports, state, values, memory: /** @type {WebAssembly.Memory} */ (exports.mem) };
};

test("a URL longer than 1 MiB is no business of Go's; one of 1 MiB is", async () => {
  const { door, memory } = await open();
  const longest = KEY + "/" + "x".repeat((1 << 20) - KEY.length - 1);
  const before = memory.buffer.byteLength;
  for (let i = 0; i < 50; i++) assert.equal(door.started(0, 0, longest + "x".repeat(1 << 20)), -2);
  assert.equal(memory.buffer.byteLength, before, "it never got there");
  assert.equal(door.started(0, 0, longest), 0);
  door.unauthorized(0, "");
  assert.deepEqual(door.take().map(({ kind }) => kind), [WAKE, EXCHANGE]);
});

test("100,000 calls, some of them 401 and retried, leave the memory as it is", async () => {
  const { door, memory, values } = await open();
  const field = 'Bearer realm="x", error="invalid_token"';
  let exchanges = 0;
  const round = () => {
    for (let id = 0; id < 100; id++) door.started(id, 0, `${KEY}/${id}`);
    for (let id = 0; id < 50; id++) door.answered(id);
    for (let id = 50; id < 90; id++) door.failed(id);
    for (let id = 90; id < 100; id++) door.unauthorized(id, field);
    assert.equal(door.take().filter(({ kind }) => kind === EXCHANGE).length, 1);
    door.exchanged(++exchanges, 204, 0, 0, "\n");
    assert.equal(door.take().length, 11, "adopted, and ten are sent again");
    for (let id = 90; id < 100; id++) door.answered(id);
  };
  // Until Go's collector has run for the first time, at 4 MiB.
  for (let i = 0; i < 500; i++) round();
  const before = [memory.buffer.byteLength, values(), door.fact(3)];
  for (let i = 0; i < 500; i++) round();
  assert.deepEqual([memory.buffer.byteLength, values(), door.fact(3)], before);
  assert.equal(door.fact(0), 1001);
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
  "an export that throws, as TinyGo's do": (door, exports) => (Object.defineProperty(exports, "started", { value: () => assert.fail("trap") }), door.started(0, 0, KEY)),
};
for (const [name, end] of Object.entries(ENDS)) {
  test(name + ": every method answers undefined from then on", async () => {
    const { exports, ...rest } = await open();
    const own = { ...exports };
    const door = openDoor(own, () => rest.state.alive, () => {
      rest.state.alive = false;
      rest.state.deaths++;
    });
    assert.equal(end(door, own), undefined);
    assert.equal(rest.state.deaths, 1);
    assert.equal(door.started(0, 0, KEY), undefined);
    assert.equal(door.answered(0), undefined);
    assert.equal(door.failed(0), undefined);
    assert.equal(door.unauthorized(0, ""), undefined);
    assert.equal(door.exchanged(1, 200, 0, 0, "\n"), undefined);
    assert.equal(door.tell(1), undefined);
    assert.deepEqual(door.take(), []);
    assert.equal(door.fact(0), 0);
    assert.equal(rest.state.deaths, 1, "reported once");
  });
}
