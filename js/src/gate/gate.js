/**
 * The gate: every call of the page passes here. It keeps what Go never sees (Request, Response, promise, body, token)
 * until Go has decided what becomes of it. Calls that are not ours reach native fetch in the same tick with the caller's
 * own arguments.
 * @module
 */

import { createCredentials } from "./credentials.js";
import * as protocol from "../protocol.js";
import { createReader } from "./read.js";
import { record } from "./record.js";
import { sendable } from "./replay.js";
import { UnauthorizedError } from "./unauthorized-error.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("../program/decisions.js").Decisions} Decisions
 * @typedef {import("./read.js").Call} Call
 * @typedef {ReturnType<typeof createGate>} Gate
 *
 * @typedef {object} Host what the gate needs of the page
 * @property {typeof fetch} fetch the native one
 * @property {string} origin
 * @property {() => string} base document.baseURI
 * @property {(reason: string) => void} login goes there without Go
 * @property {typeof import("./login-guard.js")} guard
 * @property {(type: string, detail: object, cancelable?: boolean) => boolean} emit false: its default was prevented
 * @property {(url: string) => void} cookieless warns of a protected call that sends no cookies
 * @property {(what: string, call?: Call, detail?: unknown) => void} [trace] what happens to a call, for fetch401.trace.js
 */

/**
 * The state of a page on which nothing has happened yet.
 * @param {string} mode
 */
export const blank = (mode) => ({
  mode,
  ready: false,
  generation: 0,
  refreshing: false,
  ended: false,
  held: 0,
  counters: { calls: 0, unauthorized: 0, exchanges: 0, retried: 0, logins: 0 },
});

/**
 * @param {Config} config
 * @param {Host} host
 */
