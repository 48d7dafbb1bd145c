// The facts of an exchange's answer, as Go is told them. What they mean is tested where it is decided, in wasm/grant.
import assert from "node:assert/strict";
import { test } from "node:test";

import { APP_FAILED as FAILED, APP_FINAL as FINAL, HAS_TOKEN as TOKEN, OPAQUE_REDIRECT as REDIRECT, PARSED } from "../src/protocol.js";
import { ADOPT, APP, ATTACH, BEARER, EXCHANGE, SESSION, createPage, settled } from "./fake.js";

/** @param {unknown} body */
const json = (body, status = 200) => Response.json(body, { status });

/**
 * What Go is told of an answer.
 * @param {Record<string, unknown>} options
 * @param {Response | Error | undefined} answer
 */
const told = async (options, answer) => {
  const page = createPage(options);
  if (options === BEARER) page.signIn("one", "refresh");
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  await (answer instanceof Response ? page.sent[0].answer(answer) : page.sent[0].fail(answer));
  const [exchanged, ...more] = page.door.of("exchanged");
  assert.deepEqual(more, []);
  const [number, status, bits, expiresIn, text] = exchanged;
  assert.equal(number, 7);
  return { status, bits, expiresIn, text };
};

/** @type {Record<string, [header: string, seconds: number]>} what a server asks for, on 28 November 2026 at noon */
const WAITS = {
  "seconds": ["30", 30],
  "a date": ["Sat, 28 Nov 2026 12:01:30 GMT", 90],
  "a date that is past": ["Sat, 28 Nov 2026 11:59:00 GMT", 0],
  "less than nothing": ["-5", 0],
  "nothing that can be read": ["soon", 0],
};
for (const [name, [value, wait]] of Object.entries(WAITS)) {
  test("Retry-After: " + name, async (t) => {
    t.mock.method(Date, "now", () => Date.UTC(2026, 10, 28, 12));
    const headers = { "Retry-After": value };
    for (const [options, body] of /** @type {const} */ ([[SESSION, "<html>"], [BEARER, "<html>"], [BEARER, '{"error":"slow_down","expires_in":7}']])) {
      const { expiresIn } = await told(options, new Response(body, { status: 503, headers }));
      assert.equal(expiresIn, wait, body);
    }
    const { expiresIn } = await told(ATTACH, Response.json({ access_token: "a", expires_in: 60 }, { headers }));
    assert.equal(expiresIn, 60, "an answer that renews is one to be used at once");
  });
}

const broken = (status = 200) =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError("connection lost")) }), { status });
const opaque = () => Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });

