/** Runs the black-box suite of demo/backend against the Worker: the same tests as natively, on workerd and D1. */

import { spawn } from "node:child_process";
import { ROOT, start } from "../harness/start.js";

/** The suite's origin that may call from elsewhere (demo/backend/harness_test.go). */
const ORIGIN = "http://app.example:8499";
const BOUND = "80s";

/** @type {string[]} */
const log = [];
const secret = "a secret for tests only, long enough";
const { url, stop } = await start({ site: false, origins: ORIGIN, secret, hear: (text) => log.push(text) });
const go = spawn("go", ["test", "-count=1", "-timeout", BOUND, "./demo/backend"], {
  cwd: ROOT, stdio: "inherit", env: { ...process.env, BACKEND_URL: url },
});
const code = await new Promise((resolve) => go.once("exit", resolve));
await stop();

const leaks = log.some((text) => text.includes(secret) || /eyJ[\w-]{20}/.test(text));
const unwell = log.length > 0;
if (unwell) console.error(`worker: workerd's log is not empty${leaks ? ", and holds a secret" : `:\n${log.slice(0, 20).join("\n")}`}`);
process.exit(code !== 0 || unwell ? 1 : 0);
