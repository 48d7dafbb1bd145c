// Wrapping window.fetch: unseen by others, once, and undone without a trace.
import assert from "node:assert/strict";
import { test } from "node:test";

import { SESSION, outcome, settled, unauthorized } from "./fake.js";
import { openWindow, wasm } from "./window.js";

const { install: installAt } = await import("../src/gate/install.js");
const program = await import("../src/program/program.js");

const SCRIPT = "https://cdn.example.net/f/fetch401.js";

/** @param {Record<string, unknown>} options @param {string} script @param {any} [tag] */
const install = (options, script, tag) => installAt(options, script, tag, async () => program);

/** @param {Record<string, unknown>} [options] */
const installed = (options = SESSION) => {
  const world = openWindow();
  const api = install(options, SCRIPT);
  return { ...world, api };
};

test("window.fetch401 is there at once, and fetch is wrapped before Go is fetched beside the script", async () => {
  const { api, window, native, sent } = installed();
  assert.equal(window.fetch401, api);
  assert.equal(api.version, "1.2.3");
  assert.notEqual(window.fetch, native);
  assert.deepEqual(sent.map(({ args }) => args[0]), ["https://cdn.example.net/f/fetch401.wasm"]);
  assert.equal(api.state().ready, false);
  sent[0].resolve(wasm(new Uint8Array()));
  await outcome(api.ready);
});

test("the wrapper has native fetch's name, length, source text and descriptor, and is no constructor", () => {
  const { window, native } = installed();
  const { fetch } = window;
  assert.equal(fetch.name, native.name);
  assert.equal(fetch.length, native.length);
  assert.equal(fetch.toString(), Function.prototype.toString.call(native));
  assert.equal(String(fetch), String(native));
  assert.throws(() => new fetch("/x"), TypeError);
  const { value, ...flags } = Object.getOwnPropertyDescriptor(window, "fetch") ?? {};
  assert.equal(value, fetch);
  assert.deepEqual(flags, { writable: true, enumerable: true, configurable: true });
});

test("native fetch gets the caller's own this and arguments", () => {
  const { window, sent } = installed();
  const self = {};
  const init = {};
  window.fetch.call(self, "https://other.example.com/", init);
  window.fetch.call(self, "/x", init);
  window.fetch();
  for (const call of sent.slice(1, 3)) {
    assert.equal(call.self, self);
    assert.equal(call.args[1], init);
  }
  assert.equal(sent[3].args.length, 0);
});

test("restore puts the very native fetch back, and a reference kept by others is native too", () => {
  const { api, window, native, sent } = installed();
  const kept = window.fetch;
  api.restore();
  assert.deepEqual(Object.getOwnPropertyDescriptor(window, "fetch"), { value: native, writable: true, enumerable: true, configurable: true });
  const before = api.state().counters.calls;
  kept("/x");
  assert.equal(api.state().counters.calls, before);
  assert.equal(sent.at(-1)?.args[0], "/x");
});

test("a fetch that is an accessor, or not writable, is wrapped and put back all the same", () => {
  const kinds = /** @type {((native: typeof fetch) => PropertyDescriptor)[]} */ ([(native) => ({ get: () => native }), (native) => ({ value: native, writable: false })]);
  for (const kind of kinds) {
    const { window, native } = openWindow();
    Object.defineProperty(window, "fetch", { ...kind(native), configurable: true });
    const api = install(SESSION, SCRIPT);
    assert.notEqual(window.fetch, native);
    api.restore();
    assert.equal(window.fetch, native);
  }
});

test("restore leaves a wrapper alone that another script has put around ours", () => {
  const { api, window, sent } = installed();
  const inner = window.fetch;
  const outer = (/** @type {any[]} */ ...args) => inner(...args);
  window.fetch = outer;
  api.restore();
  assert.equal(window.fetch, outer);
  outer("/x");
  assert.equal(sent.at(-1)?.args[0], "/x");
  assert.equal(api.state().counters.calls, 0);
});

test("calls under way are settled after restore as ever", async () => {
  const { api, window, sent } = installed();
  const promise = window.fetch("/x");
  api.restore();
  const response = new Response("ok");
  sent[1].resolve(response);
  assert.equal((await outcome(promise)).value, response);
});

