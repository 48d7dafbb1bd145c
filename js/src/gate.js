/**
 * The gate: every call of the page passes here. It keeps what Go never sees (Request, Response, promise, body, token),
 * tells Go what happened, and carries out what Go decides. Calls that are not ours reach native fetch in the same tick
 * with the caller's own arguments.
 * @module
 */

import * as tell from "./door.js";
import { exchange } from "./exchange.js";
import { isRequest, keep, kind, members, sendable } from "./replay.js";
import { key, within } from "./scope.js";
import { UnauthorizedError } from "./unauthorized-error.js";

// Flags of a call, as wasm/session/call.go reads them.
const STREAM = 1;
const NO_LOGIN = 2;
const SENT = 4;

// Kinds of effects, as wasm/session/effect.go numbers them.
const SEND = 1;
const DELIVER = 2;
const EXCHANGE = 3;
const ADOPT = 4;
const REFRESH_FAILED = 5;
const BLAME = 6;
const LOGIN = 7;
const SETTLE = 8;
const WAKE = 9;
const COMPLAIN = 10;
const NAVIGATE = 11;
const STORE = 12;

// Past access tokens by which a call is known as ours.
const REMEMBERED = 16;

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./door.js").Door} Door
 * @typedef {import("./exchange.js").Tokens} Tokens
 *
 * @typedef {object} Host what the gate needs of the page
 * @property {typeof fetch} fetch the native one
 * @property {string} origin
 * @property {() => string} base document.baseURI
 * @property {() => string} cookies document.cookie
 * @property {() => boolean} visible
 * @property {(url: string) => void} leave
 * @property {(text: string) => void} store keeps when this tab was sent to login
 * @property {(type: string, detail: object, cancelable?: boolean) => boolean} emit false: its default was prevented
 * @property {(code: string, text: string) => void} complain
 * @property {(...trace: any[]) => void} [trace]
 *
 * @typedef {object} Place what is known of a URL
 * @property {string} href
 * @property {string} key
 * @property {boolean} ours
 * @property {boolean} foreign another origin than the page's
 * @property {number} flags
 *
 * @typedef {object} Call
 * @property {number} id
 * @property {Place} place
 * @property {number} flags
 * @property {string} method
 * @property {import("./replay.js").Passed} passed
 * @property {boolean} sent
 * @property {boolean} retry
 * @property {boolean} closed
 * @property {Response} [response] its 401
 * @property {AbortSignal} [signal]
 * @property {() => void} [onAbort]
 * @property {(response: Response) => void} resolve
 * @property {(reason: any) => void} reject
 */

/**
 * @param {Config} config
 * @param {Host} host
 */
