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

/** An element of each kind that can be named. */
const named = (name, more = "") => `<img name="${name}" ${more}><img id="${name}" ${more}>`;

check("§1 document.currentScript counts only if it is a script element: an img of that name runs no file of another origin, under strict-dynamic too", async (e) => {
  const site = await e.site();
  const evil = await e.site();
  evil.cors = site.origin;
  evil.on("GET /f/fetch401.program.js", { headers: { "content-type": "text/javascript" }, body: "window.stolen = true" });
  const g = guard(site, "session");
  const tab = await e.tab();
  const attack = `src="${evil.origin}/f/x.js" data-refresh-url="${evil.origin}/refresh" data-wasm-url="${evil.origin}/f/fetch401.wasm"`;
  await tab.goto(site.page({
    attrs: { ...g.attrs, nonce: "abc" },
    headers: { "content-security-policy": "script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'" },
    head: `<img name="currentScript" ${attack}>`,
    probe: false,
  }));
  await tab.ready();
  assert.equal(await tab.run(() => fetch("/api/x").then((r) => r.status)), 200);
  assert.equal(g.exchanges(), 1);
  assert.equal(await tab.run(() => window.stolen), undefined);
  assert.deepEqual(evil.received.filter(({ path }) => path !== "/f/x.js"), []);
});

check("§1 a tag of type=module, and a copy that other code runs: the configuration is wrong, and says so", async (e) => {
  const site = await e.site();
  const tab = await e.tab();
  for (const type of ["module", "eval"]) {
    tab.errors.length = 0;
    const attrs = { "data-refresh-url": "/refresh" };
    const own = `window.native = window.fetch`;
    if (type === "module") await tab.goto(site.page({ attrs: { ...attrs, type }, before: [own], probe: false }));
    else await tab.goto(site.page({ before: [own, `fetch("/fetch401/fetch401.js").then((r) => r.text()).then((text) => setTimeout(text))`], probe: false }));
    await tab.until(() => tab.errors.length, type);
    assert.equal(tab.errors.length, 1);
    assert.match(tab.errors[0], /wrong configuration\n.*classic/);
    assert.doesNotMatch(tab.errors[0], /data-/, "no attribute of the tag is to blame");
    const seen = await tab.run(() => window.fetch401.ready.then(() => "ready", (error) => [error.code, window.fetch === window.native, window.fetch401.state().mode]));
    assert.deepEqual(seen, ["FETCH401_CONFIG", true, "off"], type);
  }
});

for (const name of ["baseURI", "cookie", "visibilityState", "prerendering", "referrer", "addEventListener", "removeEventListener", "dispatchEvent", "defaultView", "location", "currentScript", "createElement", "body", "head", "fetch", "fetch401", "sessionStorage", "navigator", "Request", "constructor", "toString", "valueOf"]) {
  check(`§1 elements called ${name} change nothing`, async (e) => {
    const site = await e.site();
    const g = guard(site, "session");
    const tab = await e.tab();
    await tab.open(site.page({
      attrs: { ...g.attrs, "data-refresh-header": "X-CSRF: cookie(csrf)" },
      before: ["Reflect.set(Document.prototype, 'cookie', 'csrf=one%20two; path=/', document)"],
      head: `<form name="${name}"></form>` + named(name),
      probe: false,
    }));
    assert.equal(await tab.run(() => window.fetch401.ready.then(() => fetch("/api/x")).then((r) => r.status)), 200);
    assert.equal(g.exchanges(), 1);
    assert.equal(site.got(g.route)[0].headers["x-csrf"], "one two");
    // Shown again, or back from the back/forward cache.
    await tab.run(() => void EventTarget.prototype.dispatchEvent.call(window, new PageTransitionEvent("pageshow", { persisted: true })));
    g.expire();
    assert.equal(await tab.run(() => fetch("/api/x").then((r) => r.status)), 200);
    assert.deepEqual(tab.errors, []);
  });
}

check("§6 an element called visibilityState does not show a hidden page: login waits", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  g.answer = () => ({ status: 401 });
  const tab = await e.tab();
  const hidden = `{ let value = "hidden"; Object.defineProperty(Document.prototype, "visibilityState", { configurable: true, get: () => value });
    window.appear = () => { value = "visible"; EventTarget.prototype.dispatchEvent.call(document, new Event("visibilitychange")); }; }`;
  await tab.open(site.page({ attrs: g.attrs, before: [hidden], head: ["visibilityState", "addEventListener", "dispatchEvent"].map((name) => named(name)).join("") }));
  assert.equal((await tab.call("/api/x")).status, 401);
  await tab.event("unauthorized");
  assert.equal(tab.all("login").length, 0);
  await tab.run(() => void window.appear());
  await tab.event("login");
});

/** A page under a base of another origin, which would take anything. */
const based = async (e, { base, attrs = {}, ...page }) => {
  const site = await e.site();
  const evil = await e.site();
  evil.cors = site.origin;
  for (const path of ["/refresh", "/deep/refresh"]) evil.on("POST " + path, { status: 204 });
  const g = guard(site, "session");
  const tab = await e.tab();
  const url = site.page({ attrs: { ...g.attrs, ...attrs }, ...page, head: (page.head ?? "") + `<base href="${base(site, evil)}">`, src: site.origin + "/fetch401/fetch401.js", probe: false });
  await tab.open(url);
  return { site, evil, g, tab };
};

check("§2 a base of another origin moves neither refresh nor login; the page's own calls go where it says", async (e) => {
  for (const path of ["/refresh", "refresh"]) {
    const { site, evil, g, tab } = await based(e, { base: (_, evil) => evil.origin + "/deep/", attrs: { "data-refresh-url": path } });
    assert.equal(await tab.run(() => fetch(location.origin + "/api/x").then((r) => r.status)), 200);
    assert.equal(g.exchanges(), 1);
    evil.on("GET /api/x", { status: 401 });
    assert.equal(await tab.run(() => fetch("/api/x").then((r) => [r.status, new URL(r.url).origin !== location.origin].join())), "401,true", "out of scope");
    assert.deepEqual(evil.received.map(({ method, path }) => `${method} ${path}`), ["GET /api/x"]);
    g.expire();
    g.answer = () => ({ status: 401 });
    await tab.leave(() => void fetch(location.origin + "/api/x"));
    assert.equal(new URL(await tab.at(/login/)).origin, site.origin);
  }
});

check("§2 a base of the page's origin counts for single URLs, as for the page's own calls", async (e) => {
  const { site, tab } = await based(e, { base: (site) => site.origin + "/deep/", attrs: { "data-refresh-url": "refresh" } });
  site.on("POST /deep/refresh", { status: 503 });
  assert.equal(await tab.run(() => fetch("/api/x").then((r) => r.status)), 401);
  assert.equal(site.got("POST /deep/refresh").length, 1);
});

check("§1 a base of another origin that comes after a deferred tag does not move the program", async (e) => {
  const site = await e.site();
  const evil = await e.site();
  evil.cors = site.origin;
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: { ...g.attrs, defer: "" }, body: `<base href="${evil.origin}/">`, probe: false }));
  await tab.ready();
  assert.equal(await tab.run(() => fetch(location.origin + "/api/x").then((r) => r.status)), 200);
  assert.equal(g.exchanges(), 1);
  assert.deepEqual(evil.received, []);
});
