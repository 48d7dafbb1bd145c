// What Go is told of the page, at its start and later, and what reaches it of other pages: with exports of the test's own.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as protocol from "../src/protocol.js";
import { check } from "../src/gate/config.js";
import { createGate } from "../src/gate/gate.js";
import { APP, ATTACH, BEARER, ORIGIN, SESSION, settled } from "./fake.js";
import { openWindow, wasm } from "./window.js";

const { start } = await import("../src/program/program.js");

/** Where text goes in, and where effects come out. */
const [ROOM, EFFECTS] = [64, 4096];

/** @type {any[]} */
let channels = [];
class BroadcastChannel {
  closed = false;
  /** @type {any} */
  onmessage;
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    channels.push(this);
  }
  close() {
    this.closed = true;
  }
}

/**
 * A page whose program has started.
 * @param {import("node:test").TestContext} t
 * @param {Record<string, unknown>} options
 * @param {{ locks?: any, channel?: boolean, prepare?: (window: any) => void }} [more]
 */
const open = async (t, options, { locks, channel = true, prepare = () => {} } = {}) => {
  const world = openWindow();
  channels = [];
  Object.assign(world.window, { BroadcastChannel: channel ? BroadcastChannel : undefined });
  Object.assign(globalThis, { BroadcastChannel, localStorage: { getItem: () => null, setItem: () => {} } });
  Object.assign(navigator, { locks });
  prepare(world.window);
  /** @type {any[][]} */
  const told = [];
  const memory = new WebAssembly.Memory({ initial: 1 });
  /** @type {number[]} kinds of effects of the next take */
  let effects = [];
  const exports = new Proxy(/** @type {any} */ ({
    mem: memory,
    room: () => ROOM,
    take: () => {
      effects.forEach((kind, i) => new Int32Array(memory.buffer, EFFECTS, 50).set([kind, 0, 0, 0, 0], i * protocol.EFFECT_NUMBERS));
      return effects.splice(0).length;
    },
    effects: () => EFFECTS,
  }), { get: (own, name) => own[name] ?? (name === "then" ? undefined : (/** @type {any[]} */ ...args) => (told.push([name, ...args]), 0)) });
  t.mock.method(WebAssembly, "instantiate", async () => ({ instance: { exports } }));
  const config = check(options, { base: ORIGIN + "/shop/cart", origin: ORIGIN, script: ORIGIN + "/f/" });
  const host = /** @type {any} */ ({ fetch: () => new Promise(() => {}), origin: ORIGIN, base: () => ORIGIN + "/", login: () => {}, guard: { looping: () => false }, emit: () => true, advise: () => {} });
  const gate = createGate(config, host);
  await start(wasm(), config, host, gate);
  const of = (/** @type {string} */ name) => told.filter(([first]) => first === name).map(([, ...args]) => args);
  const [[kind, bits, timeout, early, seed, length]] = of("configure");
  return {
    ...world,
    told,
    of,
    facts: { kind, bits, timeout, early, text: new TextDecoder("latin1").decode(new Uint8Array(memory.buffer, ROOM, length)) },
    seed,
    /** What was told since the last time it was asked. */
    tells: () => of("tell").map(([what, bits]) => (what === protocol.SHOWN && bits ? [what, bits] : what)).splice(0, (told.length = 0) || 99),
    decide: (/** @type {number[]} */ ...kinds) => {
      effects = kinds;
      gate.withGo((go) => go.tell(protocol.TICK));
    },
  };
};

const LOCKS = { request: async (/** @type {string} */ _name, /** @type {any} */ _options, /** @type {any} */ use) => use({}), query: async () => ({ held: [] }) };
const { ALONE, CROSS_ORIGIN, FRAMED, SHARE, NO_EXCHANGE } = protocol;

/** @type {Record<string, [options: Record<string, unknown>, kind: number, bits: number, early: number, login: string[]]>} */
const CONFIGURATIONS = {
  "cookies": [SESSION, protocol.KIND_COOKIE, 0, -1000, [ORIGIN, "/login", ""]],
  "attach, and shared": [{ ...ATTACH, share: "tabs" }, protocol.KIND_ATTACH, SHARE, -1000, [ORIGIN, "/login", ""]],
  "a token endpoint elsewhere": [{ ...BEARER, early: 30, loginUrl: "https://id.example.com/in?x#/now" }, protocol.KIND_TOKEN, CROSS_ORIGIN, 30_000, ["https://id.example.com", "/in", "#/now"]],
  "the app": [{ ...APP, early: 0 }, protocol.KIND_APP, 0, 0, ["", "", ""]],
  "login alone": [{ loginUrl: "/login" }, protocol.KIND_COOKIE, NO_EXCHANGE | ALONE, -1000, [ORIGIN, "/login", ""]],
};
for (const [name, [options, kind, bits, early, login]] of Object.entries(CONFIGURATIONS)) {
  test("the configuration: " + name, async (t) => {
    const { facts } = await open(t, { ...options, refreshTimeout: 7000 }, { locks: LOCKS });
    const prefix = options === BEARER || "tokenUrl" in options ? ORIGIN + "/api" : ORIGIN + "/";
    const lines = [...Array(protocol.LINES).fill(""), prefix];
    [lines[protocol.LINE_LOGIN_ORIGIN], lines[protocol.LINE_LOGIN_PATH], lines[protocol.LINE_LOGIN_HASH]] = login;
    assert.deepEqual(facts, { kind, bits, timeout: 7000, early, text: lines.join("\n") });
  });
}

