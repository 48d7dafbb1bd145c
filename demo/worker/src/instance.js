/** One Go program that stays alive between requests. It serves one at a time; the pool sees to that. */

import { Desk } from "./desk.js";
import "./wasm_exec.js";

/** What an instance may hold before it is replaced: WebAssembly memory never shrinks. It begins with 6 MB. */
const MEMORY = 16 << 20;
/**
 * JavaScript values that Go may hold. Some 10,000 are garbage that Go has not collected yet; beyond them the count grows
 * slowly, because syumai/workers leaves a function behind for each promise that it awaits.
 */
const REFERENCES = 32_768;
/** Collect early: memory is what limits the number of instances, and a collection of so little takes no time. */
const GO_ENV = { GOGC: "50" };

export class Instance {
  #go;
  #memory;
  #desk = new Desk(() => this.#memory.buffer);
  /** @type {(head: number, body: number) => void} */
  #ring;
  /** @type {string | undefined} why it can serve no more */
  #ended;
  /** @type {((why: Error) => void) | undefined} settles the request in hand */
  #fail;

  /**
   * Starts the program. Nothing here is awaited: the program is ready when its first run stops, or never.
   * @param {WebAssembly.Module} program
   * @param {unknown} env bindings
   */
  constructor(program, env) {
    const go = (this.#go = new Go());
    if (!(go._scheduledTimeouts instanceof Map) || typeof go._resume !== "function") {
      throw new Error("worker: wasm_exec.js keeps its timers elsewhere than Go 1.25 and 1.26: adapt instance.js to it");
    }
    go.exit = (code) => this.#end(`the program ended with code ${code}`);
    go.env = GO_ENV;
    const resume = go._resume;
    go._resume = () => {
      if (this.#ended) return;
      try {
        resume.call(go);
      } catch (error) {
        this.#end(`the program broke off: ${error}`);
      }
    };
    // syumai/workers reads this when the program starts, and keeps it.
    Object.assign(globalThis, { context: { env } });
    const wasm = new WebAssembly.Instance(program, { ...go.importObject, desk: this.#desk.imports });
    this.#memory = /** @type {WebAssembly.Memory} */ (wasm.exports.mem);
    // The promise ends with the program. Whoever awaited it would await another request's doing, which Workers forbid.
    go.run(wasm).catch((error) => this.#end(`the program broke off: ${error}`));
    if (this.#ended || !this.#desk.ready) {
      throw new Error(`worker: the Go program did not get ready: ${this.#ended ?? "it does not serve"}`);
    }
    this.#ring = /** @type {(head: number, body: number) => void} */ (wasm.exports.serve);
  }

  /** @param {string} why */
  #end(why) {
    this.#ended ??= why;
    this.#dropTimers();
    this.#fail?.(new Error("worker: " + this.#ended));
  }

  /** A timer that finds itself still on the list after it woke Go wakes it again, forever if Go has ended. */
  #dropTimers() {
    for (const timer of this.#go._scheduledTimeouts.values()) clearTimeout(timer);
    this.#go._scheduledTimeouts.clear();
  }

  /**
   * Answers one request, or rejects when the program ends meanwhile.
   * @param {import("./desk.js").Asked} asked
   * @param {import("./body.js").Body} body
   * @returns {Promise<Response>}
   */
  async answer(asked, body) {
    try {
      return await new Promise((resolve, reject) => {
        this.#fail = reject;
        this.#ring(this.#desk.lay(asked, body, resolve), body.size);
        this.#go._resume();
      });
    } finally {
      this.#fail = undefined;
      this.#desk.clear();
    }
  }

  /**
   * Makes it ready for the next request; false means that it must not serve again.
   *
   * A timer belongs to the request during which it was set and dies with that. Go only sets those anew that are still
   * needed when it looks again, so a timer after that means work that goes on behind the answer.
   */
  rest() {
    const go = this.#go;
    if (this.#ended) return false;
    this.#dropTimers();
    go._resume();
    if (this.#ended || go._scheduledTimeouts.size > 0) return false;
    return this.#memory.buffer.byteLength <= MEMORY && go._values.length - go._idPool.length <= REFERENCES;
  }

  /** Stops what a program that is thrown away may still have running. */
  close() {
    this.#end("it was thrown away");
  }
}
