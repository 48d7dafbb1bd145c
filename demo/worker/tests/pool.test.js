import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Pool } from "../src/pool.js";

let started = 0;

class Fake {
  number = ++started;
  good = true;
  closed = false;
  rest() {
    return this.good;
  }
  close() {
    this.closed = true;
  }
}

/** @param {Partial<import("../src/pool.js").Limits>} limits */
const pool = (limits, start = () => new Fake()) => new Pool(start, { most: 2, line: 2, wait: 1000, lease: 5000, ...limits });

/**
 * @template T
 * @param {Promise<T | undefined>} taken
 */
const some = async (taken) => {
  const instance = await taken;
  assert(instance);
  return instance;
};

test("an instance that rests well serves again, and the one used last is next", async () => {
  const p = pool({});
  const a = await some(p.take());
  const b = await some(p.take());
  assert.notEqual(a, b);
  p.give(a);
  p.give(b);
  assert.equal(await p.take(), b);
  assert.equal(await p.take(), a);
});

test("one that does not rest well never serves again, and its place is free", async () => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  a.good = false;
  p.give(a);
  assert(a.closed);
  assert.notEqual(await p.take(), a);
});

/**
 * Runs with a clock that stands still until it is told to go on.
 * @param {(pass: (ms: number) => Promise<void>) => Promise<void>} body
 */
const withClock = (body) => async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    await body(async (ms) => {
      for (let i = 0; i < ms; i++) {
        mock.timers.tick(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  } finally {
    mock.timers.reset();
  }
};

test("requests beyond the cap wait in the order of arrival, and beyond the line are turned away at once", withClock(async (pass) => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  /** @type {string[]} */
  const order = [];
  const second = p.take().finally(() => order.push("second"));
  const third = p.take().finally(() => order.push("third"));
  assert.equal(await p.take(), undefined);
  assert.deepEqual(p.size, { idle: 0, out: 1, line: 2 });
  p.give(a);
  // Who comes now does not overtake those in the line.
  assert.equal(await p.take(), undefined);
  await pass(10);
  assert.equal(await second, a);
  assert.deepEqual(order, ["second"]);
  p.give(a);
  await pass(10);
  assert.equal(await third, a);
}));

test("giving back settles nobody else's promise: only a timer of its own wakes who waits", withClock(async (pass) => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  let woken = false;
  const next = p.take().finally(() => (woken = true));
  p.give(a);
  await pass(0);
  await new Promise((resolve) => setImmediate(resolve));
  assert(!woken);
  await pass(10);
  assert.equal(await next, a);
}));

test("who waits for an instance that dies starts another", withClock(async (pass) => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  const next = p.take();
  a.good = false;
  p.give(a);
  await pass(10);
  assert.notEqual(await some(next), a);
  assert.deepEqual(p.size, { idle: 0, out: 1, line: 0 });
}));

test("a start that fails is told to who needed it, and takes no place away", async () => {
  let broken = true;
  const p = pool({ most: 1 }, () => {
    if (broken) throw new Error("no start");
    return new Fake();
  });
  await assert.rejects(p.take(), /no start/);
  broken = false;
  assert(await p.take());
});

test("waiting has an end", withClock(async (pass) => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  const second = p.take();
  await pass(1010);
  assert.equal(await second, undefined);
  p.give(a);
  assert.deepEqual(p.size, { idle: 1, out: 0, line: 0 });
}));

test("who waits a long time looks seldom", withClock(async (pass) => {
  const p = pool({ most: 1, line: 50 });
  const a = await some(p.take());
  const timers = mock.method(globalThis, "setTimeout");
  const all = Array.from({ length: 50 }, () => p.take());
  await pass(100);
  const looks = timers.mock.callCount();
  timers.mock.restore();
  assert(looks < 50 * 20, `${looks}`);
  p.give(a);
  await pass(1000);
  await Promise.all(all);
}));

test("an instance that never comes back counts as lost after its lease, and is not taken back then", withClock(async (pass) => {
  const p = pool({ most: 1, line: 0 });
  const lost = await some(p.take());
  await pass(4999);
  assert.equal(await p.take(), undefined);
  await pass(1);
  const other = await some(p.take());
  assert(lost.closed);
  p.give(lost);
  assert.deepEqual(p.size, { idle: 0, out: 1, line: 0 });
  p.give(other);
  assert.deepEqual(p.size, { idle: 1, out: 0, line: 0 });
}));

test("a request that is cancelled while it waits blocks the line no longer than it could have waited", withClock(async (pass) => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  // The runtime never fires the timers of a cancelled request.
  const dead = mock.method(globalThis, "setTimeout", () => 0);
  void p.take();
  dead.mock.restore();
  p.give(a);
  const late = p.take();
  await pass(500);
  assert.deepEqual(p.size, { idle: 1, out: 0, line: 2 });
  await pass(510);
  assert.equal(await late, a);
}));
