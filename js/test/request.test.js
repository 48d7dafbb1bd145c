// Fetch §5.4: a Request's body is consumed by the call that sends it, so what is to be sent again is cloned before.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, NO_LOGIN, ORIGIN, SEND, createPage } from "./fake.js";

const post = () => new Request(ORIGIN + "/api/x", { method: "POST", body: "text", headers: { a: "1" } });

/** @param {import("./fake.js").Page} page */
const consuming = (page) => {
  /** @type {Promise<string>[]} what native fetch read of each call */
  const texts = [];
  page.native = (/** @type {import("./fake.js").Sent} */ call) => {
    const [input, init] = call.args;
    texts.push((init === undefined ? input : new Request(input, init)).text());
    return call.promise;
  };
  return texts;
};

for (const [mode, options] of /** @type {const} */ ([["session", {}], ["bearer", BEARER]])) {
  test(`${mode}: cloned before native fetch consumes it, and for each later retry`, async () => {
    const page = createPage(mode === "session" ? undefined : options);
    if (mode === "bearer") page.signIn();
    const texts = consuming(page);
    const request = post();
    page.fetch(request);
    assert.equal(page.sent[0].args[0], request, "native fetch has the caller's own");
    assert.equal(request.bodyUsed, true, "as natively");
    await page.refuse(page.sent[0], SEND, 0);
    await page.refuse(page.sent[1], SEND, 0);
    assert.equal(page.sent.length, 3);
    assert.deepEqual(await Promise.all(texts), ["text", "text", "text"]);
  });
}

test("headers of the caller's Request that change after the call are not sent again", async () => {
  for (const request of [post(), new Request(ORIGIN + "/x", { headers: { a: "1" } })]) {
    const page = createPage();
    page.fetch(request);
    request.headers.set("a", "2");
    await page.refuse(page.sent[0], SEND, 0);
    assert.equal(page.sent[1].request().headers.get("a"), "1");
  }
});

test("a Request that waits is sent as it was, and once more as it was", async () => {
  const page = createPage();
  page.door.token = -1;
  const texts = consuming(page);
  const request = post();
  page.fetch(request);
  assert.equal(request.bodyUsed, false);
  request.text();
  page.door.queue(SEND, 0);
  page.shown(false);
  await page.refuse(page.sent[0], SEND, 0);
  assert.deepEqual(await Promise.all(texts), ["text", "text"]);
});

test("init's body replaces the Request's, also when sent again", async () => {
  const page = createPage();
  page.fetch(post(), { body: "other" });
  await page.refuse(page.sent[0], SEND, 0);
  assert.equal(await page.sent[1].request().text(), "other");
});

test("Go is told of the Request's URL without query, and events of its method", async () => {
  const page = createPage({ refreshUrl: "/r", loginExcept: ["/api"] });
  page.fetch(new Request(ORIGIN + "/api/x?secret#f", { method: "DELETE" }));
  assert.deepEqual(page.door.told, [["started", 0, NO_LOGIN, ORIGIN + "/api/x"]]);
  await page.refuse(page.sent[0], SEND, 0);
  await page.sent[1].answer();
  assert.deepEqual(page.detail("retried"), [{ reason: "", url: ORIGIN + "/api/x", method: "DELETE", status: 200 }]);
  assert.equal(page.sent[1].request().url, ORIGIN + "/api/x?secret#f", "the server hears all of it");
});

test("an init's method counts before the Request's, in upper case", async () => {
  const page = createPage();
  page.fetch(post(), { method: "put" });
  await page.refuse(page.sent[0], SEND, 0);
  await page.sent[1].answer();
  assert.equal(page.detail("retried")[0].method, "PUT");
});

test("an object that only looks like a Request is read as native fetch reads it: as text", () => {
  const page = createPage(BEARER);
  page.signIn();
  const forged = { [Symbol.toStringTag]: "Request", url: ORIGIN + "/api/x", clone: () => assert.fail("cloned"), toString: () => "https://evil.example.com/" };
  page.fetch(forged);
  assert.deepEqual(page.door.of("started"), []);
  assert.equal(page.sent[0].args[0], forged);
});

test("a Request with members of its own is the one that native fetch sees", () => {
  const page = createPage(BEARER);
  page.signIn();
  const elsewhere = Object.defineProperty(new Request("https://evil.example.com/"), "url", { value: ORIGIN + "/api/x" });
  page.fetch(elsewhere);
  assert.deepEqual(page.door.of("started"), [], "no token goes there");
  const unmarked = Object.defineProperty(new Request(ORIGIN + "/api/x"), Symbol.toStringTag, { value: "URL" });
  page.fetch(unmarked);
  assert.equal(page.door.of("started").length, 1);
});

test("null is a URL like any other text (WebIDL, USVString)", () => {
  const page = createPage();
  page.fetch(/** @type {any} */ (null));
  assert.deepEqual(page.door.of("started"), [[0, 0, ORIGIN + "/shop/null"]]);
});

test("what only looks like a Request is what it reads as", () => {
  const page = createPage();
  const input = Object.create(Request.prototype, { toString: { value: () => "/api/x" } });
  page.fetch(input);
  assert.deepEqual(page.door.of("started"), [[0, 0, ORIGIN + "/api/x"]]);
});
