// RFC 6750 §2.1: the access token goes along as "Authorization: Bearer", and only to where it belongs.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ADOPT, APP, ATTACH, BEARER, EXCHANGE, ORIGIN, SEND, SESSION, createPage, settled } from "./fake.js";

/** @param {import("./fake.js").Page} page */
const authorization = (page) => page.sent.at(-1)?.header("Authorization");

test("the token of the generation that Go names is attached, in the tick of the call", () => {
  const page = createPage(BEARER);
  page.signIn("one");
  page.renew("two");
  page.fetch("/api/x");
  assert.equal(authorization(page), "Bearer two");
  page.door.token = 2;
  page.fetch("/api/x", { headers: { a: "b" } });
  assert.equal(authorization(page), "Bearer one");
  page.door.token = 0;
  page.fetch("/api/x");
  assert.equal(page.sent[2].args.length, 1, "none: the caller's own arguments");
});

test("session mode never attaches one, even if it was given or came with the refresh", async () => {
  const page = createPage(SESSION);
  page.signIn("one");
  page.fetch("/x");
  assert.equal(authorization(page), null);
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  page.door.queue(ADOPT, 1, 3);
  await page.sent[1].answer(Response.json({ access_token: "two" }));
  page.door.token = 3;
  page.fetch("/x");
  assert.equal(authorization(page), null);
});

test("what an exchange brought is attached once Go adopts it", async () => {
  const page = createPage(ATTACH);
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 1, 2);
  await page.sent[0].answer(Response.json({ access_token: "fresh" }));
  page.door.token = 2;
  page.fetch("/x");
  assert.equal(authorization(page), "Bearer fresh");
  assert.deepEqual(page.detail("refreshed"), [{ generation: 2 }]);
});

test("what Go discards is never attached", async () => {
  const page = createPage(ATTACH);
  page.signIn("mine");
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ access_token: "stale" }));
  page.fetch("/x");
  assert.equal(authorization(page), "Bearer mine");
  page.gate.dead();
  page.fetch("/x");
  assert.equal(authorization(page), "Bearer mine");
});

test("what an exchange brought is kept no longer than Go decides on it", async () => {
  const page = createPage(ATTACH);
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ access_token: "fresh" }));
  page.door.queue(ADOPT, 1, 2);
  page.shown(false);
  page.door.token = 2;
  page.fetch("/x");
  assert.equal(authorization(page), null);
});

test("app mode attaches what the app's refresh brought", async () => {
  const page = createPage(APP);
  page.gate.able(async () => ({ access_token: "app" }));
  page.door.queue(EXCHANGE, 0, 1);
  page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 1, 2);
  page.gate.refresh();
  await settled();
  page.door.token = 2;
  page.fetch("/x");
  assert.equal(authorization(page), "Bearer app");
});

test("a call that carries one of our tokens, present or past, is ours and goes out with the present one", () => {
  for (const own of ["Bearer one", "bearer one", "BEARER  one", "Bearer two"]) {
    const page = createPage(BEARER);
    page.signIn("one");
    page.renew("two");
    page.fetch("/api/x", { headers: { Authorization: own } });
    assert.equal(page.door.of("started").length, 1, own);
    assert.equal(authorization(page), "Bearer two", own);
    page.fetch(new Request(ORIGIN + "/api/x", { headers: { Authorization: own } }));
    assert.equal(authorization(page), "Bearer two", own);
  }
});

test("one that only looks like it is not ours", () => {
  const page = createPage(BEARER);
  page.signIn("one");
  for (const other of ["Bearer one2", "Bearer on", "Bearer one,", "Bearer one x", "xBearer one", "one", "Bearer", "Bearer ", "Basic one", "Bearer two, Bearer one"]) {
    page.fetch("/api/x", { headers: { Authorization: other } });
    assert.equal(authorization(page), other.trim());
  }
  assert.deepEqual(page.door.of("started"), []);
});

test("the last 16 past tokens are remembered, and older ones forgotten", () => {
  const page = createPage(BEARER);
  page.signIn("token1");
  for (let i = 2; i <= 20; i++) page.renew("token" + i);
  /** @param {number} i */
  const ours = (i) => {
    page.fetch("/api/x", { headers: { Authorization: "Bearer token" + i } });
    return authorization(page) === "Bearer token20";
  };
  for (let i = 4; i <= 20; i++) assert.ok(ours(i), `token${i} is remembered`);
  for (let i = 1; i <= 3; i++) assert.ok(!ours(i), `token${i} is forgotten`);
});

