/** CONTRACT §1: `import "fetch401/auto"`, and an install() that comes late. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";

/** A page whose app imports fetch401/auto, and then a client that takes fetch when it is imported. */
const automatic = async (e, { meta, ...page }) => {
  const site = await e.site();
  const g = guard(site, "session");
  site.put("/client.js", "const { fetch } = globalThis; export const client = (url) => fetch(url).then((r) => r.status);");
  site.put("/app.js", 'import "/fetch401/fetch401.auto.mjs"; import { client } from "/client.js"; window.client = client;');
  const tab = await e.tab();
  await tab.goto(site.page({ head: `${meta}<script type="module" src="/app.js"></script>`, before: ["window.native = fetch"], probe: false, ...page }));
  return { site, g, tab };
};

const META = '<meta name="fetch401" data-refresh-url="/refresh" data-protect="/api /other" data-except="/api/free" data-refresh-timeout="5000">';

check("§1 fetch401/auto: by the attributes of the meta element, before what is imported after it", async (e) => {
  const { site, g, tab } = await automatic(e, { meta: META });
  await tab.sees(() => Boolean(window.client), "the app");
  await tab.ready();
  assert.equal(await tab.run(() => window.client("/api/x")), 200);
  assert.equal(g.exchanges(), 1);
  g.expire();
  assert.equal(await tab.run(() => window.client("/api/free")), 401);
  assert.equal(site.got("GET /fetch401/fetch401.wasm").length, 1);
  assert.deepEqual([tab.lines, tab.errors], [[], []]);
});

check("§1 fetch401/auto: a wrong configuration is an error event that names the attributes, and the app runs", async (e) => {
  const { tab } = await automatic(e, { meta: '<meta name="fetch401" data-refresh-url="ftp://x/" data-refreshtimeout="5">' });
  await tab.until(() => tab.errors.length, "the error");
  assert.equal(tab.errors.length, 1);
  assert.match(tab.errors[0], /wrong configuration\ndata-refresh-url must/);
  await tab.line(/unknown data-refreshtimeout: did you mean data-refresh-timeout/);
  assert.deepEqual(
    await tab.run(async () => [window.fetch === window.native, await window.client("/other"), await window.fetch401.ready.catch(({ code }) => code)]),
    [true, 404, "FETCH401_CONFIG"],
  );
});

check("§1 fetch401/auto without its element, and with one that is not in head: the error says so", async (e) => {
  for (const page of [{}, { body: META }]) {
    const { tab } = await automatic(e, { meta: "", ...page });
    await tab.until(() => tab.errors.length, "the error");
    assert.match(tab.errors[0], /\nimport "fetch401\/auto" reads the attributes of <meta name="fetch401"> in head, and there is none$/);
    assert.equal(await tab.run(() => window.fetch === window.native), true);
  }
});

check("§1 fetch401/auto beside a tag: the tag's holds, and a warning says so", async (e) => {
  const { g, tab } = await automatic(e, { meta: META, attrs: { "data-refresh-url": "/refresh", "data-protect": "/api" } });
  await tab.ready();
  await tab.line(/already installed/);
  assert.equal(await tab.run(() => window.client("/api/x")), 200);
  assert.equal(g.exchanges(), 1);
  assert.equal(tab.said(/fetch401/).length, 1);
});

check("§1 an install() that comes late, after a call of a protected URL by fetch or XMLHttpRequest, says so once; any other says nothing", async (e) => {
  const xhr = "await new Promise((done) => { const x = new XMLHttpRequest(); x.onloadend = done; x.open('GET', '/api/early?private=query_1'); x.send(); });";
  // Read, as clients do: the browser tells of an answer once its body has come.
  const get = (url) => `await fetch("${url}").then((r) => r.text());`;
  for (const [before, late] of [[get("/api/early?private=query_1"), true], [xhr, true], [get("/elsewhere"), false], [get("/api/free"), false], ["", false]]) {
    const site = await e.site();
    guard(site, "session");
    site.put("/module.js", `import { install } from "/fetch401/fetch401.mjs"; ${before} install({ refreshUrl: "/refresh", protect: ["/api"], except: ["/api/free"] });`);
    const tab = await e.tab();
    await tab.goto(site.page({ head: '<script type="module" src="/module.js"></script>', probe: false }));
    await tab.sees(() => window.fetch401, "install()");
    await tab.ready();
    if (late) assert.match((await tab.line(/FETCH401_LATE/)).text, /^fetch401: http\S+\/api\/early was called before install\(\)/);
    await tab.call("/api/later");
    assert.equal(tab.lines.length, late ? 1 : 0, before);
  }
});
