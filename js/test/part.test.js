// The other scripts of the build: run by elements, with a digest, and no other way.
import assert from "node:assert/strict";
import { test } from "node:test";

import { outcome, settled } from "./fake.js";
import { openWindow } from "./window.js";

const { provide, run } = await import("../src/gate/part.js");

const URL = "https://cdn.example.net/f/fetch401.program.js";
const DIGEST = "sha256-abc";

/** @param {any} [tag] */
const running = (tag, prepare = (/** @type {any} */ _window) => {}) => {
  const { window } = openWindow();
  prepare(window);
  const part = run(URL, DIGEST, tag);
  part.catch(() => {});
  const { made } = window.document;
  assert.equal(made.length, 1);
  return { window, part, script: made[0] };
};

test("an element with the digest, and with nonce and crossorigin of the tag; the document is as it was", () => {
  const { script } = running({ nonce: "n0", crossOrigin: "use-credentials" });
  const { name, src, integrity, nonce, crossOrigin, appended, removed } = script;
  assert.deepEqual([name, src, integrity, nonce, crossOrigin], ["script", URL, DIGEST, "n0", "use-credentials"]);
  assert.equal(appended, true);
  assert.equal(removed, 1);
});

test("without a tag, or where that says nothing: no nonce, and CORS, without which a digest of another origin's file is of no use", () => {
  for (const tag of [undefined, {}, { crossOrigin: null, nonce: "" }]) {
    const { script } = running(tag);
    assert.deepEqual([script.nonce, script.crossOrigin], ["", "anonymous"]);
  }
});

test("fulfilled once it has run, with what it provides", async () => {
  const { window, script, part } = running();
  await settled();
  assert.equal((await outcome(part)).pending, true);
  const exports = { start() {} };
  window.document.own.currentScript = script;
  provide(exports);
  script.onload();
  assert.equal(await part, exports);
});

test("one that is missing, or does not match: an error that has its URL", async () => {
  const { script, part } = running();
  script.onerror();
  await assert.rejects(part, { url: URL, message: /missing, blocked, of another build/ });
});

test("named elements make no scripts and take none in", () => {
  const { script } = running(undefined, ({ document }) => void Object.defineProperties(document, { createElement: { value: {} }, head: { value: {} } }));
  assert.equal(script.appended, true);
});

test("under Trusted Types the URL comes of the policy fetch401, which is made once", async () => {
  /** @type {string[]} */
  const made = [];
  const types = { createPolicy: (/** @type {string} */ name, /** @type {any} */ rules) => (made.push(name), { createScriptURL: (/** @type {string} */ url) => ({ trusted: rules.createScriptURL(url) }) }) };
  const allow = (/** @type {any} */ window) => Object.assign(window, { trustedTypes: types });
  // Another copy of the module, since this one may have its policy by now.
  // @ts-ignore its types are those of the file
  const fresh = await import("../src/gate/part.js?once");
  for (let i = 0; i < 2; i++) {
    const { window } = openWindow();
    allow(window);
    fresh.run(URL, DIGEST);
    assert.deepEqual(window.document.made[0].src, { trusted: URL });
  }
  assert.deepEqual(made, ["fetch401"]);
});

test("where that policy is not allowed, or there are none: the URL as it is", async () => {
  const refusing = { createPolicy: () => { throw new TypeError("policy disallowed"); } };
  for (const trustedTypes of [refusing, undefined]) {
    const { script } = running(undefined, (window) => Object.assign(window, { trustedTypes }));
    assert.equal(script.src, URL);
  }
});
