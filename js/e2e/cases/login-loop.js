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
    await tab.run(() => void fetch("/api/x"));
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
  assert.equal(tab.page.url(), url);
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
  await other.run(() => void fetch("/api/x"));
  await other.at(/\/login/);
});

check("§6 where sessionStorage is blocked, none if the referrer is the login page", async (e) => {
  const { tab, url, visit } = await looping(e, ["Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } })"]);
  await visit();
  await tab.at(/\/login/);
  // As a login page that sends the person back at once.
  await tab.run((url) => void location.assign(url), url);
  await tab.until(() => tab.all("ready").length === 2, "the page again");
  await tab.run(() => void fetch("/api/x"));
  await loop(tab);
  assert.equal(tab.page.url(), url);
});