export const createGate = (config, host) => {
  const { mode } = config;
  const bearing = mode === "bearer" || !!config.attach;
  const carrying = bearing || mode === "app";
  const credentials = createCredentials(carrying);
  const reader = createReader(config, host, credentials.includes, !carrying);
  const { counters } = blank(mode);

  /** @type {(Call | undefined)[]} */
  const calls = [];
  /** @type {number[]} numbers of calls that are free for reuse */
  const spare = [];

  /** @type {Decisions | undefined} */
  let go;
  // Without Go: wait for it, no longer, or never again.
  let waiting = true;
  let gone = false;
  /** @type {((go: Decisions) => void)[]} what the app asked for before Go was there */
  const asked = [];
  let promised = false;
  // The number of the page's session. With a refresh of cookies or by the app it is the one that the page comes with;
  // with a token endpoint it begins with the first tokens, and calls of before wait for it and join it.
  let session = 0;
  let begun = mode !== "bearer";
  let exchanging = new AbortController();
  /** @type {string | undefined} the reason for which the app wants to go to login */
  let wished;
  /** @type {((outcome: any) => void)[]} who asked for a refresh */
  const refreshers = [];

  /** @param {string} outcome */
  const settle = (outcome) => {
    for (const resolve of refreshers.splice(0)) resolve(outcome);
  };

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
    spare.push(call.id);
    call.signal?.removeEventListener("abort", /** @type {() => void} */ (call.onAbort));
    // As long as one branch of a teed stream is open, the stream is not closed, nor is what was read let go.
    discard(call.passed.copy);
  };

  /** @param {any} message a Response or Request that nobody reads, or what a wrapper beneath ours gave for one */
  const discard = (message) => {
    try {
      message?.body?.cancel().catch(() => {});
    } catch {}
  };

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
    if (config.unauthorized === "reject") call.reject(new UnauthorizedError(reason, response, { url, method: call.method }));
    else call.resolve(response);
  };

  /**
   * @param {Call} call
   * @param {number} status 0 without an answer
   */
  const settled = (call, status) => {
    discard(call.replaced);
    if (call.closed || !call.replaced) return;
    counters.retried++;
    host.emit("retried", detail(call, "", status));
  };

  /**
   * @param {Call} call
   * @param {Response} response
   */
  const answered = (call, response) => {
    let status = 0;
    try {
      status = response.status >>> 0;
    } catch {
      // A wrapper beneath ours may resolve with anything.
    }
    host.trace?.("answered", call, response);
    settled(call, status);
    if (call.closed) return discard(response);
    if (status !== 401) {
      go?.answered(call);
    } else if (reader.kept(response)) {
      call.response = response;
      if (go) go.unauthorized(call);
      else if (!waiting) deliver(call, "refresh_failed");
      return;
    } else go?.failed(call);
    close(call);
    call.resolve(response);
  };

  /**
   * @param {Call} call
   * @param {unknown} error
   */
  const failed = (call, error) => {
    settled(call, 0);
    if (call.closed) return;
    close(call, error);
    go?.failed(call);
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
      // Of a wrapper beneath ours it may be no promise, or one that answers twice.
      Promise.resolve(Reflect.apply(host.fetch, self, args)).then(
        (/** @type {Response} */ response) => answered(call, response),
        (/** @type {unknown} */ error) => failed(call, error),
      );
    } catch (error) {
      // Native fetch never throws; what another script put in its place may.
      failed(call, error);
    }
  };

  /**
   * Sends the call later than in its own tick, for the first time or again. A call of an earlier session goes without
   * the credentials of the present one, and not again.
   * @param {Call} call
   * @param {string | undefined} token
   * @param {RequestInit} [changes] members of init instead of the caller's
   */
  const send = (call, token, changes = record()) => {
    const own = call.session === session;
    if (!own && call.response) {
      go?.failed(call);
      return deliver(call, "session_ended");
    }
    if (!own && mode === "session") changes.credentials = "omit";
    call.replaced = call.response;
    call.response = undefined;
    transmit(call, undefined, sendable(call.passed, own ? token : undefined, changes));
  };

  /**
   * Tells Go, now or once it is there.
   * @param {(go: Decisions) => void} what
   */
  const use = (what) => {
    if (go) what(go);
    else if (!gone) asked.push(what);
  };

  /** Calls that wait for Go go on without it. */
  const release = () => {
    waiting = false;
    for (const call of calls) {
      if (call?.response) deliver(call, call.session === session ? "refresh_failed" : "session_ended");
      else if (call && !call.sent) send(call, credentials.present);
    }
    settle("kept");
    leave();
  };

  /** Goes to login if the app wants to, with Go or without. */
  const leave = () => {
    const reason = wished;
    wished = undefined;
    if (reason === undefined) return;
    if (go) go.tell(protocol.LOGIN_ASKED, 0, 0, reason);
    else host.login(reason);
  };

  /**
   * Sends the call, or lets it wait.
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   */
  const start = (call, self, args) => {
    const waits = !go && waiting && (bearing || credentials.present || promised);
    if (waits) return;
    const generation = go ? go.started(call) : 0;
    // Where Go has just ended, the call was released.
    if (generation === undefined || generation === protocol.WAITS) return;
    if (generation < 0) {
      close(call);
      return call.resolve(Reflect.apply(host.fetch, self, args));
    }
    const token = go ? credentials.of(generation) : credentials.present;
    transmit(call, self, token ? sendable(call.passed, token) : args);
  };

  /**
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   * @returns {Promise<Response>}
   */
  const keep = (call, self, args) =>
    new Promise((resolve, reject) => {
      const { signal } = call;
      counters.calls++;
      call.session = session;
      call.id = spare.pop() ?? calls.length;
      calls[call.id] = Object.assign(call, { resolve, reject });
      if (signal) {
        call.onAbort = () => {
          // Anybody can dispatch an event of that name.
          if (!signal.aborted) return;
          close(call, signal.reason);
          go?.failed(call);
          discard(call.response);
          reject(signal.reason);
        };
        signal.addEventListener("abort", call.onAbort);
      }
      host.trace?.("started", call);
      start(call, self, args);
    });

  /**
   * Another session, or the same with other tokens: at once for calls that go on without Go, and again when Go hears of
   * it. An exchange that is under way is of no use any more, and its cookie must not come after the next ones.
   * @param {number} what
   * @param {import("./credentials.js").Tokens} tokens
   * @param {boolean} [fulfilled] these are the promised ones
   * @param {number} [bits]
   * @param {number} [expiresIn]
   */
  const begin = (what, tokens, fulfilled, bits = 0, expiresIn) => {
    const same = fulfilled || !begun;
    begun = true;
    if (!same) session++;
    promised = what === protocol.PROMISED;
    exchanging.abort();
    exchanging = new AbortController();
    credentials.give(tokens, same);
    use((go) => {
      credentials.give(tokens, same);
      go.tell(what, bits | (same ? protocol.SAME : 0), expiresIn);
    });
  };

  const gate = {
    calls,
    counters,
    credentials,
    deliver,
    detail,
    discard,
    send,
    settle,
    use,
    gone: () => gone,
    session: () => session,
    exchanging: () => exchanging.signal,

    /** @type {(() => any) | undefined} the app's own refresh */
    app: undefined,

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
        call = reader.recognise(args);
      } catch {
        // Native fetch says what is wrong with it.
      }
      return call ? keep(call, self, args) : Reflect.apply(host.fetch, self, args);
    },

    /**
     * Go is ready: it is told what happened so far.
     * @param {Decisions} decisions
     */
    open(decisions) {
      const before = /** @type {Call[]} */ (calls.filter((call) => call));
      go = decisions;
      waiting = false;
      for (const what of asked.splice(0)) what(decisions);
      leave();
      // What is told of one call may end others.
      for (const call of before) {
        const generation = call.closed ? undefined : decisions.started(call);
        if (generation !== undefined && generation >= 0 && !call.sent) send(call, credentials.of(generation));
      }
      for (const call of before) if (call.response && !call.closed) decisions.unauthorized(call);
    },

    /** Go takes too long: calls no longer wait for it. */
    release,

    /** Go cannot start, or has ended. */
    dead() {
      go = undefined;
      gone = true;
      release();
    },

    /**
     * @param {import("./credentials.js").Tokens} tokens
     * @param {number} expiresIn
     * @param {boolean} [fulfilled] they are the promised ones
     */
    tokens: (tokens, expiresIn, fulfilled) =>
      begin(
        protocol.TOKENS,
        tokens,
        fulfilled,
        (tokens.access_token ? protocol.ACCESS_TOKEN : 0) | (tokens.refresh_token ? protocol.REFRESH_TOKEN : 0),
        expiresIn,
      ),

    promised: () => begin(protocol.PROMISED, {}),

    cleared: () => begin(protocol.CLEARED, {}),

    broken() {
      promised = false;
      use((go) => go.tell(protocol.BROKEN));
    },

    /** @param {() => any} app */
    able(app) {
      gate.app = app;
      use((go) => go.tell(protocol.ABLE));
    },

    /** @returns {Promise<"renewed" | "kept" | "ended">} */
    refresh: () =>
      new Promise((resolve) => {
        if (!go && !waiting) return resolve("kept");
        refreshers.push(resolve);
        use((go) => go.tell(protocol.REFRESH));
      }),

    /** @param {string} reason */
    login(reason) {
      wished = reason;
      if (go || !waiting) leave();
    },

    state: () => ({
      ...blank(mode),
      ready: !!go,
      held: calls.filter((call) => call && (call.response || !call.sent)).length,
      counters: { ...counters },
      ...go?.state(),
    }),
  };
  return gate;
};
