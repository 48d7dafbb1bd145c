import { post } from "./backend.js";
import { CALLS_OF_A_TAB } from "./channel.js";
import { inputById } from "./dom.js";
import { fetch401, isOn, mode } from "./interceptor.js";
import { change, session, signOut } from "./session.js";
import { reload, remember } from "./storage.js";
import { fire, lookForTabs, MORE_TABS, openTabs, tabsThere, until } from "./tabs.js";
import { digest, sampleFile } from "./upload.js";
import { hold } from "./tokens.js";

/** @typedef {import("./run.js").Run} Run */

/** What a button needs was not there; the message is for the person. */
export class Unmet extends Error {}

/**
 * Sets a fault at the backend for the session at hand.
 * @param {string} name
 * @param {object} [body]
 */
async function control(name, body) {
  const { ok, status, answer } = await post(`/demo/${name}`, body);
  if (ok) return answer;
  if (status === 401) throw new Unmet("Sign in first: there is no session yet to try this with.");
  throw new Unmet(answer.detail ?? `The demo's server answered ${status} to /demo/${name}.`);
}

async function expire() {
  await control("expire");
  change({ deadline: performance.now() });
}

/** @param {Run} run */
export async function plain(run) {
  await run.call("/api/hello");
}

/** @param {Run} run */
export async function expired(run) {
  await expire();
  await run.call("/api/hello");
}

/** @param {Run} run */
export async function malformed(run) {
  const refresh_token = mode() === "bearer" ? await signInAnew() : undefined;
  const { access_token } = await control("malform");
  // Cookies the backend has spoiled itself; a token in memory is the page's to replace.
  if (access_token && isOn()) fetch401()?.setTokens({ access_token, refresh_token });
  else if (access_token) hold(access_token);
  await run.call("/api/hello");
}

/**
 * fetch401 tells nobody the present refresh token, so the page gets a fresh pair, one half of which is then spoiled.
 * @returns {Promise<string>} the good half, a refresh token
 */
async function signInAnew() {
  if (session.state !== "in") throw new Unmet("Sign in first: there is no token yet to spoil.");
  const account = { user: "demo", password: "demo", mode: mode(), lifetime: session.lifetime };
  const { ok, answer } = await post("/auth/login", account);
  if (!ok) throw new Unmet("The demo's server gave no token to spoil.");
  hold(answer.access_token);
  return answer.refresh_token;
}

/** @param {Run} run */
export async function burst(run) {
  await expire();
  await Promise.all(Array.from({ length: 100 }, (_, index) => run.call(`/api/items/${index + 1}`)));
}

/**
 * Four tabs, this page among them. Browsers let a page open one tab at a click, unless the person allows more.
 * @param {Run} run
 */
export async function tabs(run) {
  if (session.state !== "in") throw new Unmet("Sign in first: the tabs are to share a session.");
  const before = tabsThere();
  // Before anything is waited for, or it is no longer the click that opens them.
  const opened = openTabs();
  lookForTabs();
  await until(() => tabsThere() >= Math.min(MORE_TABS, before + opened), 10_000);
  const there = tabsThere();
  if (there < MORE_TABS) {
    throw new Unmet(
      `${there} of ${MORE_TABS} more tabs ${there === 1 ? "is" : "are"} open: your browser lets a page open only so many at a click. ` +
        "Come back to this page and press the button again, until all are there; or allow pop-ups for this page.",
    );
  }
  await expire();
  const records = fire();
  await Promise.all(Array.from({ length: CALLS_OF_A_TAB }, (_, index) => run.call(`/api/items/${index + 1}`)));
  const heard = await records();
  for (const [number, record] of heard) run.join(number, record);
  const who = run.exchanges.map(({ tab }) => (tab === 1 ? "this one" : `tab ${tab}`)).join(" and ");
  const silent = MORE_TABS - heard.length;
  return [who && `The tab that refreshed: ${who}.`, silent > 0 && `${silent} of the tabs did not answer: was it closed? Press again.`].filter(Boolean).join(" ");
}

/** @param {Run} run */
export async function upload(run) {
  await expire();
  const file = inputById("file").files?.[0] ?? sampleFile();
  const form = new FormData();
  form.append("file", file);
  const [{ call, answer }, sent] = await Promise.all([run.call("/api/echo", { method: "POST", body: form }), digest(file)]);
  if (call.status === 413) return `${file.name} is too large: the demo takes 8 MiB.`;
  if (call.status !== 200) return `${file.name} did not arrive.`;
  const arrived = answer?.parts?.[0]?.sha256;
  const same = arrived === sent;
  return `${file.name}, ${file.size.toLocaleString("en")} bytes: SHA-256 ${sent.slice(0, 12)}… sent, ${String(arrived).slice(0, 12)}… arrived: ${same ? "the same" : "not the same"}.`;
}

/** @param {Run} run */
export async function abort(run) {
  await expire();
  const controller = new AbortController();
  const stop = () => controller.abort();
  fetch401()?.addEventListener("refreshing", stop, { once: true });
  await Promise.all([run.call("/api/hello", { signal: controller.signal }), run.call("/api/items/1")]);
  fetch401()?.removeEventListener("refreshing", stop);
}

/** @param {Run} run */
export async function down(run) {
  await expire();
  await control("down", { seconds: 30, what: "refresh" });
  const first = await run.call("/api/hello");
  await control("down", { seconds: 0, what: "refresh" });
  const second = await run.call("/api/hello");
  return `While the refresh was down: ${first.call.status}. Once it was back: ${second.call.status}.`;
}

/**
 * Memory is emptied by a reload; cookies by signing out, which fetch401 is not told.
 * @param {Run} run
 */
export async function missing(run) {
  if (session.state === "in" && mode() !== "session") {
    await signOut();
    remember("next", "missing");
    reload();
    return new Promise(() => {});
  }
  if (session.state === "in") await post("/auth/logout");
  change({ state: "out" });
  await run.call("/api/hello");
}

/** @param {Run} run */
export async function revoked(run) {
  await control("revoke");
  await run.call("/api/hello");
  change({ state: "ended" });
}

/** @param {Run} run */
export async function stepup(run) {
  await run.call("/api/stepup");
}

/** @param {Run} run */
export async function forbidden(run) {
  await run.call("/api/forbidden");
}

/** @param {Run} run */
export async function scope(run) {
  await run.call("/api/scope");
}

/**
 * fetch401 tells a broken endpoint from a broken session by the other calls: so there are some, sent in the moment in
 * which the session is new, and before the retry.
 * @param {Run} run
 */
export async function broken(run) {
  /** @type {Promise<unknown>[]} */
  let healthy = [];
  const send = () => {
    healthy = Array.from({ length: 8 }, (_, index) => run.call(`/api/items/${index + 1}`));
  };
  fetch401()?.addEventListener("refreshed", send, { once: true });
  await run.call("/api/broken");
  fetch401()?.removeEventListener("refreshed", send);
  if (healthy.length === 0) send();
  await Promise.all(healthy);
}