test("a second copy does nothing but warn, and one after restore installs anew", () => {
  const { api, window, printed } = installed();
  const first = window.fetch;
  assert.equal(install(SESSION, SCRIPT), api);
  assert.equal(window.fetch, first);
  assert.deepEqual(printed.map(({ level, text }) => [level, /already installed/.test(text)]), [["warn", true]]);
  api.restore();
  assert.notEqual(install(SESSION, SCRIPT), api);
});

test("a second copy behind another script's wrapper does nothing but warn, too", () => {
  const { api, window, printed } = installed();
  const inner = window.fetch;
  const outer = (window.fetch = (/** @type {any[]} */ ...args) => inner(...args));
  assert.equal(install(SESSION, SCRIPT), api);
  assert.equal(window.fetch, outer);
  assert.equal(printed.length, 1);
});

test("a wrong configuration: fetch stays native, ready rejects, one error is thrown, and the rest does nothing", async () => {
  const { window, native, sent, printed } = openWindow();
  /** @type {any} */
  let thrown;
  try {
    install({ refreshUrl: "http://plain.example.com/", refreshurl: "/x" }, SCRIPT, {});
  } catch (error) {
    thrown = error;
  }
  assert.equal(thrown.code, "FETCH401_CONFIG");
  assert.match(thrown.message, /data-refresh-url/);
  assert.equal(window.fetch, native);
  assert.equal(sent.length, 0);
  const { fetch401 } = window;
  // An unhandled rejection would fail the test here.
  await settled();
  assert.deepEqual(printed, [{ level: "warn", text: "fetch401: unknown data-refreshurl: did you mean data-refresh-url?" }]);
  await assert.rejects(fetch401.ready, (error) => error === thrown);
  assert.equal(await fetch401.refresh(), "kept");
  assert.equal(fetch401.state().mode, "off");
  fetch401.setTokens({ access_token: "a" });
  fetch401.restore();
  assert.equal(window.fetch, native);
});

test("no options at all are a wrong configuration", () => {
  for (const none of /** @type {any[]} */ ([undefined, null])) {
    openWindow();
    assert.throws(() => install(none, SCRIPT), { code: "FETCH401_CONFIG" });
  }
});

test("Go that cannot be had: ready rejects with a coded error, which is printed once; 401s are delivered", async () => {
  const { api, window, sent, printed } = installed();
  const promise = window.fetch("/x");
  sent[0].resolve(new Response("", { status: 404 }));
  await assert.rejects(api.ready, { code: "FETCH401_WASM_UNAVAILABLE" });
  await settled();
  assert.deepEqual(printed.map(({ level, text }) => [level, /FETCH401_WASM_UNAVAILABLE/.test(text)]), [["error", true]]);
  const response = unauthorized();
  sent[1].resolve(response);
  assert.equal((await outcome(promise)).value, response);
});

test("a protected call that sends no cookies is warned of once, and by its URL", async () => {
  const { window, printed } = installed();
  for (const path of ["/x?secret", "/y"]) window.fetch(path, { credentials: "omit" });
  await settled();
  assert.deepEqual(printed.map(({ level, text }) => [level, /^fetch401: https:\/\/app\.example\.com\/x is protected, but .*\(FETCH401_NO_COOKIES\)$/.test(text)]), [["warn", true]]);
});

test("events are CustomEvents of window.fetch401, login's can be prevented", async () => {
  const { api, sent, left } = installed();
  sent[0].resolve(new Response("", { status: 404 }));
  await outcome(api.ready);
  /** @type {any[]} */
  const events = [];
  api.addEventListener("login", (event) => (events.push(event), event.preventDefault()), { once: true });
  api.login("why");
  await settled();
  assert.ok(events[0] instanceof CustomEvent);
  assert.deepEqual(events[0].detail, { reason: "why", url: "", method: "", status: 0 });
  assert.deepEqual(left, []);
  assert.equal(api.state().counters.logins, 1);
});

/**
 * A page on which Go cannot be had, and where its app asks for login.
 * @param {Record<string, unknown>} options
 * @param {string} reason
 * @param {{ address?: string, prepare?: (window: any) => void, fetchProgram?: () => Promise<typeof program> }} [more]
 */
