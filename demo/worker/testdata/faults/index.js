/** The Worker of the faults: the same pool, with limits that a test can reach. */

import program from "./app.wasm";
import { Body } from "./body.js";
import { Instance } from "./instance.js";
import { serve } from "./serve.js";

const pooled = serve(program, () => undefined, { most: 2, line: 3, wait: 1_000, lease: 1_500 });

export default {
  /**
   * @param {Request} request
   * @param {object} env
   * @param {{ waitUntil(promise: Promise<unknown>): void }} context
   */
  fetch(request, env, context) {
    // Here the adapter gets to see the header too.
    if (request.headers.has("X-Show")) return new Instance(program, env).answer(request, new Body(() => {}), request.headers);
    return pooled.fetch(request, env, context);
  },
};
