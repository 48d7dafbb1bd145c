/** Opens what a bundler has made in a browser, on a site whose session has expired. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { after } from "node:test";
import { engine } from "../../e2e/harness/engine.js";
import { guard } from "../../e2e/harness/guard.js";
import { startSite } from "../../e2e/harness/site.js";
import { openTab } from "../../e2e/harness/tab.js";

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

after(() => engine.close());

/** A page of one script, for bundlers that make none. */
export const pageOf = (script, { type = "module", head = "" } = {}) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>an app</title>${head}<script ${type && `type="${type}" `}src="${script}"></script></head><body></body></html>`;

/**
 * A site of a folder of files, with an API behind an expired session, and a tab for it.
 * @param {string} folder
 */
export const startApp = async (folder) => {
  const site = await startSite();
  site.on("GET /*", ({ path }) => {
    try {
      const name = path.endsWith("/") ? path + "index.html" : path;
      return { headers: { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }, body: readFileSync(join(folder, name)) };
    } catch {
      return { status: 404, body: "no such file" };
    }
  });
  site.on("GET /favicon.ico", { status: 204 });
  const g = guard(site, "session");
  const room = await engine.room();
  const tab = await openTab(room, "an app");
  return {
    site,
    g,
    tab,
    async close() {
      await room.close();
      await site.close();
    },
  };
};

/**
 * Opens the page, and sees a call healed, with nothing said on the console.
 * @param {Awaited<ReturnType<typeof startApp>>} app
 * @param {string} address
 */
export const heals = async ({ tab, g }, address) => {
  await tab.open(address);
  const answer = await tab.call("/api/orders");
  assert.equal(answer.status, 200, JSON.stringify({ answer, lines: tab.lines, errors: tab.errors }));
  assert.equal(g.exchanges(), 1);
  assert.deepEqual(tab.errors, []);
  assert.deepEqual(tab.lines, []);
};

/** The same with a folder of files. */
export const appHeals = async (folder, path = "/") => {
  const app = await startApp(folder);
  try {
    await heals(app, app.site.origin + path);
  } finally {
    await app.close();
  }
};
