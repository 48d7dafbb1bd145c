/**
 * Holds the instances of a Worker. Each serves one request at a time; there are at most so many, and requests beyond
 * them wait in a line with an end.
 *
 * Requests share the pool, and yet nothing that one of them awaits is ever settled by another: who waits looks again by
 * timers of its own. Handing an instance over by resolving the waiter's promise would be the obvious way, and workerd
 * allows it; but once V8 has optimized that code, which takes some 10,000 hand-overs, the waiter goes on within the
 * request that resolved it, and everything it then touches fails ("Cannot perform I/O on behalf of a different
 * request", workerd 1.20260730).
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
 * @property {() => boolean} rest makes it ready for the next request; false when it must not serve again
 * @property {() => void} close
 */

/** Milliseconds that an instance is out at a time, as a guess of when to look again. */
const TURN = 2;

/** @template {Poolable} T */
export class Pool {
  #start;
  #limits;
  /** @type {T[]} the one used last is used next, so that the others can stay cold */
  #idle = [];
  /** @type {Map<T, number>} since when each is out, the longest first */
  #out = new Map();
  /** @type {Set<{ until: number }>} who waits, in the order of arrival */
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
    this.#dropStale();
    if (this.#free > this.#line.size) return this.#lend();
    if (this.#line.size >= this.#limits.line) return undefined;
    const place = { until: Date.now() + this.#limits.wait };
    this.#line.add(place);
    try {
      for (;;) {
        const ahead = this.#ahead(place);
        await new Promise((resolve) => setTimeout(resolve, 1 + Math.floor((TURN * ahead) / this.#limits.most)));
        this.#dropStale();
        if (this.#free > this.#ahead(place)) return this.#lend();
        if (!this.#line.has(place)) return undefined;
      }
    } finally {
      this.#line.delete(place);
    }
  }

  /** Requests that could be served at once. */
  get #free() {
    return this.#limits.most - this.#out.size;
  }

  /** @param {{ until: number }} place */
  #ahead(place) {
    let ahead = 0;
    for (const other of this.#line) {
      if (other === place) break;
      ahead++;
    }
    return ahead;
  }

  /**
   * A request that the runtime cancels gives nothing back, neither its place in the line nor its instance, which may
   * hang in the middle of anything.
   */
  #dropStale() {
    const now = Date.now();
    for (const place of this.#line) {
      if (now < place.until) break;
      this.#line.delete(place);
    }
    for (const [instance, since] of this.#out) {
      if (now - since < this.#limits.lease) break;
      this.#out.delete(instance);
      instance.close();
    }
  }

  #lend() {
    const instance = this.#idle.pop() ?? this.#start();
    this.#out.set(instance, Date.now());
    return instance;
  }

  /**
   * Takes an instance back after its request.
   * @param {T} instance
   */
  give(instance) {
    // One that counted as lost has been replaced already.
    if (!this.#out.delete(instance)) return;
    if (instance.rest()) this.#idle.push(instance);
    else instance.close();
  }

  /** How many are at rest and in use, and how many requests wait. */
  get size() {
    return { idle: this.#idle.length, out: this.#out.size, line: this.#line.size };
  }
}
