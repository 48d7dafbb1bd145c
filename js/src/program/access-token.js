/**
 * An access token for what fetch401 does not send itself. It is waited for as a call waits that cannot be sent again, and
 * what would send that call gives it to whoever asked: policy stands in one place.
 * @module
 */

import { coded } from "../gate/coded.js";
import { ASKS_TOKEN } from "../protocol.js";

/**
 * @param {import("../gate/config.js").Config} config
 * @param {import("../gate/gate.js").Gate} gate
 * @param {() => boolean} ended the session in which it was asked for has
 * @param {() => boolean} stale the present credentials are known to have run out
 * @returns {Promise<string>}
 */
export const askForToken = (config, gate, ended, stale) =>
  new Promise((resolve, reject) => {
    /**
     * @param {import("../gate/calls.js").Call} call
     * @param {string | undefined} token
     */
    const send = (call, token) => {
      const over = ended();
      const good = !over && token && !stale();
      gate.drop(call, good ? "given" : "refused");
      if (good) resolve(token);
      else reject(over ? coded("FETCH401_ENDED", "no access token, the session has ended") : coded("FETCH401_REFRESH_FAILED", "no access token, it cannot be renewed now"));
    };
    const nothing = () => {};
    const call = {
      transport: { name: /** @type {const} */ ("fetch"), send, deliver: nothing, discard: nothing, closed: nothing },
      id: 0,
      session: 0,
      place: { key: config.protect[0], ours: true, foreign: false, absolute: true, flags: 0 },
      flags: ASKS_TOKEN,
      method: "accessToken()",
      sent: false,
      unauthorized: 0,
      retried: false,
      closed: false,
    };
    const generation = gate.start(call);
    gate.counters.calls--;
    if (generation !== undefined) send(call, gate.token(generation));
  });
