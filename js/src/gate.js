/**
 * The gate: every call of the page passes here. It keeps what Go never sees (Request, Response, promise, body, token),
 * tells Go what happened, and carries out what Go decides. Calls that are not ours reach native fetch in the same tick
 * with the caller's own arguments.
 * @module
 */

import { createCredentials } from "./credentials.js";
import * as tell from "./door.js";
import { createEffects } from "./effects.js";
import { createReader } from "./read.js";
import { sendable } from "./replay.js";
import { UnauthorizedError } from "./unauthorized-error.js";

// The flag of a call that was sent before Go was there, as wasm/session/call.go reads it.
const SENT = 4;

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./door.js").Door} Door
 * @typedef {import("./read.js").Call} Call
 *
 * @typedef {object} Host what the gate needs of the page
 * @property {typeof fetch} fetch the native one
 * @property {string} origin
 * @property {() => string} base document.baseURI
 * @property {() => string} cookies document.cookie
 * @property {() => boolean} visible
 * @property {(url: string) => void} leave
 * @property {() => void} store remembers that this tab is sent to login
 * @property {(type: string, detail: object, cancelable?: boolean) => boolean} emit false: its default was prevented
 * @property {(code: string, text: string) => void} complain
 * @property {(what: string, call?: Call, detail?: unknown) => void} [trace] what happens to a call, for fetch401.trace.js
 */

/**
 * @param {Config} config
 * @param {Host} host
 */
