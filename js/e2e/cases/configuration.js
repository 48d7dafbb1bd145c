/** CONTRACT §2: attributes, right and wrong; the module build; the tag's debug trace. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";

const WRONG = [
  ["nothing at all", {}, ["data-refresh-url", "data-token-url", "data-refresh", "data-login-url"]],
  ["two sources", { "data-refresh-url": "/r", "data-refresh": "app" }, ["data-refresh-url", "data-refresh"]],
  ["token-url without client-id and protect", { "data-token-url": "/t" }, ["data-client-id", "data-protect"]],
  ["plain http for a refresh", { "data-refresh-url": "http://api.example.test/r" }, ["data-refresh-url"]],
  ["plain http for a token endpoint", { "data-token-url": "http://api.example.test/t", "data-client-id": "a", "data-protect": "/api" }, ["data-token-url"]],
  ["plain http for a prefix that gets a token", { "data-token-url": "/t", "data-client-id": "a", "data-protect": "http://api.example.test/api" }, ["data-protect"]],
  ["a wildcard", { "data-refresh-url": "/r", "data-protect": "/api/*" }, ["data-protect"]],
  ["userinfo", { "data-refresh-url": "/r", "data-protect": "https://a:b@example.test/" }, ["data-protect"]],
  ["no number", { "data-refresh-url": "/r", "data-refresh-timeout": "soon" }, ["data-refresh-timeout"]],
  ["an unknown value", { "data-refresh-url": "/r", "data-unauthorized": "ignore", "data-attach": "cookie" }, ["data-unauthorized", "data-attach"]],
  ["a header that is none", { "data-refresh-url": "/r", "data-refresh-header": "no colon" }, ["data-refresh-header"]],
  ["a javascript: login", { "data-refresh-url": "/r", "data-login-url": "javascript:alert(1)" }, ["data-login-url"]],
  ["a look-alike of what renews, beside a login", { "data-login-url": "/l", "data-refreshurl": "/refresh" }, ["data-refreshurl"]],
  ["several at once", { "data-refresh-url": "", "data-login-url": "ftp://x/", "data-refresh-timeout": "-1" }, ["data-refresh-url", "data-login-url", "data-refresh-timeout"]],
];

check("§2 A wrong configuration: fetch stays native, window.fetch401 does nothing, ready rejects (handled), one error names every wrong attribute", async (e) => {
  const site = await e.site();
  const tab = await e.tab();
  for (const [what, attrs, names] of WRONG) {
    await tab.forget();
    await tab.goto(site.page({ attrs, before: ["window.native = window.fetch"], probe: false }));
    const seen = await tab.run(async () => {
      const { fetch401 } = window;
      const ready = await fetch401.ready.then(() => "ready", (error) => error.code);
      fetch401.setTokens({ access_token: "x" });
      fetch401.clearTokens();
      fetch401.refreshWith(async () => {});
      fetch401.login();
      fetch401.restore();
      return { native: window.fetch === window.native, ready, target: fetch401 instanceof EventTarget, refresh: await fetch401.refresh(), version: typeof fetch401.version, back: fetch401.returnTo("/f"), state: typeof fetch401.state() };
    });
    assert.deepEqual(seen, { native: true, ready: "FETCH401_CONFIG", target: true, refresh: "kept", version: "string", back: "/f", state: "object" }, what);
    await tab.until(() => tab.errors.length, what);
    assert.equal(tab.errors.length, 1, `${what}: ${tab.errors}`);
    for (const name of names) assert.match(tab.errors[0], new RegExp(name + "\\b"), what);
    for (const value of Object.values(attrs)) if (value.length > 6 && value !== "bearer" && value !== "cookie" && value !== "ignore") assert.ok(!tab.errors[0].includes(value), `${what}: values are not quoted`);
  }
});

check("§2 loopback hosts are excepted from the https rule", async (e) => {
  const site = await e.site();
  const tab = await e.tab();
  for (const host of ["localhost", "127.0.0.1", "[::1]", "app.localhost"]) {
    await tab.open(site.page({ attrs: { "data-token-url": `http://${host}:8080/t`, "data-client-id": "a", "data-protect": `http://${host}:8080/` } }));
  }
  assert.deepEqual(tab.errors, []);
});

check("§2 Unknown look-alikes are one console warning each; other scripts' attributes are none; reserved names are neither", async (e) => {
  const { tab, g } = await guarded(e, "session", { attrs: { "data-refreshurl": "/r", "data-loginurl": "/l", "data-login": "window", "data-turbo-track": "reload", "data-cf-beacon": "x", id: "x", "data-xhr": "on", "data-storage": "off" } });
  assert.equal(tab.said(/data-refreshurl/).length, 1);
  assert.equal(tab.said(/data-loginurl/).length, 1);
  assert.equal(tab.said(/turbo|beacon|xhr|storage|data-login\b(?!-)/).length, 0);
  assert.deepEqual(tab.said(/fetch401/).map(({ type }) => type), ["warn", "warn"]);
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
});

check("§2 data-wasm-url; §1 else fetch401.wasm lies in the script's own folder, and what meets it", async (e) => {
  const { readFileSync } = await import("node:fs");
  const { DIST } = await import("../harness/paths.js");
  const site = await e.site();
  const g = guard(site, "session");
  const wasm = { headers: { "content-type": "application/wasm" }, body: readFileSync(DIST + "/fetch401.wasm") };
  site.on("GET /else/other.wasm", wasm).on("GET /v1/fetch401.wasm", wasm);
  for (const name of ["fetch401.js", "fetch401.program.js"]) site.put("/v1/" + name, readFileSync(`${DIST}/${name}`));
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { ...g.attrs, "data-wasm-url": "/else/other.wasm" } }));
  assert.equal(site.got("GET /else/other.wasm").length, 1);
  await tab.open(site.page({ attrs: g.attrs, src: "/v1/fetch401.js" }));
  assert.equal(site.got("GET /v1/fetch401.wasm").length, 1);
  assert.equal(site.got("GET /v1/fetch401.program.js").length, 1);
  assert.equal(site.got("GET /fetch401/fetch401.wasm").length, 0);
});

check("§1 an inline script, with data-wasm-url: what meets the program lies beside it", async (e) => {
  const { readFileSync } = await import("node:fs");
  const { DIST } = await import("../harness/paths.js");
  const site = await e.site();
  const g = guard(site, "session");
  const inline = (attributes) => `<script data-refresh-url="/refresh" data-protect="/api"${attributes}>${readFileSync(DIST + "/fetch401.js", "utf8")}</script>`;
  const tab = await e.tab();
  await tab.open(site.page({ head: inline(' data-wasm-url="/fetch401/fetch401.wasm"') }));
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
  assert.equal(site.got("GET /fetch401/fetch401.program.js").length, 1);
  await tab.goto(site.page({ head: inline("") }));
  await tab.until(() => tab.errors.length, "the error");
  assert.match(tab.errors.join(), /wrong configuration\ndata-wasm-url is needed by an inline script/);
});

check("§1 under a Content-Security-Policy that goes by a nonce, what the script loads has it too", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.goto(site.page({
    attrs: { ...g.attrs, nonce: "abc" },
    headers: { "content-security-policy": "script-src 'nonce-abc' 'wasm-unsafe-eval'" },
    probe: false,
  }));
  await tab.ready();
  assert.equal(await tab.run(() => fetch("/api/x").then((r) => r.status)), 200);
  assert.equal(g.exchanges(), 1);
});

check("§1 WASM under any content type is taken", async (e) => {
  const { readFileSync } = await import("node:fs");
  const { DIST } = await import("../harness/paths.js");
  const site = await e.site();
  const g = guard(site, "session");
  site.on("GET /fetch401/fetch401.wasm", { headers: { "content-type": "application/octet-stream" }, body: readFileSync(DIST + "/fetch401.wasm") });
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs }));
  assert.equal((await tab.call("/api/x")).status, 200);
});

for (const mode of ["session", "bearer"]) {
  check(`§2 data-debug prints a token-free trace to the console; without it nothing is printed (${mode})`, async (e) => {
    const { tab, g } = await guarded(e, mode, { attrs: { "data-debug": "" } });
    assert.equal((await tab.call("/api/x?private=query_1")).status, 200);
    await tab.until(() => tab.lines.some(({ text }) => text.startsWith("fetch401 ")), "the trace");
    const text = JSON.stringify(tab.lines);
    for (const token of [g.present, g.refresh]) assert.ok(!text.includes(token));
    assert.doesNotMatch(JSON.stringify(tab.lines.filter(({ text }) => text.includes("fetch401"))), /query_1/);
    const quiet = await guarded(e, mode);
    assert.equal((await quiet.tab.call("/api/x")).status, 200);
    assert.deepEqual(quiet.tab.lines, []);
  });
}

check("§1 ES module: import { install }, options in camelCase, protect as a list; its wasm beside it", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  site.put("/module.js", `import { install } from "/fetch401/fetch401.mjs"; window.api = install({ refreshUrl: "/refresh", protect: ["/api"], loginUrl: "/login", refreshTimeout: 5000 });`);
  const tab = await e.tab();
  await tab.goto(site.page({ head: `<script type="module" src="/module.js"></script>`, probe: false }));
  await tab.ready();
  assert.equal(await tab.run(() => window.api === window.fetch401), true);
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal((await tab.call("/other")).status, 404);
  assert.equal(g.exchanges(), 1);
  assert.equal(site.got("GET /fetch401/fetch401.wasm").length, 1);
});

check("§1 ES module: UnauthorizedError by unauthorized: reject; a wrong option throws one error that names it as options spell it", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  g.answer = () => ({ status: 503 });
  site.put("/module.js", `import { install } from "/fetch401/fetch401.mjs"; window.install = install;`);
  const tab = await e.tab();
  await tab.goto(site.page({ head: `<script type="module" src="/module.js"></script>`, probe: false }));
  const thrown = await tab.run(() => { try { window.install({ refreshURL: "/refresh", refreshTimeout: "x" }); } catch (error) { return error.code + error.message; } });
  assert.match(thrown, /FETCH401_CONFIG/);
  assert.match(thrown, /refreshTimeout/);
  assert.match(thrown, /refreshUrl/);
  assert.doesNotMatch(thrown, /data-/);
  await tab.run(() => void window.install({ refreshUrl: "/refresh", protect: ["/api"], unauthorized: "reject" }));
  await tab.ready();
  assert.equal((await tab.call("/api/x")).error.code, "FETCH401_UNAUTHORIZED");
});

check("§1 the demo serves the built files compressed, and the WASM as application/wasm", async (e) => {
  const { backend } = await e.demo();
  for (const [name, type] of [["fetch401.js", /javascript/], ["fetch401.program.js", /javascript/], ["fetch401.mjs", /javascript/], ["fetch401.wasm", /^application\/wasm$/]]) {
    const response = await fetch(`${backend}/fetch401/${name}`, { headers: { "Accept-Encoding": "br" } });
    assert.equal(response.headers.get("content-encoding"), "br", name);
    assert.match(response.headers.get("content-type"), type, name);
    await response.arrayBuffer();
  }
});
