/** CONTRACT §6: the guard against a loop between the page and its login page. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";

const looping = async (e, before = []) => {
  const site = await e.site();
  const g = guard(site, "session");
  g.answer = () => ({ status: 401, body: "{}" });
  const tab = await e.tab();
  const url = site.page({ attrs: g.attrs, before });
  const visit = async () => {
    await tab.open(url);
    await tab.leave(() => void fetch("/api/x"));
  };
  return { site, g, tab, url, visit };
};

const loop = (tab) => tab.until(() => tab.all("unauthorized").find(({ detail }) => detail.reason === "login_loop"), "unauthorized with login_loop");

/** The page's clock, set forward. */
const LATER = `{ const now = Date.now; const later = Number(localStorage.getItem("later")); Date.now = () => now() + later; }`;

check("§6 At most one redirect in 30 s per tab; past that, unauthorized with login_loop", async (e) => {
  const { tab, url, visit } = await looping(e, [LATER]);
  await visit();
  await tab.at(/\/login/);
  await visit();
  await loop(tab);
  assert.equal(await tab.url(), url);
  assert.equal(tab.all("login").length, 1);
  await tab.run(() => localStorage.setItem("later", 30_500));
  await visit();
  await tab.at(/\/login/);
});

check("§6 At most three redirects in 10 min per tab", async (e) => {
  const { tab, visit } = await looping(e, [LATER]);
  for (const [times, minutes] of [[1, 0], [2, 1], [3, 2]]) {
    await visit();
    await tab.event("login", times);
    await tab.at(/\/login/);
    await tab.run((later) => localStorage.setItem("later", later), (minutes + 1) * 60_000);
  }
  await visit();
  await loop(tab);
  await tab.run(() => localStorage.setItem("later", 11 * 60_000));
  await visit();
  await tab.event("login", 4);
  await tab.at(/\/login/);
});

check("§6 per tab: another tab goes to login on its own account", async (e) => {
  const { tab, visit, url } = await looping(e);
  await visit();
  await tab.at(/\/login/);
  const other = await e.tab();
  await other.open(url);
  await other.leave(() => void fetch("/api/x"));
  await other.at(/\/login/);
});

/** A page counts what the driver asks of it as inputs of the person, whenever that comes: here only the test says who touched it. */
const UNTOUCHED = "for (const name of ['isActive', 'hasBeenActive']) Object.defineProperty(UserActivation.prototype, name, { get: () => window.touched === true });";

const BLOCKED = "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } })";
const FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }";

for (const [name, storage] of Object.entries({ "cannot be read": BLOCKED, "is full": FULL })) {
  check(`§6 where sessionStorage ${name}: an automatic redirect needs a page that the person has touched, or that is older than 10 s`, async (e) => {
    const young = "{ const start = performance.now(); window.later = 0; performance.now = () => start + window.later; }";
    const { tab, url, visit } = await looping(e, [storage, young, UNTOUCHED]);
    await visit();
    await loop(tab);
    assert.equal(await tab.url(), url, "a login page that sends straight back cannot go round");
    await tab.leave((full) => {
      if (full) window.touched = true;
      else window.later = 10_000;
      void fetch("/api/y");
    }, name === "is full");
    await tab.at(/\/login/);
  });
}

const MISSING = { "data-wasm-url": "/missing/fetch401.wasm" };
const ASK = "window.fetch401.ready.catch(() => window.fetch401.login())";

check("§6 without the program: login() of a page to which the login page sends straight back; a click goes there all the same", async (e) => {
  const site = await e.site();
  const url = site.page({ attrs: { ...guard(site, "session").attrs, ...MISSING }, before: [UNTOUCHED], after: [ASK] });
  site.on("GET /login", { status: 302, headers: { location: url } });
  const tab = await e.tab();
  await tab.goto(url);
  await site.reached("GET /login");
  // Round and round it would go here.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(site.got("GET /login").length, 1);
  await tab.leave(() => {
    window.touched = true;
    window.fetch401.login();
  });
  await site.reached("GET /login", 2);
});

check("§6 without the program and what comes with it: never while on the login page", async (e) => {
  const site = await e.site();
  site.on("GET /fetch401/fetch401.program.js", { status: 404 });
  const { attrs } = guard(site, "session");
  const path = "/sign-in";
  const url = site.page({ path, attrs: { ...attrs, ...MISSING, "data-login-url": path }, after: [ASK] });
  const tab = await e.tab();
  await tab.goto(url);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(site.got("GET " + path).length, 1, "it is not loaded again and again");
});
