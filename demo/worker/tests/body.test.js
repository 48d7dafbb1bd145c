import assert from "node:assert/strict";
import { test } from "node:test";
import { Bodies, BODY, TooMuch } from "../src/body.js";

/** @param {number[]} sizes */
const stream = (sizes) => /** @type {ReadableStream<Uint8Array>} */ (new Blob(sizes.map((n) => new Uint8Array(n))).stream());

test("a body is read whole, and its room is free afterwards", async () => {
  const bodies = new Bodies();
  const body = await bodies.read(stream([10, 70_000]));
  assert.equal(body.size, 70_010);
  assert.equal(bodies.held, 70_010);
  assert.equal(body.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0), 70_010);
  body.free();
  assert.equal(bodies.held, 0);
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

test("all bodies together have a bound, and one that fails gives its room back", async () => {
  const bodies = new Bodies(100);
  const first = await bodies.read(stream([60]));
  await assert.rejects(bodies.read(stream([30, 30])), TooMuch);
  assert.equal(bodies.held, 60);
  await assert.rejects(bodies.read(new ReadableStream({ pull: (c) => c.error(new Error("gone")) })), /gone/);
  first.free();
  assert.equal(bodies.held, 0);
});
