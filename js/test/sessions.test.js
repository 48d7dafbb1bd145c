// A call belongs to the session in which it was made: once another one has begun, it is never sent with that one's
// credentials (CONTRACT §4). What Go decides of such calls is told by wasm/session/testdata/call_of_an_earlier_session.txt.
import assert from "node:assert/strict";
import { test } from "node:test";

import { SAME } from "../src/protocol.js";
import { ADOPT, APP, ATTACH, BEARER, EARLIER, EXCHANGE, ORIGIN, SEND, SENT, SESSION, createPage, outcome, unauthorized } from "./fake.js";

/** @param {Record<string, unknown>} [options] */
const early = (options) => createPage(options, { open: false });

test("a call that carries a token of the session before goes out untouched", () => {
  const page = createPage(BEARER);
  page.signIn("alice");
  page.renew("alice2");
  page.signIn("bob");
  for (const own of ["Bearer alice", "Bearer alice2"]) {
    const init = { method: "POST", body: "of Alice", headers: { Authorization: own } };
    page.fetch("/api/x", init);
    assert.equal(page.sent.at(-1)?.args[1], init, "the caller's own arguments");
  }
  assert.deepEqual(page.door.of("started"), []);
  page.fetch("/api/x", { headers: { Authorization: "Bearer bob" } });
  assert.equal(page.door.of("started").length, 1);
});

test("a 401 in hand that Go would have sent again in another session is handed out, with its reason", async () => {
  const page = createPage(APP);
  const promise = page.fetch("/x");
  const response = unauthorized();
  await page.sent[0].answer(response);
  page.door.queue(SEND, 0, 2);
  page.gate.tokens({ access_token: "bob" }, 0);
  assert.equal((await outcome(promise)).value, response);
  assert.equal(page.sent.length, 1);
  assert.deepEqual(page.detail("unauthorized").map(({ reason }) => reason), ["session_ended"]);
  assert.deepEqual(page.door.of("failed"), [[0]], "Go hears that it is over");
});

test("tokens that a promise brings are of the session that it began, whose tokens of before are forgotten", () => {
  const page = createPage(BEARER);
  page.signIn("alice");
  page.gate.promised();
  page.gate.tokens({ access_token: "bob" }, 0, true);
  page.fetch("/api/x", { headers: { Authorization: "Bearer alice" } });
  assert.deepEqual(page.door.of("started"), []);
  assert.deepEqual(page.door.of("tell").map(([, bits]) => bits & SAME), [SAME, 0, SAME], "the first tokens, another session, and its tokens");
});

test("which session is the first: with a token endpoint that of the first tokens, else the one that the page comes with", () => {
  for (const [options, first] of /** @type {const} */ ([[BEARER, SAME], [SESSION, 0], [ATTACH, 0], [APP, 0], [{ loginUrl: "/login" }, 0]])) {
    const page = createPage(options);
    page.gate.tokens({ access_token: "a" }, 0);
    page.gate.tokens({ access_token: "b" }, 0);
    assert.deepEqual(page.door.of("tell").map(([, bits]) => bits & SAME), [first, 0]);
  }
});

test("a call that waits goes without the credentials of the session that has begun meanwhile: a token", () => {
  const page = createPage(ATTACH);
  page.door.token = -1;
  page.fetch("/api/x", { method: "POST", body: "of Alice" });
  page.door.queue(ADOPT, 0, 2);
  page.door.queue(SEND, 0, 2);
  page.gate.tokens({ access_token: "bob" }, 0);
  assert.equal(page.sent[0].header("Authorization"), null);
  assert.equal(page.sent[0].args[1].credentials, "omit", "nor with its cookies");
});

test("and cookies, where they are the session", () => {
  for (const [options, credentials] of /** @type {const} */ ([[SESSION, "omit"], [BEARER, undefined], [APP, undefined]])) {
    const page = createPage(options);
    page.gate.tokens({ access_token: "alice" }, 0);
    page.door.token = -1;
    page.fetch("/api/x", { method: "POST", body: "of Alice" });
    page.door.queue(SEND, 0, 0);
    page.gate.tokens({ access_token: "bob" }, 0);
    assert.equal(page.sent[0].args[1].credentials, credentials);
    assert.equal(page.sent[0].header("Authorization"), null);
  }
});

for (const end of /** @type {const} */ (["release", "dead"])) {
  test(`the same without Go (${end})`, async () => {
    const attach = early(ATTACH);
    attach.fetch("/api/x");
    attach.gate.tokens({ access_token: "bob" }, 0);
    attach.fetch("/api/y");
    attach.gate[end]();
    assert.deepEqual(attach.sent.map((call) => call.header("Authorization")), [null, "Bearer bob"]);

    const bearer = early(BEARER);
    bearer.fetch("/api/x");
    bearer.gate.tokens({ access_token: "alice" }, 0);
    bearer.fetch("/api/y");
    bearer.gate.tokens({ access_token: "bob" }, 0);
    bearer.fetch("/api/z");
    bearer.gate[end]();
    assert.deepEqual(bearer.sent.map((call) => call.header("Authorization")), [null, null, "Bearer bob"]);

    const session = early(SESSION);
    const promise = session.fetch("/x");
    const response = unauthorized();
    await session.sent[0].answer(response);
    session.gate.tokens({}, 0);
    session.gate[end]();
    assert.equal((await outcome(promise)).value, response);
    assert.deepEqual(session.detail("unauthorized").map(({ reason }) => reason), ["session_ended"]);
  });
}

test("Go that comes late hears which calls are of an earlier session", async () => {
  const page = early(SESSION);
  page.fetch("/x");
  await page.sent[0].answer(unauthorized());
  page.gate.tokens({}, 0);
  page.fetch("/y");
  page.ready();
  assert.deepEqual(page.door.of("started"), [[0, SENT | EARLIER, ORIGIN + "/x"], [1, SENT, ORIGIN + "/y"]]);
});

test("calls of before the first tokens join their session", () => {
  const page = early(BEARER);
  page.fetch("/api/x");
  page.gate.tokens({ access_token: "one" }, 0);
  page.gate.release();
  assert.equal(page.sent[0].header("Authorization"), "Bearer one");
});

test("another session aborts the exchange that is under way, and its successor is not; a promise of tokens does not yet", async () => {
  for (const begin of /** @type {const} */ (["tokens", "cleared", "promised"])) {
    const page = createPage(SESSION);
    page.door.queue(EXCHANGE, 0, 1);
    page.gate.refresh();
    const { signal } = page.sent[0].args[1];
    assert.equal(signal.aborted, false);
    if (begin === "tokens") page.gate.tokens({}, 0);
    else page.gate[begin]();
    assert.equal(signal.aborted, begin !== "promised", begin);
    page.door.queue(EXCHANGE, 0, 2);
    page.gate.refresh();
    assert.equal(page.sent[1].args[1].signal.aborted, false);
  }
});

test("without Go as well: its cookie must not come after a sign-out", () => {
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  page.gate.dead();
  page.gate.cleared();
  assert.equal(page.sent[0].args[1].signal.aborted, true);
});
