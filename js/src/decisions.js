/**
 * Between the gate and the door: tells Go what happened to calls, and has carried out what it decides at once.
 * @module
 */

import { WAITS } from "./door.js";
import { createEffects } from "./effects.js";

// The flag of a call that was sent before Go was there, as wasm/session/call.go reads it.
const SENT = 4;

/**
 * @typedef {import("./read.js").Call} Call
 *
 * @typedef {object} Decisions
 * @property {(call: Call) => number | undefined} started the generation whose token the call takes along, 0 for none;
 *   WAITS; or less, when the call is not Go's. Every method answers undefined once Go has ended
 * @property {(call: Call) => void} answered an answer that is not a 401
 * @property {(call: Call) => void} failed no answer
 * @property {(call: Call) => void} unauthorized a 401
 * @property {import("./door.js").Door["exchanged"]} exchanged
 * @property {import("./door.js").Door["tell"]} tell
 * @property {() => { generation: number, refreshing: boolean, ended: boolean, held: number }} state
 */

/**
 * @param {import("./door.js").Door} door
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {import("./gate.js").Gate} gate
 * @param {import("./effects.js").Tab} tab
 * @returns {Decisions}
 */
export const createDecisions = (door, config, host, gate, tab) => {
  const carryOut = createEffects(config, host, gate, tab);

  const perform = () => {
    // Listeners may do what they like meanwhile: end a call, start another that gets its number, end Go.
    const decided = door.take().map((effect) => /** @type {const} */ ([effect, gate.calls[effect.call]]));
    for (const [effect, call] of decided) if (!gate.gone()) carryOut(effect, call?.closed ? undefined : call);
  };

  return {
    started({ id, flags, sent, place }) {
      const generation = door.started(id, flags | (sent ? SENT : 0), place.key);
      if (generation === WAITS) perform();
      return generation;
    },
    answered: ({ id }) => door.answered(id),
    failed: ({ id }) => door.failed(id),
    unauthorized({ id, response }) {
      door.unauthorized(id, response?.headers.get("WWW-Authenticate") ?? "");
      perform();
    },
    exchanged(...answer) {
      door.exchanged(...answer);
      perform();
    },
    tell(...what) {
      door.tell(...what);
      perform();
    },
    state: () => ({ generation: door.fact(0), refreshing: !!door.fact(1), ended: !!door.fact(2), held: door.fact(3) }),
  };
};
