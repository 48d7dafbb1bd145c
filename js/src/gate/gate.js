/**
 * The gate: every protected call of the page passes here, whatever it is made with, and is held until Go has decided what
 * becomes of it, or nobody does. What carries it (Request, Response, promise, body) is its transport's alone; tokens rest
 * in the gate.
 * @module
 */

import { createCalls } from "./calls.js";
import { coded } from "./coded.js";
import { createCredentials } from "./credentials.js";
import * as protocol from "../protocol.js";
import { createSession } from "./session.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("../program/decisions.js").Decisions} Decisions
 * @typedef {import("./calls.js").Call} Call
 * @typedef {ReturnType<typeof createGate>} Gate
 *
 * @typedef {object} Host what the gate needs of the page
 * @property {typeof fetch} fetch the native one
 * @property {string} origin
 * @property {() => string} base document.baseURI
 * @property {(reason: string) => void} login goes there without Go
 * @property {typeof import("./login-guard.js").guard} guard
 * @property {(type: string, detail: object, cancelable?: boolean) => boolean} emit false: its default was prevented
 * @property {(what: "cookieless" | "foreignXhr" | "twoOwners" | "undecided", url?: string) => void} advise warns whoever writes the page
 * @property {(token: string) => void} [revoke] tells the server that nobody uses this refresh token any more
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
  const { counters } = blank(mode);
  const { all: calls, add, close, sent, arrived, deliver } = createCalls(host, counters);

  /** @type {Decisions | undefined} */
  let go;
  // Without Go: wait for it, no longer, or never again.
  let waiting = true;
  let gone = false;
  /** @type {((go: Decisions) => void)[]} what the app asked for before Go was there */
  const asked = [];

  /**
   * Tells Go something, now or once it is there.
   * @param {(go: Decisions) => void} what
   */
  const withGo = (what) => {
    if (go) what(go);
    else if (!gone) asked.push(what);
  };

  const current = createSession(mode, credentials, host, withGo);
  const { session } = current;

  /** @type {string | undefined} the reason for which the app wants to go to login */
  let wished;
  let begin = () => {};
  /** Go is there, or is waited for no longer. @type {Promise<void>} */
  const begun = new Promise((resolve) => (begin = resolve));
  /** @type {((outcome: any) => void)[]} who asked for a refresh */
  const refreshers = [];

  /** @param {string} outcome */
  const settle = (outcome) => {
    for (const resolve of refreshers.splice(0)) resolve(outcome);
  };

  /**
   * Ends a call that gets no answer.
   * @param {Call} call
   * @param {unknown} why
   */
  const drop = (call, why) => {
    close(call, why);
    go?.failed(call);
  };

  /**
   * Sends the call later than in its own tick, for the first time or again. A call of an earlier session goes without
   * the credentials of the present one, and not again.
   * @param {Call} call
   * @param {string | undefined} token
   * @param {unknown} [again]
   */
  const send = (call, token, again) => {
    const own = call.session === session();
    if (!own && call.unauthorized) {
      go?.failed(call);
      return deliver(call, "session_ended");
    }
    call.retried = !!call.unauthorized;
    call.unauthorized = 0;
    sent(call);
    call.transport.send(call, own ? token : undefined, again, !own && mode === "session");
  };

  /** Calls that wait for Go go on without it. */
  const release = () => {
    waiting = false;
    begin();
    for (const call of calls) {
      if (call?.unauthorized) deliver(call, call.session === session() ? "refresh_failed" : "session_ended");
      else if (call && !call.sent) send(call, credentials.present);
    }
    settle("kept");
    loginIfWished();
  };

  /** Goes to login if the app wants to, with Go or without. */
  const loginIfWished = () => {
    const reason = wished;
    wished = undefined;
    if (reason === undefined) return;
    if (go) go.tell(protocol.LOGIN_ASKED, 0, 0, reason);
    else host.login(reason);
  };

  const gate = {
    ...current,
    calls,
    counters,
    credentials,
    close,
    sent,
    arrived,
    deliver,
    drop,
    send,
    settle,
    withGo,
    gone: () => gone,
    /** @type {(() => any) | undefined} the app's own refresh */
    app: undefined,

    /** @type {((response: Response) => any) | undefined} says which other answers mean 401 */
    means: undefined,

    /** @param {number} status */
    refused: (status) => config.status.includes(status),

    /** The session is one of cookies. */
    cookies: !carrying,

    /**
     * A call begins.
     * @param {Call} call
     * @returns {number | undefined} the generation of the credentials with which it goes out in this tick; less than 0 when
     *   it is not Go's; undefined when it waits, or was sent already because Go has ended
     */
    start(call) {
      add(call, session());
      if (!go && waiting && (bearing || credentials.present || current.awaited())) return;
      const generation = go ? go.started(call) : 0;
      return generation === protocol.WAITS ? undefined : generation;
    },

    /**
     * The token of a generation, as far as somebody counts them.
     * @param {number} generation
     */
    token: (generation) => (go ? credentials.of(generation) : credentials.present),

    /**
     * It was answered with what its caller gets: no 401, or one that is not ours.
     * @param {Call} call
     * @param {number} status
     */
    answered(call, status) {
      if (gate.refused(status)) go?.failed(call);
      else go?.answered(call, status);
      close(call);
    },

    /**
     * Its transport holds a 401 for it, or what counts as one.
     * @param {Call} call
     * @param {number} status
     */
    unauthorized(call, status) {
      call.unauthorized = status;
      host.trace?.("held", call);
      if (go) go.unauthorized(call);
      else if (!waiting) deliver(call, "refresh_failed");
    },

    /**
     * Go is ready: it is told what happened so far.
     * @param {Decisions} decisions
     */
    open(decisions) {
      const before = /** @type {Call[]} */ (calls.filter((call) => call));
      go = decisions;
      begin();
      for (const what of asked.splice(0)) what(decisions);
      loginIfWished();
      // What is told of one call may end others.
      for (const call of before) {
        const generation = call.closed ? undefined : decisions.started(call);
        if (/** @type {number} */ (generation) >= 0 && !call.sent) send(call, credentials.of(/** @type {number} */ (generation)));
      }
      for (const call of before) if (call.unauthorized && !call.closed) decisions.unauthorized(call);
    },

    /** Go takes too long: calls no longer wait for it. */
    release,

    /** Go cannot start, or has ended. */
    dead() {
      go = undefined;
      gone = true;
      release();
    },

    /** @param {() => any} app */
    able(app) {
      gate.app = app;
      withGo((go) => go.tell(protocol.ABLE));
    },

    async accessToken() {
      const asked = session();
      await begun;
      if (go) return go.accessToken(asked);
      // Without Go, what is there counts as good.
      if (credentials.present && asked === session()) return credentials.present;
      throw coded("FETCH401_REFRESH_FAILED", "no access token");
    },

    /** @returns {Promise<"renewed" | "kept" | "ended">} */
    refresh: () =>
      new Promise((resolve) => {
        if (!go && !waiting) return resolve("kept");
        refreshers.push(resolve);
        withGo((go) => go.tell(protocol.REFRESH));
      }),

    /** @param {string} reason */
    login(reason) {
      wished = reason;
      if (go || !waiting) loginIfWished();
    },

    state: () => ({
      ...blank(mode),
      ready: !!go,
      held: calls.filter((call) => call && (call.unauthorized || !call.sent)).length,
      counters: { ...counters },
      ...go?.state(),
    }),
  };
  return gate;
};
