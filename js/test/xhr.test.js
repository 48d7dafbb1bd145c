// XMLHttpRequest: the object stays the native one, and of a try that is healed the page sees nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, DELIVER, EXCHANGE, ORIGIN, SEND, SESSION, settled } from "./fake.js";
import { createXhrPage } from "./fake-xhr.js";

/** What a page sees of an answer with a body. */
const ANSWERED = ["r1", "loadstart", "r2", "r3", "progress", "r4", "load", "loadend"];

/** A 401 that Go wants sent again. @param {any} page @param {any} request @param {number} [generation] */
const refuse = async (page, request, generation, fields = undefined) => {
  page.door.queue(SEND, 0, generation);
  await request.answer(401, fields);
  return page.next();
};

test("an answer that is no 401 is the native one", async () => {
  for (const status of [200, 204, 403, 500]) {
    const page = createXhrPage();
    const { xhr, seen } = page.ask("/api/x?q=1");
    const request = await page.next();
    await request.answer(status);
    assert.deepEqual(seen, ANSWERED);
    assert.deepEqual([xhr.status, xhr.responseText, xhr.responseURL], [status, `body of ${status}`, ORIGIN + "/api/x?q=1"]);
    assert.deepEqual([page.door.of("started"), page.door.of("answered"), page.door.of("failed")], [[[0, 0, ORIGIN + "/api/x"]], [[0, status]], []]);
  }
});

test("a 401 that is healed: each event once, in the standard's order; sent again as it was", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask("/api/x?q=1", { method: "put", headers: { "X-Own": "1", Accept: "a/b" }, body: "text" });
  const first = await page.next();
  const second = await refuse(page, first);
  assert.deepEqual(seen, ["r1", "loadstart"]);
  assert.equal(second.xhr, first.xhr);
  for (const { method, asGiven, async, headers, body } of [first, second]) {
    assert.deepEqual([method, asGiven, async, headers, body], ["put", "/api/x?q=1", true, [["X-Own", "1"], ["Accept", "a/b"]], "text"]);
  }
  await second.answer(200);
  assert.deepEqual(seen, ANSWERED);
  assert.deepEqual([xhr.status, xhr.responseText], [200, "body of 200"]);
  assert.deepEqual(page.detail("retried"), [{ reason: "", url: ORIGIN + "/api/x", method: "PUT", status: 200 }]);
  assert.deepEqual([page.door.of("unauthorized"), page.door.of("answered")], [[[0, 0, "PUT 401\n"]], [[0, 200]]]);
  assert.equal(page.gate.state().held, 0);
});

test("another status that counts as 401 is held and handed out as one", async () => {
  const page = createXhrPage({ ...SESSION, status: [419] });
  const { xhr, seen } = page.ask();
  const second = await refuse(page, await page.next());
  assert.deepEqual(seen, ["r1", "loadstart"]);
  page.door.queue(DELIVER, 0, 0, "session_ended");
  await second.answer(419);
  assert.deepEqual(seen, ANSWERED);
  assert.equal(xhr.status, 419);
  assert.deepEqual(page.door.of("unauthorized").map(([, , text]) => text), ["GET 401\n", "GET 419\n"]);
  assert.equal(page.detail("unauthorized")[0].status, 419);
});

test("handlers see what listeners see", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  /** @type {string[]} */
  const seen = [];
  xhr.onreadystatechange = () => seen.push(`r${xhr.readyState}`);
  xhr.onload = () => seen.push("load");
  xhr.open("GET", "/api/x");
  xhr.send();
  const second = await refuse(page, await page.next());
  await second.answer(200);
  assert.deepEqual(seen, ["r1", "r2", "r3", "r4", "load"]);
});

test("a listener that captures sees nothing of a held 401 either", async () => {
  const page = createXhrPage();
  const { xhr } = page.ask();
  /** @type {number[]} */
  const seen = [];
  xhr.addEventListener("readystatechange", () => seen.push(xhr.readyState), true);
  await (await page.next()).answer(401);
  assert.deepEqual(seen, []);
});

