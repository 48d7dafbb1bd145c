/**
 * The transport of XMLHttpRequest: how a call is sent again on the same object, and handed out. While a 401 is held, the
 * page sees a call that is still under way (XHR standard, §4.4 to §4.6): its events are kept, and come when it is handed out.
 * @module
 */

export const CHANGE = "readystatechange";

/**
 * @typedef {object} Own what only a call of XMLHttpRequest has, from open() to the next open() of its object
 * @property {Xhr} transport
 * @property {XMLHttpRequest} xhr
 * @property {any[]} opened the arguments of open(); method and URL as strings
 * @property {string} base what the URL is relative to
 * @property {any[][]} headers the arguments of each setRequestHeader(), but for Authorization
 * @property {string | undefined} authorization
 * @property {any} body a copy
 * @property {boolean} started the page has called send()
 * @property {number} at when it did, by performance.now()
 * @property {[Event, number][] | undefined} log it is held: the events that the page has not seen, each with its readyState
 * @property {number | undefined} shown the readyState that the page sees in the place of the native one
 * @property {boolean} muted what happens to the object is ours: no event reaches the page
 * @property {boolean} uploaded the page has seen the end of the upload, or does not listen
 * @property {boolean} late its time is over, unless the answer is there already
 *
 * @typedef {import("./calls.js").Call & Own} Call
 *
 * @typedef {object} More what both of its halves need besides
 * @property {(name: string, xhr: XMLHttpRequest, args?: any[]) => any} native
 * @property {(call: Call) => void} hold the page sees a call that is under way, and no event of what happens to it
 * @property {(call: Call, type: "abort" | "timeout" | "error") => void} end as abort(), its timeout or the network does
 * @property {(call: Call, token: string | undefined) => void} authorize
 * @property {(call: Call) => void} loadstart the page sees it begin
 *
 * @typedef {import("./calls.js").Transport & More} Xhr
 */

/**
 * @param {import("./gate.js").Gate} gate
 * @param {Xhr["native"]} native
 * @param {WeakMap<XMLHttpRequest, Call>} calls by their objects
 * @param {WeakMap<any, any>} uploads that the page has asked for, by their objects
 * @param {Function} dispatch the native dispatchEvent
 * @returns {Xhr}
 */
export const createXhrTransport = (gate, native, calls, uploads, dispatch) => {
  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {any} [init]
   */
  const fire = (target, type, init) => Reflect.apply(dispatch, target, [type === CHANGE ? new Event(type) : new ProgressEvent(type, init)]);

  /** The object, and first its upload, as long as the page waits for the end of that. @param {Call} call */
  const targets = ({ xhr, body, uploaded }) => [...(body === undefined || uploaded ? [] : [uploads.get(xhr)]), xhr];

  /** @type {Xhr["hold"]} */
  const hold = (call) => {
    call.log = [];
    call.shown = 1;
    expire(call);
  };

  /** @type {Xhr["end"]} */
  const end = (call, type) => {
    const { xhr } = call;
    const all = targets(call);
    call.log = undefined;
    call.muted = true;
    native("abort", xhr);
    if (!call.closed) gate.drop(call, type);
    call.shown = 4;
    fire(xhr, CHANGE);
    for (const target of all) {
      fire(target, type);
      fire(target, "loadend");
    }
    if (type === "abort") call.shown = 0;
  };

  /** The page's timeout counts from its own send(), the native one from ours. @param {Call} call */
  const expire = (call) => {
    const { xhr } = call;
    const { timeout } = xhr;
    const state = call.shown ?? native("readyState", xhr);
    if (calls.get(xhr) !== call || !timeout || !state || state > 3) return;
    const left = call.at + timeout - performance.now();
    // After a long task the answer may be there already, and is to come first.
    if (left > 0 || (call.late = !call.late)) setTimeout(expire, left, call);
    else end(call, "timeout");
  };

  /**
   * Sends it with what is set, for a page that has seen its loadstart.
   * @param {Call} call
   * @param {string | undefined} token
   */
  const resume = (call, token) => {
    call.log = undefined;
    call.muted = true;
    try {
      authorize(call, token);
      native("send", call.xhr, [call.body]);
    } catch {
      return end(call, "error");
    }
    call.muted = false;
    call.shown = undefined;
  };

  /** @type {Xhr["authorize"]} */
  const authorize = ({ xhr, authorization }, token) => {
    const value = token ? "Bearer " + token : authorization;
    if (value !== undefined) native("setRequestHeader", xhr, ["Authorization", value]);
  };

  return {
    name: "xhr",
    native,
    hold,
    end,
    authorize,

    loadstart(call) {
      for (const target of targets(call).reverse()) fire(target, "loadstart");
    },

    /**
     * Without cookies it cannot be sent, so then it is not.
     * @param {Call} call
     * @param {string | undefined} token
     * @param {(() => void) | undefined} again opens it again
     * @param {boolean} bare
     */
    send(call, token, again, bare) {
      if (bare) return end(call, "error");
      call.log = undefined;
      again?.();
      if (!call.closed) resume(call, token);
    },

    /** @param {Call} call */
    deliver(call) {
      const { xhr, log = [] } = call;
      let reached = 0;
      for (const [event, state] of log) {
        // Where the page has aborted it meanwhile, or opened it again, only what follows its end still comes.
        if (call.log === log) call.shown = reached = state;
        else if (reached < 4) return;
        fire(xhr, event.type, event);
      }
      call.log = call.shown = undefined;
    },

    discard() {},
    closed() {},
  };
};
