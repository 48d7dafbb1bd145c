/** An error monitor on the page, the real @sentry/browser with a transport of the test's: demo/monitoring at work. */

import assert from "node:assert/strict";
import { check } from "../../../js/e2e/harness/check.js";
import { events, monitored } from "../harness/monitor.js";
import { json, no } from "../../../js/e2e/harness/site.js";

const told = async (tab) => (await events(tab)).filter(({ message }) => message);
/** The requests that the monitor saw. */
const seen = (event) => event.breadcrumbs.filter(({ category }) => category === "fetch").map(({ data }) => `${data.method} ${new URL(data.url, "http://x").pathname} ${data.status_code}`);
/** Makes the monitor tell its breadcrumbs: a 401 that nothing can heal. */
const final = async (site, tab) => {
  site.on("GET /api/never", no('Bearer error="insufficient_scope"'));
  assert.equal((await tab.call("/api/never")).status, 401);
  return (await told(tab)).at(-1);
};

for (const mode of ["session", "bearer"]) {
  check(`a monitor before fetch401 sees each real request once: the 401, the refresh and the retry (${mode})`, async (e) => {
    const { site, g, tab } = await monitored(e, { mode });
    assert.equal((await tab.call("/api/x")).status, 200);
    const event = await final(site, tab);
    const exchange = g.route;
    assert.deepEqual(seen(event).filter((one) => !one.includes(".wasm")), ["GET /api/x 401", `${exchange} 200`, "GET /api/x 200", "GET /api/never 401"]);
    const own = event.breadcrumbs.filter(({ category }) => category === "fetch401").map(({ message }) => message);
    assert.deepEqual(own, ["fetch401 refreshing", "fetch401 refreshed", "fetch401 retried"]);
  });
}

check("a monitor after fetch401 sees each call of the page once, as the page does", async (e) => {
  const { site, tab } = await monitored(e, { first: false });
  assert.equal((await tab.call("/api/x")).status, 200);
  await final(site, tab);
  // A wrapper around fetch401 learns of a 401 once fetch401 has handed it out, and told of it.
  assert.deepEqual(seen(await final(site, tab)), ["GET /api/x 200", "GET /api/never 401"]);
});

check("one event per final 401, with its reason; none for what was healed or failed otherwise", async (e) => {
  const { site, g, tab } = await monitored(e);
  site.on("GET /api/broken", { status: 500, body: "" });
  site.on("GET /api/forbidden", { status: 403, body: "" });
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal((await tab.call("/api/broken")).status, 500);
  assert.equal((await tab.call("/api/forbidden")).status, 403);
  assert.deepEqual(await told(tab), []);
  g.expire();
  g.answer = () => json({ error: "invalid_grant" }, 401);
  for (const path of ["/api/orders/17", "/api/orders/18", "/api/users"]) assert.equal((await tab.call(path)).status, 401);
  const all = await told(tab);
  assert.deepEqual(
    all.map(({ message, level }) => [message, level]),
    ["orders/:id", "orders/:id", "users"].map((path) => [`401 (session_ended): GET ${site.origin}/api/${path}`, "info"]),
  );
  assert.deepEqual(all[0].fingerprint, all[1].fingerprint);
  assert.equal(all[0].tags["fetch401.reason"], "session_ended");
  assert.equal(all[2].breadcrumbs.filter(({ message }) => message === "fetch401 login").length, 1);
});

check("a rejection that nobody handles is not a second event of the same 401", async (e) => {
  const { site, tab } = await monitored(e, { attrs: { "data-unauthorized": "reject" } });
  site.on("GET /api/never", no('Bearer error="insufficient_scope"'));
  await tab.run(() => window.leave("/api/never"));
  await tab.until(() => tab.errors.length, "the unhandled rejection");
  await tab.run(() => window.fail("another one"));
  const end = Date.now() + 5000;
  while ((await events(tab)).length < 2 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual((await events(tab)).map((event) => event.message ?? event.exception.values[0].value), [`401 (insufficient_scope): GET ${site.origin}/api/never`, "another one"]);
});

check("nothing sensitive is forwarded: no token, query, fragment, body or challenge", async (e) => {
  const { site, g, tab } = await monitored(e, { mode: "bearer" });
  const secret = "S3CRETsecretS3CRETsecret0123";
  site.on("POST /api/*", no(`Bearer error="insufficient_scope", error_description="${secret}"`));
  site.on("GET /api/*", no(`Bearer error="insufficient_scope", error_description="${secret}"`));
  await tab.run((value) => history.replaceState(null, "", `?code=${value}#access_token=${value}`), secret);
  await tab.run((value) => fetch(`/api/reset/${value}?token=${value}#${value}`, { method: "POST", body: value, headers: { "X-Key": value } }).then(() => {}), secret);
  await tab.run((value) => fetch(`/api/reset/${value}?token=${value}`).then(() => {}), secret);
  const all = JSON.stringify(await tab.run(() => window.sent));
  assert.equal((await told(tab)).length, 2);
  assert.ok(!all.includes(secret), all.slice(Math.max(0, all.indexOf(secret) - 300), all.indexOf(secret) + 60));
  for (const token of [g.present, g.refresh]) assert.ok(!all.includes(token));
});

check("restore() gives the monitor's fetch back, with fetch401 between them or not", async (e) => {
  const { tab } = await monitored(e);
  assert.equal(await tab.run(() => (window.fetch401.restore(), "__sentry_original__" in window.fetch)), true);
});
