/** Serves the demo by workerd, until it is interrupted. */

import { createServer } from "node:net";
import { start } from "./harness/start.js";

const STANDARD_PORT = 8402;

/** @param {string} text */
const fail = (text) => {
  console.error("demo: " + text);
  process.exit(1);
};

const port = Number(process.env.PORT || STANDARD_PORT);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  fail(`port "${process.env.PORT}" is not a number from 0 to 65535: try PORT=${STANDARD_PORT}`);
}
// workerd itself would only say that it ended.
await new Promise((resolve) => {
  const probe = createServer();
  probe.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
    fail(error.code === "EADDRINUSE"
      ? `port ${port} is in use: stop what listens there, or choose another with make demo-worker PORT=${port + 1}`
      : `port ${port}: ${error.message}`));
  probe.listen(port, "127.0.0.1", () => probe.close(resolve));
});

const { url, stop } = await start({
  port,
  origins: process.env.FETCH401_DEMO_ORIGINS,
  secret: process.env.FETCH401_DEMO_SECRET,
}).catch((error) => fail(`workerd does not start: ${error.message}`));
console.log(`fetch401 demo: http://localhost:${new URL(url).port}`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await stop();
    process.exit(0);
  });
}
