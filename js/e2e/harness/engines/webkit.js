/** WebKit as WebKitGTK has it: MiniBrowser, over WebDriver. */

import { spawn } from "node:child_process";
import { setTimeout as pass } from "node:timers/promises";
import { listen } from "../listen.js";
import { program, PROTOCOL_TIMEOUT } from "../paths.js";
import { closeDisplay, display, XVFB } from "./display.js";
import { listens, startSession } from "./webdriver.js";

const DRIVER = process.env.WEBKIT_DRIVER || program("WebKitWebDriver");

const missing = () => {
  if (!DRIVER) return "WebKitWebDriver: install webkit2gtk-driver, or name its executable in WEBKIT_DRIVER";
  if (!process.env.DISPLAY && !XVFB) return "a screen for WebKit: install xvfb, or set DISPLAY";
  return "";
};

/**
 * A page of localhost: cookies can only be deleted where a page of their site is shown.
 * @type {Promise<Awaited<ReturnType<typeof listen>>> | undefined}
 */
let nowhere;

/** A port where nobody listens: a driver does not ask for another one, and ports come back in a long run. */
const freePort = async () => {
  const { port, close } = await listen(() => {});
  await close();
  return port;
};

/** A driver has one session, and a session one store of cookies: tests side by side have a seat each. */
const startSeat = async () => {
  const env = { ...process.env, DISPLAY: await display(), NO_AT_BRIDGE: "1" };
  const port = await freePort();
  const driver = spawn(DRIVER, [`--port=${port}`], { env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + PROTOCOL_TIMEOUT; !(await listens(url)); await pass(50)) {
    if (Date.now() > deadline || driver.exitCode !== null) throw new Error("WebKitWebDriver does not start");
  }
  const session = await startSession(url, { acceptInsecureCerts: true });
  nowhere ??= listen((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html>"), true);
  await session.home.goto((await nowhere).origin);
  return { driver, session };
};

/** @type {Set<Awaited<ReturnType<typeof startSeat>>>} */
const seats = new Set();
/** @type {Awaited<ReturnType<typeof startSeat>>[]} */
const free = [];

const leave = async (seat) => {
  seats.delete(seat);
  await seat.session.end().catch(() => {});
  seat.driver.kill();
};

/** @type {import("../engine.js").Engine} */
export const webkit = {
  name: "webkit",
  missing: missing(),
  // It takes no Secure cookies on http://localhost.
  secure: true,
  networkError: "Load failed",
  globals: ["Symbol(automationSessionProxy)"],
  async version() {
    const seat = free.pop() ?? (await startSeat());
    seats.add(seat);
    free.push(seat);
    return seat.session.version;
  },
  async room() {
    const seat = free.pop() ?? (await startSeat());
    seats.add(seat);
    const { session } = seat;
    const windows = [];
    return {
      async window() {
        const window = await session.open();
        windows.push(window);
        return window;
      },
      async close() {
        try {
          for (const window of windows) await window.close();
          await session.deleteCookies(session.home);
          free.push(seat);
        } catch {
          // Nobody knows what is left in it.
          await leave(seat);
        }
      },
    };
  },
  async close() {
    for (const seat of seats) await leave(seat);
    await (await nowhere)?.close();
    closeDisplay();
  },
};
