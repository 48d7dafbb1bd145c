// Fetch §5.6: what the caller gets is exactly what native fetch gave: the same objects, and each rejection once.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { LOOPING } from "../src/protocol.js";
import { BEARER, DELIVER, EXCHANGE, ORIGIN, SEND, SESSION, createPage, outcome, redirected, unauthorized } from "./fake.js";

test("the very Response, and Go is told of it", async () => {
  const page = createPage();
  for (const status of [200, 204, 304, 403, 404, 500]) {
    const response = new Response(null, { status });
    const promise = page.fetch("/x");
    await page.sent.at(-1)?.answer(response);
    assert.equal((await outcome(promise)).value, response);
  }
  assert.deepEqual(page.door.of("answered").map(([, status]) => status), [200, 204, 304, 403, 404, 500]);
  assert.deepEqual(page.door.of("unauthorized"), []);
  assert.deepEqual(page.events, []);
});

test("an opaque redirect, whose status is 0", async () => {
  const page = createPage();
  const promise = page.fetch("/x", { redirect: "manual" });
  const response = Response.error();
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
});

test("the very rejection, and Go is told that there was no answer", async () => {
  for (const reason of [new TypeError("Failed to fetch"), undefined]) {
    const page = createPage();
    const promise = page.fetch("/x");
    await page.sent[0].fail(reason);
    const result = await outcome(promise);
    assert.ok("reason" in result);
    assert.equal(result.reason, reason);
    assert.deepEqual(page.door.of("failed"), [[0]]);
    assert.deepEqual(page.door.of("answered"), []);
  }
});

test("a 401 that Go delivers: the very Response, unread", async () => {
  const page = createPage();
  const promise = page.fetch("/x?secret");
  const response = new Response("why", { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token", Basic' } });
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
  assert.equal(await response.text(), "why");
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, 'GET 401\nBearer error="invalid_token", Basic']]);
  assert.deepEqual(page.events, [
    { type: "unauthorized", detail: { reason: "refresh_failed", url: ORIGIN + "/x", method: "GET", status: 401 }, cancelable: false },
  ]);
});

test("without WWW-Authenticate Go is told of an empty one", async () => {
  const page = createPage();
  page.fetch("/x");
  await page.sent[0].answer(unauthorized());
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, "GET 401\n"]]);
});

