// accessToken(): a token for what fetch401 does not send itself, waited for as a call that cannot be sent again waits.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ASKS_TOKEN } from "../src/protocol.js";
import { ADOPT, APP, ATTACH, BEARER, ORIGIN, SEND, SESSION, createPage, outcome, settled } from "./fake.js";

Object.assign(globalThis, { __VERSION__: "1.2.3" });
const { createApi } = await import("../src/gate/api.js");

const WAITS = -1;

/**
 * @param {Record<string, unknown>} [options]
 * @param {{ open?: boolean }} [more]
 */
const page = (options = BEARER, more) => {
  const page = createPage(options, more);
  const ready = Promise.reject(Object.assign(new Error("never"), { code: "FETCH401_CONFIG" }));
  ready.catch(() => {});
  return Object.assign(page, { api: createApi(ready, () => {}, page.gate, page.config) });
};

/** @param {Promise<any>} promise */
const code = async (promise) => (await outcome(promise)).reason?.code;

test("the present token, where Go lets a call have it; Go hears of no answer", async () => {
  const it = page();
  it.signIn("secret");
  assert.equal(await it.api.accessToken(), "secret");
  assert.deepEqual(it.door.of("started"), [[0, ASKS_TOKEN, ORIGIN + "/api"]]);
  assert.deepEqual([it.door.of("failed"), it.door.of("answered")], [[[0]], []]);
  assert.equal(it.sent.length, 0);
  assert.equal(it.gate.calls[0], undefined);
  assert.equal(it.gate.state().counters.calls, 0, "it is no call");
  assert.deepEqual(it.events, []);
});

test("it waits for the token that Go says, the first or the next", async () => {
  for (const first of [undefined, "one"]) {
    const it = page(ATTACH);
    if (first) it.signIn(first);
    it.door.token = WAITS;
    const promise = it.api.accessToken();
    assert.ok((await outcome(promise)).pending);
    it.renew("next");
    it.door.queue(SEND, 0, /** @type {number} */ (it.door.token));
    it.shown(false);
    assert.equal(await promise, "next");
    assert.equal(it.sent.length, 0);
  }
});

test("what has run out is given to nobody: it cannot be renewed now", async () => {
  const it = page();
  it.signIn("secret");
  it.door.staleNow = true;
  const { reason } = await outcome(it.api.accessToken());
  assert.equal(reason.code, "FETCH401_REFRESH_FAILED");
  assert.ok(reason instanceof Error);
  assert.doesNotMatch(reason.message + reason.stack, /secret/);
});

test("without a token", async () => {
  for (const options of [BEARER, ATTACH, APP]) assert.equal(await code(page(options).api.accessToken()), "FETCH401_REFRESH_FAILED");
});

test("once the session has ended", async () => {
  const it = page();
  it.signIn();
  it.door.facts[2] = 1;
  assert.equal(await code(it.api.accessToken()), "FETCH401_ENDED");
});

test("whoever has asked in one session gets nothing of the next", async () => {
  const it = page();
  it.signIn("alice");
  it.door.token = WAITS;
  const waits = it.api.accessToken();
  await settled();
  it.door.queue(SEND, 0, 3);
  it.signIn("bob");
  assert.equal(await code(waits), "FETCH401_ENDED");

  const early = page(ATTACH, { open: false });
  early.gate.tokens({ access_token: "alice" }, 0);
  const asked = early.api.accessToken();
  early.gate.tokens({ access_token: "bob" }, 0);
  early.door.queue(ADOPT, 0, 2);
  early.door.token = 2;
  early.ready();
  assert.equal(await code(asked), "FETCH401_ENDED");
});

test("before Go is there it is waited for; once nobody does, what is there counts", async () => {
  for (const options of [BEARER, APP]) {
    const it = page(options, { open: false });
    it.gate.tokens({ access_token: "one" }, 0);
    const promise = it.api.accessToken();
    assert.ok((await outcome(promise)).pending);
    it.gate.release();
    assert.equal(await promise, "one");
    it.gate.dead();
    assert.equal(await it.api.accessToken(), "one");
  }
  const none = page(BEARER, { open: false });
  none.gate.dead();
  assert.equal(await code(none.api.accessToken()), "FETCH401_REFRESH_FAILED");

  const late = page(BEARER, { open: false });
  late.gate.tokens({ access_token: "one" }, 0);
  const promise = late.api.accessToken();
  late.door.queue(ADOPT, 0, 2);
  late.door.token = 2;
  late.ready();
  assert.equal(await promise, "one");
});

test("without Go, too, nobody gets a token of the next session; the error tells what there is not", async () => {
  const it = page(ATTACH, { open: false });
  it.gate.tokens({ access_token: "alice" }, 0);
  const asked = it.api.accessToken();
  it.gate.tokens({ access_token: "bob" }, 0);
  it.gate.dead();
  await assert.rejects(asked, { code: "FETCH401_REFRESH_FAILED", message: /no access token/ });
});

test("where Go ends while it waits, what is there counts", async () => {
  const it = page();
  it.signIn("one");
  it.door.token = WAITS;
  const promise = it.api.accessToken();
  await settled();
  it.door.ended = true;
  it.gate.dead();
  assert.equal(await promise, "one");
});

test("modes without access tokens: misuse; no gate: what ready says", async () => {
  for (const options of [SESSION, { loginUrl: "/login" }]) {
    const { reason } = await outcome(page(options).api.accessToken());
    assert.ok(reason instanceof TypeError);
  }
  const ready = Promise.reject(Object.assign(new Error("wrong"), { code: "FETCH401_CONFIG" }));
  assert.equal(await code(createApi(ready, () => {}).accessToken()), "FETCH401_CONFIG");
});

test("CONTRACT §3: each rejection says what is the matter, and data-debug sees no token", async () => {
  const it = page();
  /** @type {any[][]} */
  const facts = [];
  it.host.trace = (what, call, detail) => void facts.push([what, call?.method, detail]);
  it.signIn("secret");
  facts.length = 0;
  await it.api.accessToken();
  it.door.staleNow = true;
  const { reason } = await outcome(it.api.accessToken());
  assert.match(reason.message, /^fetch401: no access token, it cannot be renewed now/);
  assert.deepEqual(facts, [
    ["started", "accessToken()", undefined],
    ["closed", "accessToken()", "given"],
    ["started", "accessToken()", undefined],
    ["closed", "accessToken()", "refused"],
  ]);
  it.door.facts = [1, 0, 1, 0];
  const ended = await outcome(it.api.accessToken());
  assert.equal(ended.reason.code, "FETCH401_ENDED");
  assert.match(ended.reason.message, /^fetch401: no access token, the session has ended/);
});
