/** CONTRACT §1, §4: what markup alone can do to a page moves neither its tokens nor its endpoints. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";

/**
 * A page with elements in front of the tag, its session stale.
 * @param {any} e
 * @param {string} head
 */
const attacked = async (e, head) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, head }));
  return { site, g, tab };
};

const NAMED = ["currentScript", "baseURI", "cookie", "visibilityState", "prerendering", "referrer", "location", "defaultView"];

check("§1 named elements in front of the tag change nothing", async (e) => {
  const elements = NAMED.map((name) => `<img name="${name}" data-refresh-url="https://evil.example/r" data-wasm-url="https://evil.example/w" src="data:,"><form name="${name}"></form>`).join("");
  const { g, tab } = await attacked(e, elements);
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
  assert.equal((await tab.state()).ready, true);
});

check("§2 a base element of another origin moves neither the refresh nor the login", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  const src = site.origin + "/fetch401/fetch401.js";
  await tab.open(site.page({ attrs: { ...g.attrs, "data-protect": "/api" }, src, probe: false, head: '<base href="https://evil.example/x/">', after: [] }));
  const statuses = await tab.run(async () => (await fetch(location.origin + "/api/x")).status);
  assert.equal(statuses, 200);
  assert.equal(g.exchanges(), 1);
});
