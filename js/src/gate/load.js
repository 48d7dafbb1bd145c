/**
 * Fetches the Go program and what meets it, both in the background and at once.
 * @module
 */

import { coded } from "./coded.js";
import { WASM } from "./digests.js";
import { missing } from "./part.js";
import { record } from "./record.js";

/**
 * Fulfilled once Go decides. Where it cannot start, calls go on natively.
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {import("./gate.js").Gate} gate
 * @param {() => Promise<typeof import("../program/program.js")>} fetchProgram
 */
export const load = async (config, host, gate, fetchProgram) => {
  const { wasmUrl, refreshTimeout } = config;
  const { fetch } = host;
  const timer = setTimeout(() => {
    gate.release();
    console.error(coded("FETCH401_LOAD_TIMEOUT", `no ${wasmUrl} within ${refreshTimeout} ms; calls go on natively until it arrives`).message);
  }, refreshTimeout);
  try {
    const wasm = fetch(wasmUrl, record({ priority: "low", integrity: WASM })).catch((cause) => Promise.reject(missing(wasmUrl, cause)));
    const [response, { start }] = await Promise.all([wasm, fetchProgram()]);
    await start(response, config, host, gate);
  } catch (/** @type {any} */ cause) {
    gate.dead();
    throw coded("FETCH401_WASM_UNAVAILABLE", `${cause?.url ?? wasmUrl} cannot be used: ${cause?.message}; calls go on natively`, cause);
  } finally {
    clearTimeout(timer);
  }
};
