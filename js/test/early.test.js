// A call that renews the session ahead of its end: it goes out first, in its own tick, with what there is.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AHEAD, TICK } from "../src/protocol.js";
import { BEARER, EXCHANGE, SESSION, createPage, outcome } from "./fake.js";

test("the call is on its way before Go is told to carry out the renewal, and does not wait for it", async () => {
  const page = createPage(BEARER);
  page.signIn("first", "refresh");
  page.door.token = /** @type {number} */ (page.door.token) + AHEAD;
  page.door.then = (name, what) => name === "tell" && what === TICK && page.door.queue(EXCHANGE, 0, 1);
  const told = page.door.of("tell").length;
  const promise = page.fetch("/api/x");
  assert.deepEqual([page.sent.length, page.door.of("tell").length], [1, told], "in this tick the call alone");
  assert.equal(page.sent[0].header("Authorization"), "Bearer first", "the generation is what is left without AHEAD");
  await Promise.resolve();
  assert.deepEqual(page.door.of("tell").at(-1)?.[0], TICK);
  assert.equal(page.sent.length, 2, "the exchange");
  const response = new Response("done");
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
});

test("a call that was made before Go was there renews ahead, too, and is sent once", async () => {
  const page = createPage(SESSION, { open: false });
  page.fetch("/api/x");
  page.door.token = AHEAD;
  page.ready();
  await Promise.resolve();
  assert.deepEqual(page.door.of("tell").map(([what]) => what), [TICK]);
  assert.equal(page.sent.length, 1);
});
