// Go cannot start, or ends at any moment: every call in flight settles, each is sent at most once more, and later calls
// go on natively, the last access token still attached.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ADOPT, APP, ATTACH, BEARER, DELIVER, EXCHANGE, LOGIN, ORIGIN, SEND, SESSION, createPage, outcome, redirected, settled, unauthorized } from "./fake.js";

const REASON = { why: "changed my mind" };

/** Calls in every phase: answered 401 and held, waiting for a token, with the server, with the server again. */
const busy = async () => {
  const page = createPage(BEARER);
  page.door.token = -1;
  const controller = new AbortController();
  const waiting = page.fetch("/api/waiting", { method: "POST", body: "x" });
  page.signIn("one", "refresh");
  const held = page.fetch("/api/held");
  const sent = page.fetch("/api/sent");
  const again = page.fetch("/api/again");
  const abortable = page.fetch("/api/abortable", { signal: controller.signal });
  await page.refuse(page.sent[0], EXCHANGE, 0, 1);
  await page.refuse(page.sent[2], SEND, 3, 2);
  const [, inFlight, , abortableSent, exchange, retry] = page.sent;
  return { page, controller, promises: { waiting, held, sent, again }, abortable, inFlight, abortableSent, exchange, retry };
};

/** @typedef {Awaited<ReturnType<typeof busy>>} Busy */

/** @type {Record<string, (calls: Busy) => unknown>} what makes the gate call this method of the door */
const DEATHS = {
  started: ({ page }) => void page.fetch("/api/new"),
  answered: ({ inFlight }) => inFlight.answer(),
  failed: ({ controller }) => controller.abort(REASON),
  unauthorized: ({ inFlight }) => inFlight.answer(unauthorized()),
  exchanged: ({ exchange }) => exchange.answer(Response.json({ access_token: "two" })),
  tell: ({ page }) => void page.shown(true),
  take: ({ page }) => page.shown(true),
  fact: ({ page }) => void page.gate.state(),
};

for (const [method, cause] of Object.entries(DEATHS)) {
  test(`in ${method}: every call settles, and none is sent more than once again`, async () => {
    const { page, promises, abortable, controller, ...rest } = await busy();
    const before = page.sent.length;
    page.door.fatal = method;
    await cause({ page, promises, abortable, controller, ...rest });
    await settled();
    assert.equal(page.door.ended, true);
    for (const call of page.sent) await call.answer();
    for (const [name, promise] of Object.entries({ ...promises, abortable })) {
      assert.ok(!(await outcome(promise)).pending, name);
    }
    const urls = page.sent.slice(before).map((call) => call.args[0]);
    assert.deepEqual(urls, [ORIGIN + "/api/waiting", ...(method === "started" ? [ORIGIN + "/api/new"] : [])], "what was never sent, once");
    assert.equal(page.sent.at(-1)?.header("Authorization"), "Bearer one", "the token that was last");
    assert.equal(await page.sent[before].request().text(), "x");
    const { ready, held, refreshing } = page.gate.state();
    assert.deepEqual([ready, held, refreshing], [false, 0, false]);
    assert.deepEqual(page.detail("login"), []);
  });
}

test("held 401s are delivered, later ones at once; the retry under way is no longer waited for twice", async () => {
  const { page, promises, inFlight, retry } = await busy();
  page.gate.dead();
  assert.equal((await outcome(promises.held)).value.status, 401);
  for (const [call, promise] of /** @type {const} */ ([[inFlight, promises.sent], [retry, promises.again]])) {
    const response = unauthorized();
    await call.answer(response);
    assert.equal((await outcome(promise)).value, response);
  }
  assert.deepEqual(page.detail("unauthorized").map(({ reason }) => reason), ["refresh_failed", "refresh_failed", "refresh_failed"]);
});

for (const [name, options] of Object.entries({ bearer: BEARER, attach: ATTACH, app: APP })) {
  test(`${name} mode: later calls go out at once with the last token, and never out of scope`, async () => {
    const page = createPage(options);
    page.signIn("one");
    page.gate.dead();
    page.fetch("/api/x");
    page.fetch("https://other.example.com/api/x");
    page.fetch("/api/x", { headers: { Authorization: "Bearer one" } });
    assert.deepEqual(page.sent.map((call) => call.header("Authorization")), ["Bearer one", null, "Bearer one"]);
    page.gate.tokens({ access_token: "two" }, 0);
    page.fetch("/api/x");
    assert.equal(page.sent[3].header("Authorization"), "Bearer two");
    page.gate.cleared();
    page.fetch("/api/x");
    assert.equal(page.sent[4].header("Authorization"), null);
  });
}

test("a 401 that is none of ours, behind a redirect, is handed out as it is, without an event", async () => {
  const page = createPage(SESSION);
  page.gate.dead();
  const promise = page.fetch("/x");
  const response = redirected(unauthorized(), "https://other.example.com/");
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(page.events, []);
});

test("session mode: the caller's own arguments", () => {
  const page = createPage(SESSION);
  page.gate.dead();
  const init = {};
  page.fetch("/x", init);
  assert.equal(page.sent[0].args[1], init);
});

