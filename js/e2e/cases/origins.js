/** CONTRACT §2 data-protect and the safety behind it: tokens go to the exact configured origins and nowhere else. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { attributes, opened, signIn } from "../harness/modes.js";
import { json, no } from "../harness/site.js";

/** A page here, its API on another origin that answers it. */
const apart = async (e, mode) => {
  const api = await e.site();
  const site = await e.site();
  api.cors = site.origin;
  const g = guard(api, mode);
  const tab = await e.tab();
  const attrs = { ...g.attrs, "data-protect": api.origin + "/api" };
  for (const name of ["data-refresh-url", "data-token-url"]) if (attrs[name]) attrs[name] = api.origin + attrs[name];
  return { api, site, g, tab, attrs };
};

for (const mode of ["session", "bearer", "pair"]) {
  check(`§4 401, refresh works, with API and refresh on another origin (${mode}): scripted`, async (e) => {
    const { api, site, g, tab, attrs } = await apart(e, mode);
    await tab.open(site.page({ attrs }));
    await g.begin(tab);
    const init = mode === "session" ? { credentials: "include" } : {};
    assert.equal((await tab.call(api.origin + "/api/x", init)).status, 200);
    assert.equal(g.exchanges(), 1);
    assert.deepEqual(site.received.filter(({ headers }) => headers.authorization), []);
    if (mode === "session") {
      g.expire();
      assert.equal((await tab.call(api.origin + "/api/x")).status, 401, "credentials same-origin sends no cookies there: untouched");
      assert.equal(g.exchanges(), 1);
    }
  });

  check(`§4 401, refresh works, with API and refresh on another origin (${mode}): the demo's backend`, async (e) => {
    const site = await e.site();
    const demo = await e.otherDemo([site.origin]);
    const tab = await e.tab();
    const attrs = attributes(mode, { "data-protect": demo.origin + "/api" });
    for (const name of ["data-refresh-url", "data-token-url"]) if (attrs[name]) attrs[name] = demo.origin + attrs[name];
    await tab.open(site.page({ attrs }));
    const statuses = await tab.run(async (base, mode) => {
      const include = { credentials: "include" };
      const signed = await fetch(base + "/auth/login", { ...include, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: "demo", password: "demo", mode, lifetime: 3600 }) });
      const tokens = await signed.json();
      if (mode !== "session") window.fetch401.setTokens(tokens);
      await fetch(base + "/demo/expire", { ...include, method: "POST", headers: tokens.access_token ? { Authorization: "Bearer " + tokens.access_token } : {} });
      const calls = [...Array(20).keys()].map((n) => fetch(base + "/api/items/" + n, mode === "session" ? include : {}).then((r) => r.status));
      return Promise.all(calls);
    }, demo.origin, mode);
    assert.deepEqual(statuses, Array(20).fill(200));
    assert.equal(tab.all("refreshing").length, 1);
  });
}

check("§2 exact origin (scheme, host, port) + path prefix on a / boundary: look-alikes get no token and are left alone", async (e) => {
  const { api, site, g, tab, attrs } = await apart(e, "bearer");
  const other = await e.site();
  other.cors = site.origin;
  await tab.open(site.page({ attrs: { ...attrs, "data-protect": api.origin + "/api /own", "data-except": api.origin + "/api/open" } }));
  await g.begin(tab, g.present);
  const { port } = api;
  const { protocol } = new URL(api.origin);
  for (const one of [api, other]) one.on("GET /api/x", (q) => json({ got: q.headers.authorization ?? null })).on("GET /api/open/x", (q) => json({ got: q.headers.authorization ?? null })).on("GET /apis", (q) => json({ got: q.headers.authorization ?? null }));
  for (const url of [
    `${protocol}//localhost.evil.test:${port}/api/x`,
    `${protocol}//evil.test:${port}/api/x?localhost:${port}`,
    `${protocol}//api.localhost:${port}/api/x`,
    `${protocol}//127.0.0.1:${port}/api/x`,
    `${protocol}//localhost.:${port}/api/x`,
    `${other.origin}/api/x`,
    `${api.origin}/apis`,
    `${api.origin}/api/../apis`,
    `${api.origin}/api/%2e%2e/apis`,
    `${api.origin}\\..\\apis`,
    `${api.origin}/api/open/x`,
    `${site.origin}/api/x`,
  ]) {
    const answer = await tab.call(url);
    if (answer.text?.startsWith("{")) assert.equal(JSON.parse(answer.text).got, null, url);
  }
  for (const one of [api, other, site]) assert.deepEqual(one.received.filter(({ headers }) => headers.authorization).map(({ path }) => path), [], "nobody got it");
  const mine = await tab.call(`${api.origin.toUpperCase()}/api/./x`);
  assert.equal(JSON.parse(mine.text).got, "Bearer " + g.present, "the very origin gets it, however it is written");
});

