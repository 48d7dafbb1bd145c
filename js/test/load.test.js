// Fetching the Go program: what is opened, and the one coded error where that cannot be.
import assert from "node:assert/strict";
import { test } from "node:test";

import { outcome, settled } from "./fake.js";
import { booting, openWindow, wasm } from "./window.js";

const { load } = await import("../src/gate/load.js");
const { missing } = await import("../src/gate/part.js");
const program = await import("../src/program/program.js");

const URL = "https://app.example.com/f/fetch401.wasm";
/** Milliseconds: so many that no busy machine meets them. */
const TIMEOUT = 60_000;

/** @param {{ run?: (exit: () => void) => void, fetchProgram?: () => Promise<typeof program> }} [how] */
const start = ({ run = () => {}, fetchProgram = async () => program } = {}) => {
  const { printed } = openWindow();
  /** @type {string[]} */
  const told = [];
  /** @type {import("../src/program/decisions.js").Decisions | undefined} */
  let decisions;
  const gate = /** @type {any} */ ({
    open: (/** @type {any} */ given) => (told.push("open"), (decisions = given)),
    dead: () => void told.push("dead"),
    release: () => void told.push("release"),
  });
  /** @type {any[][]} */
  const asked = [];
  /** @type {(response: Response) => void} */
  let answer = () => {};
  /** @type {(reason: unknown) => void} */
  let fail = () => {};
  const host = /** @type {any} */ ({ guard: { looping: () => false }, fetch: (/** @type {any[]} */ ...args) => (asked.push(args), new Promise((...both) => ([answer, fail] = both))) });
  const config = /** @type {any} */ ({ mode: "login", loginUrl: "https://app.example.com/login", protect: [], wasmUrl: URL, refreshTimeout: TIMEOUT });
  /** @type {(cause?: unknown) => void} */
  let exit = () => {};
  booting((end) => ((exit = end), { imports: {}, run: async () => run(end) }));
  const ready = load(config, host, gate, fetchProgram);
  ready.catch(() => {});
  return { ready, told, asked, printed, answer, fail, exit: () => exit(), decisions: () => decisions };
};

/**
 * @param {Promise<void>} ready
 * @returns {Promise<any>}
 */
const failure = (ready) => ready.then(() => assert.fail("it is ready"), (error) => error);

test("with or without its media type: configured, opened, and then ready", async () => {
  for (const type of ["application/wasm", "Application/WASM", "application/wasm; charset=utf-8", "application/octet-stream", ""]) {
    const { ready, told, asked, answer, printed, decisions } = start();
    // What the page needs to show itself comes first. What is of another build, or altered, is missing.
    assert.deepEqual([asked[0][0], { ...asked[0][1] }], [URL, { priority: "low", integrity: "sha256-wasm" }]);
    answer(wasm(undefined, type));
    await ready;
    assert.equal(typeof decisions()?.started, "function");
    assert.deepEqual(told, ["open"]);
    assert.deepEqual(printed, []);
  }
});

/** @type {Record<string, [(loading: ReturnType<typeof start>) => void, RegExp]>} */
const FAILURES = {
  "a network error": [({ fail }) => fail(new TypeError("Failed to fetch")), /missing, blocked, of another build, or without CORS/],
  "an error status": [({ answer }) => answer(new Response("", { status: 404 })), /status 404/],
  "another file": [({ answer }) => answer(new Response("<html>")), /magic/],
};
for (const [name, [cause, text]] of Object.entries(FAILURES)) {
  test(`${name}: calls go on natively, with one coded error that names the file`, async () => {
    const loading = start();
    cause(loading);
    const error = await failure(loading.ready);
    assert.equal(error.code, "FETCH401_WASM_UNAVAILABLE");
    assert.match(error.message, /^fetch401: /);
    assert.match(error.message, text);
    assert.ok(error.message.includes(URL));
    assert.equal(error.message.includes("Content-Security-Policy"), name === "another file", "that is what a policy's looks like");
    assert.ok(error.cause instanceof Error);
    assert.deepEqual([...new Set(loading.told)], ["dead"]);
    assert.deepEqual(loading.printed, [], "the one who installs prints it");
  });
}

