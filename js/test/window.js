/**
 * What the script touches of a browser's globals, and a Go program's glue under the test's control.
 * @module
 */

import { register } from "node:module";

import { ORIGIN } from "./fake.js";

// The build makes the glue of the compiler's wasm_exec.js; here the test decides what boot does.
const GLUE = "export const boot = (exit) => globalThis.testBoot(exit);";
register(
  "data:text/javascript," +
    encodeURIComponent(`export const resolve = (name, context, next) =>
      name === "fetch401-glue" ? { url: ${JSON.stringify("data:text/javascript," + encodeURIComponent(GLUE))}, shortCircuit: true } : next(name, context);`),
);

/** @type {any} */
const scope = globalThis;
Object.assign(scope, { __VERSION__: "1.2.3", __WASM__: "sha256-wasm", __PROGRAM__: "sha256-program", __TRACE__: "sha256-trace" });
// Node's keeps a process from ending; channel.test.js has one of its own.
scope.BroadcastChannel = undefined;

// What still waits at a test's end keeps no process from ending.
const { setTimeout } = scope;
scope.setTimeout = (/** @type {any[]} */ ...args) => setTimeout(...args).unref();

/** The least module that can be started: a memory, and functions that answer 0. */
export const PROGRAM = Uint8Array.from(
  "\0asm\x01\0\0\0" +
    "\x01\x05\x01\x60\0\x01\x7f" + // a type: no parameters, a number
    "\x03\x02\x01\0" + // a function of it
    "\x05\x03\x01\0\x01" + // a memory
    "\x07\x28\x05\x03mem\x02\0\x04room\0\0\x09configure\0\0\x04take\0\0\x04tell\0\0" +
    "\x0a\x06\x01\x04\0\x41\0\x0b",
  (char) => char.charCodeAt(0),
);

/** What of a document is read by the getters of its prototypes, as in a browser. */
class Node extends EventTarget {
  /** @type {Record<string, any>} */
  own = {};
}
class Document extends Node {
  /** Elements that were made. @type {any[]} */
  made = [];
  /** @param {string} name */
  createElement(name) {
    const element = { name, removed: 0, remove: () => void element.removed++ };
    this.made.push(element);
    return element;
  }
}
for (const [type, names] of /** @type {const} */ ([[Node, ["baseURI"]], [Document, ["cookie", "referrer", "visibilityState", "prerendering", "head", "currentScript"]]])) {
  for (const name of names) {
    Object.defineProperty(type.prototype, name, {
      /** @this {Node} */
      get() {
        return this.own[name];
      },
      /** @this {Node} @param {any} value */
      set(value) {
        this.own[name] = value;
      },
    });
  }
}
Object.assign(scope, { Node, Document });

/**
 * New globals, as a page finds them.
 * @param {string} [address]
 * @param {Record<string, string>} [stored] sessionStorage
 */
export const openWindow = (address = ORIGIN + "/shop/cart?x=1", stored = {}) => {
  /** @type {{ level: string, text: string }[]} */
  const printed = [];
  for (const level of ["error", "warn", "debug"]) {
    scope.console[level] = (/** @type {any[]} */ ...args) => void printed.push({ level, text: args.join(" ") });
  }
  /** @type {Map<string, string>} */
  const storage = new Map(Object.entries(stored));
  const { href, origin, pathname, search, hash } = new URL(address);
  /** @type {{ self: any, args: any[], resolve: (response: Response) => void, reject: (reason: unknown) => void }[]} */
  const sent = [];
  /** Native fetch, with a name, a length and a source text like the browser's. */
  const native = {
    // @ts-ignore its second argument is no parameter, as in browsers
    fetch(input) {
      const args = [...arguments];
      return new Promise((resolve, reject) => void sent.push({ self: this, args, resolve, reject }));
    },
  }.fetch;
  const window = Object.assign(new EventTarget(), {
    location: { href, origin, pathname, search, hash, assign: (/** @type {string} */ url) => void left.push(url) },
    document: /** @type {any} */ (Object.assign(new Document(), { baseURI: href, cookie: "", referrer: "", visibilityState: "visible", prerendering: false, head: { append: (/** @type {any} */ element) => void (element.appended = true) } })),
    sessionStorage: {
      getItem: (/** @type {string} */ name) => storage.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => void storage.set(name, value),
      removeItem: (/** @type {string} */ name) => void storage.delete(name),
    },
    top: /** @type {any} */ (undefined),
    /** @type {any} */
    fetch: undefined,
    /** @type {any} */
    fetch401: undefined,
  });
  window.top = window;
  // As browsers have it.
  Object.defineProperty(window, "fetch", { value: native, writable: true, enumerable: true, configurable: true });
  /** @type {string[]} */
  const left = [];
  const { location, document, sessionStorage } = window;
  const navigator = { userActivation: { hasBeenActive: false, isActive: false } };
  for (const [name, value] of Object.entries({ window, location, document, navigator, sessionStorage, addEventListener: window.addEventListener.bind(window) })) {
    Object.defineProperty(scope, name, { value, configurable: true, writable: true });
  }
  scope.testBoot = () => ({ imports: {}, run: async () => {} });
  return { window, native, sent, left, storage, printed };
};

/** @param {(exit: (cause?: unknown) => void) => { imports: object, run: (instance: any) => Promise<void> }} boot */
export const booting = (boot) => void (scope.testBoot = boot);

/** @param {Uint8Array<ArrayBuffer>} [bytes] */
export const wasm = (bytes = PROGRAM, type = "application/wasm") => new Response(bytes, { headers: { "Content-Type": type } });
