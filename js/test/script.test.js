// The classic script (CONTRACT §1, §2): its tag's attributes are its options, and its files lie beside it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN, settled } from "./fake.js";
import { openWindow } from "./window.js";

const ELSEWHERE = "https://cdn.example.net";

class HTMLScriptElement {
  /** @param {Record<string, string>} dataset @param {string | null} src */
  constructor(dataset, src) {
    Object.assign(this, { dataset, nonce: "n0", crossOrigin: "use-credentials", getAttribute: (/** @type {string} */ name) => (name === "src" ? src : null) });
  }
}
Object.assign(globalThis, { HTMLScriptElement });

let runs = 0;
/**
 * Runs the script as a page does whose tag this is.
 * @param {object | null} currentScript
 */
const run = async (currentScript) => {
  const world = openWindow(ORIGIN + "/shop/cart");
  world.window.document.own.currentScript = currentScript;
  await import("../src/entry/script.js?" + runs++);
  await settled();
  return { ...world, made: world.window.document.made };
};

test("§1 its program and its WASM lie beside it, wherever that is, and are asked for as the tag is", async () => {
  for (const [src, folder] of [["/f/fetch401.js?v=1", ORIGIN + "/f/"], ["fetch401.js", ORIGIN + "/shop/"], [ELSEWHERE + "/f/fetch401.js", ELSEWHERE + "/f/"]]) {
    const { sent, made, window, native } = await run(new HTMLScriptElement({ refreshUrl: "/auth/refresh" }, src));
    assert.equal(sent[0].args[0], folder + "fetch401.wasm");
    assert.deepEqual(made.map((/** @type {any} */ { src, integrity, nonce, crossOrigin }) => [src, integrity, nonce, crossOrigin]), [[folder + "fetch401.program.js", "sha256-program", "n0", "use-credentials"]]);
    assert.notEqual(window.fetch, native);
    assert.equal(window.fetch401.state().mode, "session");
  }
});

test("§2 an inline script has its files beside data-wasm-url, which it needs", async () => {
  const { sent, made } = await run(new HTMLScriptElement({ refreshUrl: "/auth/refresh", wasmUrl: "/w/fetch401.wasm" }, null));
  assert.equal(sent[0].args[0], ORIGIN + "/w/fetch401.wasm");
  assert.equal(made[0].src, ORIGIN + "/w/fetch401.program.js");
  await assert.rejects(run(new HTMLScriptElement({ refreshUrl: "/auth/refresh" }, null)), /data-wasm-url is needed by an inline script/);
});

test("§2 a wrong attribute is named as the tag spells it", async () => {
  await assert.rejects(run(new HTMLScriptElement({ refreshUrl: "/auth/refresh", refreshTimeout: "soon" }, "/f.js")), /\ndata-refresh-timeout must be/);
});

test("§2 without a script element of its own the configuration is wrong, and says so", async () => {
  for (const none of [null, { dataset: { refreshUrl: "/auth/refresh" }, getAttribute: () => "/f.js" }]) {
    await assert.rejects(run(none), { code: "FETCH401_CONFIG", message: /the script needs a classic script tag of its own/ });
  }
});

test("§1 what the other scripts of the build provide is on their elements", async () => {
  const { window } = openWindow();
  /** @type {any} */
  const element = (window.document.own.currentScript = {});
  // @ts-ignore its types are those of the file
  await import("../src/entry/trace.js?provides");
  assert.deepEqual(Object.keys(element.fetch401), ["createTrace"]);
  // @ts-ignore
  await import("../src/entry/program.js?provides");
  assert.equal(typeof element.fetch401.start, "function");
});