test("while its 401 is held, every member says that the call is under way", async () => {
  for (const [responseType, empty] of [["", ""], ["text", ""], ["json", null]]) {
    const page = createXhrPage();
    const { xhr } = page.ask("/api/x", { set: { responseType } });
    const request = await page.next();
    page.door.queue(EXCHANGE, 0, 1);
    request.head(401, { "X-Field": "1" });
    const look = () => [xhr.readyState, xhr.status, xhr.statusText, xhr.responseURL, xhr.getAllResponseHeaders(), xhr.getResponseHeader("X-Field"), xhr.response, xhr.responseXML];
    const none = [1, 0, "", "", "", null, empty, null];
    assert.deepEqual(look(), none);
    await request.arrives("why");
    assert.deepEqual(look(), none);
    if (responseType === "json") assert.throws(() => xhr.responseText, { name: "InvalidStateError" });
    else assert.equal(xhr.responseText, "");
  }
});

test("a 401 that is handed out late brings its events, each with what could be read at that moment", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  /** @type {any[][]} */
  const read = [];
  for (const type of ["readystatechange", "progress", "load"]) {
    xhr.addEventListener(type, (/** @type {any} */ { loaded, total }) =>
      read.push([xhr.readyState, xhr.status, xhr.statusText, xhr.responseURL, xhr.getResponseHeader("X-Field"), xhr.responseText, xhr.response, !!xhr.responseXML, loaded, total]));
  }
  /** @type {string[]} */
  const kinds = [];
  for (const type of ["readystatechange", "progress", "load"]) xhr.addEventListener(type, (/** @type {any} */ event) => kinds.push(event.constructor.name));
  const request = await page.next();
  request.head(401, { "X-Field": "1" });
  request.arrives("wh", false);
  await request.arrives("why");
  assert.deepEqual(seen, ["r1", "loadstart"]);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  assert.deepEqual(seen, ["r1", "loadstart", "r2", "r3", "progress", "r3", "progress", "r4", "load", "loadend"]);
  const head = [401, "text of 401", ORIGIN + "/api/x", "1"];
  const some = [3, ...head, "why", "why", false];
  assert.deepEqual(read, [[2, ...head, "", "", false, 0, 0], [...some, 0, 0], [...some, 2, 2], [...some, 0, 0], [...some, 3, 3], [4, ...head, "why", "why", true, 0, 0], [4, ...head, "why", "why", true, 3, 3]]);
  assert.deepEqual([xhr.readyState, xhr.status, xhr.response], [4, 401, "why"]);
  assert.deepEqual(kinds, ["Event", "Event", "ProgressEvent", "Event", "ProgressEvent", "Event", "ProgressEvent"]);
  assert.deepEqual(page.detail("unauthorized"), [{ reason: "refresh_failed", url: ORIGIN + "/api/x", method: "GET", status: 401 }]);
});

test("an object of a body that is no text is there at its end, and not before", async () => {
  const page = createXhrPage();
  const { xhr } = page.ask("/api/x", { set: { responseType: "json" } });
  /** @type {any[]} */
  const read = [];
  xhr.addEventListener("readystatechange", () => read.push([xhr.readyState, xhr.response]));
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  assert.deepEqual(read, [[2, null], [3, null], [4, { of: "body of 401" }]]);
});

test("a 401 that is handed out at once brings the native events", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  /** @type {boolean[]} */
  const trusted = [];
  xhr.addEventListener("readystatechange", (/** @type {any} */ event) => trusted.push(event.isTrusted));
  page.door.queue(DELIVER, 0, 0, "session_ended");
  await (await page.next()).answer(401);
  assert.deepEqual(seen, ANSWERED);
  assert.deepEqual(trusted, [true, true, true]);
  assert.equal(xhr.status, 401);
});

test("the challenge, all fields of it, and whether the 401 came behind a redirect", async () => {
  const page = createXhrPage();
  const fields = { "www-authenticate": 'Bearer error="x"', "WWW-Authenticate": "Basic", "X-WWW-Authenticate": "none" };
  page.ask("/api/x#fragment", { method: "POST" });
  await (await page.next()).answer(401, fields);
  page.ask("/api/y");
  await (await page.next()).answer(401, undefined, ORIGIN + "/api/z");
  page.ask("/api/y", { method: "POST" });
  await (await page.next()).answer(401, undefined, ORIGIN + "/api/z");
  assert.deepEqual(page.door.of("unauthorized").map(([, bits, text]) => [!!bits, text]), [
    [false, 'POST 401\nBearer error="x", Basic'],
    [false, "GET 401\n"],
    [true, "POST 401\n"],
  ]);
});

test("a 401 from behind a redirect to where calls are not ours is handed out, and Go asks nothing of it", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  await (await page.next()).answer(401, undefined, "https://other.example.com/x");
  assert.deepEqual(seen, ANSWERED);
  assert.equal(xhr.status, 401);
  assert.deepEqual([page.door.of("unauthorized"), page.door.of("failed")], [[], [[0]]]);
});