const asked = async (options, reason, { address, prepare = () => {}, fetchProgram = async () => program } = {}) => {
  const world = openWindow(address);
  prepare(world.window);
  const api = installAt(options, SCRIPT, undefined, fetchProgram);
  world.sent[0].resolve(new Response("", { status: 404 }));
  await assert.rejects(api.ready);
  let events = 0;
  api.addEventListener("login", () => void events++);
  api.login(reason);
  await settled();
  return { left: world.left, events };
};

test("login() without Go: with the reason, and the path as the way back", async () => {
  assert.deepEqual((await asked(SESSION, "why")).left, ["https://app.example.com/login?return_to=%2Fshop%2Fcart&reason=why"]);
  const elsewhere = { ...SESSION, loginUrl: "https://id.example.com/in?a=1#b", returnParam: "next", reasonParam: "cause" };
  assert.deepEqual((await asked(elsewhere, "")).left, ["https://id.example.com/in?a=1&next=https%3A%2F%2Fapp.example.com%2Fshop%2Fcart&cause=no_credentials#b"]);
});

test("login() without Go: the event alone in a frame or without a login URL, nothing on the login page", async () => {
  assert.deepEqual(await asked(SESSION, "why", { prepare: (window) => (window.top = {}) }), { left: [], events: 1 });
  assert.deepEqual(await asked({ refreshUrl: "/auth/refresh" }, "why"), { left: [], events: 1 });
  const address = "https://app.example.com/login?return_to=%2F";
  assert.deepEqual(await asked(SESSION, "why", { address }), { left: [], events: 0 });
  assert.equal((await asked({ ...SESSION, loginUrl: "/login#/in" }, "why", { address })).left.length, 1, "another fragment is another page");
});

test("login() without Go and what meets it: to the login URL as it is", async () => {
  const { left } = await asked(SESSION, "why", { fetchProgram: () => Promise.reject(new Error("none")) });
  assert.deepEqual(left, ["https://app.example.com/login"]);
});

test("a console that throws keeps nothing from going on", async () => {
  const { api, window, sent } = installed({ ...SESSION, refreshurl: "/x" });
  for (const level of ["error", "warn"]) console[/** @type {"warn"} */ (level)] = () => assert.fail("broken");
  window.fetch("/x", { credentials: "omit" });
  const promise = window.fetch("/x");
  sent[0].resolve(new Response("", { status: 404 }));
  await assert.rejects(api.ready, { code: "FETCH401_WASM_UNAVAILABLE" });
  sent[2].resolve(unauthorized());
  assert.equal((await outcome(promise)).value.status, 401);
});

test("returnTo reads the page's own query by the configured parameter", () => {
  const world = openWindow("https://app.example.com/login?next=/orders%3Fa&return_to=/other");
  const api = install({ ...SESSION, returnParam: "next" }, SCRIPT);
  assert.equal(api.returnTo(), "/orders?a");
  assert.equal(world.window.fetch401.returnTo("/home"), "/orders?a");
});

test("storage that cannot be read is no error", () => {
  const { window } = openWindow();
  Object.defineProperty(globalThis, "sessionStorage", {
    get: () => {
      throw new Error("blocked");
    },
    configurable: true,
  });
  assert.equal(install(SESSION, SCRIPT), window.fetch401);
});

/**
 * A page whose program is this.
 * @param {Record<string, unknown>} options
 * @param {object} parts
 * @param {(window: any) => void} [prepare]
 */
const withProgram = (options, parts, prepare = () => {}) => {
  const world = openWindow();
  prepare(world.window);
  let asked = 0;
  const fetchProgram = async () => (asked++, /** @type {any} */ ({ start: async () => {}, ...parts }));
  return { ...world, install: () => installAt(options, SCRIPT, undefined, fetchProgram), asked: () => asked };
};

test("another thing of the name fetch401 is no fetch401", () => {
  for (const other of [{}, { tagName: "FORM" }, null, 7]) {
    const { window, native, install, printed } = withProgram(SESSION, {}, (window) => (window.fetch401 = other));
    assert.equal(window.fetch401, other);
    install();
    assert.notEqual(window.fetch, native);
    assert.deepEqual(printed, []);
  }
});

