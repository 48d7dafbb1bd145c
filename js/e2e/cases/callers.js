/** CONTRACT §4: libraries that people call with, unmodified: healed, ended, aborted while held, an upload with progress. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bundled, packed } from "../harness/callers.js";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { json } from "../harness/site.js";

const CALLERS = {
  "axios (xhr adapter)": "axios",
  "axios (fetch adapter)": "axios",
  "jQuery 4": "jquery",
  ky: "ky",
  "react-query": "query",
  "Angular HttpClient (with zone.js)": "angular",
};

/** A page with the tag and then the caller; its session stale. */
const calling = async (e, name, { first = false } = {}) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  const script = await bundled(CALLERS[name]);
  await tab.open(site.page({ attrs: g.attrs, [first ? "before" : "after"]: [script] }));
  await tab.run(() => window.fetch401.addEventListener("login", (event) => event.preventDefault()));
  const call = (...args) => tab.run(async (name, ...args) => (await window.callers)[name].call(...args), name, ...args);
  return { site, g, tab, call };
};

for (const name of Object.keys(CALLERS)) {
  check(`§4 ${name}: healed, a write with its body`, async (e) => {
    const { site, g, call } = await calling(e, name);
    const answer = await call("GET", "/api/x?a=1");
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.text).path, "/api/x?a=1");
    g.expire();
    assert.equal((await call("POST", "/api/write", "the body")).status, 200);
    assert.deepEqual(site.got("POST /api/write").map(({ body }) => String(body)), ["the body", "the body"]);
    assert.equal(g.exchanges(), 2);
  });

  check(`§4 ${name}: ended, its 401 reaches .catch(error => error.response.status === 401)`, async (e) => {
    const { g, call, tab } = await calling(e, name);
    g.answer = () => json({ error: "invalid_grant" }, 401);
    const answer = await call("GET", "/api/x");
    assert.deepEqual([answer.status, answer.is401, !!answer.failed], [401, true, true]);
    if ("text" in answer) assert.equal(answer.text, '{"refused":true}');
    await tab.event("login");
  });

  check(`§4 ${name}: aborted while held`, async (e) => {
    const { site, g, tab } = await calling(e, name);
    let refresh;
    g.answer = () => new Promise((resolve) => (refresh = () => resolve(g.renewed())));
    await tab.run(async (name) => {
      const caller = (await window.callers)[name];
      window.stop = new AbortController();
      window.done = caller.call("GET", "/api/x", undefined, window.stop.signal);
    }, name);
    await tab.until(() => refresh, "the refresh");
    const answer = await tab.run(() => (window.stop.abort(), window.done));
    assert.ok(answer.failed, JSON.stringify(answer));
    refresh();
    await tab.event("refreshed");
    assert.equal(site.got("GET /api/x").length, 1);
    assert.equal((await tab.state()).held, 0);
  });
}

for (const name of ["axios (xhr adapter)", "Angular HttpClient (with zone.js)"]) {
  check(`§4 ${name}: an upload with progress is healed, its progress told once`, async (e) => {
    const { site, tab } = await calling(e, name);
    const { status, last, rises } = await tab.run(async (name) => (await window.callers)[name].upload("/api/up", new Blob(["x".repeat(300_000)])), name);
    assert.deepEqual([status, last, rises], [200, [300_000, 300_000], true]);
    assert.deepEqual(site.got("POST /api/up").map(({ body }) => body.length), [300_000, 300_000]);
  });
}

check("§4 zone.js in front of the tag: Angular is healed all the same", async (e) => {
  const { g, call } = await calling(e, "Angular HttpClient (with zone.js)", { first: true });
  assert.equal((await call("GET", "/api/x")).status, 200);
  assert.equal((await call("POST", "/api/x", "b")).status, 200);
  assert.equal(g.exchanges(), 1);
});

for (const [name, file] of [["htmx 2", "htmx2/dist/htmx.min.js"], ["htmx 4", "htmx4/dist/htmx.min.js"]]) {
  check(`§4 ${name}: the fragment comes as if nothing had been`, async (e) => {
    const site = await e.site();
    const g = guard(site, "session");
    g.good = (q) => ({ headers: { "content-type": "text/plain" }, body: `<b id="here">${q.method} ${q.body}</b>` });
    const tab = await e.tab();
    const body = '<form hx-post="/api/part" hx-target="#out"><input name="a" value="1"><button id="go">go</button></form><div id="out"></div>';
    await tab.open(site.page({ attrs: g.attrs, after: [readFileSync(packed(file), "utf8")], body }));
    await tab.run(() => document.getElementById("go").click());
    assert.equal(await tab.sees(() => document.getElementById("here")?.textContent, "the fragment"), "POST a=1");
    assert.equal(g.exchanges(), 1);
    assert.equal(site.got("POST /api/part").length, 2);
    g.expire();
    g.answer = () => json({ error: "invalid_grant" }, 401);
    await tab.run(() => document.getElementById("go").click());
    assert.equal(new URL(await tab.at(/\/login\?/)).searchParams.get("reason"), "session_ended");
  });
}

check("§4 Swagger UI: “Try it out” is healed", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const spec = { openapi: "3.0.0", info: { title: "t", version: "1" }, paths: { "/api/x": { get: { operationId: "x", responses: { 200: { description: "ok" } } } } } };
  const tab = await e.tab();
  const start = `addEventListener("DOMContentLoaded", () => window.ui = SwaggerUIBundle({ spec: ${JSON.stringify(spec)}, dom_id: "#ui", docExpansion: "full", tryItOutEnabled: true }));`;
  await tab.open(site.page({ attrs: g.attrs, after: [readFileSync(packed("swagger-ui-dist/swagger-ui-bundle.js"), "utf8"), start], body: '<div id="ui"></div>' }));
  await tab.sees(() => !!document.querySelector("button.execute"), "the button");
  // Pressed before it has resolved what it shows, it finds no such operation, then or later.
  await tab.sees(() => !!window.ui.getSystem().specSelectors.specResolvedSubtree(["paths", "/api/x", "get"]), "what it shows");
  await tab.run(() => document.querySelector("button.execute").click());
  assert.equal(await tab.sees(() => document.querySelector(".live-responses-table tbody .response-col_status")?.textContent.trim().slice(0, 3), "the answer"), "200");
  assert.equal(g.exchanges(), 1);
});
