/**
 * Carries out what Go decided.
 * @module
 */

import { LEAVING, TICK } from "./door.js";
import { exchange } from "./exchange.js";
import { key } from "./scope.js";

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

/**
 * @typedef {import("./credentials.js").Tokens} Tokens
 *
 * @typedef {object} Part what the gate lends
 * @property {(id: number) => import("./read.js").Call | undefined} call
 * @property {(call: import("./read.js").Call, token: string | undefined) => void} send
 * @property {(call: import("./read.js").Call, reason: string) => void} deliver
 * @property {(call: import("./read.js").Call, reason: string, status: number) => object} detail
 * @property {(what: (door: import("./door.js").Door) => void) => void} use
 * @property {() => boolean} gone
 * @property {{ exchanges: number, logins: number }} counters
 * @property {ReturnType<typeof import("./credentials.js").createCredentials>} credentials
 */

/**
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {Part} gate
 */
export const createEffects = (config, host, { call: find, send, deliver, detail, use, gone, counters, credentials }) => {
  /** @type {Map<number, Tokens>} what exchanges brought, by their number */
  const fresh = new Map();
  /** @type {((outcome: any) => void)[]} */
  let refreshers = [];
  let status = 0;
  let reason = "";

  /** @param {number} number */
  const begin = async (number) => {
    const { given } = credentials;
    const answer = await exchange(config, host, credentials.refreshToken, effects.app);
    status = answer.status;
    fresh.set(number, answer.tokens);
    use((door) => door.exchanged(number, status, answer.bits, answer.expiresIn, answer.text));
    fresh.delete(number);
    // Go has ended: what was renewed still helps calls of the same session that go on natively.
    if (gone() && given === credentials.given && answer.tokens.access_token) credentials.adopt(0, answer.tokens);
  };

  /** @param {string} code */
  const complaint = (code) => {
    const url = config.refreshUrl || config.tokenUrl || host.origin;
    return code === "FETCH401_REFRESH_UNREADABLE"
      ? `three times no readable answer from ${key(new URL(url))}: each of its answers must carry Access-Control-Allow-Origin: ${host.origin}${config.refreshUrl && " and Access-Control-Allow-Credentials: true"}`
      : `${key(new URL(url))} gave no usable answer (status ${status}): no further try until setTokens(), refresh() or a reload`;
  };

  /** @param {string} wayBack */
  const wayToLogin = (wayBack) => {
    const url = new URL(config.loginUrl);
    url.searchParams.set(config.returnParam, wayBack);
    url.searchParams.set(config.reasonParam, reason);
    return url.href;
  };

  const effects = {
    /** @type {(() => any) | undefined} the app's own refresh */
    app: undefined,

    /** @type {object} the call that the next login speaks of */
    blamed: {},

    /** @param {(outcome: any) => void} resolve */
    ask: (resolve) => refreshers.push(resolve),

    /** @param {string} outcome */
    settle(outcome) {
      const all = refreshers;
      refreshers = [];
      for (const resolve of all) resolve(outcome);
    },

    /** @param {import("./door.js").Effect} effect */
    carryOut({ kind, call: id, number, text }) {
      const call = find(id);
      switch (kind) {
        case SEND:
          if (call) send(call, credentials.of(number));
          break;
        case DELIVER:
          if (call) deliver(call, text);
          break;
        case EXCHANGE:
          counters.exchanges++;
          // With the tokens of this session, whatever a listener does.
          begin(number);
          host.emit("refreshing", {});
          break;
        case ADOPT:
          credentials.adopt(number, id ? fresh.get(id) ?? {} : credentials.given);
          if (id) host.emit("refreshed", { generation: number });
          break;
        case REFRESH_FAILED:
          host.emit("refreshfailed", { final: number === 1, code: text, status: text === "timeout" ? 0 : status });
          break;
        case BLAME:
          if (call) effects.blamed = detail(call, text, 401);
          break;
        case LOGIN:
          counters.logins++;
          if (host.emit("login", { ...effects.blamed, reason: text }, true) && number) {
            reason = text;
            use((door) => door.tell(LEAVING));
          }
          break;
        case SETTLE:
          effects.settle(text);
          break;
        case WAKE:
          setTimeout(() => use((door) => door.tell(TICK)), number);
          break;
        case COMPLAIN:
          host.complain(text, complaint(text));
          break;
        case NAVIGATE:
          host.leave(wayToLogin(text));
          break;
        case STORE:
          host.store();
      }
    },
  };
  return effects;
};