test("a token never goes to a URL out of scope, whatever the base", () => {
  const page = createPage(BEARER);
  page.signIn();
  page.fetch("x");
  assert.equal(authorization(page), null);
  page.base = ORIGIN + "/api/";
  page.fetch("x");
  assert.equal(authorization(page), "Bearer one", "the base is the one of the moment");
  page.base = "https://evil.example.com/api/";
  page.fetch("x");
  assert.equal(authorization(page), null);
  for (const url of ["https://evil.example.com/api/x", "//evil.example.com/api/x", "/api/../x", "/apis", ORIGIN + ":8443/api/x", "https://app.example.com@evil.example.com/api/x"]) {
    page.fetch(url);
    assert.equal(authorization(page), null, url);
  }
});

test("a call is sent again to the URL of its own tick, although the base has changed", async () => {
  const page = createPage(BEARER);
  page.signIn();
  page.base = ORIGIN + "/api/v1/";
  page.fetch("x");
  page.base = "https://evil.example.com/api/v1/";
  await page.refuse(page.sent[0], SEND, 0, 2);
  assert.equal(page.sent[1].args[0], ORIGIN + "/api/v1/x");
  assert.equal(authorization(page), "Bearer one");
});

test("a call that waits is sent to the URL of its own tick, although the base has changed", () => {
  const page = createPage(BEARER);
  page.base = ORIGIN + "/api/v1/";
  page.door.token = -1;
  page.fetch("x");
  page.base = "https://evil.example.com/api/v1/";
  page.door.queue(SEND, 0, 2);
  page.signIn();
  assert.equal(page.sent[0].args[0], ORIGIN + "/api/v1/x");
});

test("an input that reads as another URL the second time gets the token only for the first", () => {
  const page = createPage(BEARER);
  page.signIn();
  let asked = 0;
  page.fetch({ toString: () => (asked++ ? "https://evil.example.com/" : "/api/x") });
  assert.equal(authorization(page), "Bearer one");
  assert.equal(page.sent[0].args[0], "/api/x");
  assert.equal(asked, 1);

  const url = new URL(ORIGIN + "/api/x?y");
  page.fetch(url);
  assert.equal(page.sent[1].args[0], ORIGIN + "/api/x?y", "query and all");
});

test("an init that reads as another one the second time is read once", () => {
  const page = createPage(BEARER);
  page.signIn();
  let asked = 0;
  page.fetch("/api/x", { get mode() { return asked++ ? "no-cors" : "cors"; } });
  assert.equal(page.sent[0].args[1].mode, "cors");
  assert.equal(asked, 1);
});

test("after clearTokens nothing is attached, and the tokens of before are no longer ours", () => {
  const page = createPage(BEARER);
  page.signIn();
  page.door.queue(ADOPT, 0, 3);
  page.gate.cleared();
  page.door.token = 0;
  page.fetch("/api/x");
  assert.equal(authorization(page), null);
  page.fetch("/api/x", { headers: { Authorization: "Bearer one" } });
  assert.equal(page.door.of("started").length, 1);
  assert.equal(authorization(page), "Bearer one");
});

test("a call that is sent again without a token carries none", async () => {
  const page = createPage(BEARER);
  page.signIn();
  page.fetch("/api/x", { headers: { a: "b" } });
  await page.refuse(page.sent[0], SEND, 0, 0);
  assert.equal(page.sent[1].header("a"), "b");
  assert.equal(authorization(page), null);
});

test("no token in events, state or what Go is told", async () => {
  const page = createPage(BEARER);
  page.signIn("secret", "secret-refresh");
  page.fetch("/api/x?access_token=secret#secret");
  await page.refuse(page.sent[0], EXCHANGE, 0, 1);
  page.door.then = (name) => name === "exchanged" && (page.door.queue(ADOPT, 1, 3), page.door.queue(SEND, 0, 3));
  await page.sent[1].answer(Response.json({ access_token: "secret2", refresh_token: "secret3", expires_in: 60 }));
  await page.sent[2].answer(new Response(""));
  assert.equal(page.sent[2].header("Authorization"), "Bearer secret2");
  assert.doesNotMatch(JSON.stringify([page.events, page.complaints, page.door.told, page.gate.state()]), /secret/);
});

test("a renewal that brings no token pushes none of ours out", () => {
  const page = createPage(APP);
  page.signIn("one");
  for (let generation = 10; generation < 40; generation++) page.gate.credentials.adopt(generation, {});
  page.fetch("/x", { headers: { Authorization: "Bearer one" } });
  assert.equal(page.door.of("started").length, 1);
});
