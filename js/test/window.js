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
scope.__VERSION__ = "1.2.3";

// What still waits at a test's end keeps no process from ending.
const { setTimeout } = scope;
scope.setTimeout = (/** @type {any[]} */ ...args) => setTimeout(...args).unref();

/** The least module with a memory, which is all that opening the door asks for. */
export const PROGRAM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 7, 7, 1, 3, 109, 101, 109, 2, 0);

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
    document: Object.assign(new EventTarget(), { baseURI: href, cookie: "", referrer: "", visibilityState: "visible", prerendering: false }),
    sessionStorage: {
      getItem: (/** @type {string} */ name) => storage.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => void storage.set(name, value),
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
  for (const [name, value] of Object.entries({ window, location, document, sessionStorage, addEventListener: window.addEventListener.bind(window) })) {
    Object.defineProperty(scope, name, { value, configurable: true, writable: true });
  }
  scope.testBoot = () => ({ imports: {}, run: async () => {} });
  return { window, native, sent, left, storage, printed };
};

/** @param {(exit: (cause?: unknown) => void) => { imports: object, run: (instance: any) => Promise<void> }} boot */
export const booting = (boot) => void (scope.testBoot = boot);

/** @param {Uint8Array<ArrayBuffer>} [bytes] */
export const wasm = (bytes = PROGRAM, type = "application/wasm") => new Response(bytes, { headers: { "Content-Type": type } });
