/**
 * Carries out what Go decided.
 * @module
 */

import { exchange } from "./exchange.js";
import { wayToLogin } from "./leave.js";
import { halves } from "./halves.js";
import {
  ABORT,
  ACQUIRE,
  ADOPT,
  ANNOUNCE,
  NEW_SESSION,
  COMPLAIN,
  DELIVER,
  EXCHANGE,
  LEAVING,
  LOGIN,
  MARK_FAILED,
  MARK_RENEWED,
  NAVIGATE,
  REFRESH_FAILED,
  RELEASE,
  SEND,
  SESSION_CHANGED,
  SETTLE,
  TICK,
  UNMARK,
  WAKE,
} from "../protocol.js";
import { record } from "../gate/record.js";
import { key } from "../gate/scope.js";

/**
 * @typedef {import("../gate/credentials.js").Tokens} Tokens
 * @typedef {import("../gate/calls.js").Call} Call
 *
 * @typedef {object} Tab
 * @property {() => string} cookies document.cookie
 * @property {() => boolean} visible somebody looks at the page
 * @property {(code: string, text: string) => void} complain must not throw
 * @property {Pick<ReturnType<typeof import("./locks.js").createLocks>, "acquire" | "release" | "mark" | "unmark">} locks
 * @property {Pick<ReturnType<typeof import("./channel.js").createChannel>, "announce" | "note">} channel
 */

/**
 * @param {import("../gate/config.js").Config} config
 * @param {import("../gate/gate.js").Host} host
 * @param {import("../gate/gate.js").Gate} gate
 * @param {Tab} tab
 * @param {Map<number, Tokens>} fresh what exchanges and messages brought, by their number
 * @returns {(effect: import("./door.js").Effect, call: Call | undefined) => void} with the call that
 *   it speaks of, if that is still open
 */
export const createEffects = (config, host, gate, tab, fresh) => {
  const { withGo, counters, credentials } = gate;

  /**
   * Lets what nobody waits for come after the calls that are sent again: at once it would cost them 0.3 ms each in Chromium.
   * @param {() => void} what
   */
  const unhurried = (what) => setTimeout(what, 5);

  /**
   * What an exchange or a message brought; nothing of it is Object.prototype's.
   * @param {number} number
   */
  const brought = (number) => fresh.get(number) ?? record();

  /**
   * @param {number} number
   * @param {boolean} known whose the session is
   */
  const renew = async (number, known) => {
    const { given } = credentials;
    const answer = await exchange(config, host.fetch, tab.cookies, credentials.refreshToken, gate.app, known, gate.exchanging());
    fresh.set(number, answer.tokens);
    withGo((door) => door.exchanged(number, answer.status, answer.bits, answer.expiresIn, answer.text));
    fresh.delete(number);
    // Go has ended: what was renewed still helps calls of the same session that go on natively.
    if (gate.gone() && given === credentials.given && answer.tokens.access_token) credentials.adopt(0, answer.tokens);
  };

  /**
   * @param {Call} call
   * @param {number} generation
   */
  const send = (call, generation) => {
    const { transport } = call;
    const now = (/** @type {unknown} */ again) => {
      gate.send(call, credentials.of(generation), again);
      // And by the gate, once the call is answered.
      if (call.retried) unhurried(() => transport.discard(call));
    };
    if (call.unauthorized) halves[transport.name].again(/** @type {any} */ (call), tab.visible(), now);
    else now(undefined);
  };

  /**
   * @param {string} code
   * @param {number} status
   */
  const complaint = (code, status) => {
    const url = config.refreshUrl || config.tokenUrl || host.origin;
    return code === "FETCH401_REFRESH_UNREADABLE"
      ? `three times no readable answer from ${key(new URL(url))}: each of its answers must carry Access-Control-Allow-Origin: ${host.origin}${config.refreshUrl ? " and Access-Control-Allow-Credentials: true" : ""}`
      : `${key(new URL(url))} gave no usable answer (status ${status}): no further try until setTokens(), refresh() or a reload`;
  };

  return ({ kind, call: id, number, text }, call) => {
    switch (kind) {
      case SEND:
        if (call) send(call, number);
        break;
      case DELIVER:
        if (call) gate.deliver(call, text);
        break;
      case EXCHANGE:
        counters.exchanges++;
        // With the tokens of this session, whatever a listener does.
        renew(number, id === 1);
        host.emit("refreshing", {});
        break;
      case ADOPT:
        credentials.adopt(number, id ? brought(id) : credentials.given);
        if (id) host.emit("refreshed", { generation: number });
        break;
      case REFRESH_FAILED:
        host.emit("refreshfailed", { final: number === 1, code: text, status: id });
        // For good, and nothing has been renewed since the app gave its tokens.
        if (number && config.mode === "bearer" && text === "invalid_grant" && credentials.present === credentials.given.access_token) host.advise("twoOwners");
        break;
      case LOGIN: {
        const [reason, answered = "", url = "", ...demand] = text.split("\n");
        const [method, status = 0] = answered.split(" ");
        counters.logins++;
        if (host.emit("login", { reason, url, method, status: +status }, true) && number) withGo((door) => door.tell(LEAVING, 0, 0, [reason, ...demand].join("\n")));
        break;
      }
      case SETTLE:
        gate.settle(text);
        break;
      case WAKE:
        // What is kept is seen late: somebody may have told what is waited for, and be gone.
        setTimeout(() => withGo((door) => (door.note(), door.tell(TICK))), number);
        break;
      case COMPLAIN:
        tab.complain(text, complaint(text, number));
        break;
      case NAVIGATE: {
        const [wayBack, reason, ...demand] = text.split("\n");
        host.guard.leave(wayToLogin(config, wayBack, reason, ...demand));
        break;
      }
      case ABORT:
        gate.abort();
        break;
      case NEW_SESSION:
        gate.follow(brought(number), id === 1);
        break;
      case SESSION_CHANGED:
        host.emit("sessionchanged", { generation: number });
        break;
      case ACQUIRE:
        tab.locks.acquire();
        break;
      case RELEASE:
        tab.locks.release();
        break;
      case MARK_RENEWED:
      case MARK_FAILED:
        tab.locks.mark(kind, number, id);
        break;
      case UNMARK:
        tab.locks.unmark();
        break;
      case ANNOUNCE: {
        const { present: access_token, refreshToken: refresh_token } = credentials;
        tab.channel.announce(text, id === 1, number || undefined, { access_token, refresh_token });
      }
    }
  };
};