export const createGate = (config, host) => {
  /** @type {(Call | undefined)[]} */
  const calls = [];
  /** @type {number[]} numbers of calls that are free for reuse */
  const spare = [];
  /** @type {number[]} and those that will be, once the effects at hand are carried out */
  const used = [];
  /** @type {Door | undefined} */
  let door;
  // Without a door: wait for it, no longer, or never again.
  let waiting = true;
  let gone = false;
  /** @type {(() => void)[]} what the app asked for before the door was open */
  let asked = [];
  let depth = 0;
  // A call was answered before the door was open, otherwise than with 401.
  let early = false;

  /** @type {Map<number, string>} the last access tokens, by generation */
  const tokens = new Map();
  /** @type {Map<number, Tokens>} by exchange */
  const fresh = new Map();
  /** @type {Tokens} given by the app */
  let given = {};
  /** @type {string | undefined} */
  let present;
  let promised = false;
  /** @type {string | undefined} */
  let refreshToken;
  /** @type {(() => any) | undefined} */
  let app;
  let status = 0;
  /** @type {((outcome: any) => void)[]} */
  let refreshers = [];
  /** @type {object} */
  let blamed = {};
  let warned = false;

  const { mode } = config;
  const counters = { calls: 0, unauthorized: 0, exchanges: 0, retried: 0, logins: 0 };
  const bearing = mode === "bearer" || config.attach;
  const carrying = bearing || mode === "app";
  const cookies = !carrying;

  /** @type {string | undefined} */
  let base;
  /** @type {Map<string, Place>} */
  const places = new Map();

  /** @param {URL} url */
  const placeOf = (url) => {
    const at = key(url);
    return {
      href: url.href,
      key: at,
      ours:
        within(config.protect, at) &&
        !within(config.except, at) &&
        !config.exempt.includes(at) &&
        at + url.hash !== config.loginHref,
      foreign: url.origin !== host.origin,
      flags: within(config.loginExcept, at) ? NO_LOGIN : 0,
    };
  };

  /**
   * @param {string} text as it was passed to fetch
   * @returns {Place}
   */
  const locate = (text) => {
    const now = host.base();
    if (now !== base) {
      places.clear();
      base = now;
    }
    let place = places.get(text);
    if (!place) {
      place = placeOf(new URL(text, base));
      if (places.size > 255) places.clear();
      if (text.length < 2048) places.set(text, place);
    }
    return place;
  };

  /**
   * Reads a call. Undefined, or an exception, means that it is not ours.
   * @param {any} input
   * @param {any} passedInit
   * @returns {Call | undefined}
   */
  const read = (input, passedInit) => {
    const request = isRequest(input) ? input : undefined;
    const place = locate(typeof input === "string" ? input : request ? input.url : String(input));
    if (!place.ours) return;
    const init = members(passedInit);
    const signal = "signal" in init ? init.signal : request?.signal;
    if (signal && (signal.aborted || kind(signal) !== "AbortSignal")) return;
    if ((init.mode ?? request?.mode) === "no-cors") return;
    const given = init.headers ?? request?.headers;
    const headers = given && new Headers(given);
    const authorization = headers?.get("Authorization");
    if (authorization != null) {
      const own = /^bearer +([!-~]+)$/i.exec(authorization)?.[1];
      if (!own || ![...tokens.values(), present].includes(own)) return;
    }
    const credentials = init.credentials ?? request?.credentials;
    if (cookies && (credentials === "omit" || (place.foreign && credentials !== "include"))) {
      if (!warned) {
        warned = true;
        host.complain(
          "FETCH401_NO_COOKIES",
          `${place.key} is protected, but this call sends no cookies there and is left alone: call it with credentials: "include", or leave it out of data-protect`,
        );
      }
      return;
    }
    const passed = keep(input, init, headers, place.href);
    return {
      id: 0,
      place,
      flags: place.flags | (passed.stream ? STREAM : 0),
      method: String(init.method ?? request?.method ?? "GET").toUpperCase(),
      passed,
      sent: false,
      retry: false,
      closed: false,
      signal,
      resolve: /** @type {any} */ (undefined),
      reject: /** @type {any} */ (undefined),
    };
  };

  /**
   * @param {Call} call
   * @param {string} reason
   * @param {number} status
   */
  const detail = ({ place, method }, reason, status) => ({ reason, url: place.key, method, status });

  /** @param {Call} call */
  const close = (call) => {
    call.closed = true;
    calls[call.id] = undefined;
    (depth ? used : spare).push(call.id);
    if (call.onAbort) call.signal?.removeEventListener("abort", call.onAbort);
  };

  /** @param {Response | undefined} response */
  const discard = (response) => void response?.body?.cancel().catch(() => {});

  /**
   * Hands the 401 to the caller.
   * @param {Call} call
   * @param {string} reason
   */
  const deliver = (call, reason) => {
    const response = /** @type {Response} */ (call.response);
    close(call);
    counters.unauthorized++;
    host.emit("unauthorized", detail(call, reason, 401));
    if (config.reject) call.reject(new UnauthorizedError(reason, response, { url: call.place.key, method: call.method }));
    else call.resolve(response);
  };

  /**
   * @param {Call} call
   * @param {Response} response
   */
  const answered = (call, response) => {
    if (call.closed) return discard(response);
    if (call.retry) retried(call, response.status);
    if (response.status !== 401) {
      if (door) door.answered(call.id);
      else early = true;
      close(call);
      return call.resolve(response);
    }
    if (response.redirected && !placeOf(new URL(response.url)).ours) {
      door?.failed(call.id);
      close(call);
      return call.resolve(response);
    }
    call.response = response;
    if (door) {
      door.unauthorized(call.id, response.headers.get("WWW-Authenticate") ?? "");
      perform();
    } else if (!waiting) {
      deliver(call, "refresh_failed");
    }
  };

  /**
   * @param {Call} call
   * @param {unknown} error
   */
  const failed = (call, error) => {
    if (call.closed) return;
    if (call.retry) retried(call, 0);
    door?.failed(call.id);
    close(call);
    call.reject(error);
  };

  /**
   * @param {Call} call
   * @param {number} status
   */
  const retried = (call, status) => {
    counters.retried++;
    host.emit("retried", detail(call, "", status));
  };

  /**
   * @param {Call} call
   * @param {Promise<Response>} sent
   */
  const follow = (call, sent) => {
    call.sent = true;
    sent.then(
      (response) => answered(call, response),
      (error) => failed(call, error),
    );
  };

  /**
   * Sends the call later than in its own tick, for the first time or again.
   * @param {Call} call
   * @param {string | undefined} token
   */
  const send = (call, token) => {
    const { fetch } = host;
    const retry = !!call.response;
    call.retry = retry;
    discard(call.response);
    call.response = undefined;
    try {
      host.trace?.(retry ? "retry" : "send", call.method, call.place.key);
      follow(call, fetch(...sendable(call.passed, token, true, retry, host.visible())));
    } catch (error) {
      failed(call, error);
    }
  };

  /** Carries out what Go decided. Listeners may start calls meanwhile, and so come here again. */
  const perform = () => {
    depth++;
    for (const effect of door?.take() ?? []) carryOut(effect);
    if (!--depth) for (const id of used.splice(0)) spare.push(id);
  };

  /** @param {import("./door.js").Effect} effect */
  const carryOut = ({ kind: what, call: id, number, text }) => {
    const call = calls[id];
    switch (what) {
      case SEND:
        if (call) send(call, tokens.get(number));
        break;
      case DELIVER:
        if (call) deliver(call, text);
        break;
      case EXCHANGE:
        counters.exchanges++;
        host.emit("refreshing", {});
        exchange(config, host, refreshToken, app).then((answer) => exchanged(number, answer));
        break;
      case ADOPT:
        adopt(number, id ? fresh.get(id) ?? {} : given, !id);
        if (id) host.emit("refreshed", { generation: number });
        break;
      case REFRESH_FAILED:
        host.emit("refreshfailed", { final: number === 1, code: text, status: text === "timeout" ? 0 : status });
        break;
      case BLAME:
        if (call) blamed = detail(call, text, 401);
        break;
      case LOGIN:
        counters.logins++;
        if (host.emit("login", { ...blamed, reason: text }, true) && number) {
          door?.tell(tell.LEAVING, 0, 0, text);
          perform();
        }
        break;
      case SETTLE:
        settle(text);
        break;
      case WAKE:
        setTimeout(() => use((open) => open.tell(tell.TICK)), number);
        break;
      case COMPLAIN:
        host.complain(text, complaints(text));
        break;
      case NAVIGATE:
        host.leave(text);
        break;
      case STORE:
        host.store(text);
    }
  };

  /** @param {string} code */
  const complaints = (code) => {
    const url = new URL(config.refreshUrl || config.tokenUrl || host.origin);
    return code === "FETCH401_REFRESH_UNREADABLE"
      ? `three answers in a row from ${key(url)} could not be read: if the server is up, each of its answers, errors too, must carry Access-Control-Allow-Origin: ${host.origin}${config.refreshUrl ? " and Access-Control-Allow-Credentials: true" : ""}`
      : `the answer of ${key(url)} (status ${status}) is none that a session can be renewed with: see the refreshfailed event; nothing is tried again until setTokens(), refresh() or a reload`;
  };

  /**
   * @param {number} generation
   * @param {Tokens} brought
   * @param {boolean} anew a new session: an old refresh token is not its
   */
  const adopt = (generation, brought, anew) => {
    if (anew || brought.refresh_token) refreshToken = brought.refresh_token;
    present = carrying ? brought.access_token : undefined;
    if (present) tokens.set(generation, present);
    if (tokens.size > REMEMBERED) tokens.delete(/** @type {number} */ (tokens.keys().next().value));
  };

  /**
   * @param {number} number
   * @param {import("./exchange.js").Answer} answer
   */
  const exchanged = (number, answer) => {
    status = answer.status;
    fresh.set(number, answer.tokens);
    door?.exchanged(number, answer.status, answer.bits, answer.expiresIn, answer.text);
    perform();
    fresh.delete(number);
    // Go has ended: what was renewed still helps calls that go on natively.
    if (gone && answer.tokens.access_token) adopt(0, answer.tokens, false);
  };

  /** @param {string} outcome */
  const settle = (outcome) => {
    const all = refreshers;
    refreshers = [];
    for (const resolve of all) resolve(outcome);
  };

  /**
   * Tells Go, now or once it is there.
   * @param {(door: Door) => void} what
   */
  const use = (what) => {
    if (door) {
      what(door);
      perform();
    } else if (!gone) {
      asked.push(() => door && what(door));
    }
  };

  /**
   * Tells Go of a call that was read.
   * @param {Call} call
   */
  const admit = (call) => door?.started(call.id, call.flags | (call.sent ? SENT : 0), call.place.key);

  /** Calls that wait for Go go on without it. */
  const release = () => {
    waiting = false;
    for (const call of calls) {
      if (call?.response) deliver(call, "refresh_failed");
      else if (call && !call.sent) send(call, present);
    }
    settle("kept");
  };

  /**
   * Sends the call in its own tick.
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   * @param {string | undefined} token
   */
  const sendNow = (call, self, args, token) =>
    follow(
      call,
      Reflect.apply(host.fetch, self, token ? sendable(call.passed, token, false, false, true) : args),
    );

  return {
    counters,

    /**
     * What window.fetch does.
     * @param {any} self
     * @param {any[]} args
     * @returns {Promise<Response>}
     */
    fetch(self, args) {
      /** @type {Call | undefined} */
      let call;
      try {
        if (args.length) call = read(args[0], args[1]);
      } catch {
        // Native fetch says what is wrong with it.
      }
      if (!call) return Reflect.apply(host.fetch, self, args);
      const { signal } = call;
      return new Promise((resolve, reject) => {
        call.resolve = resolve;
        call.reject = reject;
        counters.calls++;
        const id = (call.id = spare.pop() ?? calls.length);
        calls[id] = call;
        if (signal) {
          signal.addEventListener(
            "abort",
            (call.onAbort = () => {
              door?.failed(id);
              close(call);
              discard(call.response);
              reject(signal.reason);
            }),
          );
        }
        if (!door) {
          if (waiting && (bearing || present || promised)) return;
          return sendNow(call, self, args, present);
        }
        const token = admit(call);
        // Where Go has just ended, the call was released.
        if (token === undefined) return;
        if (token >= 0) return sendNow(call, self, args, tokens.get(token));
        if (token === tell.WAITS) return perform();
        close(call);
        resolve(Reflect.apply(host.fetch, self, args));
      });
    },

    /**
     * Go is ready: it is told what happened so far.
     * @param {Door} open
     */
    open(open) {
      door = open;
      waiting = false;
      depth++;
      for (const ask of asked.splice(0)) {
        ask();
        perform();
      }
      if (early) {
        const id = calls.length;
        door.started(id, SENT, config.protect[0]);
        door?.answered(id);
      }
      for (const call of [...calls]) {
        if (!call) continue;
        const token = admit(call);
        if (token !== undefined && token >= 0 && !call.sent) send(call, tokens.get(token));
      }
      for (const call of calls) {
        if (call?.response) door?.unauthorized(call.id, call.response.headers.get("WWW-Authenticate") ?? "");
      }
      depth--;
      perform();
    },

    /** Go takes too long: calls no longer wait for it. */
    release,

    /** Go cannot start, or has ended. */
    dead() {
      door = undefined;
      gone = true;
      asked = [];
      release();
    },

    /** @param {boolean} restored */
    shown: (restored) => use((open) => open.tell(tell.SHOWN, restored ? 1 : 0)),

    /**
     * @param {Tokens} next
     * @param {number} expiresIn
     */
    tokens(next, expiresIn) {
      given = next;
      promised = false;
      if (carrying) present = next.access_token;
      const bits = (next.access_token ? 1 : 0) | (next.refresh_token ? 2 : 0);
      use((open) => open.tell(tell.TOKENS, bits, expiresIn));
    },

    promised() {
      given = {};
      present = undefined;
      promised = true;
      use((open) => open.tell(tell.PROMISED));
    },

    broken() {
      promised = false;
      use((open) => open.tell(tell.BROKEN));
    },

    cleared() {
      given = {};
      present = refreshToken = undefined;
      promised = false;
      use((open) => open.tell(tell.CLEARED));
    },

    /** @param {() => any} next */
    able(next) {
      app = next;
      use((open) => open.tell(tell.ABLE));
    },

    /** @returns {Promise<"renewed" | "kept" | "ended">} */
    refresh: () =>
      new Promise((resolve) => {
        if (!door && !waiting) return resolve("kept");
        refreshers.push(resolve);
        use((open) => open.tell(tell.REFRESH));
      }),

    /** @param {string} reason */
    login(reason) {
      blamed = { reason, url: "", method: "", status: 0 };
      if (door || waiting) return use((open) => open.tell(tell.LOGIN_ASKED, 0, 0, reason));
      if (host.emit("login", blamed, true) && config.loginUrl) host.leave(config.loginUrl);
    },

    state: () => ({
      mode,
      ready: !!door,
      generation: door?.fact(0) ?? 0,
      refreshing: !!door?.fact(1),
      ended: !!door?.fact(2),
      held: door?.fact(3) ?? calls.filter((call) => call && (call.response || !call.sent)).length,
      counters: { ...counters },
    }),
  };
};
