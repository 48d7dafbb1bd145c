/**
 * A page without a browser: native fetch and the Go program do what the test says, and the gate stands between them.
 * @module
 */

import { check } from "../src/gate/config.js";
import { createDecisions } from "../src/program/decisions.js";
import { ADOPT, RESTORED, SHOWN } from "../src/protocol.js";
import { createFetch } from "../src/gate/fetch.js";
import { createGate } from "../src/gate/gate.js";
import { createPlaces } from "../src/gate/places.js";

export const ORIGIN = "https://app.example.com";
export const SESSION = { refreshUrl: "/auth/refresh", loginUrl: "/login" };
export const BEARER = { tokenUrl: "https://id.example.com/token", clientId: "app", protect: ["/api"] };
export const ATTACH = { ...SESSION, attach: "bearer" };
export const APP = { refresh: "app" };

export {
  ADOPT,
  COMPLAIN,
  DELIVER,
  EARLIER,
  EXCHANGE,
  LOGIN,
  NAVIGATE,
  NO_LOGIN,
  REFRESH_FAILED,
  SEND,
  SENT,
  SETTLE,
  STREAM,
  WAKE,
} from "../src/protocol.js";

/** Lets every reaction to what has happened run. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/**
 * How a promise stands once every reaction has run.
 * @param {Promise<any>} promise
 * @returns {Promise<{ value?: any, reason?: any, pending?: boolean }>}
 */
export const outcome = async (promise) => {
  /** @type {{ value?: any, reason?: any, pending?: boolean }} */
  let result = { pending: true };
  promise.then(
    (value) => (result = { value }),
    (reason) => (result = { reason }),
  );
  await settled();
  return result;
};

/** @param {string} [field] WWW-Authenticate */
export const unauthorized = (field) => new Response("no", { status: 401, headers: field ? { "WWW-Authenticate": field } : {} });

/**
 * A response that was redirected to this URL.
 * @param {Response} response
 * @param {string} url
 */
export const redirected = (response, url) =>
  Object.defineProperties(response, { redirected: { value: true }, url: { value: url } });

/** @typedef {ReturnType<typeof sending>} Sent a call that reached native fetch */

/**
 * @param {any} self
 * @param {any[]} args
 */
const sending = (self, args) => {
  /** @type {(response: Response) => void} */
  let resolve = () => {};
  /** @type {(reason: unknown) => void} */
  let reject = () => {};
  /** @type {Promise<Response>} */
  const promise = new Promise((...both) => ([resolve, reject] = both));
  const [input, init] = args;
  return {
    self,
    args,
    promise,
    /** The request that native fetch makes of it. Reads a body that can be read only once. */
    request: () => new Request(typeof input === "object" && "url" in input ? input : new URL(input, ORIGIN), init),
    /** @param {string} name */
    header: (name) => new Headers(init?.headers ?? input.headers).get(name),
    /** @param {Response} [response] */
    answer: (response = new Response("ok")) => (resolve(response), settled()),
    /** @param {unknown} reason */
    fail: (reason) => (reject(reason), settled()),
  };
};

/** A Go program that is told things, and decides what the test has queued. */
export const fakeDoor = () => {
  /** @type {any[][]} what it was told, each with the method's name first */
  const told = [];
  /** @type {import("../src/program/door.js").Effect[]} */
  let effects = [];
  const door = {
    told,
    /** @type {number | ((id: number) => number)} what started answers: a generation, WAITS or less */
    token: 0,
    /** @type {(name: string, ...args: any[]) => void} called once it was told something; may queue effects */
    then: () => {},
    /** @type {string | undefined} the method in which the program ends */
    fatal: /** @type {string | undefined} */ (undefined),
    die: () => {},
    ended: false,
    facts: [1, 0, 0, 0],
    /** The present credentials are known to have run out. */
    staleNow: false,
    /** What answered and failed answer. */
    tick: 0,
    /**
     * Decides: an effect of the next take.
     * @param {number} kind
     * @param {number} [call]
     * @param {number} [number]
     * @param {string} [text]
     */
    queue: (kind, call = 0, number = 0, text = "") => void effects.push({ kind, call, number, text }),
    /** @param {string} name */
    of: (name) => told.filter(([first]) => first === name).map(([, ...args]) => args),
  };
  /**
   * As the real door answers: undefined from the moment at which the program has ended.
   * @template T
   * @param {string} name
   * @param {(...args: any[]) => T} answer
   */
  const method =
    (name, answer) =>
    (/** @type {any[]} */ ...args) => {
      if (door.ended) return;
      if (!/^(take|fact|stale)$/.test(name)) {
        told.push([name, ...args]);
        door.then(name, ...args);
      }
      if (door.fatal === name) {
        door.ended = true;
        door.die();
        return;
      }
      return answer(...args);
    };
  const take = method("take", () => effects.splice(0));
  const stale = method("stale", () => door.staleNow);
  const fact = method("fact", (which) => door.facts[which]);
  return Object.assign(door, {
    started: method("started", (id) => (typeof door.token === "function" ? door.token(id) : door.token)),
    answered: method("answered", () => door.tick),
    failed: method("failed", () => door.tick),
    unauthorized: method("unauthorized", () => {}),
    exchanged: method("exchanged", () => {}),
    tell: method("tell", () => {}),
    granted: method("granted", () => {}),
    heard: method("heard", () => {}),
    take: () => take() ?? [],
    fact: (/** @type {number} */ which) => fact(which) ?? 0,
    stale: () => !!stale(),
  });
};

