// What an attacker can place in a page without running code there, or by a library that lets Object.prototype be written to:
// named elements, a foreign base, objects that look like others. None of it moves a token, an endpoint or the program.
import assert from "node:assert/strict";
import { test } from "node:test";

import { check, fromDataset } from "../src/gate/config.js";
import { exchange } from "../src/program/exchange.js";
import { NEW_SESSION } from "../src/protocol.js";
import { ADOPT, BEARER, ORIGIN, SEND, SESSION, createPage, outcome } from "./fake.js";
import { openWindow } from "./window.js";

const PAGE = { base: ORIGIN + "/shop/", origin: ORIGIN, script: ORIGIN + "/f/x.js" };

/**
 * Runs while Object.prototype has these members.
 * @template T
 * @param {Record<string, unknown>} members
 * @param {() => T} run
 */
const polluted = async (members, run) => {
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(Object.prototype, name, Object.assign(Object.create(null), { value, configurable: true, writable: true, enumerable: false }));
  }
  try {
    return await run();
  } finally {
    for (const name of Object.keys(members)) delete (/** @type {any} */ (Object.prototype)[name]);
  }
};

const OPTIONS = { refreshUrl: "https://evil.example.com/r", tokenUrl: "https://evil.example.com/t", refresh: "app", attach: "bearer", scope: "all", protect: ["https://evil.example.com/"], loginUrl: "https://evil.example.com/l", unauthorized: "reject", debug: true };

test("Object.prototype gives no option", async () => {
  const plain = { ...check(fromDataset({ refreshUrl: "/r" }), PAGE) };
  const config = await polluted(OPTIONS, () => check(fromDataset({ refreshUrl: "/r" }), PAGE));
  assert.deepEqual({ ...config }, plain);
  await polluted(OPTIONS, () => {
    for (const name of ["attach", "tokenUrl", "loginUrl", "unauthorized", "debug"]) assert.equal(/** @type {any} */ (config)[name], undefined, name);
  });
});

test("Object.prototype adds nothing to what we send", async () => {
  const members = { method: "DELETE", body: "evil", redirect: "error", mode: "no-cors", credentials: "include", integrity: "sha256-x", signal: AbortSignal.abort() };
  const page = createPage(BEARER);
  page.signIn();
  await polluted(members, async () => {
    page.fetch("/api/x");
    const init = page.sent[0].args[1];
    for (const name of Object.keys(members)) assert.equal(init[name], undefined, name);
    await page.refuse(page.sent[0], SEND, 0, 2);
    const again = page.sent[1].args[1];
    for (const name of Object.keys(members)) assert.equal(again[name], undefined, name);
  });
  const config = check({ ...BEARER }, PAGE);
  /** @type {any} */
  let sent;
  await polluted(members, () => exchange(config, /** @type {any} */ (async (/** @type {any[]} */ ...args) => ((sent = args), Response.json({}))), () => "", "r", undefined, false, new AbortController().signal));
  for (const name of ["mode", "integrity"]) assert.equal(sent[1][name], undefined, name);
});

test("Object.prototype.next leaves no call with plain headers unprotected", async () => {
  const page = createPage(SESSION);
  await polluted({ next: () => ({ done: true }) }, () => void page.fetch("/x", { headers: { a: "1" } }));
  assert.equal(page.door.of("started").length, 1);
  assert.equal(page.sent[0].header("a"), "1");
});

test("Object.prototype makes no call sent, closed or answered", async () => {
  const page = createPage(SESSION);
  await polluted({ sent: true, closed: true, response: new Response("evil"), replaced: new Response("evil") }, async () => {
    const promise = page.fetch("/x");
    const response = new Response("ok");
    await page.sent[0].answer(response);
    assert.equal((await outcome(promise)).value, response);
    assert.deepEqual(page.detail("retried"), []);
  });
});

test("Object.prototype is no token of the server's answer", async () => {
  const config = check({ ...SESSION, attach: "bearer" }, PAGE);
  const answer = await polluted({ access_token: "evil", expires_in: 1e9 }, () =>
    exchange(config, /** @type {any} */ (async () => Response.json({})), () => "", undefined, undefined, false, new AbortController().signal));
  assert.equal(answer.tokens.access_token, undefined);
  assert.equal(answer.expiresIn, 0);
});

test("Object.prototype is no token of the page's first session, nor of one begun in another page", async () => {
  for (const [kind, number] of [[ADOPT, 2], [NEW_SESSION, 7]]) {
    const page = createPage(BEARER);
    await polluted({ access_token: "evil", refresh_token: "evil" }, () => {
      page.door.queue(kind, 0, number);
      page.shown(false);
    });
    const { present, refreshToken } = page.gate.credentials;
    assert.deepEqual([present, refreshToken], [undefined, undefined]);
  }
});

test("a property descriptor of ours takes nothing from Object.prototype", async () => {
  const { window, native } = openWindow();
  const { install } = await import("../src/gate/install.js");
  const traps = { has: () => false, set: () => false, deleteProperty: () => false };
  await polluted({ ...traps, get: () => () => "evil", set: () => {} }, () => install({ ...SESSION }, ORIGIN + "/f/x.js", undefined, () => new Promise(() => {})));
  assert.notEqual(window.fetch, native);
  await polluted(traps, () => {
    /** @type {any} */ (window.fetch).mark = 1;
    assert.ok("mark" in window.fetch);
    delete (/** @type {any} */ (window.fetch).mark);
  });
  /** @type {any} */ (window.fetch401).restore();
  assert.equal(window.fetch, native);
});

test("a base of another origin moves neither the refresh nor the login", async () => {
  const { install } = await import("../src/gate/install.js");
  for (const [base, expected] of [["https://evil.example.com/x/", ORIGIN + "/shop/r"], [ORIGIN + "/deep/er/", ORIGIN + "/deep/er/r"]]) {
    const { window, sent } = openWindow(ORIGIN + "/shop/cart");
    /** @type {any} */ (window.document).baseURI = base;
    /** @type {any} */
    let config;
    install({ refreshUrl: "r", loginUrl: "/login" }, ORIGIN + "/f/x.js", undefined, async () => /** @type {any} */ ({ start: (/** @type {any} */ _, /** @type {any} */ given) => void (config = given)}));
    sent[0].resolve(new Response(""));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(config.refreshUrl, expected);
    assert.equal(config.loginUrl, ORIGIN + "/login");
    /** @type {any} */ (window.fetch401).restore();
  }
});

test("without a script tag of its own the configuration is wrong, and says so", () => {
  assert.throws(() => check(fromDataset(undefined), PAGE), (/** @type {any} */ error) => error.code === "FETCH401_CONFIG" && /configuration\nthe script needs a classic script tag[^\n]*$/.test(error.message));
});

test("a signal that only looks like one is native fetch's to refuse", () => {
  const page = createPage(SESSION);
  const signal = { [Symbol.toStringTag]: "AbortSignal", aborted: false, addEventListener() {} };
  const init = { signal };
  page.fetch("/x", init);
  assert.deepEqual(page.door.of("started"), []);
  assert.equal(page.sent[0].args[1], init);
});