for (const type of ["error", "timeout"]) {
  test(`a call that ends natively with ${type}, and a second try that does`, async () => {
    const page = createXhrPage();
    const { seen } = page.ask();
    await (await page.next()).fails(type);
    assert.deepEqual(seen, ["r1", "loadstart", "r4", type, "loadend"]);
    assert.deepEqual(page.door.of("failed"), [[0]]);
    const again = page.ask();
    await (await refuse(page, await page.next())).fails(type);
    assert.deepEqual(again.seen, ["r1", "loadstart", "r4", type, "loadend"]);
    assert.deepEqual(page.door.of("failed"), [[0], [0]]);
    assert.deepEqual(page.detail("retried").map(({ status }) => status), [0]);
  });
}

test("abort() of a call that is with the server is the native one", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  await page.next();
  xhr.abort();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
  assert.equal(xhr.readyState, 0);
  assert.deepEqual(page.door.of("failed"), [[0]]);
});

test("abort() while its 401 is held", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  await (await page.next()).answer(401);
  xhr.abort();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
  assert.deepEqual([xhr.readyState, xhr.status], [0, 0]);
  assert.deepEqual(page.door.of("failed"), [[0]]);
  page.door.queue(SEND, 0);
  page.shown(false);
  for (let i = 0; i < 5; i++) await settled();
  assert.equal(page.requests.length, 0, "it is not sent again");
  // The object is as new.
  xhr.open("GET", "/api/y");
  xhr.send();
  await (await page.next()).answer(200);
  assert.deepEqual(seen.slice(5), ANSWERED);
});

test("abort() once the 401 was handed out only resets it", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  xhr.abort();
  assert.deepEqual(seen, ANSWERED);
  assert.equal(xhr.readyState, 0);
});

test("abort() by a listener, while the events of its 401 come, ends them", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  xhr.addEventListener("progress", () => xhr.abort());
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  assert.deepEqual(seen, ["r1", "loadstart", "r2", "r3", "progress", "r4", "abort", "loadend"]);
  assert.equal(xhr.readyState, 0);
});

for (const [type, rest] of /** @type {const} */ ([["readystatechange", ["load", "loadend"]], ["load", ["loadend"]]])) {
  test(`abort() by a listener of the last ${type} only resets it: what follows natively comes`, async () => {
    const page = createXhrPage();
    const { xhr, seen } = page.ask();
    /** @type {number[]} */
    const states = [];
    xhr.addEventListener(type, () => {
      if (xhr.readyState !== 4) return;
      xhr.abort();
      states.push(xhr.readyState);
    });
    await (await page.next()).answer(401);
    page.door.queue(DELIVER, 0, 0, "refresh_failed");
    page.shown(false);
    assert.deepEqual(seen, ANSWERED);
    assert.deepEqual(seen.slice(-rest.length), rest);
    assert.deepEqual(states, [0]);
    assert.deepEqual(page.door.of("failed"), []);
  });
}

test("abort() while the body of a held 401 still comes", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  const request = await page.next();
  request.head(401);
  request.arrives("some", false);
  xhr.abort();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
  assert.equal(xhr.readyState, 0);
});

test("abort() of what is not ours is the native one", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask("/assets/x");
  await page.next();
  xhr.abort();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
});

test("open() again, of an object that has sent nothing or has its answer, ends no call", async () => {
  const page = createXhrPage();
  const held = page.ask();
  await (await page.next()).answer(401);
  const xhr = new page.XMLHttpRequest();
  xhr.open("GET", "/api/y");
  xhr.open("GET", "/api/z");
  assert.deepEqual(page.door.of("failed"), []);
  xhr.send();
  await (await page.next()).answer(200);
  xhr.open("GET", "/api/z");
  assert.deepEqual(page.door.of("failed"), []);
  page.door.queue(SEND, 0);
  page.shown(false);
  await (await page.next()).answer(200);
  assert.deepEqual(held.seen, ANSWERED);
});

test("a call is sent though Go ends when it is told of it", async () => {
  const page = createXhrPage();
  page.door.fatal = "started";
  const { xhr, seen } = page.ask();
  await (await page.next()).answer(200);
  assert.deepEqual(seen, ANSWERED);
  assert.equal(xhr.status, 200);
});

