/** The Worker with its database in another process, as it is on Cloudflare: workerd's own D1 client, by HTTP. */

import worker from "./worker.js";

/** @type {any} */
let elsewhere;

export default {
  /**
   * @param {Request} request
   * @param {{ DB: any, D1: unknown }} env
   * @param {{ waitUntil(promise: Promise<unknown>): void }} context
   */
  fetch(request, env, context) {
    elsewhere ??= { ...env, DB: new env.DB.constructor(env.D1) };
    return worker.fetch(request, elsewhere, context);
  },
};
