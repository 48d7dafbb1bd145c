import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Bodies, BODY, FORM, TooLate, TooMuch } from "../src/body.js";

/** @param {number[]} sizes */
const stream = (sizes) => /** @type {ReadableStream<Uint8Array>} */ (new Blob(sizes.map((n) => new Uint8Array(n))).stream());

const NONE = { forms: 0, uploads: 0 };

test("a body is read whole, and its room is free afterwards", async () => {
  const bodies = new Bodies();
  const body = await bodies.read(stream([10, 70_000]));
  assert.equal(body.size, 70_010);
  assert.deepEqual(bodies.held, { forms: 0, uploads: 70_010 });
  assert.equal(body.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0), 70_010);
  body.free();
  assert.deepEqual(bodies.held, NONE);
});

test("no body and an empty one are the same", async () => {
  const bodies = new Bodies();
  assert.equal((await bodies.read(null)).size, 0);
  assert.equal((await bodies.read(stream([]))).size, 0);
});

test("a body is read no further than the backend can want it", async () => {
  const bodies = new Bodies();
  let asked = 0;
  const endless = new ReadableStream({ pull: (c) => (asked++, c.enqueue(new Uint8Array(1 << 20))) });
  const { size } = await bodies.read(endless);
  assert(size >= BODY && size < BODY + (1 << 20), `${size}`);
  assert(asked < 12, `${asked}`);
});

test("all uploads together have a bound, and one that fails gives its room back", async () => {
  const bodies = new Bodies({ uploads: 5 * FORM });
  const first = await bodies.read(stream([3 * FORM]));
  await assert.rejects(bodies.read(stream([FORM, FORM, FORM])), TooMuch);
  assert.deepEqual(bodies.held, { forms: 0, uploads: 3 * FORM });
  await assert.rejects(bodies.read(new ReadableStream({ pull: (c) => c.error(new Error("gone")) })), /gone/);
  assert.equal((await bodies.read(stream([2 * FORM]))).size, 2 * FORM);
  first.free();
  assert.deepEqual(bodies.held, { forms: 0, uploads: 2 * FORM });
});

test("what is as small as a form has room of its own", async () => {
  const bodies = new Bodies({ forms: FORM + 10, uploads: 0 });
  await assert.rejects(bodies.read(stream([FORM, 1])), TooMuch);
  const [first, second] = [await bodies.read(stream([FORM])), await bodies.read(stream([9]))];
  assert.deepEqual(bodies.held, { forms: FORM + 9, uploads: 0 });
  await assert.rejects(bodies.read(stream([2])), TooMuch);
  first.free();
  second.free();
  assert.deepEqual(bodies.held, NONE);
});

test("a body that does not arrive in time gives its room back, and is read no further", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const bodies = new Bodies({ time: 1_000 });
    const cancel = mock.fn();
    const reading = bodies.read(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(10)), cancel }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(bodies.held, { forms: 10, uploads: 0 });
    mock.timers.tick(999);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(cancel.mock.callCount(), 0);
    mock.timers.tick(1);
    await assert.rejects(reading, TooLate);
    assert.deepEqual(bodies.held, NONE);
    assert.equal(cancel.mock.callCount(), 1);
  } finally {
    mock.timers.reset();
  }
});
