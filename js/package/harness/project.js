/** Projects as a stranger has them: a folder of their own, the tools of projects/NAME, and fetch401 out of the tarball. */

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, TARBALL } from "./paths.js";
import { succeed } from "./run.js";

const SOURCES = fileURLToPath(new URL("../", import.meta.url));
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** @param {string} name */
const make = async (name) => {
  const folder = join(ROOT, ".build/projects", name);
  const lock = readFileSync(join(SOURCES, "projects", name, "package-lock.json"), "utf8");
  const stamp = join(folder, "node_modules/.installed");
  const installed = existsSync(stamp) && readFileSync(stamp, "utf8") === lock;
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    if (!installed || file !== "node_modules") rmSync(join(folder, file), { recursive: true });
  }
  cpSync(join(SOURCES, "projects", name), folder, { recursive: true });
  cpSync(join(SOURCES, "app"), join(folder, "src"), { recursive: true });
  if (!installed) {
    await succeed(folder, ["npm", "ci", ...QUIET]);
    mkdirSync(join(folder, "node_modules"), { recursive: true }); // npm makes none for no packages
    writeFileSync(stamp, lock);
  }
  await succeed(folder, ["npm", "install", "--no-save", "--offline", ...QUIET, TARBALL]);
  return folder;
};

/** @type {Map<string, Promise<string>>} */
const made = new Map();

/**
 * Gives the project's folder. Its tools are installed once and kept, as long as the lockfile is the same; all else is new.
 * @param {string} name
 * @returns {Promise<string>}
 */
export const project = (name) => {
  if (!made.has(name)) made.set(name, make(name));
  return made.get(name);
};
