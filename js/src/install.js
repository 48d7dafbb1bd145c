/**
 * Wraps window.fetch, at once, and fetches the Go program, in the background.
 * @module
 */

import { createApi } from "./api.js";
import { RULES, attribute, check } from "./config.js";
import { createGate } from "./gate.js";
import { load } from "./load.js";

/** Marks what is ours, also to another copy of this script. */
const MARK = Symbol.for("fetch401");

/**
 * @param {Record<string, unknown>} options
 * @param {string} script the script's URL
 * @param {boolean} tag the options are a tag's attributes
 * @param {() => Promise<typeof import("./program.js")>} fetchProgram what meets the Go program
 * @returns {import("./api.js").Api}
 */
export const install = (options, script, tag, fetchProgram) => {
  const page = /** @type {any} */ (window);
  if (page.fetch[MARK]) {
    console.warn("fetch401: already installed, this one does nothing");
    return page.fetch401;
  }
  /** @type {ReturnType<typeof fetchProgram> | undefined} */
  let program;
  const once = () => (program ??= fetchProgram());
  const spell = tag ? attribute : undefined;
  const unknown = Object.keys(options ?? {}).filter((name) => !RULES[name]);
  // Where it cannot be had, there are no warnings.
  if (unknown[0]) once().then(({ misspelt }) => misspelt(unknown, Object.keys(RULES), spell), () => {});
  /** @type {import("./config.js").Config} */
  let config;
  try {
    config = check(options, { base: document.baseURI, origin: location.origin, script }, spell);
  } catch (error) {
    const ready = Promise.reject(error);
    ready.catch(() => {});
    page.fetch401 = createApi(ready, () => {});
    throw error;
  }

  /** @type {typeof fetch} */
  const native = page.fetch;

  // Facts wait with their time. What the page has put in the place of console or performance may throw.
  const trace = config.debug
    ? (/** @type {any[]} */ ...fact) => {
        const now = performance.now();
        once().then(({ trace }) => trace(script, now, ...fact)).catch(() => {});
      }
    : undefined;

  /** @type {import("./api.js").Api} */
  let api;
  /** @type {import("./gate.js").Host} */
  const host = {
    fetch: native,
    origin: location.origin,
    base: () => document.baseURI,
    leave: (url) => location.assign(url),
    trace,
    emit(type, detail, cancelable = false) {
      trace?.(type, undefined, detail);
      return api.dispatchEvent(new CustomEvent(type, { detail, cancelable }));
    },
    cookieless: (url) => void once().then(({ cookieless }) => cookieless(url), () => {}),
  };
  const gate = createGate(config, host);

  // A proxy of native fetch has its name, its length and its source text, and is no constructor either.
  let active = true;
  const wrapped = new Proxy(native, {
    apply: (_, self, args) => (active ? gate.fetch(self, args) : Reflect.apply(native, self, args)),
    get: (target, name, receiver) =>
      name === MARK ? active : name === "toString" ? () => Function.prototype.toString.call(native) : Reflect.get(target, name, receiver),
  });

  const ready = load(config, host, gate, once);
  ready.catch((cause) => console.error(cause.message));
  // As browsers define it. What another script has put there may be an accessor, or not writable.
  const put = (/** @type {typeof fetch} */ value) =>
    Object.defineProperty(page, "fetch", { value, writable: true, enumerable: true, configurable: true });
  const restore = () => {
    active = false;
    if (page.fetch === wrapped) put(native);
  };
  api = page.fetch401 = createApi(ready, restore, gate, config);
  put(wrapped);
  return api;
};