for (const late of [true, false]) {
  test(`a replaced 401's body is cancelled once the retry is ${late ? "under way" : "answered"}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const page = createPage();
    const promise = page.fetch("/x");
    let cancelled = false;
    page.door.queue(SEND, 0);
    await page.sent[0].answer(new Response(new ReadableStream({ cancel: () => void (cancelled = true) }), { status: 401 }));
    assert.equal(cancelled, false, "the retry goes out first");
    if (late) t.mock.timers.tick(5);
    else await page.sent[1].answer();
    assert.equal(cancelled, true);
    await page.sent[1].answer();
    assert.equal((await outcome(promise)).value.status, 200);
  });
}

test("a held 401 keeps its caller waiting; then the retry's response is the caller's", async () => {
  const page = createPage();
  const promise = page.fetch("/x");
  page.door.queue(EXCHANGE, 0, 1);
  await page.sent[0].answer(unauthorized());
  assert.ok((await outcome(promise)).pending);
  page.door.then = (name) => name === "exchanged" && page.door.queue(SEND, 0);
  await page.sent[1].answer();
  assert.equal(page.sent.length, 3, "the retry goes out first");
  const response = new Response("ok");
  await page.sent[2].answer(response);
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(page.door.of("answered"), [[0, 200]]);
});

test("a retry that fails on the network: its own rejection, and no further try", async () => {
  const page = createPage();
  const promise = page.fetch("/x");
  await page.refuse(page.sent[0], SEND, 0);
  const error = new TypeError("offline");
  await page.sent[1].fail(error);
  assert.equal((await outcome(promise)).reason, error);
  assert.deepEqual(page.detail("retried"), [{ reason: "", url: ORIGIN + "/x", method: "GET", status: 0 }]);
  assert.deepEqual(page.door.of("failed"), [[0]]);
  assert.equal(page.sent.length, 2);
});

test("a retry that throws rejects as one that fails", async () => {
  const page = createPage();
  const promise = page.fetch("/x");
  const error = new RangeError("no");
  page.native = () => {
    throw error;
  };
  await page.refuse(page.sent[0], SEND, 0);
  assert.equal((await outcome(promise)).reason, error);
  assert.equal(page.gate.state().held, 0);
});

test("a retry that is answered with 401: that second 401, after its retried event", async () => {
  const page = createPage();
  const promise = page.fetch("/x");
  await page.refuse(page.sent[0], SEND, 0);
  const second = unauthorized();
  page.door.queue(DELIVER, 0, 0, "still_unauthorized");
  await page.sent[1].answer(second);
  assert.equal((await outcome(promise)).value, second);
  assert.deepEqual(page.events.map(({ type, detail }) => [type, detail.status, detail.reason]), [["retried", 401, ""], ["unauthorized", 401, "still_unauthorized"]]);
});

test("a 401 whose final URL is not ours is left alone", async () => {
  for (const url of ["https://id.example.com/x", ORIGIN + "/auth/refresh", ORIGIN + "/open/x?y"]) {
    const page = createPage({ ...SESSION, except: ["/open"] });
    const promise = page.fetch("/x");
    const response = redirected(unauthorized(), url);
    await page.sent[0].answer(response);
    assert.equal((await outcome(promise)).value, response, url);
    assert.deepEqual(page.door.told.slice(1), [["failed", 0]], "it proves nothing about the session");
    assert.deepEqual(page.events, []);
  }
});

test("a 401 that was redirected within what is ours is healed", async () => {
  const page = createPage(BEARER);
  page.signIn();
  page.fetch("/api/x");
  page.door.queue(SEND, 0, 2);
  await page.sent[0].answer(redirected(unauthorized(), ORIGIN + "/api/y"));
  assert.equal(page.sent.length, 2);
  assert.equal(page.sent[1].args[0], ORIGIN + "/api/x", "from where it began");
});

test("counters", async () => {
  const page = createPage();
  page.fetch("/x");
  page.fetch("https://other.example.com/");
  page.door.queue(EXCHANGE, 0, 1);
  await page.refuse(page.sent[0], SEND, 0);
  await page.refuse(page.sent.at(-1) ?? page.sent[0], DELIVER, 0, 0, "x");
  assert.deepEqual(page.gate.state().counters, { calls: 1, unauthorized: 1, exchanges: 1, retried: 1, logins: 0 });
});

// The test runner takes unhandled rejections for failures, so another process counts them.
test("a rejection that nobody handles is reported once, and one that is handled never", async () => {
  const script = `
    import { DELIVER, SEND, createPage, settled, unauthorized } from ${JSON.stringify(new URL("fake.js", import.meta.url).href)};
    let count = 0;
    process.on("unhandledRejection", () => count++);
    const expect = async (wanted, ...what) => {
      await settled();
      if (count !== wanted) throw new Error(what + ": " + count + " instead of " + wanted);
      count = 0;
    };
    for (const handled of [0, 1]) {
      const start = (init, options) => {
        const page = createPage(options);
        const promise = page.call(undefined, ["/x", init]);
        if (handled) promise.catch(() => {});
        return page;
      };
      let page = start();
      await page.sent[0].fail(new TypeError("network"));
      await expect(1 - handled, "failed", handled);

      page = start();
      page.door.queue(SEND, 0);
      await page.sent[0].answer(unauthorized());
      await page.sent[1].fail(new TypeError("network"));
      await expect(1 - handled, "retry failed", handled);

      page = start({}, { refreshUrl: "/r", unauthorized: "reject" });
      page.door.queue(DELIVER, 0, 0, "x");
      await page.sent[0].answer(unauthorized());
      await expect(1 - handled, "delivered", handled);

      const controller = new AbortController();
      page = start({ signal: controller.signal });
      controller.abort();
      await page.sent[0].fail(controller.signal.reason);
      await expect(1 - handled, "aborted", handled);

      const held = new Response(new ReadableStream({ cancel: () => Promise.reject(new Error("cancel")) }), { status: 401 });
      page = start();
      page.door.queue(SEND, 0);
      await page.sent[0].answer(held);
      await page.sent[1].answer();
      await expect(0, "cancelled", handled);
    }
  `;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
});

test("Go hears of a 401 behind a redirect, where the call is a write", async () => {
  for (const [method, bits] of /** @type {const} */ ([["POST", 2], ["PUT", 2], ["DELETE", 2], ["GET", 0], ["HEAD", 0], ["get", 0], ["FORGET", 2], ["HEADER", 2]])) {
    const page = createPage();
    page.fetch("/x", { method });
    await page.sent[0].answer(redirected(unauthorized("Bearer"), ORIGIN + "/y"));
    assert.deepEqual(page.door.of("unauthorized"), [[0, bits, method.toUpperCase() + " 401\nBearer"]], method);
  }
  const page = createPage();
  page.fetch("/x", { method: "POST" });
  await page.sent[0].answer(unauthorized("Bearer"));
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, "POST 401\nBearer"]]);
});

test("Go hears whether the tab must not be sent to login", async () => {
  const page = createPage();
  page.looping = true;
  page.fetch("/x");
  await page.sent[0].answer(unauthorized());
  page.shown(true);
  assert.deepEqual(page.door.of("unauthorized"), [[0, LOOPING, "GET 401\n"]]);
  assert.equal(page.door.of("tell")[0][1] & LOOPING, LOOPING);
});
