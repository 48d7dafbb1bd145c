// Whose the session is: what says so, and what becomes of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { NEW_SESSION, SAME, SESSION_CHANGED, TOKENS } from "../src/protocol.js";
import { subject } from "../src/program/subject.js";
import { ADOPT, BEARER, DELIVER, EXCHANGE, SEND, SESSION, createPage, outcome, settled, unauthorized } from "./fake.js";

/** @param {object} claims */
const jwt = (claims) => ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");

/** @type {[what: string, body: any, subject: string][]} */
const SAYS = [
  ["subject", { subject: "alice" }, "1alice"],
  ["a number", { subject: 42 }, "142"],
  ["subject before tokens", { subject: "alice", id_token: jwt({ sub: "a" }) }, "1alice"],
  ["the id token", { id_token: jwt({ sub: "a>?" }), access_token: jwt({ sub: "b" }) }, "0a>?"],
  ["the access token", { access_token: jwt({ sub: "b" }) }, "0b"],
  ["an opaque token", { access_token: "opaque" }, ""],
  ["a token that only looks like one", { access_token: "a.b.c", id_token: "a.!.c" }, ""],
  ["a token without sub", { access_token: jwt({}) }, ""],
  ["nothing", {}, ""],
  ["no body", undefined, ""],
];
for (const [what, body, says] of SAYS) test("what says it: " + what, () => assert.equal(subject(body), says));

test("Go is told with an answer, in a line of its own", async () => {
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ subject: "alice" }));
  await settled();
  assert.equal(page.door.of("exchanged")[0][4], "\n\n1alice");
});

test("where it has to be known, a body that is late is waited for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 1, 7);
  page.gate.refresh();
  await page.sent[0].answer(new Response(new ReadableStream()));
  t.mock.timers.tick(5000);
  await settled();
  assert.deepEqual(page.door.of("exchanged"), []);
});

test("setTokens of the same person goes on with the session; of another begins one", () => {
  const page = createPage(BEARER);
  page.gate.tokens({ access_token: "a", subject: "alice" }, 0);
  /** @type {[any, boolean, string][]} */
  const given = [
    [{ access_token: "b", subject: "alice" }, true, "1alice"],
    [{ access_token: "c", subject: "bob" }, false, "1bob"],
    [{ access_token: "d", subject: "bob" }, true, "1bob"],
    [{ access_token: jwt({ sub: "b" }) }, false, "0b"],
    [{ access_token: "f", subject: "bob" }, false, "1bob"],
  ];
  for (const [tokens, same, says] of given) {
    const before = page.gate.session();
    page.gate.tokens(tokens, 0);
    const [what, bits, , text] = page.door.of("tell").at(-1) ?? [];
    assert.deepEqual([what, !!(bits & SAME), text, page.gate.session() === before], [TOKENS, same, says, same], tokens.access_token);
  }
  page.gate.cleared();
  page.gate.tokens({ access_token: "g", subject: "bob" }, 0);
  assert.equal((page.door.of("tell").at(-1)?.[1] ?? 0) & SAME, 0, "after a sign-out it is another session");
});

test("the subject of an answer counts for setTokens, too", async () => {
  const page = createPage(BEARER);
  page.signIn("one", "refresh");
  page.door.queue(EXCHANGE, 0, 7);
  page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 7, 9);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ access_token: "two", subject: "alice" }));
  await settled();
  const before = page.gate.session();
  page.gate.tokens({ access_token: "three", subject: "alice" }, 0);
  assert.equal(page.gate.session(), before);
});

test("somebody else's: a call that is held gets its own 401, one that waits goes without credentials, and the app is told", async () => {
  const page = createPage(BEARER);
  page.signIn("alice", "refresh");
  const held = page.fetch("/api/held", { method: "POST", body: "mine" });
  await page.sent[0].answer(unauthorized());
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  page.door.then = (name) => {
    if (name !== "exchanged") return;
    page.door.queue(NEW_SESSION, 0, 7);
    page.door.queue(ADOPT, 7, 9);
    page.door.queue(SESSION_CHANGED, 0, 9);
    page.door.queue(SEND, 0, 9);
  };
  await page.sent[1].answer(Response.json({ access_token: "bob", subject: "bob" }));
  await settled();
  assert.equal((await outcome(held)).value.status, 401, "whatever Go says of it");
  assert.equal(page.sent.length, 2);
  assert.deepEqual(page.events.filter(({ type }) => type === "sessionchanged").map(({ detail }) => detail), [{ generation: 9 }]);
  page.door.token = 9;
  page.fetch("/api/x");
  assert.equal(page.sent[2].header("Authorization"), "Bearer bob");
});

test("tokens of the same person, without a word of whom: its own tokens of before are still ours, and so is its name", () => {
  const page = createPage(BEARER);
  page.signIn("one");
  page.gate.tokens({ access_token: "two", subject: "alice" }, 0);
  page.renew("two");
  page.gate.tokens({ access_token: "three", subject: "alice" }, 0);
  page.fetch("/api/x", { headers: { Authorization: "Bearer two" } });
  assert.equal(page.door.of("started").length, 1);
  assert.equal(page.gate.credentials.subject, "alice");
});

test("an answer that names nobody leaves the session nameless", async () => {
  const page = createPage(BEARER);
  page.signIn("one", "refresh");
  page.door.queue(EXCHANGE, 0, 7);
  page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 7, 9);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ access_token: "two" }));
  await settled();
  assert.equal(page.gate.credentials.present, "two");
  assert.equal(page.gate.credentials.subject, undefined);
});

test("RFC 7515 §2: a token's claims are base64url", async () => {
  const person = "\u00fb\u00ff\u00fe>>>???~~~";
  const token = "e30." + Buffer.from(JSON.stringify({ x: "~~>>??", sub: person }), "latin1").toString("base64url") + ".x";
  assert.match(token, /-.*_|_.*-/);
  const page = createPage(BEARER);
  page.gate.tokens({ access_token: token }, 0);
  assert.equal(page.door.of("tell").at(-1)?.[3], "0" + person);
});
