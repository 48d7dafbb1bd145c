/** A screen for a browser that wants one: the one that is there, or Xvfb. */

import { spawn } from "node:child_process";
import { program } from "../paths.js";

export const XVFB = program("Xvfb");
/** @type {import("node:child_process").ChildProcess | undefined} */
let server;
/** @type {Promise<string> | undefined} */
let started;

/** Gives its name. */
export const display = () =>
  (started ??= (async () => {
    if (process.env.DISPLAY) return process.env.DISPLAY;
    server = spawn(XVFB, ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const number = await new Promise((resolve, reject) => {
      server.stdio[3].once("data", (data) => resolve(String(data).trim()));
      server.once("exit", () => reject(new Error("Xvfb does not start")));
    });
    return ":" + number;
  })());

export const closeDisplay = () => void server?.kill();
