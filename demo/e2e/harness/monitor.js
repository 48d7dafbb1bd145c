/** A page with the real @sentry/browser on it, demo/monitoring's example, whose transport keeps what it would send. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { guard } from "../../../js/e2e/harness/guard.js";
import { html } from "../../../js/e2e/harness/html.js";
import { ROOT } from "../../../js/e2e/harness/paths.js";

/** @param {string} options more of them, as source; may use Sentry and scrubbed */
const transport = (options) => `
window.sent = [];
window.monitorOptions = (Sentry, scrubbed) => ({
  // The one that drops what looks like the event before it would hide a second one.
  integrations: (all) => all.filter(({ name }) => name !== "Dedupe"),
  transport: () => ({ send: async (envelope) => (window.sent.push(JSON.stringify(envelope)), {}), flush: async () => true }),
  ${options}
});
`;

const FORWARD = `
window.forward401();
// Errors of the page's own scripts: those of a test's are none to a monitor.
window.leave = (url) => void fetch(url);
window.fail = (text) => void Promise.reject(new Error(text));
`;

/** @type {Promise<string> | undefined} */
let bundled;
const bundle = () =>
  (bundled ??= promisify(execFile)("go", ["tool", "esbuild", "demo/monitoring/example/monitor.js", "--bundle", "--minify", "--format=iife", "--target=es2022"], { cwd: ROOT, maxBuffer: 1 << 24 }).then(({ stdout }) => stdout));

/**
 * A guarded site, its page with a monitor opened, its session stale.
 * @param {object} [page]
 * @param {boolean} [page.first] whether the monitor stands before fetch401
 * @param {string} [page.options]
 * @param {string} [page.address] query and fragment of the page's
 * @param {string} [page.referer] address of the page that leads to it, on the same site
 */
export const monitored = async (e, { mode = "session", first = true, attrs = {}, options = "", address = "", referer = "", ...page } = {}) => {
  const site = await e.site();
  const g = guard(site, mode);
  const monitor = [transport(options), await bundle()];
  const tab = await e.tab();
  const scripts = first ? { before: monitor, after: [FORWARD] } : { after: [...monitor, FORWARD] };
  const url = site.page({ attrs: { ...g.attrs, ...attrs }, ...scripts, ...page }) + address;
  if (referer) {
    site.put("/from", html({}));
    await tab.goto(site.origin + referer);
    await tab.follow(url);
    await tab.sees(() => Boolean(window.fetch401), "the page with the monitor");
  } else {
    await tab.goto(url);
  }
  await tab.ready();
  // A login page would end the page that is looked at.
  await tab.run(() => window.fetch401.addEventListener("login", (event) => event.preventDefault()));
  await g.begin(tab);
  return { site, g, tab };
};

/** All that was sent: the type of each item, and what it holds. */
export const items = async (tab) => (await tab.run(() => window.sent.map((text) => JSON.parse(text)))).flatMap(([, list]) => list.map(([{ type }, item]) => ({ type, item })));

/** The events among it, sessions and the like left out. */
export const events = async (tab) => (await items(tab)).filter(({ type }) => type === "event").map(({ item }) => item);
