/**
 * The other end of server.mjs.
 * @module
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * @param {Record<string, string>} paths folders to serve
 * @param {number} port 0 for any
 */
export const startBackend = async (paths, port) => {
  const child = fork(fileURLToPath(new URL("server.mjs", import.meta.url)), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const open = new Map();
  let last = 0;
  child.on("message", (/** @type {any} */ { id, value, error }) => {
    const waiting = open.get(id);
    open.delete(id);
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(value);
  });
  child.on("exit", (code) => {
    for (const { reject } of open.values()) reject(new Error(`the server has ended (${code})`));
  });
  /**
   * @param {string} order
   * @param {object} [detail]
   * @returns {Promise<any>}
   */
  const tell = (order, detail) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      open.set(id, { resolve, reject });
      child.send({ id, order, ...detail });
    });
  const bound = await tell("listen", { paths, port });
  return {
    /** localhost is a secure context, which the Cookie Store and WebCrypto want. */
    origin: `http://localhost:${bound}`,
    /** Expires the session and begins to count anew. @param {string} name */
    expire: (name) => tell("expire", { name }),
    /** @param {string} name @param {number} delay milliseconds before each answer */
    delay: (name, delay) => tell("delay", { name, delay }),
    /** Since it expired. @param {string} name @returns {Promise<{ calls: number, unauthorized: number, refreshes: number }>} */
    counts: (name) => tell("counts", { name }),
    stop: () => child.disconnect(),
  };
};

/** @typedef {Awaited<ReturnType<typeof startBackend>>} Backend */
