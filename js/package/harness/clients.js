/** What becomes of a client that takes fetch when it is made: openapi-fetch, imported after "fetch401/auto". */

import assert from "node:assert/strict";
import { startApp } from "./heals.js";

/** In the page's head. */
export const META = '<meta name="fetch401" data-refresh-url="/refresh" data-protect="/api" data-login-url="/login">';

/** Opens the page of a folder, and sees its client's call healed. */
export const clientHeals = async (folder, path = "/") => {
  const { site, g, tab, close } = await startApp(folder);
  try {
    await tab.open(site.origin + path);
    const status = await tab.run(() => window.client.GET("/api/orders").then(({ response }) => response.status));
    assert.equal(status, 200, JSON.stringify(tab.lines));
    assert.equal(g.exchanges(), 1);
    assert.deepEqual([tab.errors, tab.lines], [[], []]);
  } finally {
    await close();
  }
};

/** Where the client calls before install(): neither that call nor a later one of it is healed, and one line says so. */
export const clientComesFirst = async (folder, path = "/") => {
  const { site, g, tab, close } = await startApp(folder);
  try {
    await tab.goto(site.origin + path);
    const calls = await tab.run(async () => {
      const call = () => window.client.GET("/api/orders").then(({ response }) => response.status);
      const before = await call();
      await window.install({ refreshUrl: "/refresh", protect: ["/api"] }).ready;
      return [before, await call()];
    });
    assert.deepEqual(calls, [401, 401]);
    assert.equal(g.exchanges(), 0);
    assert.match((await tab.line(/FETCH401_LATE/)).text, /\/api\/orders was called before install\(\)/);
  } finally {
    await close();
  }
};
