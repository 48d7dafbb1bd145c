/**
 * Between the gate and the door: tells Go what happened to calls, and has carried out what it decides at once.
 * @module
 */

import { present, seconds } from "../gate/credentials.js";
import { member } from "../gate/record.js";
import { askForToken } from "./access-token.js";
import { createEffects } from "./effects.js";
import { tokensOf } from "./exchange.js";
import { halves } from "./halves.js";
import { subject } from "./subject.js";
import {
  AHEAD,
  EARLIER,
  FACT_ENDED,
  FACT_GENERATION,
  FACT_HELD,
  FACT_REFRESHING,
  LOOPING,
  REDIRECTED,
  SENT,
  TICK,
  WAITS,
} from "../protocol.js";

/**
 * @typedef {import("../gate/calls.js").Call} Call
 *
 * @typedef {object} Decisions
 * @property {(call: Call) => number | undefined} started the generation whose token the call takes along, 0 for none;
 *   WAITS; or less, when the call is not Go's. Every method answers undefined once Go has ended
 * @property {(call: Call, status: number) => void} answered an answer that is not a 401
 * @property {(call: Call) => void} failed no answer
 * @property {(call: Call) => void} unauthorized a 401
 * @property {import("./door.js").Door["exchanged"]} exchanged
 * @property {import("./door.js").Door["granted"]} granted
 * @property {(age: number, message: unknown) => void} heard see channel.js
 * @property {() => void} note hears what other pages have told last, before they are told something themselves
 * @property {import("./door.js").Door["tell"]} tell
 * @property {(session: number) => Promise<string>} accessToken that was asked for in this session
 * @property {(tokens: import("../gate/credentials.js").Tokens) => string} subject whose they are, as tell is told
 * @property {() => { generation: number, refreshing: boolean, ended: boolean, held: number }} state
 */

/**
 * @param {import("./door.js").Door} door
 * @param {import("../gate/config.js").Config} config
 * @param {import("../gate/gate.js").Host} host
 * @param {import("../gate/gate.js").Gate} gate
 * @param {import("./effects.js").Tab} tab
 * @returns {Decisions}
 */
export const createDecisions = (door, config, host, gate, tab) => {
  /** @type {Map<number, import("../gate/credentials.js").Tokens>} what exchanges and messages brought, by their number, while Go hears of it */
  const fresh = new Map();
  const carryOut = createEffects(config, host, gate, tab, fresh);

  const looping = () => (host.guard.looping() ? LOOPING : 0);

  const perform = () => {
    // Listeners may do what they like meanwhile: end a call, start another that gets its number, end Go.
    const decided = door.take().map((effect) => /** @type {const} */ ([effect, gate.calls[effect.call]]));
    for (const [effect, call] of decided) if (!gate.gone()) carryOut(effect, call?.closed ? undefined : call);
  };

  /** @type {Decisions["tell"]} */
  const tell = (what, bits = 0, ...more) => {
    door.tell(what, bits | looping(), ...more);
    perform();
  };

  return {
    started({ id, flags, sent, session, place }) {
      const generation = door.started(id, flags | (sent ? SENT : 0) | (session === gate.session() ? 0 : EARLIER), place.key);
      if (generation === WAITS) perform();
      if (!(/** @type {number} */ (generation) >= AHEAD)) return generation;
      queueMicrotask(() => tell(TICK));
      return /** @type {number} */ (generation) - AHEAD;
    },
    answered: ({ id }, status) => void (door.answered(id, status) && tell(TICK)),
    failed: ({ id }) => void (door.failed(id) && tell(TICK)),
    unauthorized(call) {
      const { id, method, transport } = call;
      const [challenge, redirected] = halves[transport.name].read(/** @type {any} */ (call));
      // What was answered with a redirect is done: a write must not be sent again.
      const done = redirected && !/^(GET|HEAD)$/.test(method);
      door.unauthorized(id, looping() | (done ? REDIRECTED : 0), `${method} ${call.unauthorized}\n${challenge}`);
      perform();
    },
    exchanged(number, status, bits, seconds, text) {
      door.exchanged(number, status, bits | looping(), seconds, text);
      perform();
    },
    granted(...seen) {
      door.granted(...seen);
      perform();
    },
    heard(age, message) {
      const tokens = tokensOf(message);
      const number = member(message, "number");
      fresh.set(number, tokens);
      door.heard(age, looping() | present(tokens), seconds(member(message, "expires_in")), message);
      perform();
      fresh.delete(number);
    },
    note: () => tab.channel.note(),
    tell,
    accessToken: (session) => askForToken(config, gate, () => session !== gate.session() || !!door.fact(FACT_ENDED), door.stale),
    subject,
    state: () => ({
      generation: door.fact(FACT_GENERATION),
      refreshing: !!door.fact(FACT_REFRESHING),
      ended: !!door.fact(FACT_ENDED),
      held: door.fact(FACT_HELD),
    }),
  };
};
