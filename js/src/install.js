/**
 * Wraps window.fetch, at once, and fetches the Go program, in the background.
 * @module
 */

import { Fetch401 } from "./api.js";
import { attribute, check } from "./config.js";
import { createGate } from "./gate.js";
import { load } from "./load.js";
import { key } from "./scope.js";

/** Marks what is ours, also to another copy of this script. */
const MARK = Symbol.for("fetch401");

/** Where this tab remembers when it was sent to login. */
const STORED = "fetch401";

/** @param {string} text */
const warn = (text) => console.warn(text);

/**
 * Loads what prints the trace, for a page that asks for it. Until it is there, facts wait with their time.
 * @param {string} script
 */
const tracer = (script) => {
  const url = new URL("fetch401.trace.js", script).href;
  const begun = import(url).then(
    (/** @type {typeof import("./trace.js")} */ { createTrace }) => createTrace(console, performance),
    () => warn(`fetch401: no trace, ${url} cannot be loaded: put it beside the script`),
  );
  return (/** @type {string} */ what, /** @type {any} */ call, /** @type {any} */ detail) => {
    const now = performance.now();
    // What the page has put in the place of console or performance may throw.
    begun.then((trace) => trace?.(now, what, call, detail)).catch(() => {});
  };
};

/**
 * @param {Record<string, unknown>} options
 * @param {string} script the script's URL
 * @param {boolean} tag the options are a tag's attributes
 * @returns {Fetch401}
 */
export const install = (options, script, tag) => {
  const page = /** @type {any} */ (window);
  if (page.fetch[MARK]) {
    warn("fetch401: already installed, this one does nothing");
    return page.fetch401;
  }
  const spell = tag ? attribute : undefined;
  /** @param {Fetch401} api */
  const publish = (api) => Object.defineProperty(page, "fetch401", { value: api, configurable: true, writable: true });

  /** @type {ReturnType<typeof check>} */
  let checked;
  try {
    checked = check(options, { base: document.baseURI, origin: location.origin, script }, spell);
  } catch (/** @type {any} */ error) {
    error.warnings?.forEach(warn);
    const ready = Promise.reject(error);
    ready.catch(() => {});
    publish(new Fetch401(undefined, undefined, ready, () => {}));
    throw error;
  }
  const { config, warnings } = checked;
  warnings.forEach(warn);

  const descriptor = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(page, "fetch") ?? { value: page.fetch, writable: true, enumerable: true, configurable: true });
  /** @type {typeof fetch} */
  const native = page.fetch;
  
  /** The last times at which this tab was sent to login; nothing where its storage is blocked. */
  const stored = () => {
    try {
      return sessionStorage.getItem(STORED) ?? "";
    } catch {
      // Then the guard goes by the referrer.
    }
  };

  const trace = config.debug ? tracer(script) : undefined;

  /** @type {Fetch401} */
  let api;
  const gate = createGate(config, {
    fetch: native,
    origin: location.origin,
    base: () => document.baseURI,
    cookies: () => document.cookie,
    visible: () => document.visibilityState !== "hidden",
    leave: (url) => location.assign(url),
    store() {
      try {
        sessionStorage.setItem(STORED, `${stored()},${Date.now()}`.split(",").filter(Boolean).slice(-3).join());
      } catch {
        // Blocked or full.
      }
    },
    trace,
    emit(type, detail, cancelable = false) {
      trace?.(type, undefined, detail);
      return api.dispatchEvent(new CustomEvent(type, { detail, cancelable }));
    },
    complain: (code, text) => console[code === "FETCH401_NO_COOKIES" ? "warn" : "error"](`fetch401: ${text} (${code})`),
  });

  // A proxy of native fetch has its name, its length and its source text, and is no constructor either.
  let active = true;
  const wrapped = new Proxy(native, {
    apply: (_, self, args) => (active ? gate.fetch(self, args) : Reflect.apply(native, self, args)),
    get: (target, name, receiver) =>
      name === MARK ? active : name === "toString" ? () => Function.prototype.toString.call(native) : Reflect.get(target, name, receiver),
  });

  const login = config.loginUrl ? new URL(config.loginUrl) : undefined;
  const endpoint = config.refreshUrl || config.tokenUrl;
  const text = [
    login?.origin ?? "",
    login?.pathname ?? "",
    login?.hash ?? "",
    stored() ?? "",
    ...config.protect,
  ].join("\n");
  const bits =
    (config.mode === "login" ? 1 : 0) |
    (endpoint && new URL(endpoint).origin !== location.origin ? 2 : 0) |
    (window.top !== window ? 4 : 0) |
    (stored() == null ? 8 : 0);
  const kind = config.attach ? 1 : config.mode === "bearer" ? 2 : config.mode === "app" ? 3 : 0;

  const ready = load(config, native, gate, (door) => door.configure(kind, bits, config.timeout, text));
  ready.catch((cause) => console.error(cause.message));
  api = new Fetch401(gate, config, ready, () => {
    active = false;
    if (page.fetch === wrapped) Object.defineProperty(page, "fetch", descriptor);
  });
  publish(api);
  Object.defineProperty(page, "fetch", { ...descriptor, value: wrapped });

  addEventListener("pageshow", (event) => event.persisted && gate.shown(true));
  for (const type of ["visibilitychange", "prerenderingchange"]) {
    document.addEventListener(type, () => gate.shown(false));
  }
  return api;
};
