// What Go decides about other pages reaches the lock and the channel, and what they bring reaches Go.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ABORT, ACCESS_TOKEN, ACQUIRE, ANNOUNCE, NEW_SESSION, MARK_FAILED, MARK_RENEWED, REFRESH_TOKEN, RELEASE, SAME, TICK, UNMARK } from "../src/protocol.js";
import { ADOPT, BEARER, DELIVER, EXCHANGE, SEND, SESSION, createPage, outcome, unauthorized } from "./fake.js";

test("the lock and its names", () => {
  const page = createPage();
  for (const [kind, number, subject] of [[ACQUIRE], [MARK_RENEWED, 3, 9], [MARK_FAILED, 4], [RELEASE], [UNMARK]]) page.door.queue(kind, subject, number);
  page.shown(false);
  assert.deepEqual(page.told, [["acquire"], ["mark", MARK_RENEWED, 3, 9], ["mark", MARK_FAILED, 4, 0], ["release"], ["unmark"]]);
});

test("an announcement has the present tokens at hand, with their lifetime", () => {
  const page = createPage(BEARER);
  page.signIn("access", "refresh");
  page.door.queue(ANNOUNCE, 1, 60, "numbers");
  page.door.queue(ANNOUNCE, 0, 0, "more");
  page.door.queue(ANNOUNCE, 0, -1, "over");
  page.shown(false);
  const tokens = { access_token: "access", refresh_token: "refresh" };
  assert.deepEqual(page.told, [["announce", "numbers", true, 60, tokens], ["announce", "more", false, undefined, tokens], ["announce", "over", false, -1, tokens]]);
});

test("what is heard: Go is told of its tokens, and calls go out with them once it adopts them", async () => {
  const page = createPage(BEARER);
  page.door.then = (name) => name === "heard" && page.door.queue(ADOPT, 7, 2);
  page.heard({ number: 7, access_token: "shared", refresh_token: "next", expires_in: 60, subject: 12 });
  assert.equal(page.gate.credentials.subject, undefined, "the number of a message is nobody's name");
  assert.deepEqual(page.door.of("heard").map((args) => args.slice(0, 3)), [[-1, ACCESS_TOKEN | REFRESH_TOKEN, 60]]);
  page.door.token = 2;
  page.fetch("/api/x");
  assert.equal(page.sent[0].header("Authorization"), "Bearer shared");
  assert.equal(page.gate.credentials.refreshToken, "next");
  page.door.then = () => {};
  page.heard({ number: 8, access_token: "not usable", refresh_token: 8 });
  page.heard("anything", 1000);
  assert.deepEqual(page.door.of("heard").slice(1).map((args) => args.slice(0, 3)), [[-1, 0, 0], [1000, 0, 0]]);
  page.door.queue(ADOPT, 8, 3);
  page.shown(false);
  assert.equal(page.gate.credentials.of(3), undefined, "tokens of a message are gone with it");
});

for (const [what, message, token] of /** @type {const} */ ([["with its tokens", { number: 7, access_token: "bob" }, "Bearer bob"], ["without tokens", { number: 7 }, null]])) {
  test("another session, begun in another page, " + what, async () => {
    const page = createPage(BEARER);
    page.signIn("alice", "refresh");
    page.fetch("/api/early");
    const late = page.fetch("/api/late");
    await page.sent[1].answer(unauthorized());
    page.door.then = (name) => {
      if (name !== "heard") return;
      page.door.queue(NEW_SESSION, 0, 7);
      page.door.queue(ADOPT, 0, 3);
      page.door.queue(SEND, 1, 3);
    };
    page.heard(message);
    assert.equal((await outcome(late)).value.status, 401, "a call of before is never sent with its credentials");
    page.door.token = 3;
    page.fetch("/api/x");
    assert.equal(page.sent[2].header("Authorization"), token);
    assert.equal(page.gate.credentials.refreshToken, undefined, "nor with those of before");
    page.fetch("/api/y", { headers: { Authorization: "Bearer alice" } });
    assert.equal(page.door.of("started").length, 3, "theirs are not ours any more");
  });
}

test("tokens of another page begin a session: the app's own begin another", () => {
  const page = createPage(BEARER);
  page.door.then = (name) => name === "heard" && page.door.queue(ADOPT, 7, 2);
  page.heard({ number: 7, access_token: "shared" });
  page.door.then = () => {};
  const before = page.gate.session();
  page.gate.tokens({ access_token: "mine" }, 0);
  assert.equal(page.gate.session(), before + 1);
  assert.equal(page.door.of("tell").at(-1)?.[1] & SAME, 0);
});

test("tokens of another page that come before the promised ones: these begin another session", () => {
  for (const overtaken of [false, true]) {
    const page = createPage(SESSION);
    page.gate.promised();
    page.door.then = (name) => name === "heard" && page.door.queue(NEW_SESSION, 0, 0);
    if (overtaken) page.heard({ number: 7 });
    page.door.then = () => {};
    const before = page.gate.session();
    page.gate.tokens({}, 0, true);
    assert.equal(page.gate.session() - before, +overtaken, "calls of between are not its own");
    assert.equal(page.door.of("tell").at(-1)?.[1] & SAME, overtaken ? 0 : SAME);
  }
});

test("an exchange is aborted when Go says so, and the next is not", async () => {
  const page = createPage();
  page.door.queue(EXCHANGE, 0, 1);
  page.shown(false);
  const { signal } = page.sent[0].args[1];
  page.door.queue(ABORT, 0, 1);
  page.shown(false);
  assert.equal(signal.aborted, true);
  page.door.queue(EXCHANGE, 0, 2);
  page.shown(false);
  assert.equal(page.sent[1].args[1].signal.aborted, false);
});

test("a session that another page has begun aborts no exchange: its cookie may be that one's", () => {
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 0, 1);
  page.shown(false);
  page.door.then = (name) => name === "heard" && page.door.queue(NEW_SESSION, 0, 0);
  page.heard({ number: 7 });
  assert.equal(page.sent[0].args[1].signal.aborted, false);
});

test("what was kept is told before a session of the app's own", () => {
  const page = createPage(BEARER);
  page.note = () => page.heard({ number: 9, session: 4 }, 10);
  page.door.then = (name) => name === "heard" && page.door.queue(NEW_SESSION, 0, 0);
  page.door.queue(ADOPT, 0, 2);
  page.gate.tokens({ access_token: "mine" }, 0);
  assert.deepEqual(page.door.told.map(([name]) => name), ["heard", "tell"]);
  assert.equal(page.gate.credentials.present, "mine", "what it brings does not take the app's tokens away");
});

/** @type {Record<string, (page: import("./fake.js").Page) => Promise<unknown>>} */
const ENDS = { answered: (page) => page.sent[0].answer(), failed: (page) => page.sent[0].fail(new TypeError("no")) };
for (const [what, end] of Object.entries(ENDS)) {
  test(`a probe that is ${what}: Go is told the time at once`, async () => {
    const page = createPage(SESSION);
    page.fetch("/api/x");
    page.fetch("/api/y");
    await page.sent[1].answer(unauthorized());
    page.door.tick = 1;
    page.door.then = (name) => name === "tell" && page.door.queue(DELIVER, 1, 0, "why");
    await end(page);
    assert.deepEqual(page.door.of("tell").map(([kind]) => kind), [TICK]);
    assert.equal(page.detail("unauthorized").length, 1, "and what that leads to is carried out");
  });
}