/**
 * @param {Record<string, unknown>} [options]
 * @param {{ open?: boolean }} [more] open: false leaves the gate waiting for Go
 */
export const createPage = (options = SESSION, { open = true } = {}) => {
  const config = check(options, { base: ORIGIN + "/shop/cart", origin: ORIGIN, script: ORIGIN + "/f/" });
  /** @type {Sent[]} */
  const sent = [];
  /** @type {{ type: string, detail: any, cancelable: boolean }[]} */
  const events = [];
  /** @type {string[][]} */
  const complaints = [];
  const page = {
    config,
    sent,
    events,
    complaints,
    base: ORIGIN + "/shop/cart",
    cookies: "",
    visible: true,
    /** @type {string[]} */
    left: [],
    /** The reasons for which the app wanted to go to login without Go. @type {string[]} */
    wished: [],
    /** This tab was sent to login too often. */
    looping: false,
    /** @type {Record<string, (detail: any) => unknown>} listeners by event; one that returns false prevents the default */
    on: {},
    /** @type {any} what native fetch does instead */
    native: undefined,
    window: {},
    /** What the lock and the channel were told. @type {any[][]} */
    told: [],
    /** What was kept of other pages is told. */
    note: () => {},
  };
  /** @type {import("../src/gate/gate.js").Host} */
  const host = {
    fetch: /** @type {any} */ (
      function (/** @type {any[]} */ ...args) {
        // @ts-ignore native fetch has a this
        const call = sending(this, args);
        sent.push(call);
        return page.native ? page.native(call) : call.promise;
      }
    ),
    origin: ORIGIN,
    base: () => page.base,
    login: (reason) => void page.wished.push(reason),
    guard: {
      looping: () => page.looping,
      leave: (url) => void page.left.push(url),
      onLogin: () => false,
      leaveUnlessLooping: (url) => void page.left.push(url),
    },
    emit(type, detail, cancelable = false) {
      events.push({ type, detail, cancelable });
      return page.on[type]?.(detail) !== false;
    },
    revoke: (token) => void page.told.push(["revoke", token]),
    advise: (what, url = "") => void complaints.push([what, url]),
  };
  const gate = createGate(config, host);
  const places = createPlaces(config, host);
  const fetch = createFetch(config, host, gate, places);
  const door = fakeDoor();
  door.die = () => gate.dead();
  /** @type {import("../src/program/effects.js").Tab} */
  const tab = {
    cookies: () => page.cookies,
    visible: () => page.visible,
    complain: (code, text) => void complaints.push([code, text]),
    locks: {
      acquire: async () => void page.told.push(["acquire"]),
      release: () => void page.told.push(["release"]),
      mark: (...args) => void page.told.push(["mark", ...args]),
      unmark: () => void page.told.push(["unmark"]),
    },
    channel: {
      announce: (...args) => void page.told.push(["announce", ...args]),
      note: () => page.note(),
    },
  };
  /** @type {import("../src/program/decisions.js").Decisions} */
  let decisions;
  const ready = () => gate.open((decisions = createDecisions(door, config, host, gate, tab)));
  if (open) ready();
  let generation = 1;
  return Object.assign(page, {
    gate,
    host,
    places,
    /** As window.fetch is called. */
    call: fetch,
    door,
    /** Go is there. */
    ready,
    /** @param {unknown} message */
    heard: (message, age = -1) => decisions.heard(age, message),
    /** Go hears that the page is visible, or back from the cache. @param {boolean} restored */
    shown: (restored) => gate.withGo((go) => go.tell(SHOWN, restored ? RESTORED : 0)),
    fetch(/** @type {any[]} */ ...args) {
      const promise = fetch(page.window, args);
      // Tests look at it later than the runner, which fails them for a rejection that nobody handles.
      promise.catch(() => {});
      return promise;
    },
    /** @param {string} type */
    detail: (type) => events.filter((event) => event.type === type).map(({ detail }) => detail),
    /**
     * The app gives an access token, and Go makes it the one to attach.
     * @param {string} [token]
     * @param {string} [refresh]
     */
    signIn(token = "one", refresh) {
      door.queue(ADOPT, 0, ++generation);
      gate.tokens({ access_token: token, ...(refresh && { refresh_token: refresh }) }, 0);
      door.token = generation;
    },
    /**
     * An exchange has brought an access token of the same session.
     * @param {string} token
     */
    renew(token) {
      gate.credentials.adopt(++generation, { access_token: token });
      door.token = generation;
    },
    /**
     * Answers a call with 401, for which Go decides this.
     * @param {Sent} call
     * @param {number} kind
     * @param {number} id
     * @param {number} [number]
     * @param {string} [text]
     */
    refuse(call, kind, id, number, text) {
      door.queue(kind, id, number, text);
      return call.answer(unauthorized());
    },
  });
};

/** @typedef {ReturnType<typeof createPage>} Page */
