// What a TinyGo program imports: values of the page as TinyGo 0.39 encodes them (syscall/js of src/syscall/js/js.go): a
// reference is a NaN whose high half has the kind, and whose low half is an index.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openWindow } from "./window.js";

const { boot } = await import("../src/program/glue-tinygo.js");

const [OBJECT, STRING, FUNCTION] = [1, 2, 4];
const [TRUE, FALSE, GLOBAL, TEXT] = [3, 4, 5, 6];
/** Where the values begin that a program has asked for. */
const FIRST = 9;

/** @param {number} kind @param {number} index */
const reference = (kind, index) => BigInt(0x7ff80000 + kind) * 2n ** 32n + BigInt(index);

/** A program that was started in a new page. */
const start = async () => {
  const { window } = openWindow();
  const memory = new WebAssembly.Memory({ initial: 1 });
  let began = 0;
  const { imports, run } = boot();
  await run(/** @type {any} */ ({ exports: { memory, _initialize: () => void began++ } }));
  assert.equal(began, 1);
  const bytes = new Uint8Array(memory.buffer);
  const go = imports.gojs;
  return {
    imports,
    go,
    window,
    /** @param {bigint} object @param {string} name */
    get(object, name, at = 100) {
      bytes.set(new TextEncoder().encode(name), at);
      return go["syscall/js.valueGet"](object, at, name.length);
    },
    /** As the program reads a text: its length first, and then the bytes. @param {bigint} text */
    read(text, at = 200) {
      go["syscall/js.valuePrepareString"](at, text);
      const view = new DataView(memory.buffer);
      const length = view.getInt32(at + 8, true);
      go["syscall/js.valueLoadString"](view.getBigUint64(at, true), at + 16, length);
      return new TextDecoder().decode(bytes.slice(at + 16, at + 16 + length));
    },
  };
};

test("all that a program of ours imports, by the name of the compiler and by that of a program begun at build time", async () => {
  const { imports } = await start();
  assert.deepEqual(Object.keys(imports), ["gojs", "js"]);
  assert.equal(imports.js, imports.gojs);
  assert.deepEqual(Object.keys(imports.gojs), ["valueGet", "valuePrepareString", "valueLoadString", "finalizeRef"].map((name) => "syscall/js." + name));
  assert.equal(imports.gojs["syscall/js.finalizeRef"](), undefined);
});

test("objects and functions are new references, text has one place, booleans and undefined have theirs", async () => {
  const { get, window } = await start();
  /** @type {any} */
  const scope = globalThis;
  Object.assign(scope, { testNothing: undefined, testYes: true, testNo: false, testText: "text", testList: [], testCall: () => {} });
  const global = reference(OBJECT, GLOBAL);
  assert.equal(get(global, "window"), reference(OBJECT, FIRST));
  assert.equal(get(reference(OBJECT, FIRST), "location"), reference(OBJECT, FIRST + 1));
  assert.equal(get(global, "testCall"), reference(FUNCTION, FIRST + 2));
  assert.equal(get(global, "testList"), reference(OBJECT, FIRST + 3));
  assert.equal(get(global, "testNothing"), 0n);
  assert.equal(get(global, "testYes"), reference(0, TRUE));
  assert.equal(get(global, "testNo"), reference(0, FALSE));
  assert.equal(get(global, "testText"), reference(STRING, TEXT));
  assert.equal(get(global, "window"), reference(OBJECT, FIRST + 4), "only what is asked for takes a place");
  assert.equal(typeof window, "object");
});

test("the first references are those of TinyGo: NaN, 0, null, true, false, the global object, text, Object and Array", async () => {
  const { get, read } = await start();
  // As text: how they are read tells them apart.
  assert.deepEqual([TEXT, 0, 1, 2, TRUE, FALSE].map((index) => read(reference(0, index))), ["", "NaN", "0", "null", "true", "false"]);
  assert.equal(get(reference(OBJECT, 7), "name"), reference(STRING, TEXT));
  assert.equal(get(reference(FUNCTION, 8), "isArray"), reference(FUNCTION, FIRST));
  assert.equal(get(reference(OBJECT, 7), "isArray"), 0n);
  assert.throws(() => get(reference(0, 2), "x"), TypeError);
});

test("text goes in whole, as UTF-8, wherever the program wants it", async () => {
  const { get, read } = await start();
  /** @type {any} */
  const scope = globalThis;
  for (const [i, text] of ["", "x", "/shop/cart?x=1", "café – 🙂", "y".repeat(5000)].entries()) {
    scope.testText = text;
    assert.equal(read(get(reference(OBJECT, GLOBAL), "testText"), 200 + 500 * i), text);
  }
});

test("members of document are read past elements with their names (HTML, named access on the Document object)", async () => {
  const { get, read, window } = await start();
  window.document.referrer = "https://other.example.com/";
  Object.defineProperty(window.document, "referrer", { value: { name: "referrer" } });
  const document = get(reference(OBJECT, GLOBAL), "document");
  assert.equal(read(get(document, "referrer")), "https://other.example.com/");
  // Of other objects, their own members.
  window.location.href = "https://app.example.com/changed";
  assert.equal(read(get(get(reference(OBJECT, GLOBAL), "location"), "href")), "https://app.example.com/changed");
});

test("a program's memory may grow", async () => {
  openWindow();
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { imports, run } = boot();
  await run(/** @type {any} */ ({ exports: { memory, _initialize: () => {} } }));
  memory.grow(1);
  const at = 65536 + 100;
  new Uint8Array(memory.buffer).set(new TextEncoder().encode("window"), at);
  assert.equal(imports.gojs["syscall/js.valueGet"](reference(OBJECT, GLOBAL), at, 6), reference(OBJECT, FIRST));
});