check("§2 userinfo in a URL is no way to the token", async (e) => {
  const { api, site, g, tab, attrs } = await apart(e, "bearer");
  await tab.open(site.page({ attrs }));
  await g.begin(tab, g.present);
  const { protocol } = new URL(api.origin);
  for (const url of [`${protocol}//localhost:${api.port}@evil.test:${api.port}/api/x`, `${protocol}//evil.test@localhost:${api.port}/api/x`]) {
    assert.equal((await tab.call(url)).error.name, "TypeError", url);
  }
  assert.deepEqual(api.received.filter(({ method }) => method === "GET"), []);
});

check("§2 another scheme of the same host and port gets no token", async (e) => {
  const { api, site, g, tab, attrs } = await apart(e, "bearer");
  const other = await e.site();
  other.cors = site.origin;
  other.on("GET /api/x", no());
  const wrong = other.origin.replace(/^https?/, (scheme) => (scheme === "http" ? "https" : "http"));
  await tab.open(site.page({ attrs: { ...attrs, "data-protect": `${wrong}/api ${api.origin}/api` } }));
  await g.begin(tab, g.present);
  assert.equal((await tab.call(other.origin + "/api/x")).status, 401);
  assert.deepEqual(other.received.map(({ method, headers }) => [method, headers.authorization]), [["GET", undefined]]);
});

for (const mode of ["bearer", "pair"]) {
  check(`§1 tokens under redirects of the call: another origin gets none, and its 401 is untouched (${mode})`, async (e) => {
    const { api, site, g, tab, attrs } = await apart(e, mode);
    const evil = await e.site();
    evil.cors = "null";
    await tab.open(site.page({ attrs }));
    await g.begin(tab, g.present);
    const steal = (q) => ({ status: 401, headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" }, body: String(q.headers.authorization) });
    evil.on("GET /api/steal", steal).on("OPTIONS /api/steal", { status: 204, headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "authorization" } });
    api.on("GET /api/away", { status: 302, headers: { location: evil.origin + "/api/steal" } });
    const answer = await tab.call(api.origin + "/api/away");
    assert.ok(answer.status === 401 || answer.error, JSON.stringify(answer));
    assert.deepEqual(evil.received.filter(({ headers }) => headers.authorization), []);
    assert.equal(g.exchanges(), 0);
  });

  check(`§1 tokens under a redirect of the exchange: it is not followed (${mode})`, async (e) => {
    const { api, site, g, tab, attrs } = await apart(e, mode);
    const evil = await e.site();
    evil.cors = site.origin;
    evil.on("POST /steal", json({ access_token: "from-elsewhere-xxxx", token_type: "Bearer" }));
    await tab.open(site.page({ attrs, before: ["window.__stay = true"] }));
    await g.begin(tab);
    g.answer = () => ({ status: 307, headers: { location: evil.origin + "/steal" } });
    assert.equal((await tab.call(api.origin + "/api/x")).status, 401);
    assert.equal(evil.received.length, 0);
  });
}

check("§2 a 401 of an excepted call, such as a sign-in, stays with its caller (demo, whole origin protected)", async (e) => {
  const { tab } = await opened(e, "session", { attrs: { "data-protect": "/", "data-except": "/auth /demo" } });
  const status = await tab.run(() => fetch("/auth/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: "demo", password: "wrong" }) }).then((r) => r.status));
  assert.equal(status, 401);
  assert.deepEqual(tab.types(), []);
});

check("§2 the default of data-protect is the page's origin (demo, only data-refresh-url)", async (e) => {
  const demo = await e.demo();
  const tab = await e.tab();
  await tab.open(demo.page({ attrs: { "data-refresh-url": "/auth/refresh" } }));
  const session = await signIn(tab, "session");
  await session.expire();
  assert.equal((await tab.call("/api/hello")).status, 200);
  await session.expire();
  assert.equal((await tab.call("/elsewhere")).status, 200);
  assert.equal((await session.counts()).refreshes, 2);
});
