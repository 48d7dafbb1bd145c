// `import "fetch401/auto"` (CONTRACT §1): the attributes of <meta name="fetch401"> in head.
import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";

import { ORIGIN, settled } from "./fake.js";
import { openWindow } from "./window.js";

// In js/dist the module lies beside it.
const MODULE = JSON.stringify(new URL("../src/entry/module.js", import.meta.url).href);
register(
  "data:text/javascript," +
    encodeURIComponent(`export const resolve = (name, context, next) => (name === "./fetch401.mjs" ? { url: ${MODULE}, shortCircuit: true } : next(name, context));`),
);

class HTMLElement {
  /** @param {Record<string, string>} dataset */
  constructor(dataset) {
    Object.assign(this, { dataset });
  }
}
Object.assign(globalThis, { HTMLElement });

let runs = 0;
/**
 * Runs it in a page with this element, and gives the error that the page is told, if any.
 * @param {HTMLElement | null} meta
 * @param {(window: any) => void} [prepare]
 */
const run = async (meta, prepare = () => {}) => {
  const world = openWindow();
  /** @type {any} */
  const prototype = Object.getPrototypeOf(world.window.document);
  /** @type {string[]} */
  const asked = [];
  prototype.querySelector = (/** @type {string} */ selector) => (asked.push(selector), meta);
  /** @type {string[]} */
  const made = [];
  prototype.createElement = (/** @type {string} */ name) => (made.push(name), new HTMLElement({}));
  prepare(world.window);
  /** @type {any[]} */
  const thrown = [];
  const { queueMicrotask } = globalThis;
  globalThis.queueMicrotask = (what) =>
    queueMicrotask(() => {
      try {
        what();
      } catch (error) {
        thrown.push(error);
      }
    });
  try {
    await import("../src/entry/auto.js?" + runs++);
    await settled();
  } finally {
    globalThis.queueMicrotask = queueMicrotask;
  }
  return { ...world, asked, made, thrown };
};

test("installs by the element in head, asked for past named elements", async () => {
  const { window, sent, asked, made, thrown } = await run(new HTMLElement({ refreshUrl: "/auth/refresh" }), ({ document }) => Object.defineProperty(document, "querySelector", { value: {} }));
  assert.deepEqual(asked, ['head>meta[name="fetch401"]']);
  assert.deepEqual([made, thrown], [[], []]);
  assert.equal(window.fetch401.state().mode, "session");
  assert.match(sent[0].args[0], /\/fetch401\.wasm$/);
});

test("a wrong configuration is an error event that names the attributes, and the app runs on", async () => {
  const { window, native, thrown } = await run(new HTMLElement({ refreshUrl: "/auth/refresh", early: "soon" }));
  assert.equal(thrown.length, 1);
  assert.equal(thrown[0].code, "FETCH401_CONFIG");
  assert.match(thrown[0].message, /\ndata-early must be seconds, 0 to 999999$/);
  assert.equal(window.fetch, native);
});

test("without the element, the error says that too", async () => {
  const { made, thrown } = await run(null);
  assert.deepEqual(made, ["meta"]);
  assert.equal(thrown[0].code, "FETCH401_CONFIG");
  assert.match(thrown[0].message, /data-refresh-url.*\nimport "fetch401\/auto" reads the attributes of <meta name="fetch401"> in head, and there is none$/);
});

test("where there is no page, nothing is done and nothing is thrown", async () => {
  for (const make of [() => void Reflect.deleteProperty(globalThis, "window"), () => Object.assign(openWindow().window, { document: undefined })]) {
    const { asked, thrown } = await run(null, make);
    assert.deepEqual([asked, thrown], [[], []]);
  }
  assert.equal(ORIGIN, location.origin);
});
