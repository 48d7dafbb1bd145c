/** What is measured, each in a process of its own that this one can look at. */

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
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

/**
 * A built Worker of other files.
 * @param {string} name
 * @param {Record<string, string>} files where each comes from
 */
const built = (name, files) => {
  const folder = BUILT + "-" + name;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [to, from] of Object.entries(files)) cpSync(from, join(folder, to));
  return folder;
};

/**
 * A Worker whose database is in another process.
 * @param {Record<string, string>} files with the Worker itself as worker.js
 */
const elsewhere = async (files) => {
  const database = await start({ site: false, built: built("database", { "index.js": join(HERE, "d1-elsewhere/database.js") }) });
  try {
    const folder = built("d1-elsewhere", { ...files, "index.js": join(HERE, "d1-elsewhere/index.js") });
    const subject = await worker(() => start({ site: false, built: folder, d1: new URL(database.url).host }));
    return { ...subject, stop: () => Promise.all([subject.stop(), database.stop()]) };
  } catch (error) {
    await database.stop();
    throw error;
  }
};

/** The files of the Worker. */
const own = () =>
  Object.fromEntries(readdirSync(BUILT).filter((name) => /\.(js|wasm)$/.test(name))
    .map((name) => [name === "index.js" ? "worker.js" : name, join(BUILT, name)]));

const ALONE = join(HERE, "d1-alone/index.js");

/** @type {Record<string, () => Promise<{ url: string, pid: number, stop: () => Promise<unknown> }>>} */
export const subjects = {
  "native, SQLite": () => startNative(),
  "workerd, D1": () => worker(() => start({ site: false })),
  "workerd, D1 alone": () => worker(() => start({ site: false, built: built("d1-alone", { "index.js": ALONE }) })),
  "workerd, D1 elsewhere": () => elsewhere(own()),
  "workerd, D1 elsewhere alone": () => elsewhere({ "worker.js": ALONE }),
};