test("promised tokens are waited for no longer, and attached once they are there", () => {
  const page = createPage(BEARER);
  page.gate.dead();
  page.gate.promised();
  page.fetch("/api/x");
  assert.equal(page.sent[0].header("Authorization"), null);
  page.gate.tokens({ access_token: "one" }, 0);
  page.fetch("/api/x");
  assert.equal(page.sent[1].header("Authorization"), "Bearer one");
});

test("Go that cannot start: calls that waited go out, with the token given meanwhile, and 401s are delivered", async () => {
  const page = createPage(BEARER, { open: false });
  const promise = page.fetch("/api/x");
  page.gate.tokens({ access_token: "one" }, 0);
  page.gate.dead();
  assert.equal(page.sent[0].header("Authorization"), "Bearer one");
  const response = unauthorized();
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
});

test("what an exchange under way brings is still attached", async () => {
  const { page, exchange } = await busy();
  page.gate.dead();
  await exchange.answer(Response.json({ access_token: "two" }));
  page.fetch("/api/x");
  assert.equal(page.sent.at(-1)?.header("Authorization"), "Bearer two");
});

test("what it fails to bring changes nothing", async () => {
  const { page, exchange } = await busy();
  page.gate.dead();
  await exchange.answer(new Response("", { status: 500 }));
  page.fetch("/api/x");
  assert.equal(page.sent.at(-1)?.header("Authorization"), "Bearer one");
});

for (const [name, given, expected] of /** @type {const} */ ([["clearTokens", undefined, null], ["setTokens", "mine", "Bearer mine"]])) {
  test(`what it brings after ${name} is discarded: it is another session's`, async () => {
    const { page, exchange } = await busy();
    page.gate.dead();
    if (given) page.gate.tokens({ access_token: given }, 0);
    else page.gate.cleared();
    await exchange.answer(Response.json({ access_token: "two" }));
    page.fetch("/api/x");
    assert.equal(page.sent.at(-1)?.header("Authorization"), expected);
  });
}

test("a call aborted while Go ends in hearing of it: rejected with the reason, not sent, its 401 not delivered", async () => {
  for (const kind of ["held", "waiting"]) {
    const page = createPage(BEARER);
    if (kind === "held") page.signIn();
    else page.door.token = -1;
    const controller = new AbortController();
    const promise = page.fetch("/api/x", { signal: controller.signal });
    if (kind === "held") await page.sent[0].answer(unauthorized());
    const before = page.sent.length;
    page.door.fatal = "failed";
    controller.abort(REASON);
    assert.equal((await outcome(promise)).reason, REASON, kind);
    assert.equal(page.sent.length, before, kind);
    assert.deepEqual(page.detail("unauthorized"), [], kind);
  }
});

test("Go that ends amid its own effects: what is left of them sends nothing twice", async () => {
  const page = createPage(BEARER);
  page.door.token = -1;
  page.fetch("/api/x", { method: "POST" });
  page.on.refreshing = () => page.gate.dead();
  page.door.queue(EXCHANGE, 0, 1);
  page.door.queue(SEND, 0, 0);
  page.door.queue(DELIVER, 0, 0, "x");
  page.shown(false);
  assert.equal(page.sent.filter((call) => call.args[0] === ORIGIN + "/api/x").length, 1);
});

test("Go that ends while a login listener runs does not lead away", () => {
  const page = createPage(SESSION);
  page.on.login = () => page.gate.dead();
  page.door.queue(LOGIN, 0, 1, "session_ended");
  page.shown(false);
  assert.deepEqual(page.left, []);
});

test("refresh() keeps, login() goes without Go", async () => {
  const page = createPage(SESSION);
  const before = page.gate.refresh();
  page.gate.dead();
  assert.equal((await outcome(before)).value, "kept");
  assert.equal((await outcome(page.gate.refresh())).value, "kept");
  page.gate.login("why");
  page.gate.login("");
  assert.deepEqual(page.wished, ["why", ""]);
});

for (const end of /** @type {const} */ (["dead", "release"])) {
  test(`login() before Go, which does not come (${end}): once, without Go`, () => {
    const page = createPage(SESSION, { open: false });
    page.gate.login("why");
    assert.deepEqual(page.wished, []);
    page.gate[end]();
    assert.deepEqual(page.wished, ["why"]);
    if (end === "release") page.ready();
    assert.deepEqual(page.door.of("tell"), [], "Go that comes late does not go there again");
    assert.deepEqual(page.wished, ["why"]);
  });
}

test("a wrapper beneath ours that resolves with nothing: so does the call", async () => {
  const page = createPage();
  const promise = page.fetch("/x");
  await page.sent[0].answer(/** @type {any} */ (null));
  assert.deepEqual(await outcome(promise), { value: null });
});

test("nothing is told to Go any more", async () => {
  const { page, inFlight, controller } = await busy();
  page.gate.dead();
  const { length } = page.door.told;
  await inFlight.answer();
  controller.abort(REASON);
  page.shown(true);
  page.gate.tokens({ access_token: "x" }, 0);
  page.door.queue(ADOPT, 0, 9);
  page.fetch("/api/x");
  assert.equal(page.door.told.length, length);
});
