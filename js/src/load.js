/**
 * Fetches the Go program and opens its door.
 * @module
 */

// @ts-ignore made by the build from the compiler's own wasm_exec.js
import { boot } from "fetch401-glue";
import { openDoor } from "./door.js";

/**
 * @param {string} code
 * @param {string} text
 * @param {unknown} [cause]
 */
const coded = (code, text, cause) => Object.assign(new Error(`fetch401: ${text} (${code})`, { cause }), { code });

/**
 * Fulfilled once Go decides. Where it cannot start, or ends, calls go on natively.
 * @param {import("./config.js").Config} config
 * @param {typeof fetch} native
 * @param {ReturnType<typeof import("./gate.js").createGate>} gate
 * @param {(door: ReturnType<typeof openDoor>) => void} configure
 */
export const load = async (config, native, gate, configure) => {
  const { wasmUrl, timeout } = config;
  let alive = true;
  let ready = false;
  /** @param {unknown} [cause] */
  const die = (cause) => {
    if (!alive) return;
    alive = false;
    if (ready) console.error(coded("FETCH401_STOPPED", "the program has ended: calls go on natively until a reload", cause).message);
    gate.dead();
  };
  const timer = setTimeout(() => {
    console.error(coded("FETCH401_LOAD_TIMEOUT", `no ${wasmUrl} within ${timeout} ms: calls go on natively until it arrives`).message);
    gate.release();
  }, timeout);
  try {
    const response = await native(wasmUrl, /** @type {RequestInit} */ ({ priority: "low" }));
    if (!response.ok) throw new Error(`status ${response.status}`);
    const program = boot(die);
    const { instance } = /^application\/wasm/i.test(response.headers.get("Content-Type") ?? "")
      ? await WebAssembly.instantiateStreaming(response, program.imports)
      : await WebAssembly.instantiate(await response.arrayBuffer(), program.imports);
    await program.run(instance);
    const door = openDoor(instance.exports, () => alive, die);
    configure(door);
    if (!alive) throw new Error("it ended while it started");
    ready = true;
    gate.open(door);
  } catch (/** @type {any} */ cause) {
    die(cause);
    const mend = cause?.name === "CompileError" ? `; if a Content-Security-Policy blocks it, add 'wasm-unsafe-eval' to script-src` : "";
    throw coded("FETCH401_WASM_UNAVAILABLE", `${wasmUrl} cannot be used: ${cause?.message}${mend}; calls go on natively`, cause);
  } finally {
    clearTimeout(timer);
  }
};
