/** What is measured, each in a process of its own that this one can look at. */

import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { startNative } from "../harness/native.js";
import { BUILT, start } from "../harness/start.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** workerd is the only child that a Worker brings along. */
const children = () =>
  readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
    try {
      return stat(pid)[1] === String(process.pid);
    } catch {
      return false;
    }
  }).map(Number);

/**
 * The fields of /proc/PID/stat from the state on.
 * @param {number | string} pid
 */
const stat = (pid) => (readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop() ?? "").split(" ");

/**
 * CPU that a process has used, in milliseconds: the kernel counts in hundredths of a second.
 * @param {number} pid
 */
export const cpu = (pid) => (Number(stat(pid)[11]) + Number(stat(pid)[12])) * 10;

/**
 * Memory of a process that is in RAM, in MB.
 * @param {number} pid
 */
export const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** @param {() => Promise<{ url: string, stop: () => Promise<unknown> }>} begin */
const worker = async (begin) => {
  const before = new Set(children());
  const started = await begin();
  const pid = children().find((child) => !before.has(child));
  if (!pid) throw new Error("measure: workerd has no process of its own");
  return { ...started, url: started.url.replace("localhost", "127.0.0.1"), pid };
};

/** @type {Record<string, () => Promise<{ url: string, pid: number, stop: () => Promise<unknown> }>>} */
export const subjects = {
  "native, SQLite": () => startNative(),
  "workerd, D1": () => worker(() => start({ site: false })),
  "workerd, D1 alone": () => {
    const built = BUILT + "-d1-alone";
    mkdirSync(built, { recursive: true });
    cpSync(join(HERE, "d1-alone/index.js"), join(built, "index.js"));
    return worker(() => start({ site: false, built }));
  },
};
