/** Libraries that people call with, unmodified, made into scripts for a page. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ROOT } from "./paths.js";

const FOLDER = fileURLToPath(new URL("../callers/", import.meta.url));
/** A file of a package, as it is. */
export const packed = (name) => join(FOLDER, "../node_modules", name);

const run = promisify(execFile);
/** @type {Map<string, Promise<string>>} */
const built = new Map();

/**
 * The script that callers/NAME.js becomes. It leaves in window.callers, at once or as a promise, what calls. The test
 * beside goes on meanwhile: to build the bundler may take longer than a page is waited for.
 * @param {string} name
 */
export const bundled = (name) => {
  if (!built.has(name)) {
    const args = ["tool", "esbuild", join(FOLDER, name + ".js"), "--bundle", "--format=iife", "--target=es2022", "--log-level=error"];
    built.set(name, run("go", args, { cwd: ROOT, maxBuffer: 1e8 }).then(({ stdout }) => stdout));
  }
  return built.get(name);
};
