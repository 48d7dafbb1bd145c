/** Builds and starts the program of testdata/faults: in workerd, and natively. */

import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILT, ROOT, start } from "./start.js";

const SOURCE = "./demo/worker/testdata/faults";
const run = promisify(execFile);

/** @param {(text: string) => void} hear */
export const startFaults = async (hear) => {
  const built = BUILT + "-faults";
  mkdirSync(built, { recursive: true });
  for (const name of readdirSync(BUILT)) if (name.endsWith(".js") && name !== "index.js") cpSync(join(BUILT, name), join(built, name));
  cpSync(join(ROOT, SOURCE, "index.js"), join(built, "index.js"));
  await run("go", ["build", "-o", join(built, "app.wasm"), SOURCE], { cwd: ROOT, env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
  return start({ built, site: false, hear });
};

export const startNativeFaults = async () => {
  const program = BUILT + "-faults-native";
  await run("go", ["build", "-o", program, SOURCE], { cwd: ROOT });
  const child = spawn(program, { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data).trim()));
    child.once("exit", (code) => reject(new Error(`it ended with ${code}`)));
  });
  return { url, stop: () => child.kill() };
};
