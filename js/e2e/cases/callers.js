/** CONTRACT §4: libraries that people call with, unmodified: healed, ended, aborted while held, an upload with progress. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bundled, packed } from "../harness/callers.js";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { json, no } from "../harness/site.js";

/** What js/docs/callers.md says is to be done. */
const SAMPLE = readFileSync(new URL("../../docs/samples/callers/graphql.js", import.meta.url), "utf8");

const COOKIES = readFileSync(new URL("../../docs/samples/callers/live-cookies.js", import.meta.url), "utf8");

/** Clients of GraphQL ask and write in its own words. */
const GRAPHQL = { "Apollo Client": "apollo", urql: "urql" };

const CALLERS = {
  "axios (xhr adapter)": "axios",
  "axios (fetch adapter)": "axios",
  "jQuery 4": "jquery",
  ky: "ky",
  "react-query": "query",
  "Angular HttpClient (with zone.js)": "angular",
  ...GRAPHQL,
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
  if (GRAPHQL[name]) continue;
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

}

for (const name of Object.keys(CALLERS)) {
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

for (const name of Object.keys(GRAPHQL)) {
  check(`§4 ${name}: healed, a query and a mutation with its variables`, async (e) => {
    const { site, g, call } = await calling(e, name);
    g.good = ({ method }) => json({ data: method === "GET" ? { me: "demo" } : { write: "done" } });
    assert.deepEqual(await call("GET", "/api/graphql"), { status: 200, data: { me: "demo" } });
    g.expire();
    assert.deepEqual(await call("POST", "/api/graphql", "the text"), { status: 200, data: { write: "done" } });
    assert.deepEqual(site.got("POST /api/graphql").map(({ body }) => JSON.parse(String(body)).variables), [{ text: "the text" }, { text: "the text" }]);
    assert.equal(g.exchanges(), 2);
  });

  check(`§3 unauthorizedWhen, ${name}: 200 with UNAUTHENTICATED is healed; ended, that is what it says`, async (e) => {
    const { site, g, tab, call } = await calling(e, name);
    const good = (q) => (q.headers.cookie ?? "").includes("sid=" + g.present);
    for (const method of ["GET", "POST"]) {
      site.on(`${method} /api/graphql`, (q) => json(good(q) ? { data: method === "GET" ? { me: "demo" } : { write: "done" } } : { data: null, errors: [{ message: "who is it?", extensions: { code: "UNAUTHENTICATED" } }] }));
    }
    await tab.run((sample) => void (0, eval)(sample), SAMPLE);
    assert.deepEqual(await call("GET", "/api/graphql"), { status: 200, data: { me: "demo" } });
    g.expire();
    assert.deepEqual(await call("POST", "/api/graphql", "the text"), { status: 200, data: { write: "done" } });
    assert.equal(g.exchanges(), 2);
    assert.equal(site.got("POST /api/graphql").length, 2);
    g.expire();
    g.answer = () => json({ error: "invalid_grant" }, 401);
    assert.equal((await call("GET", "/api/graphql")).code, "UNAUTHENTICATED");
    await tab.event("login");
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

check("§4 socket.io by polling: its handshake and what it sends are healed", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  // As engine.io 4 has it: opened, then a packet that connects, and its answer with the next poll.
  let connect;
  const connected = new Promise((resolve) => (connect = resolve));
  g.good = async ({ method, query, body }) => {
    if (method === "POST") return connect(String(body)), { body: "ok" };
    if (!query.includes("sid=")) return g.expire(), { body: '0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}' };
    return { body: (await connected) + '{"sid":"b"}' };
  };
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, after: [readFileSync(packed("socket.io-client/dist/socket.io.min.js"), "utf8")] }));
  assert.equal(await tab.run(() => new Promise((resolve) => {
    const socket = window.io({ path: "/api/live", transports: ["polling"], reconnection: false });
    socket.on("connect", () => (resolve(socket.id), socket.io.engine.close()));
    socket.on("connect_error", (error) => resolve(String(error)));
  })), "b");
  assert.equal(await connected, "40");
  assert.equal(g.exchanges(), 2);
});

check("§4 EventSource is not protected: with js/docs/callers.md's sample a refusal renews the session and opens it anew; ended, it stays closed", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  let over;
  const events = { headers: { "content-type": "text/event-stream" }, body: "retry: 100\ndata: here\n\n" };
  site.on("GET /events", ({ headers }) => (!over && (headers.cookie ?? "").includes("sid=" + g.present) ? events : no()));
  await tab.run((sample) => void (0, eval)(sample), COOKIES);
  await tab.run(() => window.openEvents("/events", ({ data }) => (document.body.textContent = data)));
  await tab.sees(() => document.body.textContent === "here", "what it tells");
  assert.equal(g.exchanges(), 1);
  assert.equal((await tab.state()).counters.calls, 0);
  over = true;
  g.answer = () => json({ error: "invalid_grant" }, 401);
  await tab.until(() => g.exchanges() === 2, "the refresh");
  await tab.until(async () => (await tab.state()).ended, "the end");
  const asked = site.got("GET /events").length;
  await tab.call("/api/x");
  assert.equal(site.got("GET /events").length, asked);
});

check("§4 WebSocket is not protected: with js/docs/callers.md's sample a refused handshake renews the session, and it connects again", async (e) => {
  const { g, tab } = await guarded(e, "session");
  await tab.run((sample) => {
    (0, eval)(sample);
    let number = 0;
    // The handshake is refused once: as a browser tells it, closed and never open.
    window.WebSocket = class extends EventTarget {
      constructor() {
        super();
        const refused = !number++;
        queueMicrotask(() => this.dispatchEvent(refused ? new CloseEvent("close") : new MessageEvent("message", { data: "here" })));
      }
    };
    window.openSocket("wss://localhost/live", ({ data }) => (document.body.textContent = data));
  }, COOKIES);
  await tab.sees(() => document.body.textContent === "here", "what it tells");
  assert.equal(g.exchanges(), 1);
});

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
