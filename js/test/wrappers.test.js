// What lies beneath ours may be another script's wrapper, and answer with anything: the call settles as it would without
// us, and nothing stays held.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { BEARER, DELIVER, EXCHANGE, SEND, SESSION, createPage, outcome, settled, unauthorized } from "./fake.js";

/** @typedef {import("./fake.js").Page} Page */

const ended = () => assert.fail("read by us");

/**
 * Every 401 is handed out.
 * @param {Page} page
 */
const delivering = (page) => {
  page.door.then = (name, id) => name === "unauthorized" && page.door.queue(DELIVER, id, 0, "refresh_failed");
  return page;
};

/** @param {Page} page */
const nothingHeld = (page) => {
  assert.equal(page.gate.state().held, 0);
  assert.equal(page.gate.calls.filter((call) => call).length, 0);
};

/** @type {Record<string, () => any>} 401s, as far as one can tell */
const REFUSALS = {
  "no headers": () => ({ status: 401 }),
  "headers that are null": () => ({ status: 401, headers: null }),
  "headers without get": () => ({ status: 401, headers: { "WWW-Authenticate": "Bearer" } }),
  "headers that throw": () => ({ status: 401, headers: { get: ended } }),
  "headers whose getter throws": () => Object.defineProperty({ status: 401 }, "headers", { get: ended }),
  "a challenge that is no string": () => ({ status: 401, headers: { get: () => 7 } }),
  "a body that is no stream": () => ({ status: 401, headers: new Headers(), body: "text" }),
  "a body that cannot be cancelled": () => ({ status: 401, headers: new Headers(), body: { cancel: ended } }),
  "a body whose cancel promises nothing": () => ({ status: 401, headers: new Headers(), body: { cancel: () => {} } }),
  "a body whose getter throws": () => Object.defineProperty({ status: 401, headers: new Headers() }, "body", { get: ended }),
  "a status in words": () => ({ status: "401", headers: new Headers() }),
  "another realm's": () => runInNewContext("({ status: 401, headers: new Map([['WWW-Authenticate', 'Bearer']]) })"),
};
for (const [name, make] of Object.entries(REFUSALS)) {
  for (const [mode, options] of /** @type {const} */ ([["session", SESSION], ["bearer", BEARER]])) {
    test(`a 401 with ${name}: handed out (${mode})`, async () => {
      const page = delivering(createPage(options));
      page.signIn();
      const promise = page.fetch("/api/x");
      const response = make();
      await page.sent[0].answer(response);
      assert.equal((await outcome(promise)).value, response);
      assert.equal(typeof page.door.of("unauthorized")[0][2], "string");
      nothingHeld(page);
    });
  }

  test(`a 401 with ${name}: sent again, answered, let go`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const page = createPage();
    const promise = page.fetch("/x");
    page.door.queue(SEND, 0);
    await page.sent[0].answer(make());
    assert.equal(page.sent.length, 2);
    t.mock.timers.tick(5);
    const response = new Response("ok");
    await page.sent[1].answer(response);
    assert.equal((await outcome(promise)).value, response);
    nothingHeld(page);
  });

  test(`a 401 with ${name}: its call aborted`, async () => {
    const page = createPage();
    const controller = new AbortController();
    const promise = page.fetch("/x", { signal: controller.signal });
    page.door.queue(EXCHANGE, 0, 1);
    await page.sent[0].answer(make());
    controller.abort();
    assert.equal((await outcome(promise)).reason, controller.signal.reason);
    nothingHeld(page);
  });
}

/** @type {Record<string, () => any>} answers that are no 401, as far as one can tell */
const ANSWERS = {
  "undefined": () => undefined,
  "null": () => null,
  "a number": () => 401,
  "a string": () => "401",
  "a function": () => () => 401,
  "an empty object": () => ({}),
  "a status that throws": () => Object.defineProperty({}, "status", { get: ended }),
};
for (const [name, make] of Object.entries(ANSWERS)) {
  test(`${name} as answer: the caller's`, async () => {
    const page = createPage();
    const response = make();
    page.native = () => Promise.resolve(response);
    assert.deepEqual(await outcome(page.fetch("/x")), { value: response });
    assert.deepEqual(page.door.of("unauthorized"), []);
    nothingHeld(page);
  });

  test(`${name} as the retry's answer: the caller's, and told as no answer`, async () => {
    const page = createPage();
    const promise = page.fetch("/x");
    const response = make();
    page.native = () => Promise.resolve(response);
    await page.refuse(page.sent[0], SEND, 0);
    assert.deepEqual(await outcome(promise), { value: response });
    assert.equal(typeof page.detail("retried")[0].status, "number");
    nothingHeld(page);
  });

  test(`${name} instead of a promise: as await takes it`, async () => {
    const page = createPage();
    const response = make();
    page.native = () => response;
    assert.deepEqual(await outcome(page.fetch("/x")), { value: response });
    nothingHeld(page);
  });
}