/** @type {Record<string, [options: Record<string, unknown>, answer: () => Response | Error | undefined, facts: [status: number, bits: number, text?: string]]>} */
const ANSWERS = {
  "tokens": [BEARER, () => json({ access_token: "a", token_type: "Bearer" }), [200, PARSED | TOKEN, "\nBearer"]],
  "an error code": [BEARER, () => json({ error: "invalid_grant" }, 400), [400, PARSED, "invalid_grant\n"]],
  "a network error": [BEARER, () => new TypeError("Failed to fetch"), [0, 0]],
  "a redirect": [BEARER, opaque, [0, REDIRECT]],
  "no JSON": [BEARER, () => new Response("<html>"), [200, 0]],
  "no body": [SESSION, () => new Response(null, { status: 204 }), [204, 0]],
  "an error page": [SESSION, () => new Response("<html>", { status: 502 }), [502, 0]],
  "JSON that is no object": [BEARER, () => json("access_token"), [200, 0]],
  "null": [BEARER, () => json(null), [200, 0]],
  "a list": [BEARER, () => json([]), [200, PARSED]],
  "a token type alone": [BEARER, () => json({ token_type: "DPoP" }), [200, PARSED, "\nDPoP"]],
  "a body that breaks off, where a token was to come": [BEARER, () => broken(), [0, 0]],
  "a body that breaks off, with attach": [ATTACH, () => broken(), [0, 0]],
  "a body that breaks off, where none is read": [SESSION, () => broken(), [200, 0]],
  "a refusal whose body breaks off, where the status is enough": [SESSION, () => broken(401), [401, 0]],
  "a refusal whose body breaks off, where its code is to be read": [BEARER, () => broken(400), [0, 0]],
  "a rejection with nothing": [SESSION, () => undefined, [0, 0]],
  "an error code that is no string": [BEARER, () => json({ error: { code: 1 } }, 400), [400, PARSED]],
  "a token type that is no string": [BEARER, () => json({ access_token: "a", token_type: 2 }), [200, PARSED | TOKEN, "\n?"]],
  "a token type that is null": [BEARER, () => json({ access_token: "a", token_type: null }), [200, PARSED | TOKEN]],
  "an error code that is no word": [BEARER, () => json({ error: "invalid\ngrant", token_type: "a b" }, 400), [400, PARSED, "?\n?"]],
  "an error code too long": [BEARER, () => json({ error: "x".repeat(65) }, 400), [400, PARSED, "?\n"]],
  "an access token that no header can carry": [BEARER, () => json({ access_token: "a b" }), [200, PARSED]],
  "an empty access token": [BEARER, () => json({ access_token: "" }), [200, PARSED]],
  "an access token that is no string": [ATTACH, () => json({ access_token: 401 }), [200, PARSED]],
  "an access token with a line break": [ATTACH, () => json({ access_token: "a\nb" }), [200, PARSED]],
};
for (const [name, [options, answer, [status, bits, text = "\n"]]] of Object.entries(ANSWERS)) {
  test(name, async () => assert.deepEqual(await told(options, answer()), { status, bits, expiresIn: 0, text }));
}

for (const [given, seconds] of /** @type {const} */ ([[3600, 3600], ["3600", 3600], [59.9, 59], [0, -1], [-1, -1], ["-60", -1], [1e12, 0x7fffffff], ["soon", 0], ["", 0], [null, 0], [true, 0], [{}, 0]])) {
  test(`expires_in ${JSON.stringify(given)} is ${seconds}`, async () => {
    assert.equal((await told(ATTACH, json({ access_token: "a", expires_in: given }))).expiresIn, seconds);
  });
}

/**
 * What Go is told of the app's refresh, and whether a token of it is attached.
 * @param {() => any} refresh
 */
const byApp = async (refresh) => {
  const page = createPage(APP);
  page.gate.able(refresh);
  page.door.queue(EXCHANGE, 0, 7);
  page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 7, 2);
  page.gate.refresh();
  await settled();
  const [[, status, bits, expiresIn, text]] = page.door.of("exchanged");
  page.door.token = 2;
  page.fetch("/x");
  return { facts: [status, bits, expiresIn, text], token: page.sent[0].header("Authorization") };
};

const final = Object.assign(new Error("signed out"), { final: true });

