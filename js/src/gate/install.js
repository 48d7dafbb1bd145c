/**
 * Wraps window.fetch and XMLHttpRequest, at once, and fetches the Go program, in the background.
 * @module
 */

import { createApi } from "./api.js";
import { RULES, attribute, check } from "./config.js";
import { createFetch } from "./fetch.js";
import { createGate } from "./gate.js";
import { load } from "./load.js";
import { guard } from "./login-guard.js";
import { run } from "./part.js";
import { cloak, createPatch } from "./patch.js";
import { createPlaces } from "./places.js";
import { baseURI, ownBase } from "./platform.js";
import { record } from "./record.js";
import { coverXhr } from "./xhr.js";

/** @typedef {(name: string, integrity: string) => Promise<any>} Part runs another script of this build */

/** By it another copy of this script knows that one is at work. */
const MARK = Symbol.for("fetch401");

/**
 * @param {Record<string, unknown>} given the options
 * @param {string} script the script's URL
 * @param {HTMLElement | undefined} tag whose attributes the options are
 * @param {(part: Part) => Promise<typeof import("../program/program.js")>} fetchProgram what meets the Go program
 * @returns {import("./api.js").Api}
 */
export const install = (given, script, tag, fetchProgram) => {
  const page = /** @type {any} */ (window);
  if (page.fetch401?.[MARK]?.()) {
    console.warn("fetch401: already installed");
    return page.fetch401;
  }
  const options = record(given);
  const spell = tag ? attribute : undefined;
  let config = /** @type {import("./config.js").Config} */ (/** @type {unknown} */ (undefined));
  /** @type {Error | undefined} */
  let wrong;
  try {
    config = check(options, { base: ownBase(), origin: location.origin, script }, spell);
  } catch (/** @type {any} */ error) {
    wrong = error;
  }
  /** @type {ReturnType<typeof fetchProgram> | undefined} */
  let program;
  // Beside the script, or, where that is inline, beside the WASM.
  /** @type {Part} */
  const part = (name, integrity) => run(new URL(name, script || config?.wasmUrl).href, integrity, tag);
  const once = () => (program ??= fetchProgram(part));
  const unknown = Object.keys(options).filter((name) => !RULES[name]);
  // Where it cannot be had, there are no warnings.
  if (unknown[0]) once().then(({ misspelt }) => misspelt(unknown, Object.keys(RULES), spell)).catch(() => {});
  if (wrong) {
    const ready = Promise.reject(wrong);
    ready.catch(() => {});
    page.fetch401 = createApi(ready, () => {});
    throw wrong;
  }

  /** @type {typeof fetch} */
  const native = page.fetch;

  // Facts wait with their time. What the page has put in the place of console or performance may throw.
  const trace = config.debug
    ? (/** @type {any[]} */ ...fact) => {
        const now = performance.now();
        once().then(({ trace }) => trace(part, now, ...fact)).catch(() => {});
      }
    : undefined;

  /** @type {import("./api.js").Api} */
  let api;
  /** @type {import("./gate.js").Host} */
  const host = {
    fetch: native,
    origin: location.origin,
    base: baseURI,
    login: (reason) =>
      void once().then(
        ({ leaveForLogin }) => leaveForLogin(reason, config, host, gate),
        () => config.loginUrl && !guard.onLogin(config.loginUrl) && guard.leaveUnlessLooping(config.loginUrl),
      ),
    guard,
    revoke: config.revocationUrl ? (token) => void once().then((program) => program.revoke(config, native, token)).catch(() => {}) : undefined,
    trace,
    emit(type, detail, cancelable = false) {
      trace?.(type, undefined, detail);
      return api.dispatchEvent(new CustomEvent(type, record({ detail, cancelable })));
    },
    advise: (what, url) => void once().then((program) => program[what](/** @type {string} */ (url))).catch(() => {}),
  };
  const gate = createGate(config, host);
  const places = createPlaces(config, host);
  const ours = createFetch(config, host, gate, places);

  const patch = createPatch();
  const { active, cover, restore } = patch;
  // As browsers define it. What another script has put there may be an accessor, or not writable.
  const property = record({ value: native, writable: true, enumerable: true, configurable: true });
  const apply = (/** @type {any} */ _, /** @type {any} */ self, /** @type {any[]} */ args) =>
    active() ? ours(self, args) : Reflect.apply(native, self, args);
  cover(page, "fetch", "value", cloak(native, record({ apply })), property);
  if (config.xhr !== "off") coverXhr(host, gate, places, patch);
  const ready = load(config, host, gate, once);
  ready.catch((cause) => console.error(cause.message)).catch(() => {});
  api = page.fetch401 = Object.assign(createApi(ready, restore, gate, config), { [MARK]: active });
  return api;
};
