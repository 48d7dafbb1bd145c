/** Serves a Go program that was compiled to WebAssembly: reads the body, takes an instance, hands over, gives it back. */

import { problem } from "./answers.js";
import { Bodies, TooLate, TooMuch } from "./body.js";
import { Instance } from "./instance.js";
import { Pool } from "./pool.js";

/** @typedef {{ FETCH401_DEMO_ORIGINS?: string }} Env */

/** How an answer asks to go out later, in milliseconds (Hold in edge/answer_js.go). */
const HELD = "Edge-Held";

/**
 * Holds an answer back that the program wants to go out later: here that costs no instance.
 * @param {Response} response
 */
const held = async (response) => {
  const time = response.headers.get(HELD);
  if (time === null) return response;
  response.headers.delete(HELD);
  await new Promise((resolve) => setTimeout(resolve, Number(time)));
  return response;
};

/** @type {import("./pool.js").Limits} */
const STANDARD = { most: 6, line: 256, wait: 5_000, lease: 25_000 };

/**
 * @param {WebAssembly.Module} program
 * @param {(request: Request) => Response | undefined} elsewhere answers what is not for the program
 * @param {Partial<import("./pool.js").Limits>} [limits]
 * @param {Partial<import("./body.js").Bounds>} [bounds]
 */
export const serve = (program, elsewhere, limits, bounds) => {
  /** @type {Pool<Instance> | undefined} */
  let pool;
  const bodies = new Bodies(bounds);

  /**
   * @param {Request} request
   * @param {Env} env
   */
  const answer = async (request, env) => {
    const origins = env.FETCH401_DEMO_ORIGINS ?? "";
    const busy = () =>
      problem(request, origins, 503, "Service Unavailable", "too many requests at once: come back in a second", { "Retry-After": "1" });
    let body;
    try {
      body = await bodies.read(request.body);
    } catch (error) {
      if (error instanceof TooMuch) return busy();
      if (error instanceof TooLate) return problem(request, origins, 408, "Request Timeout", "the body did not arrive in time");
      return problem(request, origins, 400, "Bad Request", "the body did not arrive whole");
    }
    try {
      pool ??= new Pool(() => new Instance(program, env), { ...STANDARD, ...limits });
      const instance = await pool.take();
      if (!instance) return busy();
      try {
        return await instance.answer(request, body);
      } finally {
        pool.give(instance);
      }
    } catch (error) {
      console.error(String(error));
      return problem(request, origins, 500, "Internal Server Error", "the demo failed, and its log says why");
    } finally {
      body.free();
    }
  };

  return {
    /**
     * @param {Request} request
     * @param {Env} env
     * @param {{ waitUntil(promise: Promise<unknown>): void }} context
     */
    fetch(request, env, context) {
      const other = elsewhere(request);
      if (other) return other;
      const answered = answer(request, env).then(held);
      // A client that leaves must take neither its instance nor its place in the line with it.
      context.waitUntil(answered);
      return answered;
    },
  };
};
