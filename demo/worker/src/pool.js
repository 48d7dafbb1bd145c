/**
 * Holds the instances of a Worker. Each serves one request at a time; there are at most so many, and requests beyond
 * them wait in a line with an end.
 *
 * Requests share the pool but never await one another: who waits awaits a promise of its own, and a timer of its own
 * keeps it alive. (The runtime ends a request that waits for nothing but another request.)
 */

/**
 * @typedef {object} Limits
 * @property {number} most instances alive at once, up to 16 MB each of the 128 MB that Workers allow
 * @property {number} line requests that may wait for one
 * @property {number} wait milliseconds that a request waits at most
 * @property {number} lease milliseconds after which an instance that did not come back counts as lost
 */

/**
 * @typedef {object} Poolable
 * @property {() => boolean} rest
 * @property {() => void} close
 */

/**
 * @template T
 * @typedef {(found?: T | Vacancy) => void} Waiter
 */

/** @template {Poolable} T */
export class Pool {
  #start;
  #limits;
  /** @type {T[]} the one used last is used next, so that the others can stay cold */
  #idle = [];
  /** @type {Map<T | Vacancy, number>} since when each is out, the longest first */
  #out = new Map();
  /** @type {Set<Waiter<T>>} in the order of arrival */
  #line = new Set();

  /**
   * @param {() => T} start
   * @param {Limits} limits
   */
  constructor(start, limits) {
    this.#start = start;
    this.#limits = limits;
  }

  /**
   * An instance for one request, or undefined when none comes free in time. Rejects when one cannot be started.
   * @returns {Promise<T | undefined>}
   */
  async take() {
    const instance = this.#idle.pop();
    if (instance) return this.#lend(instance);
    if (this.#full) this.#findLost();
    if (!this.#full) return this.#begin();
    if (this.#line.size >= this.#limits.line) return undefined;
    const found = await this.#queue();
    if (!(found instanceof Vacancy)) return found;
    // Its time may have run out on the way here; another then has the place.
    return this.#out.delete(found) ? this.#begin() : undefined;
  }

  get #full() {
    return this.#out.size + this.#idle.length >= this.#limits.most;
  }

  /** @returns {Promise<T | Vacancy | undefined>} */
  async #queue() {
    let timer;
    try {
      return await new Promise((resolve) => {
        /** @type {Waiter<T>} */
        const waiter = (found) => {
          this.#line.delete(waiter);
          resolve(found);
        };
        this.#line.add(waiter);
        timer = setTimeout(waiter, this.#limits.wait);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #begin() {
    try {
      return this.#lend(this.#start());
    } catch (error) {
      this.#passOn();
      throw error;
    }
  }

  /** A request that the runtime cancels gives nothing back. Its instance may hang in the middle of anything. */
  #findLost() {
    const now = Date.now();
    for (const [taken, since] of this.#out) {
      if (now - since < this.#limits.lease) return;
      this.#out.delete(taken);
      taken.close();
    }
  }

  /**
   * @template {T | Vacancy} U
   * @param {U} taken
   */
  #lend(taken) {
    this.#out.set(taken, Date.now());
    return taken;
  }

  /**
   * Takes an instance back after its request.
   * @param {T} instance
   */
  give(instance) {
    // One that counted as lost has been replaced already.
    if (!this.#out.delete(instance)) return;
    if (instance.rest()) {
      if (!this.#passOn(instance)) this.#idle.push(instance);
      return;
    }
    instance.close();
    this.#passOn();
  }

  /**
   * Serves the first in the line: with an instance, or with the right to start one within its own request.
   * @param {T} [instance]
   */
  #passOn(instance) {
    const [first] = this.#line;
    if (first) first(this.#lend(instance ?? new Vacancy()));
    return first !== undefined;
  }

  /** How many are at rest and in use, and how many requests wait. */
  get size() {
    return { idle: this.#idle.length, out: this.#out.size, line: this.#line.size };
  }
}

/** The place of an instance that is yet to be started. */
class Vacancy {
  close() {}
}
