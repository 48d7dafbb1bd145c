/** CONTRACT §6: the way to login and back. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { no } from "../harness/site.js";

const REFUSED = () => ({ status: 401, body: "{}" });

/** A page whose session has ended: its next call leads to login. */
const ended = async (e, { attrs = {}, mode = "session", query = "", ...page } = {}) => {
  const site = await e.site();
  const g = guard(site, mode);
  g.answer = REFUSED;
  const tab = await e.tab();
  const url = site.page({ attrs: { ...g.attrs, ...attrs }, ...page });
  await tab.open(url + query);
  await g.begin(tab);
  return { site, g, tab, url, path: new URL(url).pathname };
};
const ask = (tab) => tab.leave(() => void fetch("/api/x").catch(() => {}));
const arrived = async (tab) => new URL(await tab.at(/\/login/));

check("§6 the page goes to data-login-url with return_to (path + query + fragment) and reason", async (e) => {
  const { tab, path } = await ended(e, { query: "?page=2&q=a%20b#top" });
  await ask(tab);
  const url = await arrived(tab);
  assert.equal(url.searchParams.get("return_to"), path + "?page=2&q=a%20b#top");
  assert.equal(url.searchParams.get("reason"), "session_ended");
  const login = tab.all("login")[0];
  assert.deepEqual(Object.keys(login.detail).sort(), ["method", "reason", "status", "url"]);
  assert.deepEqual([login.detail.reason, login.detail.status, login.detail.method], ["session_ended", 401, "GET"]);
  assert.equal(login.detail.url, url.origin + "/api/x");
});

check("§2 data-return-param, data-reason-param; a login URL with a query and a fragment of its own", async (e) => {
  const { tab, path } = await ended(e, { attrs: { "data-login-url": "/login?tenant=7#form", "data-return-param": "next", "data-reason-param": "why" } });
  await ask(tab);
  const url = await arrived(tab);
  assert.deepEqual([...url.searchParams], [["tenant", "7"], ["next", path], ["why", "session_ended"]]);
  assert.equal(url.hash, "#form");
});

check("§6 return_to is without query and fragment when a name in them looks like a credential, or when the whole exceeds 2,000 characters", async (e) => {
  const { tab, url, path } = await ended(e);
  for (const [query, kept] of [
    ["?code=c0de&state=x#part", ""],
    ["?a=b#access_token=t&token_type=bearer", ""],
    ["?id_token=t", ""],
    ["?refresh_token=t&x=1", ""],
    ["?Ticket=ST-1#part", ""],
    ["?a=b#/reset?user%5BPassword%5D=x", ""],
    ["?promo_code=1&barcode=2&type=token#decoder", "?promo_code=1&barcode=2&type=token#decoder"],
    ["?long=" + "x".repeat(2000), ""],
  ]) {
    // Each way is a first one: the guard against loops remembers none.
    await tab.run(() => sessionStorage.clear());
    await tab.open(url + query);
    await ask(tab);
    assert.equal((await arrived(tab)).searchParams.get("return_to"), path + kept, query.slice(0, 60));
  }
});

check("§6 return_to is absolute for a login URL on another origin", async (e) => {
  const other = await e.site();
  const { tab, url } = await ended(e, { attrs: { "data-login-url": other.origin + "/login" }, query: "?a=b" });
  await ask(tab);
  const at = await arrived(tab);
  assert.equal(at.origin, other.origin);
  assert.equal(at.searchParams.get("return_to"), url + "?a=b");
});

check("§3 preventDefault() on login keeps the page; §6 login fires once per ended session", async (e) => {
  const { tab, url } = await ended(e, { before: ["window.__stay = true"] });
  const statuses = await tab.run(() => Promise.all(["/api/a", "/api/b", "/api/c"].map((path) => fetch(path).then((r) => r.status))));
  assert.deepEqual(statuses, [401, 401, 401]);
  assert.equal((await tab.call("/api/d")).status, 401);
  await tab.event("unauthorized", 4);
  assert.equal(tab.all("login").length, 1);
  assert.equal(await tab.url(), url);
});

check("§6 Never while on the login page (judged at that moment)", async (e) => {
  const { tab, site } = await ended(e, {});
  // A single-page app routes to its login page while the call is under way.
  let answer;
  site.on("GET /api/slow", () => new Promise((resolve) => (answer = () => resolve(no()))));
  await tab.run(() => void (window.slow = fetch("/api/slow").then((r) => r.status)));
  await site.reached("GET /api/slow");
  await tab.run(() => history.pushState({}, "", "/login?already"));
  answer();
  assert.equal(await tab.run(() => window.slow), 401);
  await tab.event("unauthorized");
  assert.equal(tab.all("login").length, 0);
  assert.match(await tab.url(), /\/login\?already$/);
  await tab.run(() => history.pushState({}, "", "/away"));
  await ask(tab);
  await tab.event("login");
  await arrived(tab);
});

check("§6 a tag on the login page itself leads nowhere", async (e) => {
  const { tab, g } = await ended(e, { path: "/login" });
  assert.equal((await tab.call("/api/x")).status, 401);
  await tab.event("unauthorized");
  assert.equal(tab.all("login").length, 0);
  assert.equal(g.exchanges(), 1);
});

check("§6 in a frame only the event", async (e) => {
  const { site, tab, path } = await ended(e, {});
  await tab.goto(site.page({ body: `<iframe src="${path}?framed"></iframe>`, probe: false }));
  await tab.run(() => frames[0].fetch401.ready.then(() => 0));
  assert.equal(await tab.run(() => frames[0].fetch("/api/x").then((r) => r.status)), 401);
  await tab.event("login");
  await tab.run(() => new Promise((resolve) => setTimeout(resolve, 200)));
  assert.match(await tab.run(() => frames[0].location.href), /framed/);
  assert.doesNotMatch(await tab.url(), /login/);
});

