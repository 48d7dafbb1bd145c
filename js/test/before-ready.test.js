// Before Go is ready: calls that need no token are sent at once and only their 401s wait; calls that need one wait.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ABLE, ACCESS_TOKEN, BROKEN, CLEARED, LOGIN_ASKED, PROMISED, REFRESH, REFRESH_TOKEN, RESTORED, SAME, SHOWN, TOKENS } from "../src/protocol.js";
import { ADOPT, APP, ATTACH, BEARER, EARLIER, EXCHANGE, ORIGIN, SEND, SENT, SESSION, createPage, outcome, unauthorized } from "./fake.js";

/** @param {Record<string, unknown>} [options] */
const early = (options) => createPage(options, { open: false });

for (const [name, options] of Object.entries({ session: SESSION, app: APP, login: { loginUrl: "/login" } })) {
  test(`${name} mode: sent at once with the caller's own arguments; anything but 401 is the caller's at once`, async () => {
    const page = early(options);
    const init = { method: "POST" };
    const promise = page.fetch("/x", init);
    assert.equal(page.sent[0].args[1], init);
    assert.equal(page.sent[0].self, page.window);
    const response = new Response("ok");
    await page.sent[0].answer(response);
    assert.equal((await outcome(promise)).value, response);
    const failing = page.fetch("/x");
    const error = new TypeError("offline");
    await page.sent[1].fail(error);
    assert.equal((await outcome(failing)).reason, error);
  });
}

test("only the 401 waits; then Go hears of the call as sent, and of the 401", async () => {
  const page = early();
  const promise = page.fetch("/x");
  page.fetch("/y");
  await page.sent[0].answer(unauthorized("Basic"));
  assert.ok((await outcome(promise)).pending);
  assert.deepEqual(page.events, []);
  page.door.then = (name) => name === "unauthorized" && page.door.queue(EXCHANGE, 0, 1);
  page.ready();
  assert.deepEqual(page.door.told, [
    ["started", 0, SENT, ORIGIN + "/x"],
    ["started", 1, SENT, ORIGIN + "/y"],
    ["unauthorized", 0, 0, "GET 401\nBasic"],
  ]);
  assert.equal(page.sent.length, 3, "the exchange");
});

for (const [name, options] of Object.entries({ bearer: BEARER, attach: ATTACH })) {
  test(`${name} mode: a call waits for Go, and is sent as Go says`, () => {
    const page = early(options);
    page.fetch("/api/x");
    page.gate.tokens({ access_token: "one" }, 0);
    page.fetch("/api/y");
    assert.equal(page.sent.length, 0);
    page.door.token = 2;
    page.door.then = (name, what) => name === "tell" && what === TOKENS && page.door.queue(ADOPT, 0, 2);
    page.ready();
    assert.deepEqual(page.door.told.map(([method, , flags]) => [method, flags]), [["tell", ACCESS_TOKEN | (name === "bearer" ? SAME : 0)], ["started", name === "bearer" ? 0 : EARLIER], ["started", 0]], "the tokens first");
    assert.deepEqual(page.sent.map((call) => call.header("Authorization")), [name === "bearer" ? "Bearer one" : null, "Bearer one"]);
  });
}

test("a call that Go lets wait goes on waiting", () => {
  const page = early(BEARER);
  page.fetch("/api/x");
  page.door.token = -1;
  page.ready();
  assert.equal(page.sent.length, 0);
  page.door.queue(SEND, 0);
  page.shown(false);
  assert.equal(page.sent.length, 1);
});

test("app mode: calls are sent at once until the app gives a token; from then on they wait", () => {
  const page = early(APP);
  page.fetch("/x");
  page.gate.tokens({ access_token: "one" }, 0);
  page.fetch("/y");
  assert.equal(page.sent.length, 1);
  assert.equal(page.sent[0].header("Authorization"), null);
});

test("a call that carries the token just given is ours, and waits too", () => {
  const page = early(BEARER);
  page.gate.tokens({ access_token: "one" }, 0);
  page.fetch("/api/x", { headers: { Authorization: "Bearer one" } });
  assert.equal(page.sent.length, 0);
  page.fetch("/api/x", { headers: { Authorization: "Bearer other" } });
  assert.equal(page.sent.length, 1);
});

test("session mode has no token to wait for, whatever is given", () => {
  const page = early(SESSION);
  page.gate.tokens({ access_token: "one" }, 0);
  page.fetch("/x");
  page.gate.dead();
  page.fetch("/x");
  assert.deepEqual(page.sent.map((call) => call.header("Authorization")), [null, null]);
});

