// Fetch §5.6, step "add the following abort steps": the promise is rejected with the signal's reason at once.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, DELIVER, EXCHANGE, ORIGIN, SEND, createPage, outcome, settled, unauthorized } from "./fake.js";

const REASON = { why: "changed my mind" };

test("at once, with the signal's own reason, whatever native fetch does", async () => {
  const page = createPage();
  const controller = new AbortController();
  const promise = page.fetch("/x", { signal: controller.signal });
  controller.abort(REASON);
  assert.deepEqual(page.door.of("failed"), [[0]]);
  assert.equal((await outcome(promise)).reason, REASON);
  await page.sent[0].fail(REASON);
  assert.equal(page.door.told.length, 2, "native fetch's own rejection is told to nobody");
});

test("without a reason it is the AbortError, and a timeout's is its own", async () => {
  const page = createPage();
  const controller = new AbortController();
  const promise = page.fetch("/x", { signal: controller.signal });
  controller.abort();
  const { reason } = await outcome(promise);
  assert.equal(reason, controller.signal.reason);
  assert.equal(reason.name, "AbortError");
});

test("the caller's reactions run before anything that is queued after the abort, in the order of the calls", async () => {
  const page = createPage();
  const controller = new AbortController();
  /** @type {string[]} */
  const order = [];
  for (const name of ["first", "second"]) page.fetch("/x", { signal: controller.signal }).catch(() => order.push(name));
  await settled();
  controller.abort(REASON);
  queueMicrotask(() => order.push("microtask"));
  await settled();
  assert.deepEqual(order, ["first", "second", "microtask"]);
});

for (const [name, args] of Object.entries({
  "a Request's signal": (/** @type {AbortSignal} */ signal) => [new Request(ORIGIN + "/x", { signal })],
  "init's signal instead of the Request's": (/** @type {AbortSignal} */ signal) => [new Request(ORIGIN + "/x", { signal: new AbortController().signal }), { signal }],
})) {
  test(name, async () => {
    const page = createPage();
    const controller = new AbortController();
    const promise = page.fetch(...args(controller.signal));
    controller.abort(REASON);
    assert.equal((await outcome(promise)).reason, REASON);
  });
}

test("init's null takes the Request's signal away", async () => {
  const page = createPage();
  const controller = new AbortController();
  const promise = page.fetch(new Request(ORIGIN + "/x", { signal: controller.signal }), { signal: null });
  controller.abort(REASON);
  assert.ok((await outcome(promise)).pending);
});

test("while its 401 is held: its body is cancelled, and the refresh goes on for the others", async () => {
  const page = createPage();
  const controller = new AbortController();
  const promise = page.fetch("/x", { signal: controller.signal });
  const other = page.fetch("/y");
  let cancelled = false;
  page.door.queue(EXCHANGE, 0, 1);
  await page.sent[0].answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) }), { status: 401 }));
  await page.sent[1].answer(unauthorized());
  controller.abort(REASON);
  assert.equal((await outcome(promise)).reason, REASON);
  assert.equal(cancelled, true);
  assert.deepEqual(page.door.of("failed"), [[0]]);
  page.door.queue(SEND, 1);
  await page.sent[2].answer();
  const response = new Response("ok");
  await page.sent[3].answer(response);
  assert.equal((await outcome(other)).value, response);
  assert.deepEqual(page.detail("unauthorized"), []);
});

test("while it waits for a token: it is never sent", async () => {
  const page = createPage(BEARER);
  page.door.token = -1;
  const controller = new AbortController();
  const promise = page.fetch("/api/x", { signal: controller.signal });
  controller.abort(REASON);
  assert.equal((await outcome(promise)).reason, REASON);
  page.door.queue(SEND, 0, 2);
  page.signIn();
  assert.equal(page.sent.length, 0);
});

test("while it waits for Go: it is never sent, and Go never hears of it", async () => {
  const page = createPage(BEARER, { open: false });
  const controller = new AbortController();
  const promise = page.fetch("/api/x", { signal: controller.signal });
  controller.abort(REASON);
  assert.equal((await outcome(promise)).reason, REASON);
  page.ready();
  assert.deepEqual(page.door.of("started"), []);
  assert.equal(page.sent.length, 0);
});

