/**
 * The door to the Go program: its exports, called with numbers and one buffer of text.
 *
 * All text that passes is ASCII or Latin-1: URLs as the URL parser writes them, header values, codes. So one character
 * is one byte, nothing is ever cut short, and no encoder is needed.
 *
 * Deadlines go by performance.now(), which nobody sets; a lifetime by the time of day as well, since the former may stand
 * still while the machine sleeps.
 *
 * Go can end at any moment: standard Go calls `go.exit` and lets the export return a garbage number, TinyGo throws and
 * would answer again afterwards. So `alive()` is asked after every export, before its result is looked at, and a throw
 * is reported by `die`. From then on every method answers undefined.
 * @module
 */

import { member } from "../gate/record.js";
import { EFFECT_NUMBERS } from "../protocol.js";
import { MEMBERS } from "./channel.js";

/**
 * A number of a message: 0 for what is none.
 * @param {any} value
 */
const count = (value) => (value === value >> 0 && value > 0 ? value : 0);

/**
 * @typedef {{ kind: number, call: number, number: number, text: string }} Effect see wasm/protocol
 *
 * @typedef {object} Door
 * @property {(id: number, flags: number, key: string) => number | undefined} started the generation whose token the call
 *   takes along, 0 for none, AHEAD added where TICK is to be told after it; WAITS; or STRAY, when the call is not Go's
 * @property {(id: number, status: number) => number | undefined} answered an answer that is not a 401; where it answers with 1, TICK is to be told
 * @property {(id: number) => number | undefined} failed no answer; the same
 * @property {(id: number, bits: number, text: string) => void} unauthorized a 401: its method and status, a line break, and its WWW-Authenticate
 * @property {(number: number, status: number, bits: number, seconds: number, text: string) => void} exchanged
 * @property {(contended: boolean, renewed: number, failed: number, subject: number) => void} granted see locks.js
 * @property {(age: number, bits: number, expiresIn: number, message: unknown) => void} heard see channel.js
 * @property {(what: number, bits?: number, expiresIn?: number, text?: string, ago?: number) => void} tell milliseconds ago, where
 *   Go was not there yet
 * @property {() => Effect[]} take the effects since the last take
 * @property {(which: number) => number} fact
 * @property {() => boolean} stale the present credentials are known to have run out
 */

/**
 * @param {Record<string, any>} go the exports of the Go program
 * @param {() => boolean} alive
 * @param {(cause: unknown) => void} die
 * @returns {Door & { configure: (kind: number, bits: number, timeout: number, early: number, text: string) => void }}
 */
export const openDoor = (go, alive, die) => {
  /** @type {WebAssembly.Memory} */
  const memory = go.mem ?? go.memory;
  let bytes = new Uint8Array(memory.buffer);
  let at = 0;
  let size = 0;

  /** @param {string} text */
  const write = (text) => {
    const length = text.length;
    if (length >= size) at = go.room((size = length + 1024));
    // Any export may grow the memory, which detaches every view of it.
    if (!bytes.length) bytes = new Uint8Array(memory.buffer);
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    return length;
  };

  /**
   * What an export answers, or undefined where Go has ended before or meanwhile.
   * @template T
   * @param {() => T} call
   */
  const enter = (call) => {
    if (!alive()) return;
    try {
      const result = call();
      if (alive()) return result;
    } catch (cause) {
      die(cause);
    }
  };

  return {
    configure: (kind, bits, timeout, early, text) =>
      enter(() => go.configure(kind, bits, timeout, early, crypto.getRandomValues(new Int32Array(1))[0], write(text))),
    started: (id, flags, key) => enter(() => go.started(id, flags, write(key), performance.now(), Date.now())),
    answered: (id, status) => enter(() => go.answered(id, status)),
    failed: (id) => enter(() => go.failed(id)),
    unauthorized: (id, bits, text) => enter(() => go.unauthorized(id, bits, write(text), performance.now())),
    exchanged: (number, status, bits, seconds, text) =>
      enter(() => go.exchanged(number, status, bits, seconds, write(text), performance.now(), Date.now())),
    granted: (contended, renewed, failed, subject) => enter(() => go.granted(+contended, renewed, failed, subject, performance.now())),
    heard: (age, bits, expiresIn, message) =>
      enter(() => go.heard(age, bits, expiresIn, ...MEMBERS.map((name) => count(member(message, name))), performance.now(), Date.now())),
    tell: (what, bits = 0, expiresIn = 0, text = "", ago = 0) =>
      enter(() => go.tell(what, bits, expiresIn, write(text), performance.now() - ago, Date.now() - ago)),
    take() {
      const effects = [];
      const count = enter(() => go.take());
      const start = count && enter(() => go.effects());
      const { buffer } = memory;
      for (let i = 0; i < count; i++) {
        const [kind, call, number, at, length] = new Int32Array(buffer, start + i * 4 * EFFECT_NUMBERS, EFFECT_NUMBERS);
        effects.push({ kind, call, number, text: String.fromCharCode(...new Uint8Array(buffer, at, length)) });
      }
      return effects;
    },
    fact: (which) => enter(() => go.fact(which)) ?? 0,
    stale: () => !!enter(() => go.stale(performance.now(), Date.now())),
  };
};
