// The calls that are under way: what the trace is told of each, and their numbers.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createPage, settled, unauthorized } from "./fake.js";
import { SEND } from "../src/protocol.js";

test("the trace is told of each step of a call", async () => {
  const page = createPage();
  /** @type {any[]} */
  const facts = [];
  page.host.trace = (what, call) => void facts.push([what, call?.id]);
  page.fetch("/x");
  await page.sent[0].answer(unauthorized());
  page.door.queue(SEND, 0, 2);
  page.shown(false);
  await page.sent[1].answer();
  await settled();
  assert.deepEqual(facts, ["started", "sent", "answered", "held", "sent", "answered", "closed"].map((what) => [what, 0]));
});

test("a number is free for the next call once its call is closed, and for one only", async () => {
  const page = createPage();
  for (let i = 0; i < 3; i++) page.fetch("/x");
  await page.sent[1].answer();
  await page.sent[0].answer();
  for (let i = 0; i < 3; i++) page.fetch("/x");
  assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 1, 2, 0, 1, 3]);
  assert.deepEqual(page.gate.calls.map((call) => call?.id), [0, 1, 2, 3]);
});
