/** Where things are, and how long anything may take. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const DIST = resolve(ROOT, process.env.DIST || "js/dist");
export const CHROMIUM =
  process.env.CHROMIUM ||
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path)) ||
  "chromium";

/** Milliseconds. Nothing waits without a bound. */
export const PROTOCOL_TIMEOUT = 20_000;
export const TEST_TIMEOUT = 30_000;
export const WAIT = 8_000;
