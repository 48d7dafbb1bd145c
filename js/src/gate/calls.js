/**
 * The calls that are under way, by their numbers, whatever carries them: each is closed once.
 * @module
 */

/**
 * @typedef {object} Transport how calls of one kind reach the network and their callers
 * @property {"fetch" | "xhr"} name
 * @property {(call: any, token: string | undefined, again: any, bare: boolean) => void} send later than in its own tick, for
 *   the first time or again: `again` is what the program's half of this transport makes of that. Bare: without cookies
 * @property {(call: any, reason: string) => void} deliver hands its 401 to its caller
 * @property {(call: any) => void} discard nobody reads the 401 in whose place it was sent again
 * @property {(call: any) => void} closed nothing of it has to be kept
 *
 * @typedef {object} Call
 * @property {Transport} transport
 * @property {number} id
 * @property {number} session in which it was made
 * @property {import("./places.js").Place} place
 * @property {number} flags
 * @property {string} method
 * @property {boolean} sent
 * @property {number} unauthorized the status of its 401, which is in hand; 0 without one
 * @property {boolean} retried it was sent in the place of a 401
 * @property {boolean} closed
 */

/**
 * @param {import("./gate.js").Host} host
 * @param {{ calls: number, unauthorized: number, retried: number }} counters
 */
export const createCalls = (host, counters) => {
  /** @type {(Call | undefined)[]} */
  const all = [];
  /** @type {number[]} numbers that are free for reuse */
  const spare = [];

  /**
   * @param {Call} call
   * @param {string} reason
   * @param {number} status
   */
  const detail = ({ place, method }, reason, status) => ({ reason, url: place.key, method, status });

  /**
   * @param {Call} call
   * @param {unknown} [why] the reason of a 401 that is handed out, or the error
   */
  const close = (call, why) => {
    host.trace?.("closed", call, why);
    call.closed = true;
    all[call.id] = undefined;
    spare.push(call.id);
    call.transport.closed(call);
  };

  return {
    all,
    close,

    /**
     * @param {Call} call
     * @param {number} session
     */
    add(call, session) {
      counters.calls++;
      call.session = session;
      call.id = spare.pop() ?? all.length;
      all[call.id] = call;
      host.trace?.("started", call);
    },

    /** @param {Call} call */
    sent(call) {
      call.sent = true;
      host.trace?.("sent", call);
    },

    /**
     * Something has come of a call that was sent.
     * @param {Call} call
     * @param {number} status 0 without an answer
     * @returns {boolean} whether somebody waits for it
     */
    arrived(call, status) {
      call.transport.discard(call);
      if (!call.closed && call.retried) {
        counters.retried++;
        host.emit("retried", detail(call, "", status));
      }
      return !call.closed;
    },

    /**
     * Hands the 401 to the caller.
     * @param {Call} call
     * @param {string} reason
     */
    deliver(call, reason) {
      close(call, reason);
      counters.unauthorized++;
      host.emit("unauthorized", detail(call, reason, call.unauthorized));
      call.transport.deliver(call, reason);
    },
  };
};
