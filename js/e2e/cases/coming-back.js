/** CONTRACT §6 "The session lives again", and leaving the page during an exchange (§5). */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";

const REFUSED = () => ({ status: 401, body: "{}" });

check("§6 The session lives again by pageshow with persisted", async (e) => {
  const { site, g, tab } = await guarded(e, "session", { page: { before: ["window.__stay = true"] } });
  g.answer = REFUSED;
  assert.equal((await tab.call("/api/x")).status, 401);
  assert.equal((await tab.state()).ended, true);
  g.answer = () => g.renewed();
  assert.equal((await tab.call("/api/x")).status, 401, "ended: no exchange");
  const before = g.exchanges();
  await tab.run(() => void (window.kept = "the same page"));
  await tab.goto(site.origin + "/login");
  await tab.back();
  await tab.at(/\/p\d+$/);
  const kept = await tab.run(() => window.kept);
  // Chromium under automation may leave the back/forward cache out; the event is then played.
  if (kept !== "the same page") {
    await tab.ready();
    g.answer = REFUSED;
    assert.equal((await tab.call("/api/x")).status, 401);
    g.answer = () => g.renewed();
  }
  if (kept !== "the same page") await tab.run(() => void dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  assert.equal((await tab.state()).ended, false);
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.ok(g.exchanges() > before);
});

check("§6 in session mode a 401 more than 30 s later may try one exchange", async (e) => {
  const clock = "{ const start = performance.now(); window.later = 0; performance.now = () => start + window.later; }";
  const { g, tab } = await guarded(e, "session", { page: { before: ["window.__stay = true", clock] } });
  g.answer = REFUSED;
  assert.equal((await tab.call("/api/x")).status, 401);
  await tab.run(() => void (window.later = 29_000));
  assert.equal((await tab.call("/api/x")).status, 401);
  assert.equal(g.exchanges(), 1);
  await tab.run(() => void (window.later = 31_500));
  assert.equal((await tab.call("/api/x")).status, 401);
  assert.equal(g.exchanges(), 2);
  assert.equal((await tab.call("/api/x")).status, 401);
  assert.equal(g.exchanges(), 2, "one");
  assert.equal(tab.all("login").length, 1);
  await tab.run(() => void (window.later = 70_000));
  g.answer = () => g.renewed();
  assert.equal((await tab.call("/api/x")).status, 200);
});

check("§5 keepalive: leaving the page does not lose the new cookie (session)", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs }));
  let answer;
  g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
  await tab.run(() => void fetch("/api/x").catch(() => {}));
  await site.reached(g.route);
  await tab.goto(site.origin + "/login");
  answer();
  let cookies = [];
  for (const deadline = Date.now() + 5000; Date.now() < deadline && !cookies.some(({ name }) => name === "sid"); ) cookies = await tab.cookies();
  assert.ok(cookies.some(({ name, value }) => name === "sid" && value === g.present), "the answer was read after the page had gone");
});

check("§6 an ended session lives again once a URL that has answered 401 since its end is answered otherwise; a postponed login is then off", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  g.answer = () => ({ status: 401, body: "{}" });
  await tab.run(() => window.fetch401.addEventListener("login", (event) => event.preventDefault()));
  assert.equal((await tab.call("/api/a")).status, 401);
  assert.equal((await tab.state()).ended, true);
  site.on("GET /api/public", { body: "anybody" });
  assert.equal((await tab.call("/api/public")).status, 200);
  assert.equal((await tab.state()).ended, true, "a public URL proves nothing");
  // The person signs in, in the page.
  g.answer = () => g.renewed();
  await fetchRenewed(tab);
  assert.equal((await tab.call("/api/a")).status, 200);
  assert.equal((await tab.state()).ended, false);
  g.expire();
  assert.equal((await tab.call("/api/b")).status, 200, "a later expiry is refreshed at once");
});

/** The cookie of a sign-in, by the refresh's own route. */
const fetchRenewed = (tab) => tab.run(() => fetch("/refresh", { method: "POST" }).then((r) => r.status));

check("§4 one URL that always answers 401, called alone after a refresh, does not end a session that is known to be good", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  assert.equal((await tab.call("/api/a")).status, 200);
  site.on("GET /api/broken", { status: 401, headers: { "www-authenticate": "Bearer" }, body: "no" });
  g.expire();
  assert.equal((await tab.call("/api/broken")).status, 401);
  assert.deepEqual(tab.all("unauthorized").map(({ detail }) => detail.reason), ["still_unauthorized"]);
  assert.equal(tab.all("login").length, 0);
  assert.equal((await tab.state()).ended, false);
  for (const name of ["b", "c"]) site.on("GET /api/" + name, { status: 401, headers: { "www-authenticate": "Bearer" }, body: "no" });
  g.expire();
  const statuses = await tab.run(() => Promise.all(["broken2", "b", "c"].map((name) => fetch("/api/" + name).then((r) => r.status))));
  assert.deepEqual(statuses.slice(1), [401, 401]);
  assert.equal(tab.all("login").length, 0, "another call of the generation got on");
});
