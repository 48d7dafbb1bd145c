// The gate keeps nothing of a call that has settled: its number is free, its listener gone, its objects collectable.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { BEARER, DELIVER, SEND, createPage, unauthorized } from "./fake.js";

/** @type {Record<string, (page: import("./fake.js").Page, controller: AbortController) => unknown>} how a call ends */
const ENDS = {
  "answered": (page) => page.sent[0].answer(),
  "failed": (page) => page.sent[0].fail(new TypeError("network")),
  "aborted": (_, controller) => controller.abort(),
  "delivered": (page) => page.refuse(page.sent[0], DELIVER, 0, 0, "x"),
  "retried": async (page) => (await page.refuse(page.sent[0], SEND, 0), page.sent[1].answer()),
  "retried in vain": async (page) => (await page.refuse(page.sent[0], SEND, 0), page.sent[1].fail(new TypeError("network"))),
  "redirected away": (page) => page.sent[0].answer(Object.defineProperties(unauthorized(), { redirected: { value: true }, url: { value: "https://a.test/" } })),
  "aborted while held": async (page, controller) => (await page.sent[0].answer(unauthorized()), controller.abort()),
};

for (const [name, end] of Object.entries(ENDS)) {
  test(`after a call is ${name}, its number is the next one's`, async () => {
    const page = createPage();
    for (let i = 0; i < 3; i++) {
      page.sent.length = 0;
      const controller = new AbortController();
      page.fetch("/x", { signal: controller.signal });
      await end(page, controller);
    }
    assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 0, 0]);
  });
}

test("a call that Go does not know frees its number at once", () => {
  const page = createPage();
  page.door.token = -2;
  page.fetch("/x");
  page.fetch("/x");
  assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 0]);
});

test("2,000 calls, ten at a time, need ten numbers, each given to one call at a time", async () => {
  const page = createPage();
  /** @type {Set<number>} */
  const open = new Set();
  page.door.then = (name, id) => {
    if (name === "started") {
      assert.ok(!open.has(id), "taken");
      open.add(id);
    } else open.delete(id);
  };
  for (let i = 0; i < 200; i++) {
    page.sent.length = 0;
    for (let j = 0; j < 10; j++) page.fetch("/x" + j);
    const calls = page.sent.slice();
    for (const call of calls) call.answer(new Response("", { status: i % 3 ? 200 : 404 }));
    await calls[9].answer();
  }
  assert.equal(open.size, 0);
  assert.equal(Math.max(...page.door.of("started").map(([id]) => id)), 9);
});

test("after the end of Go too", async () => {
  const page = createPage(BEARER);
  page.gate.dead();
  for (let i = 0; i < 100; i++) {
    page.fetch("/api/x");
    await page.sent[i].answer();
  }
  assert.equal(page.gate.state().held, 0);
});

// Needs --expose-gc, and so another process.
test("requests, responses and signals of settled calls are collected", async () => {
  const script = `
    import { DELIVER, SEND, createPage, settled, unauthorized } from ${JSON.stringify(new URL("fake.js", import.meta.url).href)};
    const page = createPage();
    const refs = [];
    const signal = new AbortController().signal;
    const round = async () => {
      const request = new Request("https://app.example.com/x", { method: "POST", body: "x" });
      const first = unauthorized();
      const second = unauthorized();
      refs.push(new WeakRef(request), new WeakRef(first), new WeakRef(second));
      page.fetch(request, { signal });
      page.door.queue(SEND, 0);
      await page.sent[0].answer(first);
      page.door.queue(DELIVER, 0, 0, "x");
      await page.sent[1].answer(second);
      page.sent.length = 0;
    };
    for (let i = 0; i < 20; i++) await round();
    for (let i = 0; i < 5; i++) {
      await settled();
      gc();
    }
    const left = refs.filter((ref) => ref.deref()).length;
    if (left > 3) throw new Error(left + " of " + refs.length + " objects are kept");
  `;
  await promisify(execFile)(process.execPath, ["--expose-gc", "--input-type=module", "-e", script]);
});
