// Fetch §5.4, RequestInit: which members native fetch gets, and what a retry changes of them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, ORIGIN, SEND, createPage } from "./fake.js";

// RequestInit of the Fetch standard; WebIDL reads the members of a dictionary in lexicographical order.
const STANDARD = ["body", "cache", "credentials", "duplex", "headers", "integrity", "keepalive", "method", "mode", "priority", "redirect", "referrer", "referrerPolicy", "signal", "window"];

const bearer = () => {
  const page = createPage(BEARER);
  page.signIn();
  return page;
};

test("with a token, each member is read once, in WebIDL's order, and native fetch gets a copy", () => {
  const page = bearer();
  /** @type {PropertyKey[]} */
  const read = [];
  const init = new Proxy(/** @type {RequestInit} */ ({ method: "POST", body: "x", headers: { a: "b" } }), {
    get: (target, name) => (read.push(name), Reflect.get(target, name)),
    ownKeys: () => assert.fail("a dictionary's keys are never listed"),
    has: () => assert.fail("nor asked for"),
  });
  page.fetch("/api/x", init);
  page.sent[0].request();
  assert.equal(page.sent[0].header("Authorization"), "Bearer one");
  assert.deepEqual(read, read.slice().sort(), "in order");
  assert.equal(new Set(read).size, read.length, "once");
  for (const name of STANDARD) assert.ok(read.includes(name), name);
});

test("every member that the standard knows reaches native fetch beside the token, inherited ones too, others not", () => {
  const page = bearer();
  /** @type {Record<string, any>} */
  const values = { cache: "no-store", credentials: "omit", duplex: "half", integrity: "sha256-x", keepalive: true, mode: "cors", priority: "low", redirect: "error", referrer: "", referrerPolicy: "origin", window: null };
  page.fetch("/api/x", Object.create({ ...values, other: 1, method: "PUT" }));
  const init = { ...page.sent[0].args[1] };
  assert.equal(init.headers.get("Authorization"), "Bearer one");
  delete init.headers;
  assert.deepEqual(init, { ...values, method: "PUT" });
});

test("the caller's init and headers stay as they are", async () => {
  const page = bearer();
  const headers = new Headers({ a: "b" });
  const init = Object.freeze({ headers, keepalive: true });
  page.fetch("/api/x", init);
  assert.deepEqual([...headers], [["a", "b"]]);
  assert.deepEqual([...page.sent[0].args[1].headers], [["a", "b"], ["authorization", "Bearer one"]]);
  headers.set("a", "changed");
  page.door.token = 2;
  await page.refuse(page.sent[0], SEND, 0, 2);
  assert.equal(page.sent[1].header("a"), "b", "as they were at call time");
  assert.equal(page.sent[1].header("Authorization"), "Bearer one");
});

test("init's headers replace a Request's", () => {
  const page = bearer();
  page.fetch(new Request(ORIGIN + "/api/x", { headers: { a: "1", b: "2" } }), { headers: { a: "3" } });
  assert.deepEqual([...page.sent[0].args[1].headers], [["a", "3"], ["authorization", "Bearer one"]]);
});

test("a Request's own headers stay beside the token", () => {
  const page = bearer();
  page.fetch(new Request(ORIGIN + "/api/x", { headers: { a: "1" } }), { cache: "no-store" });
  assert.deepEqual([...page.sent[0].args[1].headers], [["a", "1"], ["authorization", "Bearer one"]]);
});

test("an init that changes after the call is sent again as it was", async () => {
  const page = createPage();
  const init = { method: "PATCH", headers: { a: "1" }, credentials: "include" };
  page.fetch("/x", init);
  Object.assign(init, { method: "DELETE", credentials: "omit" });
  init.headers.a = "2";
  await page.refuse(page.sent[0], SEND, 0);
  const retry = page.sent[1];
  assert.equal(retry.args[1].method, "PATCH");
  assert.equal(retry.args[1].credentials, "include");
  assert.equal(retry.header("a"), "1");
});

/**
 * The init of a retry.
 * @param {any[]} args
 * @param {boolean} [visible]
 */
const retried = async (args, visible = true) => {
  const page = createPage();
  page.visible = visible;
  page.fetch(...args);
  await page.refuse(page.sent[0], SEND, 0);
  return page.sent[1];
};

for (const [cache, again] of Object.entries({ default: "reload", "force-cache": "reload", "no-store": "no-store", reload: "reload", "no-cache": "no-cache", "only-if-cached": "only-if-cached" })) {
  test(`cache mode ${cache} is sent again as ${again}`, async () => {
    const mode = cache === "only-if-cached" ? "same-origin" : "cors";
    assert.equal((await retried(["/x", { cache, mode }])).request().cache, again);
    assert.equal((await retried([new Request(ORIGIN + "/x", /** @type {any} */ ({ cache, mode }))])).request().cache, again);
  });
}

test("without a cache mode a retry goes past the cache, which may hold the 401", async () => {
  assert.equal((await retried(["/x"])).args[1].cache, "reload");
  assert.equal((await retried([new Request(ORIGIN + "/x", { cache: "no-store" }), { cache: "default" }])).args[1].cache, "reload");
});

test("keepalive is dropped from a retry only while the page is visible", async () => {
  for (const args of [["/x", { keepalive: true }], [new Request(ORIGIN + "/x", { keepalive: true })]]) {
    assert.equal((await retried(args)).request().keepalive, false);
    assert.equal((await retried(args, false)).request().keepalive, true);
  }
});

test("a call that is sent for the first time, though late, changes neither cache nor keepalive", () => {
  const page = createPage();
  page.door.token = -1;
  page.fetch("/x", { keepalive: true });
  page.door.queue(SEND, 0);
  page.shown(false);
  assert.equal(page.sent[0].request().keepalive, true);
  assert.equal(page.sent[0].request().cache, "default");
});

// "If init is not empty": the Request constructor then forgets a Request's referrer and referrer policy.
test("the referrer and referrer policy of a bare Request are kept", async () => {
  const bare = () => new Request(ORIGIN + "/api/x", { referrerPolicy: "no-referrer", referrer: "" });
  const retry = (await retried([bare()])).request();
  assert.equal(retry.referrerPolicy, "no-referrer");
  assert.equal(retry.referrer, "");

  const page = bearer();
  page.fetch(bare());
  assert.equal(page.sent[0].request().referrerPolicy, "no-referrer");
  assert.equal(page.sent[0].request().referrer, "");
});

test("those of a Request with an init are forgotten, as native fetch forgets them", async () => {
  const request = new Request(ORIGIN + "/x", { referrerPolicy: "no-referrer" });
  const retry = (await retried([request, { method: "PUT" }])).request();
  assert.equal(retry.referrerPolicy, new Request(request, { method: "PUT" }).referrerPolicy);
  assert.equal(retry.method, "PUT");
});
