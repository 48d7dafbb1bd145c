/**
 * The transport of window.fetch. Calls that are not ours reach native fetch in the same tick with the caller's own
 * arguments.
 * @module
 */

import { createReader } from "./read.js";
import { record } from "./record.js";
import { sendable } from "./replay.js";
import { UnauthorizedError } from "./unauthorized-error.js";

/**
 * @typedef {object} Own what only a call of fetch has
 * @property {import("./replay.js").Passed} passed
 * @property {AbortSignal} [signal]
 * @property {() => void} [onAbort]
 * @property {Response} [replaced] the 401 in whose place it was sent again
 * @property {Response} [response] its 401
 * @property {(response: Response) => void} resolve
 * @property {(reason: any) => void} reject
 *
 * @typedef {import("./calls.js").Call & Own} Call
 */

/** @param {any} message a Response or Request that nobody reads, or what a wrapper beneath ours gave for one */
const discard = (message) => {
  try {
    message?.body?.cancel().catch(() => {});
  } catch {}
};

/**
 * Asks the app whether an answer means 401; rejects where it fails, or takes longer than calls wait.
 * @param {(copy: Response) => any} means
 * @param {Response} response
 * @param {number} milliseconds
 */
const judge = async (means, response, milliseconds) => {
  const copy = response.clone();
  try {
    return await Promise.race([means(copy), new Promise((_, reject) => void setTimeout(reject, milliseconds))]);
  } finally {
    discard(copy);
  }
};

/**
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {import("./gate.js").Gate} gate
 * @param {import("./places.js").Places} places
 * @returns {(self: any, args: any[]) => Promise<Response>} what window.fetch does
 */
export const createFetch = (config, host, gate, places) => {
  const read = createReader(places, gate.credentials.owns, gate.cookies);

  /**
   * Whether a 401 comes from where its call was sent.
   * @param {Response} response
   */
  const ours = (response) => {
    try {
      return !response.redirected || places.ours(response.url);
    } catch {
      // A wrapper beneath ours may give something else for a Response.
      return false;
    }
  };

  /**
   * @param {Call} call
   * @param {Response} response
   */
  const answered = (call, response) => {
    let status = 0;
    try {
      status = response.status >>> 0;
    } catch {
      // A wrapper beneath ours may resolve with anything.
    }
    host.trace?.("answered", call, response);
    if (!gate.arrived(call, status)) return discard(response);
    const settle = (/** @type {unknown} */ refused) => {
      if (call.closed) return discard(response);
      if (refused === true) {
        call.response = response;
        return gate.unauthorized(call, status);
      }
      gate.answered(call, status);
      call.resolve(response);
    };
    const refused = gate.refused(status);
    // Without a status there is nothing to read.
    if (refused || !gate.means || !status || !ours(response)) settle(refused && ours(response));
    else judge(gate.means, response, config.refreshTimeout).catch(() => host.advise("undecided")).then(settle);
  };

  /**
   * @param {Call} call
   * @param {unknown} error
   */
  const failed = (call, error) => {
    if (!gate.arrived(call, 0)) return;
    gate.drop(call, error);
    call.reject(error);
  };

  /**
   * @param {Call} call
   * @param {any} self
   * @param {any[]} args
   */
  const transmit = (call, self, args) => {
    try {
      // Of a wrapper beneath ours it may be no promise, or one that answers twice.
      Promise.resolve(Reflect.apply(host.fetch, self, args)).then(
        (/** @type {Response} */ response) => answered(call, response),
        (/** @type {unknown} */ error) => failed(call, error),
      );
    } catch (error) {
      // Native fetch never throws; what another script put in its place may.
      failed(call, error);
    }
  };

  /** @type {import("./calls.js").Transport} */
  const transport = {
    name: "fetch",

    /**
     * @param {Call} call
     * @param {string | undefined} token
     * @param {RequestInit} [changes] members of init instead of the caller's
     * @param {boolean} [bare]
     */
    send(call, token, changes = record(), bare) {
      if (bare) changes.credentials = "omit";
      call.replaced = call.response;
      call.response = undefined;
      transmit(call, undefined, sendable(call.passed, token, changes));
    },

    /**
     * @param {Call} call
     * @param {string} reason
     */
    deliver({ response, place, method, resolve, reject }, reason) {
      if (config.unauthorized !== "reject") resolve(/** @type {Response} */ (response));
      else reject(new UnauthorizedError(reason, /** @type {Response} */ (response), { url: place.key, method }));
    },

    /** @param {Call} call */
    discard: (call) => discard(call.replaced),

    /** @param {Call} call */
    closed(call) {
      call.signal?.removeEventListener("abort", /** @type {() => void} */ (call.onAbort));
      // As long as one branch of a teed stream is open, the stream is not closed, nor is what was read let go.
      discard(call.passed.copy);
    },
  };

  /**
   * @param {import("./read.js").Read} read
   * @param {any} self
   * @param {any[]} args
   * @returns {Promise<Response>}
   */
  const keep = ({ place, flags, method, passed, signal }, self, args) =>
    new Promise((resolve, reject) => {
      // With all members that it will ever have: none may come from Object.prototype.
      /** @type {Call} */
      const call = {
        transport,
        id: 0,
        session: 0,
        place,
        flags,
        method,
        sent: false,
        unauthorized: 0,
        retried: false,
        closed: false,
        passed,
        signal,
        onAbort: undefined,
        replaced: undefined,
        response: undefined,
        resolve,
        reject,
      };
      if (signal) {
        call.onAbort = () => {
          // Anybody can dispatch an event of that name.
          if (!signal.aborted) return;
          gate.drop(call, signal.reason);
          discard(call.response);
          reject(signal.reason);
        };
        signal.addEventListener("abort", call.onAbort);
      }
      const generation = gate.start(call);
      if (generation === undefined) return;
      if (generation < 0) {
        gate.close(call);
        return resolve(Reflect.apply(host.fetch, self, args));
      }
      const token = gate.token(generation);
      gate.sent(call);
      transmit(call, self, token ? sendable(passed, token) : args);
    });

  return (self, args) => {
    /** @type {import("./read.js").Read | undefined} */
    let ours;
    try {
      ours = read(args);
    } catch {
      // Native fetch says what is wrong with it.
    }
    return ours ? keep(ours, self, args) : Reflect.apply(host.fetch, self, args);
  };
};
