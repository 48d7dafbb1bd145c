/** CONTRACT §1: a file that is not of the script's build is a missing one, whoever has put it there. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { DIST } from "../harness/paths.js";

const TYPES = { js: "text/javascript", wasm: "application/wasm" };
const read = (name) => readFileSync(`${DIST}/${name}`);
const answer = (name, body) => ({ headers: { "content-type": TYPES[name.split(".").at(-1)] }, body });

/** The file with something added that changes nothing of what it does, but that the page can see where it is run. */
const tampered = (name) => answer(name, Buffer.concat([read(name), name.endsWith(".wasm") ? Buffer.from([0, 2, 1, 0x78]) : Buffer.from(";window.tampered=true")]));

/** @param {string} name its URL is the one that the error names */
const refused = async ({ tab, g, site, url, mode }) => {
  const { code, message } = await tab.run(() => window.fetch401.ready.then(() => ({}), ({ code, message }) => ({ code, message })));
  assert.equal(code, "FETCH401_WASM_UNAVAILABLE");
  assert.ok(message.startsWith(`fetch401: ${url} cannot be used: `), message);
  assert.equal(await tab.run(() => window.tampered), undefined);
  const native = mode === "bearer" ? 200 : 401;
  assert.equal((await tab.call("/api/later")).status, native, "calls go on natively");
  if (mode === "bearer") assert.equal(site.got("GET /api/later").at(-1).headers.authorization, "Bearer " + g.present);
  assert.equal(await tab.run(() => window.first), native, "so does one that was held");
  assert.equal((await tab.state()).held, 0);
  assert.equal(g.exchanges(), 0);
  assert.equal(tab.said(/FETCH401_/).length, 1, "one coded error");
  assert.deepEqual(tab.errors, []);
};

for (const mode of ["session", "bearer"]) {
  for (const name of ["fetch401.program.js", "fetch401.wasm"]) {
    check(`§1 an altered ${name} is a missing one: a coded error that names it, calls go on natively (${mode})`, async (e) => {
      const site = await e.site();
      const g = guard(site, mode);
      site.on("GET /fetch401/" + name, tampered(name));
      const tab = await e.tab();
      const began = mode === "bearer" ? `window.fetch401.setTokens({ access_token: "${g.present}", refresh_token: "${g.refresh}" });` : "";
      await tab.goto(site.page({ attrs: g.attrs, after: [began + "window.first = fetch('/api/first').then((r) => r.status)"] }));
      await refused({ tab, g, site, mode, url: `${site.origin}/fetch401/${name}` });
    });
  }
}

check("§1 an altered WASM at data-wasm-url, and beside the module: the same", async (e) => {
  for (const how of ["tag", "module"]) {
    const site = await e.site();
    const g = guard(site, "session");
    const url = how === "tag" ? "/else/other.wasm" : "/fetch401/fetch401.wasm";
    site.on("GET " + url, tampered("fetch401.wasm"));
    const first = "window.first = fetch('/api/first').then((r) => r.status);";
    site.put("/module.js", `import { install } from "/fetch401/fetch401.mjs"; install({ refreshUrl: "/refresh", protect: ["/api"] }); ${first}`);
    const tab = await e.tab();
    await tab.goto(site.page(how === "tag" ? { attrs: { ...g.attrs, "data-wasm-url": url }, after: [first] } : { head: '<script type="module" src="/module.js"></script>', probe: false }));
    await refused({ tab, g, site, mode: "session", url: site.origin + url });
  }
});

check("§1 an altered fetch401.trace.js is not run: a warning that names it, and calls are healed", async (e) => {
  for (const how of ["tag", "module"]) {
    const site = await e.site();
    const g = guard(site, "session");
    site.on("GET /fetch401/fetch401.trace.js", tampered("fetch401.trace.js"));
    site.put("/module.js", 'import { install } from "/fetch401/fetch401.mjs"; install({ refreshUrl: "/refresh", protect: ["/api"], debug: true });');
    const tab = await e.tab();
    await tab.goto(site.page(how === "tag" ? { attrs: { ...g.attrs, "data-debug": "" } } : { head: '<script type="module" src="/module.js"></script>', probe: false }));
    await tab.ready();
    assert.equal((await tab.call("/api/x")).status, 200);
    const { text } = await tab.line(/no trace/);
    assert.ok(text.includes(site.origin + "/fetch401/fetch401.trace.js"), text);
    assert.equal(await tab.run(() => window.tampered), undefined);
    assert.equal(tab.said(/fetch401/).length, 1);
  }
});

check("§1 the lines of tag.html: each file is right, fetched once and used, and the document is left as it was", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const [, folder] = /src="(\/[^"]+\/)fetch401\.js"/.exec(read("tag.html").toString());
  const names = ["fetch401.js", "fetch401.program.js", "fetch401.wasm"];
  // A second request of what may not be kept is seen. Firefox and WebKit hand a preloaded file to fetch() by their cache.
  const kept = e.engine.name === "chromium" ? {} : { "cache-control": "max-age=60" };
  for (const name of names) {
    const { headers, body } = answer(name, read(name));
    site.on(`GET ${folder}${name}`, { headers: { ...headers, ...kept }, body });
  }
  const tag = read("tag.html").toString().replace(/data-refresh-url="[^"]*"/, 'data-refresh-url="/refresh" data-protect="/api"');
  const tab = await e.tab();
  await tab.open(site.page({ head: tag }));
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
  // WebKit fetches a preloaded WASM once more.
  for (const name of names) assert.equal(site.got(`GET ${folder}${name}`).length, e.engine.name === "webkit" && name.endsWith(".wasm") ? 2 : 1, name);
  assert.deepEqual(tab.browser.filter((text) => /preload|integrity/i.test(text)), []);
  assert.deepEqual(tab.lines, []);
  assert.deepEqual(await tab.run(() => [...document.scripts].map(({ src }) => src).filter((src) => /program/.test(src))), []);
});
