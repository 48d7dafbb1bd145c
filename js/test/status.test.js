// Other statuses that count as 401: what Go, the events and the caller are told of them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, DELIVER, ORIGIN, SEND, SESSION, createPage, outcome, redirected } from "./fake.js";

const expired = (status = 419) => new Response("expired", { status });
const OPTIONS = { ...SESSION, status: [419] };

test("a listed status is held as a 401 is, and healed", async () => {
  const page = createPage(OPTIONS);
  const promise = page.fetch("/x");
  await page.sent[0].answer(expired());
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, "GET 419\n"]]);
  page.door.queue(SEND, 0);
  page.shown(false);
  const healed = new Response("ok");
  await page.sent[1].answer(healed);
  assert.equal((await outcome(promise)).value, healed);
  assert.deepEqual(page.detail("retried").map(({ status }) => status), [200]);
});

test("handed out, it keeps its status, for the caller and in the event", async () => {
  const page = createPage(OPTIONS);
  const promise = page.fetch("/x");
  const response = expired();
  page.door.queue(DELIVER, 0, 0, "session_ended");
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(page.detail("unauthorized"), [{ reason: "session_ended", url: ORIGIN + "/x", method: "GET", status: 419 }]);
});

test("under reject it is an UnauthorizedError with that response", async () => {
  const page = createPage({ ...OPTIONS, unauthorized: "reject" });
  const promise = page.fetch("/x");
  const response = expired();
  page.door.queue(DELIVER, 0, 0, "session_ended");
  await page.sent[0].answer(response);
  const { reason } = await outcome(promise);
  assert.equal(reason.code, "FETCH401_UNAUTHORIZED");
  assert.equal(reason.status, 401, "what it means");
  assert.equal(reason.response, response);
});

test("401 counts whatever is listed, and what is not listed does not", async () => {
  for (const [options, status, held] of /** @type {const} */ ([[OPTIONS, 401, 1], [OPTIONS, 440, 0], [OPTIONS, 403, 0], [SESSION, 419, 0], [{ ...BEARER, status: [401, 440] }, 440, 1]])) {
    const page = createPage(options);
    if ("tokenUrl" in options) page.signIn();
    page.fetch("/api/x");
    await page.sent[0].answer(expired(status));
    assert.equal(page.door.of("unauthorized").length, held, `${status}`);
    assert.equal(page.door.of("answered").length, 1 - held, `${status}`);
  }
});

test("behind a redirect to somewhere else it says nothing of our session, not even that it lives", async () => {
  const page = createPage(OPTIONS);
  page.fetch("/x");
  await page.sent[0].answer(redirected(expired(), "https://other.example.com/"));
  assert.deepEqual([page.door.of("unauthorized").length, page.door.of("failed").length, page.door.of("answered").length], [0, 1, 0]);
});
