/** Builds and starts the native demo, to compare the Worker with. */

import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { BUILT, ROOT } from "./start.js";

/** @param {string} [dist] */
export const startNative = async (dist = process.env.DIST || "js/dist") => {
  const program = BUILT + "-native";
  await promisify(execFile)("go", ["build", "-o", program, "./demo"], { cwd: ROOT });
  const child = spawn(program, ["-port", "0", "-dist", dist], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(/http:\/\/\S+/.exec(String(data))?.[0]));
    child.once("exit", (code) => reject(new Error(`the native demo ended with ${code}`)));
  });
  return {
    // Node tries the other loopback first, where the port may belong to somebody else.
    url: url.replace("localhost", "127.0.0.1"),
    pid: Number(child.pid),
    stop: () => new Promise((resolve) => (child.removeAllListeners("exit"), child.once("exit", resolve), child.kill())),
  };
};
