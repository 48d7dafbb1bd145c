/** Where things are, and how long anything may take. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { delimiter, join, resolve } from "node:path";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const DIST = resolve(ROOT, process.env.DIST || "js/dist");

/** The first of these programs that is there: names are looked for in PATH. */
export const program = (...names) => {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => (name.includes("/") ? [name] : folders.map((folder) => join(folder, name)))).find((path) => existsSync(path));
};

/** Milliseconds. Nothing waits without a bound. */
export const PROTOCOL_TIMEOUT = 20_000;
export const TEST_TIMEOUT = 120_000;
export const WAIT = 8_000;
export const LEAVING = 2_000;
