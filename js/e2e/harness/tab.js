/** One window of the browser, with all that its pages say. */

import { setTimeout as pass } from "node:timers/promises";
import { note } from "./ledger.js";
import { LEAVING, PROTOCOL_TIMEOUT, WAIT } from "./paths.js";

/** Settles like the promise, but not later than the bound. */
const within = (promise, what, ms) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** Where the recorder is not, or not yet, what earlier pages said is in the window's name all the same. */
const source = (fn, args, heard) => `(async () => {
  const said = () => window.__e2e?.take?.(${heard}) ?? (window.name.startsWith("[") ? JSON.parse(window.name) : []);
  const told = (result) => JSON.stringify({ ...result, at: location.href, said: said() });
  try {
    return told({ value: await (${fn})(${args.map((arg) => JSON.stringify(arg) ?? "undefined").join()}) });
  } catch (error) {
    return told({ error: String(error) + " " + error?.stack });
  }
})()`;

/**
 * @param {import("./engine.js").Room} room
 * @param {string} name of the test
 */
export const openTab = async (room, name) => {
  const events = [];
  const lines = [];
  const errors = [];
  let at = "";
  let heard = 0;
  const browser = [];
  const window = await room.window((text) => (browser.push(text), note(`${name}: the browser`, text)));

  const hear = {
    address: (url) => note(`${name}: address`, url),
    event: (event) => (events.push(event), note(`${name}: event ${event.type}`, event)),
    line: (line) => (lines.push(line), note(`${name}: console`, line.text)),
    error: ({ text, stack }) => (errors.push(text), note(`${name}: error`, `${text} ${stack}`)),
  };

  /** Runs a function in the page, and hears what was said until it was done. */
  const run = async (fn, ...args) => {
    const { value, error, said = [], at: address = at } = JSON.parse(await within(window.evaluate(source(fn, args, heard)), "the page's answer", PROTOCOL_TIMEOUT));
    for (const { number, kind, thing } of said) {
      // What two questions at once were told both.
      if (number <= heard) continue;
      heard = number;
      hear[kind](thing);
    }
    if (address !== at) hear.address((at = address));
    if (error) throw new Error(error);
    return value;
  };
  /** Runs what makes the page go elsewhere: perhaps before it has answered, or so that nobody is told that it never will. Where to is for the test to see. */
  const leave = (fn, ...args) => within(run(fn, ...args), "a page that is left", LEAVING).catch(() => {});
  /** Hears what was said until now. A page that is being left says it in the next one. */
  const listen = () => run(() => 0).catch(() => {});

  /**
   * Waits until what the test looks for is there.
   * @template T
   * @param {() => T} find
   * @param {string} what
   * @returns {Promise<NonNullable<T>>}
   */
  const until = async (find, what, ms = WAIT) => {
    for (const deadline = Date.now() + ms; ; await pass(20)) {
      const found = await find();
      if (found) return found;
      if (Date.now() > deadline) {
        const told = events.map(({ type, detail }) => `${type} ${JSON.stringify(detail)}`).join(", ");
        throw new Error(`not within ${ms} ms: ${what}; events: ${told}; console: ${lines.map(({ text }) => text).join(" | ")}; at ${at}`);
      }
      await listen();
    }
  };

  const tab = {
    events,
    lines,
    errors,
    /** What the browser says of its own, too, where it tells anybody. */
    browser,
    run,
    until,
    listen,
    /** Begins anew with what is said. */
    async forget() {
      await listen();
      for (const list of [events, lines, errors]) list.length = 0;
    },
    /** The page's address. */
    async url() {
      await listen();
      return at;
    },
    async goto(url) {
      await listen();
      await window.goto(url);
      await listen();
    },
    leave,
    /** As a link does. */
    async follow(url) {
      await leave((to) => void (location.href = to), url);
      const address = new URL(url).href;
      await until(() => at === address, "the page " + address);
    },
    reload: () => window.reload(),
    close: () => window.close(),
    crash: () => window.crash(),
    freeze: () => window.freeze(true),
    thaw: () => window.freeze(false),
    /** As the browser's button; a page may come back as it was left. */
    async back() {
      const from = await tab.url();
      await leave(() => void setTimeout(() => history.back()));
      await until(() => at !== from, "the page before");
    },
    cookies: () => window.cookies(),
    refusePasswords: (pattern) => window.refusePasswords(pattern),
    /** Opens the page, and waits until Go decides. */
    async open(url) {
      await tab.goto(url);
      await tab.ready();
      return tab;
    },
    ready: () => run(() => globalThis.fetch401.ready.then(() => "ready")),
    all: (type) => events.filter((event) => event.type === type),
    types: () => events.map(({ type }) => type).filter((type) => type !== "ready"),
    /** The nth event of that type. */
    event: (type, nth = 1) => until(() => tab.all(type)[nth - 1], `${type} event ${nth}`),
    /** The page's address once it matches. */
    at: (pattern) => until(() => pattern.test(at) && at, `address ${pattern}`),
    /** What a function says in the page, once it is something. */
    sees: (fn, what, ms) => until(() => run(fn).catch(() => {}), what, ms),
    said: (pattern, types = ["error", "warn"]) => lines.filter(({ type, text }) => types.includes(type) && pattern.test(text)),
    line: (pattern) => until(() => tab.said(pattern, ["error", "warn", "debug", "log"])[0], `console ${pattern}`),
    async state() {
      const state = await run(() => globalThis.fetch401.state());
      note(`${name}: state`, state);
      return state;
    },
    /** A fetch of the page, told in plain data. */
    async call(url, init) {
      const result = await run(
        async (url, init) => {
          try {
            const response = await fetch(url, init);
            return { status: response.status, used: response.bodyUsed, url: response.url, text: await response.text() };
          } catch (error) {
            const { name, message, code, status, reason, request } = error;
            return { error: { name, message, code, status, reason, request, response: error.response?.status, unread: error.response?.bodyUsed === false } };
          }
        },
        url,
        init,
      );
      if (result.error) note(`${name}: rejection`, result);
      return result;
    },
  };
  return tab;
};