test("while its 401 waits for Go", async () => {
  const page = createPage(undefined, { open: false });
  const controller = new AbortController();
  const promise = page.fetch("/x", { signal: controller.signal });
  await page.sent[0].answer(unauthorized());
  controller.abort(REASON);
  assert.equal((await outcome(promise)).reason, REASON);
  page.ready();
  assert.deepEqual(page.door.of("unauthorized"), []);
});

test("while the retry is under way: no retried event, and the signal went along", async () => {
  for (const bare of [true, false]) {
    const page = createPage();
    const controller = new AbortController();
    const { signal } = controller;
    const promise = page.fetch(...(bare ? ["/x", { signal }] : [new Request(ORIGIN + "/x", { signal })]));
    await page.refuse(page.sent[0], SEND, 0);
    const retry = page.sent[1].request();
    controller.abort(REASON);
    assert.equal(retry.signal.aborted, true);
    assert.equal((await outcome(promise)).reason, REASON);
    await page.sent[1].fail(REASON);
    assert.deepEqual(page.events, []);
  }
});

test("a response that comes after the abort is cancelled and told to nobody", async () => {
  const page = createPage();
  const controller = new AbortController();
  page.fetch("/x", { signal: controller.signal });
  controller.abort(REASON);
  let cancelled = false;
  await page.sent[0].answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
  assert.equal(cancelled, true);
  assert.deepEqual(page.door.of("answered"), []);
});

/** A signal that counts its listeners. */
const counting = () => {
  const { signal } = new AbortController();
  let listeners = 0;
  for (const [method, change] of /** @type {const} */ ([["addEventListener", 1], ["removeEventListener", -1]])) {
    const original = signal[method];
    Object.defineProperty(signal, method, { value: (/** @type {any[]} */ ...args) => ((listeners += change), Reflect.apply(original, signal, args)) });
  }
  return { signal, count: () => listeners };
};

/** @type {Record<string, (page: import("./fake.js").Page) => unknown>} */
const ENDS = {
  "a response": (page) => page.sent[0].answer(),
  "a rejection": (page) => page.sent[0].fail(new TypeError("network")),
  "a delivered 401": (page) => page.refuse(page.sent[0], DELIVER, 0, 0, "session_ended"),
  "a redirect out of scope": (page) => page.sent[0].answer(Object.defineProperties(unauthorized(), { redirected: { value: true }, url: { value: "https://id.example.com/" } })),
  "the end of Go": async (page) => (await page.sent[0].answer(unauthorized()), page.gate.dead()),
};
for (const [name, end] of Object.entries(ENDS)) {
  test(`after ${name} the listener is gone`, async () => {
    const page = createPage();
    const { signal, count } = counting();
    const promise = page.fetch("/x", { signal });
    assert.equal(count(), 1);
    await end(page);
    assert.ok(!(await outcome(promise)).pending);
    assert.equal(count(), 0);
  });
}

test("an abort after the end changes nothing", async () => {
  const page = createPage();
  const controller = new AbortController();
  const response = new Response("text");
  const promise = page.fetch("/x", { signal: controller.signal });
  await page.sent[0].answer(response);
  page.fetch("/y");
  controller.abort(REASON);
  assert.equal((await outcome(promise)).value, response);
  assert.equal(await response.text(), "text");
  assert.deepEqual(page.door.of("failed"), [], "its number may be another call's by now");
});

test("an event named abort that is none changes nothing", async () => {
  const page = createPage();
  const { signal } = new AbortController();
  const promise = page.fetch("/x", { signal });
  signal.dispatchEvent(new Event("abort"));
  assert.ok((await outcome(promise)).pending);
  await page.sent[0].answer();
  assert.equal((await outcome(promise)).value.status, 200);
});

test("a Request's stream is closed with it: the copy is let go", async () => {
  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  const page = createPage();
  const controller = new AbortController();
  const request = new Request(ORIGIN + "/x", /** @type {RequestInit} */ ({ method: "POST", body, duplex: "half", signal: controller.signal }));
  page.fetch(request);
  controller.abort();
  // As native fetch does with what it was given.
  await request.body?.cancel();
  await settled();
  assert.equal(cancelled, true);
});
