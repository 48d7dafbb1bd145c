// The ES module (CONTRACT §1): `import { install } from "fetch401"`.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN, SESSION, outcome, settled } from "./fake.js";
import { openWindow, wasm } from "./window.js";

class HTMLElement {
  /** @param {Record<string, string>} dataset */
  constructor(dataset) {
    Object.assign(this, { dataset, nonce: "n0" });
  }
}
Object.assign(globalThis, { HTMLElement });

const { install } = await import("../src/entry/module.js");
const URLS = { module: new URL("../src/entry/module.js", import.meta.url).href, wasm: new URL("../src/entry/fetch401.wasm", import.meta.url).href };

/** @param {any} given */
const installed = (given) => {
  const world = openWindow();
  return { ...world, api: install(given) };
};

test("options in camelCase: fetch is wrapped, the WASM is beside the module, and its program in it", async () => {
  const { api, window, native, sent } = installed(SESSION);
  assert.notEqual(window.fetch, native);
  assert.equal(window.fetch401, api);
  assert.equal(sent[0].args[0], URLS.wasm);
  sent[0].resolve(wasm());
  await api.ready;
  assert.equal(api.state().ready, true);
  assert.deepEqual(window.document.made, [], "no script is run for it");
});

test("where the WASM is, is the app's to say", () => {
  const { sent } = installed({ ...SESSION, wasmUrl: "/w/other.wasm" });
  assert.equal(sent[0].args[0], ORIGIN + "/w/other.wasm");
});

test("an element's attributes, and errors that name them as it does", () => {
  const { api } = installed(new HTMLElement({ refreshUrl: "/auth/refresh", protect: "/api /v2", refreshTimeout: "500" }));
  assert.equal(api.state().mode, "session");
  assert.throws(() => installed(new HTMLElement({ refreshUrl: "https://user@host/" })), /\ndata-refresh-url must be/);
  assert.throws(() => installed({ refreshUrl: "https://user@host/" }), /\nrefreshUrl must be/);
});

for (const [what, make] of /** @type {[string, () => void][]} */ ([
  ["no window", () => ["window", "location"].forEach((name) => Reflect.deleteProperty(globalThis, name))],
  ["a window without fetch", () => void (/** @type {any} */ (openWindow().window).fetch = undefined)],
])) {
  test(`§1 ${what}: nothing is done, nothing fails, and ready says why`, async () => {
    make();
    const api = install(SESSION);
    // An unhandled rejection would fail the test here.
    await settled();
    const { reason } = await outcome(api.ready);
    assert.equal(reason.code, "FETCH401_NO_PAGE");
    assert.match(reason.message, /^fetch401: no page with a fetch to wrap is here; fetch stays native/);
    assert.deepEqual([api.returnTo(), api.returnTo("/home")], ["/", "/home"]);
    assert.equal(api.state().mode, "off");
    assert.equal(await api.refresh(), "kept");
    assert.equal(api.restore(), undefined);
  });
}

/**
 * A page that has called a protected URL already, and then installs so many times.
 * @param {import("node:test").TestContext} t
 * @param {number} times
 * @param {Response} program
 */
const late = async (t, times, program) => {
  const world = openWindow();
  t.mock.method(performance, "getEntriesByType", () => [{ initiatorType: "fetch", startTime: 0, name: ORIGIN + "/api/x" }]);
  const apis = Array.from({ length: times }, () => install(SESSION));
  world.sent[0].resolve(program);
  await outcome(apis[0].ready);
  while ((await outcome(apis[0].ready)).pending) await settled();
  await settled();
  return world.printed.filter(({ text }) => text.includes("FETCH401_LATE")).length;
};

test("§1 FETCH401_LATE: once, by the first install()", async (t) => {
  assert.equal(await late(t, 1, wasm()), 1);
  assert.equal(await late(t, 2, wasm()), 1);
});

test("§1 FETCH401_LATE: where Go cannot be had, its error is the only line", async (t) => {
  assert.equal(await late(t, 1, new Response("", { status: 404 })), 0);
});