test("CONTRACT §2: of a wrong configuration nothing is fetched, unless a name is unknown", async () => {
  for (const [options, times] of /** @type {[Record<string, unknown>, number][]} */ ([[{ refreshUrl: "https://user@host/" }, 0], [{ refreshUrl: "https://user@host/", skope: "x" }, 1]])) {
    /** @type {any[][]} */
    const told = [];
    const { install, asked, sent } = withProgram(options, { misspelt: (/** @type {any[]} */ ...args) => void told.push(args) });
    assert.throws(install, { code: "FETCH401_CONFIG" });
    await settled();
    assert.deepEqual([asked(), sent.length], [times, 0]);
    assert.deepEqual(told.map(([unknown, known]) => [unknown, known.includes("refreshUrl")]), times ? [[["skope"], true]] : []);
  }
});

test("CONTRACT §2 data-debug: each fact goes to the program with its time; without it, none", async () => {
  for (const debug of [true, undefined]) {
    /** @type {any[][]} */
    const facts = [];
    const { window, install } = withProgram({ ...SESSION, ...(debug && { debug }) }, { trace: (/** @type {any[]} */ ...fact) => void facts.push(fact) });
    install();
    const before = performance.now();
    window.fetch("/x");
    await settled();
    assert.deepEqual(facts.map(([part, at, what, call]) => [typeof part, at >= before && at <= performance.now(), what, call.method]), debug ? [["function", true, "started", "GET"], ["function", true, "sent", "GET"]] : []);
  }
});

test("CONTRACT §2 data-revocation-url: clearTokens() has the program send the refresh token there; without the URL it does not", async () => {
  const bearer = { tokenUrl: "https://id.example.com/token", clientId: "app", protect: ["/api"] };
  for (const url of ["https://id.example.com/revoke", undefined]) {
    /** @type {any[][]} */
    const told = [];
    const { install, native } = withProgram({ ...bearer, ...(url && { revocationUrl: url }) }, { revoke: (/** @type {any[]} */ ...args) => void told.push(args) });
    const api = install();
    api.setTokens({ access_token: "a", refresh_token: "r" });
    api.clearTokens();
    await settled();
    assert.deepEqual(told.map(([config, fetch, token]) => [config.revocationUrl, fetch === native, token]), url ? [[url, true, "r"]] : []);
  }
});

test("CONTRACT §3: login can be prevented, no other event can", async () => {
  const { window, api, sent } = installed();
  /** @type {Record<string, boolean>} */
  const cancelable = {};
  for (const type of ["unauthorized", "login"]) api.addEventListener(type, (event) => void (cancelable[type] = event.cancelable));
  const promise = window.fetch("/x");
  sent[0].resolve(new Response("", { status: 404 }));
  await outcome(api.ready);
  sent[1].resolve(unauthorized());
  await promise;
  api.login("why");
  await settled();
  assert.deepEqual(cancelable, { unauthorized: false, login: true });
});

test("CONTRACT §2 data-xhr: what another script has put in the place of XMLHttpRequest is warned of, unless it is left alone", async () => {
  for (const xhr of [undefined, "on", "off"]) {
    let warned = 0;
    const { install } = withProgram({ ...SESSION, ...(xhr && { xhr }) }, { foreignXhr: () => void warned++ }, (window) => (window.XMLHttpRequest = class {}));
    install();
    await settled();
    assert.equal(warned, xhr === "off" ? 0 : 1, xhr);
  }
});

test("login() without Go and what meets it: nowhere without a login URL, and not on the login page", async () => {
  const none = { fetchProgram: () => Promise.reject(new Error("none")) };
  assert.deepEqual((await asked({ refreshUrl: "/auth/refresh" }, "why", none)).left, []);
  assert.deepEqual((await asked(SESSION, "why", { ...none, address: "https://app.example.com/login?return_to=%2F" })).left, []);
});

test("copies of this script, of whatever build, know each other by one mark", () => {
  const { api, window, native } = installed();
  const mark = /** @type {any} */ (api)[Symbol.for("fetch401")];
  assert.equal(mark(), true);
  api.restore();
  assert.equal(mark(), false);
  const other = { [Symbol.for("fetch401")]: () => true };
  window.fetch401 = other;
  assert.equal(install(SESSION, SCRIPT), other);
  assert.equal(window.fetch, native);
});
