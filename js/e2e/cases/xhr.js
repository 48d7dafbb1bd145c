/** CONTRACT §4, XMLHttpRequest: protected as fetch is, and of a try that is healed the page sees nothing. */

import assert from "node:assert/strict";
import { answered, ASK, ask } from "../harness/ask.js";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { MODES, opened } from "../harness/modes.js";
import { json, no } from "../harness/site.js";

/** @param {any} e @param {"session" | "bearer" | "pair"} mode */
const asking = (e, mode, { attrs = {}, ...more } = {}) => guarded(e, mode, { attrs, page: { before: [ASK] }, ...more });

for (const mode of MODES) {
  check(`§4 XMLHttpRequest, 401, refresh works: each event once, in the standard's order (${mode})`, async (e) => {
    const { site, g, tab } = await asking(e, mode);
    const seen = await ask(tab, { url: "/api/x?q=1", headers: { "X-Own": "1" } });
    assert.deepEqual(seen.seen, answered(200));
    assert.deepEqual([seen.status, seen.url, JSON.parse(seen.text).path], [200, site.origin + "/api/x?q=1", "/api/x?q=1"]);
    assert.equal(g.exchanges(), 1);
    const calls = site.got("GET /api/x");
    assert.deepEqual(calls.map(({ headers }) => headers["x-own"]), ["1", "1"]);
    await tab.event("retried");
    assert.deepEqual(tab.types(), ["refreshing", "refreshed", "retried"]);
    assert.deepEqual(tab.all("retried")[0].detail, { reason: "", url: site.origin + "/api/x", method: "GET", status: 200 });
    const { counters, held } = await tab.state();
    assert.deepEqual([counters.calls, counters.retried, held], [1, 1, 0]);
  });

  check(`§4 fetch and XMLHttpRequest that fail together: one refresh (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode, { page: { before: [ASK] } });
    await session.expire();
    const statuses = await tab.run(() =>
      Promise.all([...Array(40).keys()].map((n) => (n % 2 ? fetch("/api/items/" + n) : window.ask({ url: "/api/items/" + n })).then((r) => r.status))));
    assert.deepEqual(statuses, Array(40).fill(200));
    const { refreshes, reuse } = await session.counts();
    assert.deepEqual({ refreshes, reuse }, { refreshes: 1, reuse: 0 });
  });

  check(`§4 XMLHttpRequest, refused for good: its own 401 with its events, readable by every member; login (${mode})`, async (e) => {
    const { site, g, tab } = await asking(e, mode);
    g.answer = () => json({ error: "invalid_grant" }, mode === "session" ? 401 : 400);
    await tab.run(() => window.fetch401.addEventListener("login", (event) => event.preventDefault()));
    const seen = await ask(tab, { url: "/api/x" });
    assert.deepEqual(seen.seen, answered(401));
    assert.deepEqual([seen.status, seen.statusText, seen.text, seen.url], [401, "Unauthorized", '{"refused":true}', site.origin + "/api/x"]);
    assert.match(seen.field, /invalid_token/);
    await tab.event("login");
    assert.equal(tab.all("unauthorized")[0].detail.reason, "session_ended");
    // Once ended, they are handed out at once.
    assert.deepEqual((await ask(tab, { url: "/api/y" })).seen, answered(401));
    assert.equal(g.exchanges(), 1);
  });
}

for (const [type, text] of [["json", { refused: true }], ["arraybuffer", 16], ["blob", 16], ["text", '{"refused":true}']]) {
  check(`§4 XMLHttpRequest, a 401 that is handed out: its body as responseType ${type}`, async (e) => {
    const { g, tab } = await asking(e, "session");
    g.answer = () => ({ status: 503 });
    const seen = await ask(tab, { url: "/api/x", type });
    assert.deepEqual(seen.seen, answered(401));
    assert.deepEqual(seen.text, text);
  });
}

check("§4 XMLHttpRequest, while its 401 is held the page sees a call under way: readyState 1, status 0, no field, no body", async (e) => {
  const { g, tab } = await asking(e, "session");
  let refresh;
  g.answer = () => new Promise((resolve) => (refresh = () => resolve(g.renewed())));
  await tab.run(() => void (window.done = window.ask({ url: "/api/x" })));
  await tab.event("refreshing");
  const held = await tab.run(() => {
    const { readyState, status, statusText, responseURL, response, responseText, responseXML } = window.last;
    return [readyState, status, statusText, responseURL, response, responseText, responseXML, window.last.getAllResponseHeaders(), window.last.getResponseHeader("content-type"), window.fetch401.state().held];
  });
  assert.deepEqual(held, [1, 0, "", "", "", "", null, "", null, 1]);
  await tab.until(() => refresh, "the refresh");
  refresh();
  assert.deepEqual((await tab.run(() => window.done)).seen, answered(200));
});

check("§4 XMLHttpRequest, abort() while its 401 is held: abort, loadend, readyState 0; the refresh goes on for others", async (e) => {
  const { site, g, tab } = await asking(e, "session");
  let refresh;
  g.answer = () => new Promise((resolve) => (refresh = () => resolve(g.renewed())));
  await tab.run(() => void (window.done = window.ask({ url: "/api/x" }), (window.other = window.ask({ url: "/api/other" }))));
  await tab.event("refreshing");
  await tab.run(() => void (window.late = window.done));
  const seen = await tab.run(async () => {
    const other = window.last;
    void other;
    const xhr = new XMLHttpRequest();
    const seen = [];
    for (const type of ["readystatechange", "load", "abort", "loadend", "error"]) xhr.addEventListener(type, () => seen.push(`${type} ${xhr.readyState} ${xhr.status}`));
    xhr.open("POST", "/api/mine");
    xhr.upload.onabort = () => seen.push("upload abort");
    xhr.send("body");
    while (!window.fetch401.state().held || window.fetch401.state().held < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    xhr.abort();
    return [...seen, xhr.readyState];
  });
  assert.deepEqual(seen, ["readystatechange 1 0", "readystatechange 4 0", "abort 4 0", "loadend 4 0", 0]);
  await tab.until(() => refresh, "the refresh");
  refresh();
  assert.deepEqual((await tab.run(() => window.other)).seen, answered(200));
  assert.equal(site.got("POST /api/mine").length, 1);
  assert.equal((await tab.state()).held, 0);
});

check("§4 XMLHttpRequest, timeout counts from the page's send(), what it waited included", async (e) => {
  const { g, tab } = await asking(e, "session");
  g.answer = () => undefined;
  const began = Date.now();
  const seen = await ask(tab, { url: "/api/x", timeout: 400 });
  assert.ok(Date.now() - began < 3000);
  assert.deepEqual(seen.seen, ["readystatechange 1 0", "loadstart 1 0", "readystatechange 4 0", "timeout 4 0", "loadend 4 0"]);
  assert.equal((await tab.state()).held, 0);
});

check("§4 XMLHttpRequest, open() again while its 401 is held forgets the old call", async (e) => {
  const { site, g, tab } = await asking(e, "session");
  let refresh;
  g.answer = () => new Promise((resolve) => (refresh = () => resolve(g.renewed())));
  await tab.run(() => void window.ask({ url: "/api/old" }));
  await tab.event("refreshing");
  await tab.run(() => {
    const xhr = window.last;
    window.seen = [];
    for (const type of ["readystatechange", "load", "abort", "loadend"]) xhr.addEventListener(type, () => window.seen.push(`${type} ${xhr.readyState} ${xhr.status}`));
    xhr.open("GET", "/api/new");
    xhr.send();
  });
  await tab.until(() => refresh, "the refresh");
  refresh();
  assert.deepEqual(await tab.sees(() => window.seen.includes("loadend 4 200") && window.seen, "the new call"), answered(200).slice(2));
  assert.equal(site.got("GET /api/old").length, 1);
  assert.equal((await tab.state()).held, 0);
});

check("§4 XMLHttpRequest, every kind of body is sent again as it was at send()", async (e) => {
  const { site, g, tab } = await asking(e, "session");
  const count = await tab.run(async () => {
    const form = new FormData();
    form.set("a", "1");
    form.set("f", new Blob(["file"]), "f.txt");
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const params = new URLSearchParams("a=1");
    const xml = new DOMParser().parseFromString("<a>1</a>", "text/xml");
    const bodies = ["text", form, bytes, bytes.buffer, new DataView(bytes.buffer, 1, 2), new Blob(["blob"], { type: "text/plain" }), params, xml, 7, { toString: () => "object" }];
    const calls = bodies.map((body, n) => window.ask({ method: "POST", url: "/api/b" + n, body }));
    bytes.fill(9);
    form.set("a", "2");
    params.set("a", "2");
    xml.documentElement.textContent = "2";
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    if (statuses.some((status) => status !== 200)) throw new Error(statuses);
    return bodies.length;
  });
  assert.equal(g.exchanges(), 1);
  for (let n = 0; n < count; n++) {
    const [first, second] = site.got("POST /api/b" + n);
    // The boundary of a multipart body is new each time.
    const plain = ({ body, headers }) => [String(body), headers["content-type"]].join("\n").replace(/(-+\w*FormBoundary|-+geckoformboundary|-{20,})\w+/g, "boundary");
    assert.equal(plain(second), plain(first), `body ${n}`);
  }
});

check("§4 XMLHttpRequest, upload events come from the first try that reaches their end, once", async (e) => {
  const { tab } = await asking(e, "session");
  const seen = await ask(tab, { method: "POST", url: "/api/up", body: "x".repeat(50_000), upload: true });
  assert.equal(seen.status, 200);
  assert.deepEqual(seen.seen.filter((step) => step.startsWith("upload")), ["upload loadstart 1 0", "upload load 1 0", "upload loadend 1 0"]);
  assert.deepEqual(seen.seen.filter((step) => !step.startsWith("upload")), answered(200));
});

check("§4 XMLHttpRequest, exactly native: Authorization of its own, out of scope, synchronous, data-xhr=off", async (e) => {
  const { site, g, tab } = await asking(e, "session");
  site.on("GET /else", no());
  assert.equal((await ask(tab, { url: "/api/x", headers: { authorization: "Basic eA==" } })).status, 401);
  assert.equal((await ask(tab, { url: "/else" })).status, 401);
  const status = await tab.run(() => {
    const xhr = new XMLHttpRequest();
    xhr.open("GET", "/api/x", false);
    xhr.send();
    return xhr.status;
  });
  assert.equal(status, 401);
  assert.equal(site.got("GET /api/x")[0].headers.authorization, "Basic eA==");
  assert.equal(g.exchanges(), 0);
  const off = await asking(e, "session", { attrs: { "data-xhr": "off" } });
  assert.equal((await ask(off.tab, { url: "/api/x" })).status, 401);
  assert.equal(await off.tab.run(() => Object.getOwnPropertyDescriptor(window, "XMLHttpRequest").value.prototype.constructor === XMLHttpRequest && !/fetch401/.test(String(XMLHttpRequest))), true);
  assert.equal(off.g.exchanges(), 0);
});

check("§4 XMLHttpRequest, to another origin it is protected only with withCredentials, and with one warning else", async (e) => {
  const other = await e.site();
  const site = await e.site();
  other.cors = site.origin;
  const g = guard(site, "session");
  let times = 0;
  other.on("GET /api/x", () => (++times % 2 ? no() : json({})));
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { ...g.attrs, "data-protect": other.origin + "/api" }, before: [ASK] }));
  assert.equal((await ask(tab, { url: other.origin + "/api/x" })).status, 401);
  assert.equal(g.exchanges(), 0);
  await tab.line(/FETCH401_NO_COOKIES/);
  // A listener of ours on the upload would make a preflight necessary.
  other.on("POST /api/x", json({}));
  await tab.run((url) => new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", url);
    void xhr.upload;
    xhr.onloadend = resolve;
    xhr.send("simple");
  }), other.origin + "/api/x");
  assert.equal(other.got("POST /api/x").length, 1);
  assert.equal(other.got("OPTIONS /api/x").length, 0);
  times = 0;
  assert.equal((await ask(tab, { url: other.origin + "/api/x", credentials: true })).status, 200);
  assert.equal(g.exchanges(), 1);
});

check("§4 XMLHttpRequest, our own token goes out as the present one, present or past", async (e) => {
  const { site, g, tab } = await asking(e, "bearer", { begin: false });
  const first = g.present;
  await g.begin(tab, first);
  assert.equal((await ask(tab, { url: "/api/x" })).status, 200);
  g.expire();
  assert.equal((await ask(tab, { url: "/api/x" })).status, 200);
  assert.equal((await ask(tab, { url: "/api/x", headers: { Authorization: "Bearer " + first } })).status, 200);
  assert.equal(site.got("GET /api/x").at(-1).headers.authorization, "Bearer " + g.present);
  assert.equal(g.exchanges(), 1);
});

check("§4 XMLHttpRequest, before a first token it waits: loadstart at once, a second send() throws, abort() ends it", async (e) => {
  const { site, g, tab } = await asking(e, "pair", { begin: false });
  let refresh;
  g.answer = () => new Promise((resolve) => (refresh = () => resolve(g.renewed())));
  const thrown = await tab.run(async () => {
    window.done = window.ask({ method: "POST", url: "/api/x", body: "text" });
    const xhr = window.last;
    const names = [];
    for (const act of [() => xhr.send(), () => xhr.setRequestHeader("a", "b")]) {
      try {
        act();
      } catch (error) {
        names.push(error.name);
      }
    }
    window.ended = window.ask({ url: "/api/y" });
    window.last.abort();
    return [names, (await window.ended).seen];
  });
  assert.deepEqual(thrown, [["InvalidStateError", "InvalidStateError"], ["readystatechange 1 0", "loadstart 1 0", "readystatechange 4 0", "abort 4 0", "loadend 4 0"]]);
  await tab.until(() => refresh, "the refresh");
  assert.equal(site.got("POST /api/x").length, 0);
  refresh();
  const seen = await tab.run(() => window.done);
  assert.deepEqual(seen.seen, answered(200));
  const calls = site.got("POST /api/x");
  assert.deepEqual(calls.map(({ headers, body }) => [headers.authorization, String(body)]), [["Bearer " + g.present, "text"]]);
  assert.equal(site.got("GET /api/y").length, 0);
});

check("§4 XMLHttpRequest belongs to the session in which it was made", async (e) => {
  const { site, g, tab } = await asking(e, "bearer", { begin: false });
  await g.begin(tab);
  let refresh;
  g.answer = () => new Promise((resolve) => (refresh = resolve));
  await tab.run(() => void (window.done = window.ask({ method: "POST", url: "/api/x", body: "Alice's" })));
  await tab.event("refreshing");
  await g.begin(tab, g.present);
  const seen = await tab.run(() => window.done);
  assert.deepEqual([seen.status, seen.seen.at(-1)], [401, "loadend 4 401"]);
  assert.equal(tab.all("unauthorized")[0].detail.reason, "session_ended");
  assert.equal(site.got("POST /api/x").length, 1);
  refresh?.(json({}, 400));
});

check("§4 XMLHttpRequest that waits while another session begins: without cookies it cannot be sent, so it ends with error, unsent", async (e) => {
  const { site, g, tab } = await asking(e, "pair", { begin: false });
  g.answer = () => undefined;
  await tab.run(() => void (window.done = window.ask({ method: "POST", url: "/api/x", body: "Alice's" })));
  await tab.event("refreshing");
  await g.begin(tab, g.present);
  const seen = await tab.run(() => window.done);
  assert.deepEqual(seen.seen, ["readystatechange 1 0", "loadstart 1 0", "readystatechange 4 0", "error 4 0", "loadend 4 0"]);
  assert.equal(site.got("POST /api/x").length, 0);
});

check("§4 XMLHttpRequest, a 401 whose responseURL is out of scope is handed out as it is", async (e) => {
  const { site, g, tab } = await asking(e, "session");
  site.on("GET /api/away", { status: 302, headers: { location: "/else" } }).on("GET /else", no());
  assert.deepEqual((await ask(tab, { url: "/api/away" })).seen, answered(401));
  assert.equal(g.exchanges(), 0);
  assert.deepEqual(tab.types(), []);
});

check("§4 XMLHttpRequest, a write whose 401 comes behind a redirect is not sent again; a read is", async (e) => {
  const { site, tab } = await asking(e, "session");
  site.on("POST /api/write", { status: 303, headers: { location: "/api/done" } }).on("GET /api/read", { status: 302, headers: { location: "/api/done" } });
  assert.equal((await ask(tab, { method: "POST", url: "/api/write", body: "x" })).status, 401);
  assert.equal(site.got("POST /api/write").length, 1);
  assert.equal(tab.all("unauthorized")[0].detail.reason, "not_replayable");
  assert.equal((await ask(tab, { url: "/api/read" })).status, 200);
});

for (const [what, block] of [["the program is missing", "fetch401.wasm"], ["what meets it is missing", "fetch401.program.js"]]) {
  check(`§4 XMLHttpRequest, ${what}: calls settle natively, held ones get their 401`, async (e) => {
    const site = await e.site();
    const g = guard(site, "session");
    let fail;
    site.on("GET /fetch401/" + block, () => new Promise((resolve) => (fail = () => resolve({ status: 404 }))));
    const tab = await e.tab();
    site.on("GET /held", () => (fail(), { status: 204 }));
    // The page says itself that it is held: in Firefox and WebKit it has not loaded before this has failed.
    const held = `window.done = window.ask({ url: "/api/x" }); const look = setInterval(() => { if (window.fetch401.state().held === 1) clearInterval(look), fetch("/held"); }, 20);`;
    await tab.goto(site.page({ attrs: g.attrs, before: [ASK], after: [held] }));
    assert.deepEqual((await tab.run(() => window.done)).seen, answered(401));
    assert.deepEqual((await ask(tab, { url: "/api/y" })).seen, answered(401));
    assert.equal(tab.all("unauthorized").length, 2);
  });
}

check("§4 XMLHttpRequest, no answer at all: the page's error event, once", async (e) => {
  const { site, tab } = await asking(e, "session");
  let times = 0;
  site.on("GET /api/gone", () => (++times === 1 ? no() : { reset: true }));
  const seen = await ask(tab, { url: "/api/gone" });
  assert.deepEqual(seen.seen, ["readystatechange 1 0", "loadstart 1 0", "readystatechange 4 0", "error 4 0", "loadend 4 0"]);
  assert.equal((await tab.state()).held, 0);
});
