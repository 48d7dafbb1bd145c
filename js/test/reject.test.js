// data-unauthorized="reject": a 401 that is handed to the caller rejects, as it does with Axios.
import assert from "node:assert/strict";
import { test } from "node:test";

import { UnauthorizedError } from "../src/gate/unauthorized-error.js";
import { BEARER, DELIVER, ORIGIN, SESSION, createPage, outcome, redirected, unauthorized } from "./fake.js";

const REJECT = { ...SESSION, unauthorized: "reject", except: ["/open"] };

/**
 * @param {any} error
 * @param {Response} response
 * @param {string} reason
 */
const same = (error, response, reason) => {
  assert.ok(error instanceof UnauthorizedError);
  assert.ok(error instanceof Error);
  assert.equal(error.name, "UnauthorizedError");
  assert.equal(error.code, "FETCH401_UNAUTHORIZED");
  assert.equal(error.status, 401);
  assert.equal(error.reason, reason);
  assert.equal(error.response, response);
  assert.equal(error.response.bodyUsed, false);
  assert.deepEqual(error.request, { url: ORIGIN + "/x", method: "POST" });
  assert.equal(error.message, `fetch401: 401 for POST ${ORIGIN}/x (${reason})`);
  assert.doesNotMatch(error.message + error.stack, /secret/);
};

test("with all that Axios users look for", async () => {
  const page = createPage(REJECT);
  const promise = page.fetch("/x?secret#secret", { method: "post", headers: { "X-Key": "secret" } });
  const response = unauthorized();
  page.door.queue(DELIVER, 0, 0, "still_unauthorized");
  await page.sent[0].answer(response);
  same((await outcome(promise)).reason, response, "still_unauthorized");
  assert.equal(page.detail("unauthorized").length, 1);
});

test(".catch(error => error.response.status === 401)", async () => {
  const page = createPage(REJECT);
  const caught = page.fetch("/x").catch((error) => error.response.status === 401);
  await page.refuse(page.sent[0], DELIVER, 0, 0, "session_ended");
  assert.equal(await caught, true);
});

test("also once Go is dead", async () => {
  const page = createPage(REJECT);
  const inFlight = page.fetch("/x", { method: "POST" });
  page.gate.dead();
  const later = page.fetch("/x", { method: "POST" });
  for (const [i, promise] of [inFlight, later].entries()) {
    const response = unauthorized();
    await page.sent[i].answer(response);
    same((await outcome(promise)).reason, response, "refresh_failed");
  }
});

test("also when its 401 was held while Go died", async () => {
  const page = createPage(REJECT);
  const promise = page.fetch("/x", { method: "POST" });
  const response = unauthorized();
  await page.sent[0].answer(response);
  page.gate.dead();
  same((await outcome(promise)).reason, response, "refresh_failed");
});

test("also before Go is ready, once waiting for it is over", async () => {
  const page = createPage(REJECT, { open: false });
  const promise = page.fetch("/x", { method: "POST" });
  const response = unauthorized();
  await page.sent[0].answer(response);
  assert.ok((await outcome(promise)).pending);
  page.gate.release();
  same((await outcome(promise)).reason, response, "refresh_failed");
});

test("a 401 of a call that is not ours resolves as ever", async () => {
  const page = createPage(REJECT);
  const calls = [["https://other.example.com/"], ["/open/x"], ["/auth/refresh"], ["/x", { mode: "no-cors" }], ["/x", { headers: { Authorization: "Basic x" } }], ["/x", { credentials: "omit" }]];
  for (const args of calls) {
    const promise = page.fetch(...args);
    const response = unauthorized();
    await page.sent.at(-1)?.answer(response);
    assert.equal((await outcome(promise)).value, response);
  }
});

test("so does one whose final URL is not ours", async () => {
  const page = createPage(REJECT);
  const promise = page.fetch("/x");
  const response = redirected(unauthorized(), "https://id.example.com/");
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
});

test("anything but 401 resolves as ever", async () => {
  const page = createPage({ ...BEARER, unauthorized: "reject" });
  page.signIn();
  const promise = page.fetch("/api/x");
  const response = new Response("", { status: 403 });
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
});
