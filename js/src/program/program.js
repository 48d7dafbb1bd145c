/**
 * What meets the Go program, fetched beside it in the background: the glue that starts it, its door, and what carries
 * out its decisions. None of it is needed before Go decides, so none of it is in the script that a page waits for.
 * @module
 */

// @ts-ignore made by the build from the compiler's own wasm_exec.js
import { boot } from "fetch401-glue";
import { createChannel } from "./channel.js";
import { createDecisions } from "./decisions.js";
import { openDoor } from "./door.js";
import { TRACE } from "../gate/digests.js";
import { coded } from "../gate/coded.js";
import { cookie, listen, visibilityState } from "../gate/platform.js";
import { createLocks } from "./locks.js";
import {
  ALONE,
  CROSS_ORIGIN,
  FRAMED,
  HID,
  KIND_APP,
  KIND_ATTACH,
  KIND_COOKIE,
  KIND_TOKEN,
  LINES,
  LINE_LOGIN_HASH,
  LINE_LOGIN_ORIGIN,
  LINE_LOGIN_PATH,
  LOCK_FAILED,
  NO_EXCHANGE,
  OPENED,
  REACHABLE,
  RESTORED,
  SHARE,
  SHOWN,
} from "../protocol.js";

export { cookieless, foreignXhr, misspelt, twoOwners, undecided } from "./advice.js";
export { leaveForLogin } from "./leave.js";
export { revoke } from "./revoke.js";

/**
 * The checked configuration, and what else Go knows of the page from the start.
 * @param {import("../gate/config.js").Config} config
 * @returns {[kind: number, bits: number, timeout: number, early: number, text: string]} as configure takes them; see wasm/protocol
 */
const facts = ({ mode, attach, share, loginUrl, refreshUrl, tokenUrl, protect, refreshTimeout, early = -1 }) => {
  const login = loginUrl ? new URL(loginUrl) : undefined;
  const endpoint = refreshUrl || tokenUrl;
  const bits =
    (mode === "login" ? NO_EXCHANGE : 0) |
    (endpoint && new URL(endpoint).origin !== location.origin ? CROSS_ORIGIN : 0) |
    (window.top !== window ? FRAMED : 0) |
    (mode !== "login" && navigator.locks && window.BroadcastChannel ? 0 : ALONE) |
    (share ? SHARE : 0);
  const kind = attach ? KIND_ATTACH : mode === "bearer" ? KIND_TOKEN : mode === "app" ? KIND_APP : KIND_COOKIE;
  const lines = [...Array(LINES).fill(""), ...protect];
  if (login) {
    lines[LINE_LOGIN_ORIGIN] = login.origin;
    lines[LINE_LOGIN_PATH] = login.pathname;
    lines[LINE_LOGIN_HASH] = login.hash;
  }
  return [kind, bits, refreshTimeout, early * 1000, lines.join("\n")];
};

/**
 * What a page has put in the place of console may throw: that is no reason for calls to wait for ever.
 * @param {string} code
 * @param {string} text
 */
const complain = (code, text) => {
  try {
    console.error(coded(code, text).message);
  } catch {}
};

/**
 * Fulfilled once Go decides.
 * @param {Response} response the program
 * @param {import("../gate/config.js").Config} config
 * @param {import("../gate/gate.js").Host} host
 * @param {import("../gate/gate.js").Gate} gate
 */
export const start = async (response, config, host, gate) => {
  let alive = true;
  let ready = false;
  // Pages that renew one session: by one endpoint, as one client.
  const name = ["fetch401", config.refreshUrl || config.tokenUrl || config.mode, config.clientId].join(" ");
  const channel = createChannel(name, (age, message) => decisions.heard(age, message));
  const locks = createLocks(name, channel.note, (...seen) => decisions.granted(...seen), () => decisions.tell(LOCK_FAILED));
  /** @type {import("./decisions.js").Decisions} */
  let decisions;
  const die = () => {
    if (!alive) return;
    alive = false;
    locks.release();
    if (ready) channel.forget();
    gate.dead();
    if (ready) complain("FETCH401_STOPPED", "the program has ended: calls go on natively until a reload");
  };
  try {
    if (!response.ok) throw new Error(`status ${response.status}`);
    const program = boot(die);
    // A response of a known digest is whole when it comes, so there is nothing to stream.
    const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), program.imports);
    await program.run(instance);
    const door = openDoor(instance.exports, () => alive, die);
    door.configure(...facts(config));
    if (!alive) throw new Error("it ended while it started");
    ready = true;
    decisions = createDecisions(door, config, host, gate, {
      cookies: cookie,
      visible: () => visibilityState() !== "hidden",
      complain,
      locks,
      channel,
    });
    const open = () => {
      channel.note();
      channel.open();
      decisions.tell(OPENED);
    };
    const hide = () => {
      decisions.tell(HID);
      channel.close();
    };
    open();
    listen(window, "pagehide", hide);
    listen(document, "freeze", hide);
    listen(document, "resume", open);
    listen(window, "online", () => decisions.tell(REACHABLE));
    listen(window, "pageshow", (event) => {
      if (!event.persisted) return;
      open();
      decisions.tell(SHOWN, RESTORED);
    });
    for (const type of ["visibilitychange", "prerenderingchange"]) {
      listen(document, type, () => decisions.tell(SHOWN));
    }
    gate.open(decisions);
  } catch (/** @type {any} */ cause) {
    die();
    if (cause?.name !== "CompileError") throw cause;
    throw new Error(`${cause.message}; if a Content-Security-Policy blocks it, add 'wasm-unsafe-eval' to script-src`, { cause });
  }
};

/** @type {Promise<ReturnType<typeof import("../trace/trace.js").createTrace> | void> | undefined} */
let tracing;

/**
 * Tells a fact to what prints the trace, which is loaded for pages that ask for it.
 * @param {import("../gate/install.js").Part} part
 * @param {any[]} fact
 */
export const trace = (part, ...fact) => {
  tracing ??= part("fetch401.trace.js", TRACE).then(
    ({ createTrace }) => createTrace(console, performance),
    ({ url, message }) => console.warn(`fetch401: no trace, ${url} cannot be used: ${message}`),
  );
  return tracing.then((tell) => /** @type {any} */ (tell)?.(...fact));
};