test("promised tokens make every call wait, in session mode too, until they are given, broken or cleared", () => {
  for (const end of /** @type {const} */ (["tokens", "broken", "cleared"])) {
    const page = early(SESSION);
    page.gate.promised();
    page.fetch("/x");
    assert.equal(page.sent.length, 0);
    if (end === "tokens") page.gate.tokens({}, 0);
    else page.gate[end]();
    page.fetch("/y");
    assert.equal(page.sent.length, 1, end);
    page.ready();
    assert.deepEqual(page.sent.map((call) => call.args[0]), ["/y", ORIGIN + "/x"]);
  }
});

test("Go is told what the app asked for in its order, before it hears of any call", () => {
  const page = early(APP);
  page.fetch("/x");
  page.shown(true);
  page.gate.able(() => {});
  page.gate.promised();
  page.gate.broken();
  page.gate.tokens({ access_token: "a", refresh_token: "r" }, 60);
  page.gate.cleared();
  page.gate.tokens({ refresh_token: "r" }, 0);
  page.gate.refresh();
  page.gate.login("why");
  page.ready();
  assert.deepEqual(page.door.told.at(-1)?.[0], "started");
  assert.deepEqual(
    page.door.of("tell").map(([what, a = 0, b = 0, text = ""]) => [what, a, b, text]),
    [[SHOWN, RESTORED, 0, ""], [ABLE, 0, 0, ""], [PROMISED, 0, 0, ""], [BROKEN, 0, 0, ""], [TOKENS, ACCESS_TOKEN | REFRESH_TOKEN, 60, ""], [CLEARED, 0, 0, ""], [TOKENS, REFRESH_TOKEN, 0, ""], [REFRESH, 0, 0, ""], [LOGIN_ASKED, 0, 0, "why"]],
  );
});

test("each exchange goes with the refresh token of its own session", () => {
  const page = early(BEARER);
  page.gate.tokens({ refresh_token: "first" }, 0);
  page.gate.refresh();
  page.gate.tokens({ refresh_token: "second" }, 0);
  let generation = 1;
  page.door.then = (name, what) => {
    if (name === "tell") page.door.queue(what === TOKENS ? ADOPT : EXCHANGE, 0, ++generation);
  };
  page.ready();
  assert.match(String(page.sent[0].args[1].body), /refresh_token=first&/, "Go discards its answer: a rotating token of the second session would be lost");
});

test("waiting for Go takes too long: held 401s are delivered and waiting calls sent, with the token given last", async () => {
  const session = early();
  const promise = session.fetch("/x");
  const response = unauthorized();
  await session.sent[0].answer(response);
  session.gate.release();
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(session.detail("unauthorized"), [{ reason: "refresh_failed", url: ORIGIN + "/x", method: "GET", status: 401 }]);

  const bearer = early(BEARER);
  bearer.fetch("/api/x");
  bearer.gate.tokens({ access_token: "one" }, 0);
  bearer.gate.release();
  bearer.fetch("/api/y", { method: "PUT" });
  assert.deepEqual(bearer.sent.map((call) => call.header("Authorization")), ["Bearer one", "Bearer one"]);
  const late = bearer.fetch("/api/z");
  await bearer.sent[2].answer(unauthorized());
  assert.equal((await outcome(late)).value.status, 401, "later 401s wait no more");
});

test("a late arrival takes over: it hears of calls under way, of what the app asked for, and how long ago", async (t) => {
  let now = 5_000;
  t.mock.method(performance, "now", () => now);
  const page = early(BEARER);
  const promise = page.fetch("/api/x");
  page.gate.tokens({ access_token: "one" }, 0);
  page.gate.release();
  now += 700;
  page.ready();
  assert.deepEqual(page.door.told, [["tell", TOKENS, SAME | ACCESS_TOKEN, 0, "", 700], ["started", 0, SENT, ORIGIN + "/api/x"]]);
  assert.equal(page.sent.length, 1, "what was sent is not sent again");
  await page.refuse(page.sent[0], SEND, 0);
  assert.equal(page.sent.length, 2);
  await page.sent[1].answer();
  assert.equal((await outcome(promise)).value.status, 200);
  assert.equal(page.gate.state().ready, true);
});

test("refresh() before Go is ready: answered by Go, or kept when waiting is over", async () => {
  const page = early();
  const promise = page.gate.refresh();
  assert.ok((await outcome(promise)).pending);
  page.gate.release();
  assert.equal((await outcome(promise)).value, "kept");
  assert.equal((await outcome(page.gate.refresh())).value, "kept");
});

test("the state before Go is ready counts the calls that wait", async () => {
  const page = early();
  page.fetch("/x");
  page.fetch("/y");
  await page.sent[0].answer(unauthorized());
  const { ready, generation, held } = page.gate.state();
  assert.deepEqual([ready, generation, held], [false, 0, 1]);
});