test("data-debug is told of answers, and of what the page has ended", async () => {
  const page = createXhrPage();
  /** @type {any[][]} */
  const told = [];
  page.host.trace = (what, call, detail) => void told.push([what, call?.method, detail]);
  const { xhr } = page.ask();
  (await page.next()).head(401, { "X-Field": "1" });
  xhr.open("GET", "/api/y");
  assert.deepEqual(told.filter(([what]) => what === "answered" || what === "closed"), [
    ["answered", "GET", { status: 401, fields: "X-Field: 1\r\n" }],
    ["closed", "GET", "abort"],
  ]);
});

test("open() by a listener, while the events of its 401 come, begins another call", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  xhr.addEventListener("load", () => {
    if (xhr.status !== 401) return;
    xhr.open("GET", "/api/y");
    xhr.send();
  });
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  const second = await page.next();
  assert.equal(second.url, ORIGIN + "/api/y");
  await second.answer(200);
  assert.deepEqual(seen, ["r1", "loadstart", "r2", "r3", "progress", "r4", "load", "r1", "loadstart", "loadend", "r2", "r3", "progress", "r4", "load", "loadend"]);
});

test("open() while its 401 is held forgets the call", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  const first = await page.next();
  first.head(401);
  xhr.open("GET", "/api/y");
  assert.deepEqual(page.door.of("failed"), [[0]]);
  xhr.setRequestHeader("X-Own", "1");
  xhr.send();
  const second = await page.next();
  assert.deepEqual([second.url, second.headers], [ORIGIN + "/api/y", [["X-Own", "1"]]]);
  await second.answer(200);
  assert.deepEqual(seen, ["r1", "loadstart", "loadstart", "r2", "r3", "progress", "r4", "load", "loadend"], "for the page it was open already");
  assert.deepEqual(page.gate.state().counters.calls, 2);
});

test("open() that throws leaves the call as it was", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  const first = await page.next();
  assert.throws(() => xhr.open("NOT A METHOD", "/api/y"), SyntaxError);
  const second = await refuse(page, first);
  await second.answer(200);
  assert.deepEqual(seen, ANSWERED);
});

test("send() and setRequestHeader() throw while it is under way, natively or by us", async () => {
  const page = createXhrPage(BEARER);
  page.signIn();
  const { xhr } = page.ask();
  const throws = () => {
    assert.throws(() => xhr.send(), { name: "InvalidStateError" });
    assert.throws(() => xhr.setRequestHeader("X", "1"), { name: "InvalidStateError" });
    assert.throws(() => xhr.setRequestHeader("Authorization", "1"), { name: "InvalidStateError" });
  };
  throws();
  const request = await page.next();
  await request.answer(401);
  throws();
  page.door.token = -1;
  const waits = page.ask();
  assert.equal(page.requests.length, 0);
  assert.throws(() => waits.xhr.send(), { name: "InvalidStateError", message: /OPENED/ });
  assert.throws(() => waits.xhr.setRequestHeader("X", "1"), { name: "InvalidStateError" });
});

test("XHR §abort(): what was only opened stays open, and an object that has done nothing is as it was", async () => {
  const page = createXhrPage();
  new page.XMLHttpRequest().abort();
  for (const url of ["/api/x", "/assets/x"]) {
    const xhr = new page.XMLHttpRequest();
    xhr.open("GET", url);
    xhr.abort();
    assert.equal(xhr.readyState, 1);
    xhr.send();
    await (await page.next()).answer(200);
    assert.deepEqual([xhr.readyState, xhr.status], [4, 200]);
  }
});

test("abort() once it was decided to send it again, and before that is done: it is not opened again", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  const request = await page.next();
  page.door.queue(SEND, 0);
  request.head(401);
  let opened = 0;
  xhr.addEventListener("readystatechange", () => void opened++);
  xhr.abort();
  for (let i = 0; i < 5; i++) await settled();
  assert.deepEqual([page.requests.length, xhr.readyState, opened], [0, 0, 1]);
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
});

test("abort() amid the events of its 401 ends it once: the next two calls are two", async () => {
  const page = createXhrPage();
  const { xhr } = page.ask();
  xhr.addEventListener("progress", () => xhr.abort());
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  page.ask("/api/y");
  page.ask("/api/z");
  assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 0, 1]);
});

test("a 401 that is handed out late brings no event but its own", async () => {
  const page = createXhrPage();
  const { xhr } = page.ask();
  let others = 0;
  xhr.addEventListener(/** @type {any} */ (undefined), () => void others++);
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 0, 0, "refresh_failed");
  page.shown(false);
  assert.equal(others, 0);
});
