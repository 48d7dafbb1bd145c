/** A client of W3C WebDriver: one session, whose windows share it command by command. */

import { setTimeout as pass } from "node:timers/promises";
import { PROTOCOL_TIMEOUT } from "../paths.js";

const send = async (url, method, body) => {
  const response = await fetch(url, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PROTOCOL_TIMEOUT) });
  const { value } = await response.json();
  if (value?.error) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
};

/** Whether the driver takes commands. */
export const listens = (driver) => send(driver + "/status", "GET").then(() => true, () => false);

/** Begins, and keeps what comes of it until it is asked for: a command that waited would keep the other windows waiting. */
const begin = (id, source) => `
  const kept = (window.__e2e ??= {}).results ??= {};
  kept[${id}] = "";
  (${source}).then((value) => (kept[${id}] = value), (error) => (kept[${id}] = JSON.stringify({ error: String(error) })));
  return "";
`;
const look = (id) => `
  const kept = window.__e2e?.results;
  if (!kept || !(${id} in kept)) return null;
  const value = kept[${id}];
  if (value !== "") delete kept[${id}];
  return value;
`;

/**
 * @param {string} driver its URL
 * @param {object} capabilities
 */
export const startSession = async (driver, capabilities) => {
  const session = await send(driver + "/session", "POST", { capabilities: { alwaysMatch: { timeouts: { pageLoad: PROTOCOL_TIMEOUT, script: PROTOCOL_TIMEOUT }, ...capabilities } } });
  const base = `${driver}/session/${session.sessionId}`;
  /** @type {Promise<unknown>} */
  let line = Promise.resolve();
  let number = 0;

  /** The window that was switched to last; none where it was closed, or nobody knows. */
  let current = "";
  /** Each command is for that one, so to switch and the command go together. To switch puts a window in front, and takes longer than most commands. */
  const command = (handle, method, path, body, any = false) => {
    const turn = line.then(async () => {
      if (handle && handle !== current && !(any && current)) {
        current = "";
        await send(base + "/window", "POST", { handle });
        current = handle;
      }
      if (method === "DELETE" && path === "/window") current = "";
      return send(base + path, method, body);
    });
    line = turn.catch(() => {});
    return turn;
  };

  /** @returns {import("../engine.js").Window & { handle: string, close: () => Promise<unknown> }} */
  const windowOf = (handle) => {
    const execute = (script) => command(handle, "POST", "/execute/sync", { script, args: [] });
    return {
      handle,
      async evaluate(source) {
        const id = ++number;
        let value = await execute(begin(id, source));
        for (let wait = 2; value === ""; wait = Math.min(wait * 2, 20)) {
          await pass(wait);
          value = await execute(look(id));
        }
        if (value === null) throw new Error("the page was left meanwhile");
        return value;
      },
      goto: (url) => command(handle, "POST", "/url", { url }),
      reload: () => command(handle, "POST", "/refresh", {}),
      cookies: () => command(handle, "GET", "/cookie"),
      async refusePasswords() {},
      close: () => command(handle, "DELETE", "/window"),
    };
  };

  const home = windowOf(await command("", "GET", "/window"));
  return {
    version: `${session.capabilities.browserName}/${session.capabilities.browserVersion}`,
    home,
    /** A new one is opened from any that is there (WebDriver, New Window, step 3): the last one may have been closed by its test. */
    open: async () => windowOf((await command(home.handle, "POST", "/window/new", { type: "window" }, true)).handle),
    /** All of the site that the window shows. */
    deleteCookies: (window) => command(window.handle, "DELETE", "/cookie"),
    end: () => send(base, "DELETE"),
  };
};