const pretend = (name, event) => `{ let value = ${name === "hidden" ? "'hidden'" : "true"};
  Object.defineProperty(Document.prototype, "${name === "hidden" ? "visibilityState" : "prerendering"}", { configurable: true, get: () => value });
  window.appear = () => { value = ${name === "hidden" ? "'visible'" : "false"}; document.dispatchEvent(new Event("${event}")); }; }`;

check("§6 in a hidden page login waits until it is visible", async (e) => {
  const { tab } = await ended(e, { before: [pretend("hidden", "visibilitychange")] });
  assert.equal((await tab.call("/api/x")).status, 401);
  await tab.event("unauthorized");
  assert.equal(tab.all("login").length, 0);
  await tab.run(() => void window.appear());
  await tab.event("login");
  await arrived(tab);
});

check("§6 Never while document.prerendering (no exchange either)", async (e) => {
  const { tab, g } = await ended(e, { before: [pretend("prerendering", "prerenderingchange")] });
  await tab.run(() => void (window.call = fetch("/api/x").then((r) => r.status)));
  await tab.run(() => fetch("/other").then(() => new Promise((resolve) => setTimeout(resolve, 200))));
  assert.equal(g.exchanges(), 0);
  assert.equal(tab.all("login").length, 0);
  g.answer = () => g.renewed();
  await tab.run(() => void window.appear());
  assert.equal(await tab.run(() => window.call), 200, "activated, the held call is healed");
});

check("§2 data-login-except: healed if possible but never leads to login; §6 the first later 401 of another call fires the login", async (e) => {
  const { tab, g } = await ended(e, { attrs: { "data-login-except": "/api/me" }, before: ["window.__stay = true"] });
  g.answer = () => g.renewed();
  assert.equal((await tab.call("/api/me")).status, 200);
  g.expire();
  g.answer = REFUSED;
  assert.equal((await tab.call("/api/me")).status, 401);
  assert.equal((await tab.call("/api/me")).status, 401);
  assert.equal(tab.all("login").length, 0);
  assert.equal((await tab.call("/api/mess")).status, 401);
  await tab.event("login");
  assert.equal(tab.all("login")[0].detail.url, new URL("/api/mess", await tab.url()).href);
  await tab.call("/api/x");
  assert.equal(tab.all("login").length, 1);
});

check("§2 With data-login-url alone a 401 leads to login; without data-login-url nobody is redirected", async (e) => {
  const site = await e.site();
  site.on("GET /api/x", no());
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { "data-login-url": "/login" } }));
  await ask(tab);
  await arrived(tab);
  assert.equal(tab.all("refreshing").length, 0);

  const g = guard(site, "session");
  g.answer = REFUSED;
  const { "data-login-url": _, ...attrs } = g.attrs;
  const url = site.page({ attrs });
  await tab.open(url);
  assert.equal((await tab.call("/api/x")).status, 401);
  await tab.event("login", 2);
  assert.equal(await tab.url(), url);
});

check("§2 The refresh, token and login URLs themselves are never protected, the login URL's fragment counting", async (e) => {
  const { site, g, tab } = await ended(e, { attrs: { "data-protect": "/", "data-login-url": "/#/login" }, before: ["window.__stay = true"] });
  site.on("POST /login", no()).on("GET /", no());
  assert.equal((await tab.call("/refresh", { method: "POST" })).status, 401);
  assert.equal((await tab.call("/#/login")).status, 401);
  assert.deepEqual(tab.types(), [], "untouched");
  assert.equal((await tab.call("/")).status, 401);
  await tab.event("unauthorized");
  assert.equal(g.exchanges(), 2, "the page's own, and one for the path without the fragment");
});

check("§3 login(reason?) goes to login now; other reasons than [a-z_]{1,32} are refused", async (e) => {
  const { tab } = await ended(e, {});
  const thrown = await tab.run(() => ["A", "a-b", "x".repeat(33), "<script>"].map((reason) => { try { window.fetch401.login(reason); return "no"; } catch (error) { return error.name; } }));
  assert.deepEqual(thrown, Array(4).fill("TypeError"));
  await tab.leave(() => window.fetch401.login("my_reason"));
  assert.equal((await arrived(tab)).searchParams.get("reason"), "my_reason");
});

check("§3 returnTo(fallback): the validated path to go back to", async (e) => {
  const { site, tab } = await guarded(e, "session");
  const page = site.page({ attrs: { "data-refresh-url": "/refresh" } });
  for (const [back, want] of [
    ["/orders?page=2#top", "/orders?page=2#top"],
    [site.origin + "/orders?a", "/orders?a"],
    ["//evil.test/", "/home"],
    ["/\\evil.test", "/home"],
    ["/\t/evil.test", "/home"],
    ["javascript:alert(1)", "/home"],
    ["https://evil.test/", "/home"],
    ["http://localhost.evil.test/", "/home"],
    [site.origin.replace("//", "//user@") + "/", "/home"],
    ["/a\u0000b", "/home"],
    ["", "/home"],
  ]) {
    await tab.goto(page + "?return_to=" + encodeURIComponent(back));
    assert.equal(await tab.run(() => window.fetch401.returnTo("/home")), want, back);
  }
  assert.equal(await tab.run(() => window.fetch401.returnTo()), "/");
});
