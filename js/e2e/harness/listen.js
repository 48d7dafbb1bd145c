/** A server on a port of the suite, over TLS where the engine needs that. */

import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { certificate } from "./certificate.js";
import { SPAN, somePort } from "./ports.js";

/** @param {import("node:http").RequestListener} handler */
export const listen = async (handler, secure = false) => {
  const server = secure ? createSecureServer(await certificate(), handler) : createServer(handler);
  const sockets = new Set();
  server.on("connection", (socket) => (sockets.add(socket), socket.once("close", () => sockets.delete(socket))));
  for (let tries = 0; tries < SPAN; tries++) {
    const port = somePort();
    const free = await new Promise((resolve, reject) => {
      server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    server.removeAllListeners("error");
    if (!free) continue;
    return {
      port,
      origin: `${secure ? "https" : "http"}://localhost:${port}`,
      close: () =>
        new Promise((resolve) => {
          for (const socket of sockets) socket.destroy();
          server.close(resolve);
        }),
    };
  }
  throw new Error("no free port: set E2E_PORT");
};