test("a Content-Security-Policy that forbids it is named", async (t) => {
  t.mock.method(WebAssembly, "instantiate", () => Promise.reject(new WebAssembly.CompileError("blocked by CSP")));
  const { ready, answer } = start();
  answer(wasm());
  const error = await failure(ready);
  assert.match(error.message, /'wasm-unsafe-eval'/);
  assert.ok(error.cause.cause instanceof WebAssembly.CompileError);
});

test("a wrapper beneath ours that rejects with nothing", async () => {
  const loading = start();
  loading.fail(undefined);
  assert.equal((await failure(loading.ready)).code, "FETCH401_WASM_UNAVAILABLE");
});

test("a program that ends while it starts", async () => {
  const loading = start({ run: (exit) => exit() });
  loading.answer(wasm());
  const error = await failure(loading.ready);
  assert.equal(error.code, "FETCH401_WASM_UNAVAILABLE");
  assert.match(error.message, /it ended while it started/);
  assert.deepEqual([...new Set(loading.told)], ["dead"]);
});

test("what meets the program cannot be had: as when the program cannot, and the error names that file instead", async () => {
  const loading = start({ fetchProgram: () => Promise.reject(missing("https://app.example.com/f/fetch401.program.js")) });
  const error = await failure(loading.ready);
  assert.equal(error.code, "FETCH401_WASM_UNAVAILABLE");
  assert.match(error.message, /^fetch401: https:\/\/app\.example\.com\/f\/fetch401\.program\.js cannot be used: it is missing/);
  assert.ok(!error.message.includes(URL));
  assert.deepEqual(loading.told, ["dead"]);
  loading.fail(new TypeError("and the program neither"));
  // An unhandled rejection would fail the test here.
  await settled();
});

test("both are asked for at once", async () => {
  let asked = 0;
  const loading = start({ fetchProgram: async () => (asked++, program) });
  assert.deepEqual([loading.asked.length, asked], [1, 1]);
  loading.answer(wasm());
  await loading.ready;
});

test("a program that ends later: one coded error, and ready stays fulfilled", async () => {
  const { ready, told, printed, answer, exit } = start();
  answer(wasm());
  await ready;
  exit();
  exit();
  assert.deepEqual(told, ["open", "dead"]);
  assert.equal(printed.length, 1);
  assert.match(printed[0].text, /^fetch401: the program has ended: calls go on natively until a reload \(FETCH401_STOPPED\)$/);
  assert.equal((await outcome(ready)).reason, undefined);
});

test("one that hangs: calls wait no longer than the timeout, and a late one is opened all the same", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ready, told, printed, answer } = start();
  t.mock.timers.tick(TIMEOUT - 1);
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  assert.deepEqual(told, ["release"]);
  assert.equal(printed.length, 1);
  assert.match(printed[0].text, /FETCH401_LOAD_TIMEOUT/);
  assert.ok(printed[0].text.includes(`no ${URL} within ${TIMEOUT} ms`));
  answer(wasm());
  await ready;
  assert.deepEqual(told, ["release", "open"]);
});

test("in time: the timeout is no more", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const end of /** @type {const} */ (["answer", "fail"])) {
    const loading = start();
    loading[end](/** @type {any} */ (wasm()));
    await outcome(loading.ready);
    while ((await outcome(loading.ready)).pending) await settled();
    t.mock.timers.tick(2 * TIMEOUT);
    assert.ok(!loading.told.includes("release"));
    assert.deepEqual(loading.printed, []);
  }
});

test("whatever the scripts are rejected with, the error is coded; the network's own is its cause", async () => {
  for (const reason of [undefined, null, "no"]) {
    const { code, message } = await failure(start({ fetchProgram: () => Promise.reject(reason) }).ready);
    assert.equal(code, "FETCH401_WASM_UNAVAILABLE");
    assert.ok(message.includes(URL));
  }
  const loading = start();
  const cause = new TypeError("Failed to fetch");
  loading.fail(cause);
  assert.equal((await failure(loading.ready)).cause.cause, cause);
});