test("each page has a number of its own to begin with", async (t) => {
  const seeds = new Set();
  for (let i = 0; i < 5; i++) seeds.add((await open(t, SESSION)).seed);
  assert.ok(seeds.size > 1);
});

test("CONTRACT §5: where locks or the channel are missing, a page goes alone; in a frame it says so", async (t) => {
  for (const [more, bits] of /** @type {[object, number][]} */ ([
    [{ locks: LOCKS }, 0],
    [{ locks: LOCKS, channel: false }, ALONE],
    [{}, ALONE],
    [{ channel: false }, ALONE],
    [{ locks: LOCKS, prepare: (/** @type {any} */ window) => void (window.top = {}) }, FRAMED],
  ])) {
    assert.equal((await open(t, SESSION, more)).facts.bits, bits);
  }
});

test("CONTRACT §5: pages with the same refresh or token URL and client id have one session between them", async (t) => {
  for (const [options, name] of /** @type {[Record<string, unknown>, string][]} */ ([
    [SESSION, `fetch401 ${ORIGIN}/auth/refresh `],
    [BEARER, "fetch401 https://id.example.com/token app"],
    [APP, "fetch401 app "],
  ])) {
    /** @type {string[]} */
    const asked = [];
    const { decide } = await open(t, options, { locks: { ...LOCKS, request: async (/** @type {string} */ name) => (asked.push(name), true) } });
    assert.deepEqual(channels.map(({ name }) => name), [name]);
    decide(protocol.ACQUIRE);
    await settled();
    assert.deepEqual(asked, [name]);
  }
});

test("Go hears of messages, of the lock, and that there is none to be had", async (t) => {
  const page = await open(t, SESSION, { locks: LOCKS });
  channels[0].onmessage({ data: { version: 1, number: 7 } });
  assert.deepEqual(page.of("heard").at(-1)?.slice(0, 5), [-1, 0, 0, 1, 0]);
  page.decide(protocol.ACQUIRE);
  await settled();
  assert.deepEqual(page.of("granted").map((args) => args.slice(0, 4)), [[0, 0, 0, 0]]);

  const later = await open(t, SESSION, { locks: { ...LOCKS, request: async (/** @type {string} */ _name, /** @type {any} */ { ifAvailable }, /** @type {any} */ use) => use(ifAvailable ? null : {}) } });
  later.decide(protocol.ACQUIRE);
  await settled();
  assert.deepEqual(later.of("granted").map((args) => args.slice(0, 4)), [[1, 0, 0, 0]]);

  const without = await open(t, SESSION, { locks: { request: () => Promise.reject(new Error("no")) } });
  without.tells();
  without.decide(protocol.ACQUIRE);
  await settled();
  assert.deepEqual(without.tells(), [protocol.TICK, protocol.LOCK_FAILED]);
});

test("what happens to the page is told, and no message reaches one that is hidden away", async (t) => {
  const { window, tells } = await open(t, SESSION, { locks: LOCKS });
  const { HID, OPENED, REACHABLE, RESTORED, SHOWN } = protocol;
  assert.deepEqual(tells(), [OPENED]);
  /** @type {[EventTarget, string, object, any[], boolean][]} */
  const happens = [
    [window, "online", {}, [REACHABLE], false],
    [window.document, "visibilitychange", {}, [SHOWN], false],
    [window.document, "prerenderingchange", {}, [SHOWN], false],
    [window, "pageshow", { persisted: false }, [], false],
    [window, "pagehide", {}, [HID], true],
    [window, "pageshow", { persisted: true }, [OPENED, [SHOWN, RESTORED]], false],
    [window.document, "freeze", {}, [HID], true],
    [window.document, "resume", {}, [OPENED], false],
    [window, "blur", {}, [], false],
  ];
  for (const [target, type, init, expected, closed] of happens) {
    target.dispatchEvent(Object.assign(new Event(type), init));
    assert.deepEqual([tells(), channels.at(-1).closed], [expected, closed], type);
  }
});

test("CONTRACT §2 data-debug: the trace is loaded once, and told each fact; where it cannot be had, one warning says so", async () => {
  /** @type {any[][]} */
  const told = [];
  /** @type {any[][]} */
  const asked = [];
  // @ts-ignore its types are those of the file
  const loaded = await import("../src/program/program.js?loaded");
  openWindow();
  const part = async (/** @type {any[]} */ ...what) => (asked.push(what), { createTrace: (/** @type {any[]} */ ...given) => (told.push(given), (/** @type {any[]} */ ...fact) => void told.push(fact)) });
  await loaded.trace(part, 1, "started");
  await loaded.trace(part, 2, "sent");
  assert.deepEqual(asked, [["fetch401.trace.js", "sha256-trace"]]);
  assert.deepEqual(told, [[console, performance], [1, "started"], [2, "sent"]]);

  // @ts-ignore
  const blocked = await import("../src/program/program.js?blocked");
  const { printed } = openWindow();
  const none = async () => Promise.reject(Object.assign(new Error("it is missing"), { url: ORIGIN + "/f/fetch401.trace.js" }));
  for (let i = 0; i < 3; i++) await blocked.trace(none, i, "started");
  assert.deepEqual(printed, [{ level: "warn", text: `fetch401: no trace, ${ORIGIN}/f/fetch401.trace.js cannot be used: it is missing` }]);
});
