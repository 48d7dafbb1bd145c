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

test("requests beyond the cap wait in the order of arrival, and beyond the line are turned away at once", async () => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  const second = p.take();
  const third = p.take();
  assert.equal(await p.take(), undefined);
  assert.deepEqual(p.size, { idle: 0, out: 1, line: 2 });
  p.give(a);
  assert.equal(await second, a);
  p.give(a);
  assert.equal(await third, a);
});

test("who waits for an instance that dies may start another", async () => {
  const p = pool({ most: 1 });
  const a = await some(p.take());
  const next = p.take();
  a.good = false;
  p.give(a);
  const b = await some(next);
  assert.notEqual(b, a);
  assert.deepEqual(p.size, { idle: 0, out: 1, line: 0 });
});

test("a start that fails is told to who needed it, and lets the next one try", async () => {
  let broken = false;
  const p = pool({ most: 1 }, () => {
    if (broken) throw new Error("no start");
    return new Fake();
  });
  const a = await some(p.take());
  const [second, third] = [p.take(), p.take()];
  broken = true;
  a.good = false;
  p.give(a);
  await assert.rejects(second, /no start/);
  await assert.rejects(third, /no start/);
  broken = false;
  assert(await p.take());
});

test("waiting has an end", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    const p = pool({ most: 1 });
    const a = await some(p.take());
    const second = p.take();
    mock.timers.tick(1000);
    assert.equal(await second, undefined);
    p.give(a);
    assert.deepEqual(p.size, { idle: 1, out: 0, line: 0 });
  } finally {
    mock.timers.reset();
  }
});

test("an instance that never comes back counts as lost after its lease, and is not taken back then", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    const p = pool({ most: 1, line: 0 });
    const lost = await some(p.take());
    mock.timers.tick(4999);
    assert.equal(await p.take(), undefined);
    mock.timers.tick(1);
    const other = await some(p.take());
    assert(lost.closed);
    p.give(lost);
    assert.deepEqual(p.size, { idle: 0, out: 1, line: 0 });
    p.give(other);
    assert.deepEqual(p.size, { idle: 1, out: 0, line: 0 });
  } finally {
    mock.timers.reset();
  }
});

test("a place whose new owner was cancelled on the way is not lost for ever", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  try {
    const p = pool({ most: 1 });
    const a = await some(p.take());
    const late = p.take();
    a.good = false;
    p.give(a);
    // The waiter has been served and has not run yet: now its lease ends.
    mock.timers.tick(5000);
    const other = p.take();
    assert.equal(await late, undefined);
    assert(await other);
    assert.deepEqual(p.size, { idle: 0, out: 1, line: 0 });
  } finally {
    mock.timers.reset();
  }
});
