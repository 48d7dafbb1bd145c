import { isOn, mode } from "./interceptor.js";
import { heldToken } from "./tokens.js";
import { request } from "./transport.js";

/**
 * @typedef {import("./network.js").Entry} Entry
 *
 * @typedef {object} Call one call as the page's own code sees it
 * @property {number} id
 * @property {string} method
 * @property {string} path without query
 * @property {number} start
 * @property {number} end 0 while under way
 * @property {number} status 0 without an answer
 * @property {string} error why there is no answer
 * @property {Entry[]} entries what really went over the network
 * @property {number} tab which of the demo's tabs made it; this page is 1
 *
 * @typedef {object} Exchange a refresh
 * @property {number} start
 * @property {number} end 0 while under way
 * @property {number} status
 * @property {string} path
 * @property {number} tab
 */

// Each call carries its number in the query, so that its lines in the network log can be told from all others.
let numbered = 0;

/** One press of a button: its calls, and the refreshes between its beginning and its end. */
export class Run extends EventTarget {
  start = performance.now();
  /** 0 while under way. */
  end = 0;
  /** Whether fetch401 stood in the way when it began. */
  on = isOn();
  /** @type {Call[]} */
  calls = [];
  /** @type {Exchange[]} */
  exchanges = [];

  /** @param {string} title */
  constructor(title) {
    super();
    this.title = title;
  }

  /**
   * A call by the page, with fetch or XMLHttpRequest. Never rejects: the outcome is in the Call.
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<{ call: Call, answer: any }>}
   */
  async call(path, init = {}) {
    const id = ++numbered;
    /** @type {Call} */
    const call = { id, method: init.method ?? "GET", path, start: performance.now(), end: 0, status: 0, error: "", entries: [], tab: 1 };
    this.calls.push(call);
    this.changed();
    let answer;
    try {
      const answered = await request(`${path}?call=${id}`, this.withToken(init));
      call.end = performance.now();
      call.status = answered.status;
      answer = answered.answer;
    } catch (error) {
      call.end = performance.now();
      call.error = error instanceof DOMException && error.name === "AbortError" ? "aborted" : "no answer";
    }
    this.changed();
    return { call, answer };
  }

  /**
   * With fetch401 switched off, attaching the token is the page's own work.
   * @param {RequestInit} init
   */
  withToken(init) {
    const token = heldToken();
    if (isOn() || mode() === "session" || !token) return init;
    return { ...init, headers: { Authorization: `Bearer ${token}` } };
  }

  /** @param {Entry} entry */
  seen(entry) {
    const call = this.calls.find(({ id }) => id === entry.call);
    if (call) {
      call.entries.push(entry);
      call.entries.sort((a, b) => a.start - b.start);
    } else if (entry.call === undefined && entry.start >= this.start - 1) {
      // The events told of it first; the network log knows the moment and the status better.
      const exchange = this.exchanges.find(({ start, end }) => entry.start < (end || Infinity) && entry.end > start - 5);
      if (exchange) Object.assign(exchange, { start: entry.start, end: entry.end, status: entry.status, path: entry.name });
    } else {
      return;
    }
    this.changed();
  }

  refreshing() {
    const path = mode() === "bearer" ? "/oauth/token" : "/auth/refresh";
    this.exchanges.push({ start: performance.now(), end: 0, status: 0, path, tab: 1 });
    this.changed();
  }

  /** @param {number} status */
  refreshed(status) {
    const open = this.exchanges.find(({ end }) => end === 0);
    if (open) Object.assign(open, { end: performance.now(), status: open.status || status });
    this.changed();
  }

  /**
   * Takes in what another tab has done, by this page's clock.
   * @param {number} tab its number
   * @param {import("./channel.js").Record} record
   */
  join(tab, { origin, calls, exchanges }) {
    const later = origin - performance.timeOrigin;
    /** @template {{ start: number, end: number }} T @param {T} thing @returns {T} */
    const moved = (thing) => ({ ...thing, start: thing.start + later, end: thing.end && thing.end + later });
    this.calls.push(...calls.map((call) => ({ ...moved(call), tab, entries: call.entries.map(moved) })));
    this.exchanges.push(...exchanges.map((exchange) => ({ ...moved(exchange), tab })));
    this.changed();
  }

  /** The numbers of the tabs whose calls these are. */
  tabs() {
    return [...new Set(this.calls.map(({ tab }) => tab))].sort();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  finish() {
    this.end = performance.now();
    this.changed();
  }
}