export const createGate = (config, host) => {
  const { mode } = config;
  const bearing = mode === "bearer" || config.attach;
  const carrying = bearing || mode === "app";
  const credentials = createCredentials(carrying);
  const reader = createReader(config, host, credentials.includes, !carrying);
  const counters = { calls: 0, unauthorized: 0, exchanges: 0, retried: 0, logins: 0 };

  /** @type {(Call | undefined)[]} */
  const calls = [];
  /** @type {number[]} numbers of calls that are free for reuse */
  const spare = [];
  /** @type {number[]} and those that will be, once the effects at hand are carried out */
  const used = [];
  let depth = 0;

  /** @type {Door | undefined} */
  let door;
  // Without a door: wait for it, no longer, or never again.
  let waiting = true;
  let gone = false;
  /** @type {((door: Door) => void)[]} what the app asked for before the door was open */
  const asked = [];
  let promised = false;

  /**
   * @param {Call} call
   * @param {string} reason
   * @param {number} status
   */
  const detail = ({ place, method }, reason, status) => ({ reason, url: place.key, method, status });

  /**
   * @param {Call} call
   * @param {unknown} [why] the reason of a 401 that is handed out, or the error
   */
  const close = (call, why) => {
    host.trace?.("closed", call, why);
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
    const { key: url } = call.place;
    close(call, reason);
    counters.unauthorized++;
    host.emit("unauthorized", detail(call, reason, 401));
    if (config.reject) call.reject(new UnauthorizedError(reason, response, { url, method: call.method }));
    else call.resolve(response);
  };

  /**
   * @param {Call} call
   * @param {number} status 0 without an answer
   */
  const settled = (call, status) => {
    if (!call.retry || call.closed) return;
    counters.retried++;
    host.emit("retried", detail(call, "", status));
  };

  /**
   * @param {Call} call
   * @param {Response} response
   */
  const answered = (call, response) => {
    const { status } = response;
    host.trace?.("answered", call, response);
    settled(call, status);
    if (call.closed) return discard(response);
    if (status !== 401) {
      door?.answered(call.id);
    } else if (reader.kept(response)) {
      call.response = response;
      if (door) unauthorized(call, door);
      else if (!waiting) deliver(call, "refresh_failed");
      return perform();
    } else door?.failed(call.id);
    close(call);
    call.resolve(response);
  };

  /**
   * @param {Call} call
   * @param {Door} door
   */
  const unauthorized = (call, door) => door.unauthorized(call.id, call.response?.headers.get("WWW-Authenticate") ?? "");

  /**
   * @param {Call} call
   * @param {unknown} error
   */
  const failed = (call, error) => {
    settled(call, 0);
    if (call.closed) return;
    close(call, error);
    door?.failed(call.id);
    call.reject(error);
  };

  /**
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   */
  const transmit = (call, self, args) => {
    call.sent = true;
    host.trace?.("sent", call);
    try {
      Reflect.apply(host.fetch, self, args).then(
        (/** @type {Response} */ response) => answered(call, response),
        (/** @type {unknown} */ error) => failed(call, error),
      );
    } catch (error) {
      // Native fetch never throws; what another script put in its place may.
      failed(call, error);
    }
  };

  /**
   * Sends the call later than in its own tick, for the first time or again.
   * @param {Call} call
   * @param {string | undefined} token
   */
  const send = (call, token) => {
    call.retry = !!call.response;
    discard(call.response);
    call.response = undefined;
    transmit(call, undefined, sendable(call.passed, token, true, call.retry, host.visible()));
  };

  /**
   * Tells Go, now or once it is there.
   * @param {(door: Door) => void} what
   */
  const use = (what) => {
    if (door) {
      what(door);
      perform();
    } else if (!gone) asked.push(what);
  };

  const effects = createEffects(config, host, {
    call: (id) => calls[id],
    send,
    deliver,
    detail,
    use,
    gone: () => gone,
    counters,
    credentials,
  });

  /** Carries out what Go decided. Listeners may start calls meanwhile, and so come here again. */
  const perform = () => {
    depth++;
    for (const effect of door?.take() ?? []) {
      // Go may end amid its own effects, by what a listener does: then the calls were released.
      if (!gone) effects.carryOut(effect);
    }
    if (!--depth) for (const id of used.splice(0)) spare.push(id);
  };

  /** @param {Call} call */
  const admit = (call) => door?.started(call.id, call.flags | (call.sent ? SENT : 0), call.place.key);

  /** Calls that wait for Go go on without it. */
  const release = () => {
    waiting = false;
    for (const call of calls) {
      if (call?.response) deliver(call, "refresh_failed");
      else if (call && !call.sent) send(call, credentials.present);
    }
    effects.settle("kept");
  };

  /**
   * Sends the call, or lets it wait.
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   */
  const start = (call, self, args) => {
    const waits = !door && waiting && (bearing || credentials.present || promised);
    if (waits) return;
    const generation = door ? admit(call) : 0;
    // Where Go has just ended, the call was released.
    if (generation === undefined) return;
    if (generation === tell.WAITS) return perform();
    if (generation < 0) {
      close(call);
      return call.resolve(Reflect.apply(host.fetch, self, args));
    }
    const token = door ? credentials.of(generation) : credentials.present;
    transmit(call, self, token ? sendable(call.passed, token, false, false, true) : args);
  };

  /**
   * A new session, with these tokens: at once for calls that go on without Go, and again when Go hears of it.
   * @param {number} what
   * @param {import("./credentials.js").Tokens} tokens
   * @param {number} [bits]
   * @param {number} [expiresIn]
   */
  const begin = (what, tokens, bits, expiresIn) => {
    promised = what === tell.PROMISED;
    credentials.give(tokens);
    use((door) => {
      credentials.give(tokens);
      door.tell(what, bits, expiresIn);
    });
  };

  return {
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
        if (args.length) call = reader.read(args[0], args[1]);
      } catch {
        // Native fetch says what is wrong with it.
      }
      const ours = call;
      if (!ours) return Reflect.apply(host.fetch, self, args);
      return new Promise((resolve, reject) => {
        const { signal } = ours;
        const id = spare.pop() ?? calls.length;
        counters.calls++;
        calls[id] = Object.assign(ours, { id, resolve, reject });
        if (signal) {
          ours.onAbort = () => {
            close(ours, signal.reason);
            door?.failed(id);
            discard(ours.response);
            reject(signal.reason);
          };
          signal.addEventListener("abort", ours.onAbort);
        }
        host.trace?.("started", ours);
        start(ours, self, args);
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
      for (const what of asked.splice(0)) use(what);
      const all = calls.filter((call) => call);
      for (const call of /** @type {Call[]} */ (all)) {
        const generation = admit(call);
        if (generation !== undefined && generation >= 0 && !call.sent) send(call, credentials.of(generation));
      }
      for (const call of calls) if (call?.response && door) unauthorized(call, door);
      depth--;
      perform();
    },

    /** Go takes too long: calls no longer wait for it. */
    release,

    /** Go cannot start, or has ended. */
    dead() {
      door = undefined;
      gone = true;
      release();
    },

    /** @param {boolean} restored */
    shown: (restored) => use((door) => door.tell(tell.SHOWN, restored ? 1 : 0)),

    /**
     * @param {import("./credentials.js").Tokens} tokens
     * @param {number} expiresIn
     */
    tokens: (tokens, expiresIn) =>
      begin(tell.TOKENS, tokens, (tokens.access_token ? 1 : 0) | (tokens.refresh_token ? 2 : 0), expiresIn),

    promised: () => begin(tell.PROMISED, {}),

    cleared: () => begin(tell.CLEARED, {}),

    broken() {
      promised = false;
      use((door) => door.tell(tell.BROKEN));
    },

    /** @param {() => any} app */
    able(app) {
      effects.app = app;
      use((door) => door.tell(tell.ABLE));
    },

    /** @returns {Promise<"renewed" | "kept" | "ended">} */
    refresh: () =>
      new Promise((resolve) => {
        if (!door && !waiting) return resolve("kept");
        effects.ask(resolve);
        use((door) => door.tell(tell.REFRESH));
      }),

    /** @param {string} reason */
    login(reason) {
      effects.blamed = { reason, url: "", method: "", status: 0 };
      if (door || waiting) return use((door) => door.tell(tell.LOGIN_ASKED, 0, 0, reason));
      if (host.emit("login", effects.blamed, true) && config.loginUrl) host.leave(config.loginUrl);
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
