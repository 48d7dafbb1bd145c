/** Libraries that people call with, unmodified, made into scripts for a page. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "./paths.js";

const FOLDER = fileURLToPath(new URL("../callers/", import.meta.url));
/** A file of a package, as it is. */
export const packed = (name) => join(FOLDER, "../node_modules", name);

/** @type {Map<string, string>} */
const built = new Map();

/**
 * The script that callers/NAME.js becomes. It leaves in window.callers, at once or as a promise, what calls.
 * @param {string} name
 */
export const bundled = (name) => {
  let script = built.get(name);
  if (!script) {
    script = execFileSync("go", ["tool", "esbuild", join(FOLDER, name + ".js"), "--bundle", "--format=iife", "--target=es2022", "--log-level=error"], { cwd: ROOT, encoding: "utf8", maxBuffer: 1e8 });
    built.set(name, script);
  }
  return script;
};