for (const [name, url] of /** @type {const} */ ([["that is none", "no url"], ["that is empty", ""], ["that is no string", {}]])) {
  test(`a 401 that was redirected to a URL ${name}: its caller's, untouched`, async () => {
    const page = createPage();
    const promise = page.fetch("/x");
    const response = { status: 401, redirected: true, url };
    await page.sent[0].answer(/** @type {any} */ (response));
    assert.equal((await outcome(promise)).value, response);
    assert.deepEqual(page.door.of("failed"), [[0]]);
    nothingHeld(page);
  });
}

/** @type {Record<string, (answer: any) => any>} */
const THENABLES = {
  "a thenable": (answer) => ({ then: (/** @type {any} */ resolve) => void setImmediate(resolve, answer) }),
  "a thenable that answers at once": (answer) => ({ then: (/** @type {any} */ resolve) => void resolve(answer) }),
  "a thenable that answers twice": (answer) => ({ then: (/** @type {any} */ resolve) => void (resolve(answer), resolve(answer)) }),
  "a thenable that answers and throws": (answer) => ({
    then: (/** @type {any} */ resolve) => {
      resolve(answer);
      throw new Error("late");
    },
  }),
  "a thenable of a promise": (answer) => ({ then: (/** @type {any} */ resolve) => void resolve(Promise.resolve(answer)) }),
  "another realm's promise": (answer) => runInNewContext("Promise").resolve(answer),
};
for (const [name, make] of Object.entries(THENABLES)) {
  test(`${name} instead of a promise: healed, and its answer whole`, async () => {
    const page = createPage();
    const response = new Response("ok");
    page.native = () => make(page.sent.length === 1 ? new Response("", { status: 401 }) : response);
    page.door.then = (told, id) => told === "unauthorized" && page.door.queue(SEND, id);
    const promise = page.fetch("/x");
    assert.ok(promise instanceof Promise);
    await settled();
    await settled();
    assert.equal((await outcome(promise)).value, response);
    assert.equal(page.sent.length, 2);
    assert.equal(await response.text(), "ok", "what was handed out is not let go");
    nothingHeld(page);
  });
}

test("a thenable that rejects, or whose then throws: the very reason", async () => {
  const error = new Error("broken");
  /** @type {(() => any)[]} */
  const kinds = [
    () => ({ then: (/** @type {any} */ _, /** @type {any} */ reject) => void reject(error) }),
    () => ({ then: () => { throw error; } }),
    () => Object.defineProperty({}, "then", { get: () => { throw error; } }),
  ];
  for (const kind of kinds) {
    const page = createPage();
    page.native = kind;
    assert.equal((await outcome(page.fetch("/x"))).reason, error);
    assert.deepEqual(page.door.of("failed"), [[0]]);
    nothingHeld(page);
  }
});

/** @type {Record<string, () => any>} */
const EXCHANGES = {
  ...ANSWERS,
  "a 200 without json": () => ({ status: 200, ok: true }),
  "a 200 whose json throws": () => ({ status: 200, ok: true, json: ended }),
  "a 200 whose json is no promise": () => ({ status: 200, ok: true, json: () => null }),
  "a 401 without json": () => ({ status: 401 }),
  "a thenable": () => ({ then: (/** @type {any} */ resolve) => void resolve({ status: 200, ok: true }) }),
  "a type that throws": () => Object.defineProperty({ status: 200 }, "type", { get: ended }),
};
for (const [name, make] of Object.entries(EXCHANGES)) {
  for (const [mode, options] of /** @type {const} */ ([["session", SESSION], ["bearer", BEARER]])) {
    test(`${name} as answer of an exchange: Go hears of it (${mode})`, async (t) => {
      t.mock.timers.enable({ apis: ["setTimeout"] });
      const page = createPage(options);
      page.native = make;
      page.door.queue(EXCHANGE, 0, 7);
      page.gate.refresh();
      await settled();
      assert.equal(page.door.of("exchanged").length, 1);
      const [number, status, bits, expiresIn] = page.door.of("exchanged")[0];
      assert.deepEqual([number, typeof status, typeof bits, expiresIn], [7, "number", "number", 0]);
      t.mock.timers.tick(5);
      await settled();
    });
  }
}

test("a 401 of a wrapper beneath ours whose headers cannot be read: no challenge, and no redirect", async () => {
  const page = createPage();
  page.fetch("/x", { method: "POST" });
  const response = Object.defineProperty(unauthorized("Bearer"), "headers", { get: () => assert.fail("read") });
  await page.sent[0].answer(response);
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, "POST 401\n"]]);
});