/** @type {Record<string, [refresh: () => any, facts: [number, number, string]]>} */
const APPS = {
  "a renewal without a token": [() => undefined, [0, 0, "\n"]],
  "null": [async () => null, [0, 0, "\n"]],
  "an object without a token": [async () => ({ expires_in: 60 }), [PARSED, 60, "\n"]],
  "a token": [async () => ({ access_token: "a", expires_in: 60 }), [PARSED | TOKEN, 60, "\n"]],
  "a token that no header can carry": [async () => ({ access_token: "a b" }), [FAILED, 0, "\n"]],
  "a token that is null": [async () => ({ access_token: null }), [FAILED, 0, "\n"]],
  "an error": [() => Promise.reject(new Error("offline")), [FAILED | PARSED, 0, "\n"]],
  "an error thrown at once": [() => { throw new Error("offline"); }, [FAILED | PARSED, 0, "\n"]],
  "a rejection with nothing": [() => Promise.reject(), [FAILED | PARSED, 0, "\n"]],
  "a final error": [() => Promise.reject(final), [FAILED | FINAL | PARSED, 0, "\n"]],
  "an error that is final by another name": [() => Promise.reject({ final: 1 }), [FAILED | PARSED, 0, "\n"]],
  "an error that cannot be read": [() => Promise.reject(new Proxy({}, { get: () => assert.fail("read") })), [FAILED | PARSED, 0, "\n"]],
  "an error with an OAuth code": [() => Promise.reject({ error: "invalid_grant", final: true }), [FAILED | FINAL | PARSED, 0, "invalid_grant\n"]],
};
for (const [name, [refresh, [bits, expiresIn, text]]] of Object.entries(APPS)) {
  test("from the app: " + name, async () => {
    const { facts, token } = await byApp(refresh);
    // Whether something was parsed means nothing here: Go asks only what failed and what the token is.
    facts[1] &= ~PARSED;
    assert.deepEqual(facts, [0, bits & ~PARSED, expiresIn, text]);
    assert.equal(token, bits & TOKEN ? "Bearer a" : null);
  });
}

for (const [text, expiresIn] of /** @type {const} */ ([['{"expires_in":60}', 60], ['{"expires_in":-5}', -1], ['{"expires_in":"x"}', 0], ["no json", 0], ["null", 0], ["", 0]])) {
  test(`a cookie session is renewed by the status, whatever the body tells: ${text || "nothing"}`, async () => {
    const page = createPage(SESSION);
    page.door.queue(EXCHANGE, 0, 7);
    page.gate.refresh();
    await page.sent[0].answer(new Response(text));
    for (let i = 0; i < 5; i++) await settled();
    const [[number, status, , seconds]] = page.door.of("exchanged");
    assert.deepEqual([number, status, seconds], [7, 200, expiresIn]);
  });
}

test("a cookie session is renewed also where the body never ends: it is waited for a second", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  await page.sent[0].answer(new Response(new ReadableStream()));
  t.mock.timers.tick(999);
  await settled();
  assert.deepEqual(page.door.of("exchanged"), []);
  t.mock.timers.tick(1);
  await settled();
  assert.deepEqual(page.door.of("exchanged"), [[7, 200, 0, 0, "\n"]]);
});

for (const [name, options, status] of /** @type {const} */ ([["a token, with attach", ATTACH, 200], ["a token, of a token endpoint", BEARER, 200], ["why it is refused", SESSION, 400]])) {
  test(`what is in the body is waited for, however late it comes: ${name}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const page = createPage(options);
    if (options === BEARER) page.signIn("one", "refresh");
    page.door.queue(EXCHANGE, 0, 7);
    page.gate.refresh();
    /** @type {ReadableStreamDefaultController | undefined} */
    let body;
    await page.sent[0].answer(new Response(new ReadableStream({ start: (controller) => void (body = controller) }), { status }));
    t.mock.timers.tick(5000);
    await settled();
    assert.deepEqual(page.door.of("exchanged"), []);
    body?.enqueue(new TextEncoder().encode(status === 200 ? '{"access_token":"a"}' : '{"error":"invalid_grant"}'));
    body?.close();
    for (let i = 0; i < 5; i++) await settled();
    const [[, , bits, , text]] = page.door.of("exchanged");
    assert.deepEqual([bits & TOKEN, text], status === 200 ? [TOKEN, "\n"] : [0, "invalid_grant\n"]);
  });
}

test("a lifetime is read of a cookie session's answer, whose body is there in time, though nobody is known", async () => {
  const page = createPage(SESSION);
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  await page.sent[0].answer(Response.json({ expires_in: 60, subject: "alice" }));
  for (let i = 0; i < 5; i++) await settled();
  assert.deepEqual(page.door.of("exchanged")[0].slice(1), [200, PARSED, 60, "\n\n1alice"]);
});
