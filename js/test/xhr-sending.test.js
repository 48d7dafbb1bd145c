// XMLHttpRequest: what of it is ours, with what it is sent, and what the page sees of one that waits, of its time and of its upload.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ATTACH, BEARER, DELIVER, ORIGIN, SEND, settled } from "./fake.js";
import { createXhrPage } from "./fake-xhr.js";
import { WAITS } from "../src/protocol.js";

const ANSWERED = ["r1", "loadstart", "r2", "r3", "progress", "r4", "load", "loadend"];
const OTHER = "https://api.example.net";

/** The values of a request's Authorization. @param {any} request */
const authorization = ({ headers }) => headers.filter((/** @type {string[]} */ [name]) => /^authorization$/i.test(name)).map((/** @type {string[]} */ [, value]) => value);

/** A page with a token, with which calls go out. @param {object} [options] */
const signedIn = (options = BEARER) => {
  const page = createXhrPage({ ...options });
  page.signIn();
  return page;
};

for (const [what, use] of /** @type {[string, (xhr: any) => void][]} */ ([
  ["a synchronous one", (xhr) => xhr.open("GET", "/api/x", false)],
  ["one whose async is given as undefined", (xhr) => xhr.open("GET", "/api/x", undefined)],
  ["one with a user", (xhr) => xhr.open("GET", "/api/x", true, "me")],
  ["one with a password", (xhr) => xhr.open("GET", "/api/x", true, null, "secret")],
  ["one out of scope", (xhr) => xhr.open("GET", "/assets/x")],
  ["one of another origin", (xhr) => xhr.open("GET", OTHER + "/api/x")],
])) {
  test(what + " is native", async () => {
    const page = signedIn();
    const xhr = new page.XMLHttpRequest();
    const seen = page.watch(xhr);
    use(xhr);
    xhr.send();
    const request = await page.next();
    await request.answer(401);
    assert.deepEqual([authorization(request), xhr.status, seen], [[], 401, ANSWERED]);
    assert.deepEqual(page.door.of("started"), []);
  });
}

test("open() reads method and URL once, as strings, and throws what the native one throws", () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  /** @type {string[]} */
  const read = [];
  const spy = (/** @type {string} */ value) => ({ toString: () => (read.push(value), value) });
  xhr.open(spy("GET"), spy("/api/x"));
  assert.deepEqual(read, ["GET", "/api/x"]);
  assert.throws(() => xhr.open("GET", "http://["), TypeError);
  assert.throws(() => xhr.open("GET"), TypeError);
});

test("an object made before, or by another class, is left alone", async () => {
  const page = signedIn();
  const xhr = new page.native();
  xhr.open("GET", "/api/x");
  xhr.send();
  const request = await page.next();
  assert.deepEqual([authorization(request), page.door.of("started")], [[], []]);
  await request.answer(401);
  assert.equal(xhr.status, 401);
  assert.deepEqual(xhr.upload.listeners, []);
});

test("the class and its members look native, and are put back", async () => {
  const page = signedIn();
  const { XMLHttpRequest, native, window } = page;
  assert.notEqual(XMLHttpRequest, native);
  assert.equal(`${XMLHttpRequest}`, `${native}`);
  const xhr = new XMLHttpRequest();
  assert.ok(xhr instanceof native);
  assert.equal(xhr.constructor, XMLHttpRequest);
  class Own extends XMLHttpRequest {
    mine = 1;
  }
  assert.equal(new Own().mine, 1);
  assert.ok(new Own() instanceof Own);
  const kept = native.prototype.open;
  page.restore();
  assert.equal(window.XMLHttpRequest, native);
  assert.equal(native.prototype.constructor, native);
  assert.notEqual(native.prototype.open, kept);
  // What another script has kept of ours makes native ones.
  const later = new XMLHttpRequest();
  assert.deepEqual(later.listeners, []);
  for (const one of [xhr, later]) {
    kept.call(one, "GET", "/api/x");
    one.send();
    const request = await page.next();
    assert.deepEqual([authorization(request), page.door.of("started")], [[], []]);
  }
});

test("a call that is under way when all is put back is healed all the same", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  const first = await page.next();
  page.restore();
  page.door.queue(SEND, 0);
  await first.answer(401);
  const second = await page.next();
  assert.deepEqual(seen, ["r1", "loadstart"]);
  await second.answer(200);
  assert.deepEqual(seen.slice(2).filter((type) => type !== "r1"), ANSWERED.slice(2));
  assert.equal(xhr.status, 200);
});

for (const [what, prepare] of /** @type {[string, (window: any) => void][]} */ ([
  ["a class of another script", (window) => (window.XMLHttpRequest = class {})],
  ["none at all", (window) => delete window.XMLHttpRequest],
])) {
  test(`${what} in its place is left alone, with a warning`, () => {
    /** @type {any} */
    let there;
    const page = createXhrPage(undefined, { prepare: (window) => (prepare(window), (there = window.XMLHttpRequest)) });
    assert.equal(page.window.XMLHttpRequest, there);
    assert.deepEqual(page.complaints, [["foreignXhr", ""]]);
  });
}

test("a class beneath ours that makes objects of its own is left alone, with a warning", () => {
  const page = createXhrPage(undefined, {
    prepare(window) {
      const { prototype } = window.XMLHttpRequest;
      window.XMLHttpRequest = Object.assign(function () { return { open() {} }; }, { prototype });
    },
  });
  const xhr = new page.XMLHttpRequest();
  xhr.open("GET", "/api/x");
  assert.deepEqual(page.complaints, [["foreignXhr", ""]]);
});

test("what zone.js has covered is used as it was before, so that our calls are no tasks of its zones", async () => {
  /** @type {string[]} */
  const tasks = [];
  const page = createXhrPage(undefined, {
    prepare({ XMLHttpRequest: { prototype } }) {
      for (const name of ["open", "send", "setRequestHeader", "abort", "addEventListener"]) {
        const value = prototype[name];
        const owner = name === "addEventListener" ? EventTarget.prototype : prototype;
        Object.assign(owner, { ["__zone_symbol__" + name]: value, [name](/** @type {any[]} */ ...args) {
          tasks.push(name);
          return value.apply(this, args);
        } });
      }
    },
  });
  const xhr = new page.XMLHttpRequest();
  assert.deepEqual(tasks, []);
  xhr.open("GET", "/api/x");
  xhr.setRequestHeader("X", "1");
  xhr.send();
  assert.deepEqual(tasks.splice(0), ["open", "setRequestHeader", "send"]);
  page.door.queue(SEND, 0);
  await (await page.next()).answer(401);
  await (await page.next()).answer(401);
  xhr.abort();
  assert.deepEqual(tasks, []);
});

test("a token goes out with the call and with its second try, in the place of one of ours", async () => {
  for (const own of [undefined, "Bearer one"]) {
    const page = signedIn();
    const { seen } = page.ask("/api/x", own ? { headers: { Authorization: own } } : {});
    const first = await page.next();
    assert.deepEqual(authorization(first), ["Bearer one"]);
    page.renew("two");
    page.door.queue(SEND, 0, 3);
    await first.answer(401);
    const second = await page.next();
    assert.deepEqual(authorization(second), ["Bearer two"]);
    await second.answer(200);
    assert.deepEqual(seen, ANSWERED);
  }
});

test("an Authorization of the page's own is no call of ours, and goes out as it was given", async () => {
  const page = signedIn();
  for (const [values, sent] of /** @type {[any[], string[]][]} */ ([
    [["Basic abc"], ["Basic abc"]],
    [["Bearer one", "Basic abc"], ["Bearer one, Basic abc"]],
    [[7], ["7"]],
    [["a"], ["a"]],
    [["Basic é"], ["Basic é"]],
    [["é Basic"], ["é Basic"]],
    [[""], [""]],
  ])) {
    const xhr = new page.XMLHttpRequest();
    xhr.open("GET", "/api/x");
    for (const value of values) xhr.setRequestHeader("AUTHORIZATION", value);
    xhr.send();
    const request = await page.next();
    if (/é|^$/.test(values[0])) {
      // Native code says what is wrong with it; the call is ours.
      assert.deepEqual(authorization(request), [...sent, "Bearer one"]);
      continue;
    }
    assert.deepEqual(authorization(request), sent);
    await request.answer(401);
    assert.equal(xhr.status, 401);
  }
  assert.equal(page.door.of("started").length, 3);
});

test("a field whose name only contains Authorization is one like others", async () => {
  const page = signedIn();
  const { seen } = page.ask("/api/x", { headers: { "X-Authorization": "a", "Authorization-X": "b" } });
  const request = await page.next();
  assert.deepEqual(request.headers, [["X-Authorization", "a"], ["Authorization-X", "b"], ["Authorization", "Bearer one"]]);
  await request.answer(200);
  assert.deepEqual(seen, ANSWERED);
});

test("setRequestHeader() with too few arguments, or a bad name, is the native one", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  xhr.open("GET", "/api/x");
  assert.throws(() => xhr.setRequestHeader("not a name", "1"), SyntaxError);
  xhr.setRequestHeader("Authorization");
  xhr.send();
  const first = await page.next();
  assert.deepEqual(first.headers, [["Authorization", "undefined"]]);
  page.door.queue(SEND, 0);
  await first.answer(401);
  assert.deepEqual((await page.next()).headers, [], "what threw is not tried again");
});

test("in a session of cookies, one that sends none is not ours, with one warning", async () => {
  const page = createXhrPage({ refreshUrl: "/auth/refresh", protect: [OTHER + "/api"] });
  for (const withCredentials of [false, false, true]) {
    const { seen } = page.ask(OTHER + "/api/x", { set: { withCredentials } });
    await (await page.next()).answer(401);
    assert.deepEqual(seen, withCredentials ? ["r1", "loadstart"] : ANSWERED);
  }
  assert.equal(page.door.of("started").length, 1);
  assert.deepEqual(page.complaints, [["cookieless", OTHER + "/api/x"]]);
});

test("a URL that Go finds out of scope goes out natively", async () => {
  const page = signedIn();
  page.door.token = -2;
  const { seen } = page.ask();
  const request = await page.next();
  await request.answer(401);
  assert.deepEqual([authorization(request), seen], [[], ANSWERED]);
  assert.equal(page.gate.state().held, 0);
});

test("one that waits shows that it has begun, and is sent with the token that has come", async () => {
  for (const open of [false, true]) {
    const page = createXhrPage(BEARER, { open });
    page.door.token = WAITS;
    const { xhr, seen } = page.ask("/api/x", { method: "POST", body: "text" });
    assert.deepEqual([seen, xhr.readyState, page.requests.length], [["r1", "loadstart"], 1, 0]);
    if (!open) page.ready();
    page.renew("two");
    page.door.queue(SEND, 0, 2);
    page.shown(false);
    const request = await page.next();
    assert.deepEqual([authorization(request), request.body], [["Bearer two"], "text"]);
    await request.answer(200);
    assert.deepEqual(seen, ANSWERED);
    assert.deepEqual(page.detail("retried"), []);
  }
});

test("one that waits and is aborted is never sent", async () => {
  const page = createXhrPage(BEARER);
  page.door.token = WAITS;
  const { xhr, seen } = page.ask();
  xhr.abort();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "abort", "loadend"]);
  page.door.queue(SEND, 0, 1);
  page.shown(false);
  for (let i = 0; i < 5; i++) await settled();
  assert.equal(page.requests.length, 0);
});

test("one that waits while another session begins ends with error: without cookies it cannot be sent", async () => {
  const page = createXhrPage(undefined, { open: false });
  page.gate.promised();
  const { xhr, seen } = page.ask();
  assert.equal(page.requests.length, 0);
  page.gate.cleared();
  page.gate.release();
  assert.deepEqual(seen, ["r1", "loadstart", "r4", "error", "loadend"]);
  assert.equal(xhr.readyState, 4);
  assert.equal(page.requests.length, 0);
});

test("one that waits has begun its upload, if it has one", () => {
  const page = createXhrPage(BEARER);
  page.door.token = WAITS;
  const xhr = new page.XMLHttpRequest();
  const seen = page.watch(xhr);
  const upload = page.watch(xhr.upload, "upload ", xhr);
  /** @type {string[]} */
  const order = [];
  for (const target of [xhr, xhr.upload]) target.addEventListener("loadstart", () => order.push(target === xhr ? "call" : "upload"));
  xhr.open("POST", "/api/x");
  xhr.send("body");
  assert.deepEqual([seen, upload], [["r1", "loadstart"], ["upload loadstart"]]);
  assert.deepEqual(order, ["call", "upload"]);
  xhr.abort();
  assert.deepEqual(upload, ["upload loadstart", "upload abort", "upload loadend"]);
});

test("without a body there is no upload", () => {
  const page = createXhrPage(BEARER);
  page.door.token = WAITS;
  const xhr = new page.XMLHttpRequest();
  const upload = page.watch(xhr.upload, "", xhr);
  xhr.open("POST", "/api/x");
  xhr.send();
  xhr.abort();
  assert.deepEqual(upload, []);
});

test("an upload that was answered before its end is seen to its end the second time", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  const upload = page.watch(xhr.upload, "", xhr);
  xhr.open("POST", "/api/x");
  xhr.send("body");
  const first = await page.next();
  page.door.queue(SEND, 0);
  first.head(401, {}, undefined, true);
  const second = await page.next();
  assert.deepEqual(upload, ["loadstart"]);
  xhr.upload.dispatchEvent(new ProgressEvent("loadstart"));
  assert.deepEqual(upload.splice(1), ["loadstart"], "the page's own");
  await second.answer(200);
  assert.deepEqual(upload, ["loadstart", "progress", "load", "loadend"]);
});

test("an upload that is not ours is the native one", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  const upload = page.watch(xhr.upload, "", xhr);
  xhr.open("POST", "/assets/x");
  xhr.send("body");
  await (await page.next()).answer(200);
  assert.deepEqual(upload, ["loadstart", "progress", "load", "loadend"]);
});

test("of an upload the page sees the first that comes to its end", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  const upload = page.watch(xhr.upload, "", xhr);
  const sent = (/** @type {boolean} */ first) => [...(first ? ["loadstart"] : []), "progress", "load", "loadend"];
  xhr.open("POST", "/api/x");
  xhr.send("body");
  page.door.queue(SEND, 0);
  await (await page.next()).answer(401);
  assert.deepEqual(upload.splice(0), sent(true));
  await (await page.next()).answer(200);
  assert.deepEqual(upload.splice(0), []);
  // And of the next call on the object again.
  xhr.open("POST", "/api/x");
  xhr.send("body");
  await (await page.next()).answer(200);
  assert.deepEqual(upload, sent(true));
});

test("a listener to the upload is none of ours where the call is not", async () => {
  const page = createXhrPage();
  const xhr = new page.XMLHttpRequest();
  const { upload } = xhr;
  assert.equal(xhr.upload, upload);
  xhr.open("POST", "/assets/x", true);
  const ours = upload.listeners.length;
  assert.ok(ours > 0);
  xhr.open("POST", "/api/x");
  xhr.setRequestHeader("Authorization", "Basic abc");
  xhr.send("body");
  assert.equal(upload.listeners.length, 0);
});

test("what was passed at send() is what is sent again", async () => {
  const page = createXhrPage();
  const params = new URLSearchParams("a=1");
  const bytes = new Uint8Array([1, 2]);
  const document = { nodeType: 9, text: "one", cloneNode(/** @type {boolean} */ deep) { return { ...this, deep }; } };
  let reads = 0;
  const object = { toString: () => `read ${++reads}` };
  for (const [body, now, change] of /** @type {[any, any, () => void][]} */ ([
    [params, new URLSearchParams("a=1"), () => params.append("b", "2")],
    [bytes, new Uint8Array([1, 2]), () => bytes.fill(9)],
    [document, { text: "one", deep: true }, () => (document.text = "two")],
    [object, "read 1", () => {}],
  ])) {
    page.ask("/api/x", { method: "POST", body });
    const first = await page.next();
    assert.equal(first.body, typeof now === "string" ? now : body);
    change();
    page.door.queue(SEND, 0);
    await first.answer(401);
    const { body: again, answer } = await page.next();
    if (now.text) assert.deepEqual([again.text, again.deep], [now.text, now.deep]);
    else assert.deepEqual(again, now);
    await answer(200);
  }
  for (const method of ["GETS", "TARGET", "OVERHEAD", "HEADS"]) {
    page.ask("/api/x", { method, body: object });
    const first = await page.next();
    assert.equal(first.body, `read ${reads}`);
    await first.answer(200);
  }
  page.ask("/api/x", { method: "POST" });
  const without = await page.next();
  assert.equal(without.body, null);
  await without.answer(200);
  reads = 1;
  for (const method of ["GET", "HEAD"]) {
    page.ask("/api/x", { method, body: object });
    page.door.queue(SEND, 0);
    await (await page.next()).answer(401);
    await (await page.next()).answer(200);
  }
  assert.equal(reads, 1, "a GET has no body to read");
});

test("the URL is opened again as it was passed, and absolute once the page's base is another", async () => {
  const page = createXhrPage();
  for (const [base, url] of [[ORIGIN + "/shop/cart", "../api/x"], [ORIGIN + "/other/", ORIGIN + "/api/x"]]) {
    page.window.document.baseURI = page.base = ORIGIN + "/shop/cart";
    page.ask("../api/x");
    page.window.document.baseURI = page.base = base;
    page.door.queue(SEND, 0);
    await (await page.next()).answer(401);
    const again = await page.next();
    assert.equal(again.asGiven, url);
    await again.answer(200);
  }
});

for (const name of ["open", "setRequestHeader", "send"]) {
  test(`a second try whose ${name}() throws ends with error`, async () => {
    let calls = 0;
    const page = createXhrPage(undefined, {
      prepare({ XMLHttpRequest: { prototype } }) {
        const native = prototype[name];
        prototype[name] = function (/** @type {any[]} */ ...args) {
          if (calls++) throw new Error("not again");
          return native.apply(this, args);
        };
      },
    });
    const { seen } = page.ask("/api/x", { headers: { "X-Own": "1" } });
    page.door.queue(SEND, 0);
    await (await page.next()).answer(401);
    for (let i = 0; i < 5; i++) await settled();
    assert.deepEqual(seen, ["r1", "loadstart", "r4", "error", "loadend"]);
    assert.deepEqual(page.door.of("failed"), [[0]]);
    assert.equal(page.requests.length, 0);
  });
}

/**
 * Time that passes when the test says so; timers that are set meanwhile go off the next time at the earliest.
 * @param {import("node:test").TestContext} t
 */
const clock = (t) => {
  let now = 0;
  /** @type {[number, Function, any[]][]} */
  let timers = [];
  t.mock.method(performance, "now", () => now);
  t.mock.method(globalThis, "setTimeout", (/** @type {Function} */ then, ms = 0, /** @type {any[]} */ ...args) => void timers.push([now + ms, then, args]));
  return (/** @type {number} */ ms) => {
    now += ms;
    const due = timers.filter(([at]) => at <= now);
    timers = timers.filter(([at]) => at > now);
    for (const [, then, args] of due) then(...args);
  };
};

test("the page's timeout counts from its own send(), held or waiting", async (t) => {
  const pass = clock(t);
  for (const held of [true, false]) {
    const page = held ? createXhrPage() : createXhrPage(ATTACH);
    if (!held) page.door.token = WAITS;
    const { xhr, seen } = page.ask("/api/x", { set: { timeout: 1000 } });
    pass(400);
    if (held) await (await page.next()).answer(401);
    pass(599);
    pass(1);
    assert.deepEqual(seen, ["r1", "loadstart"], "an answer that is there already comes first");
    pass(0);
    assert.deepEqual(seen, ["r1", "loadstart", "r4", "timeout", "loadend"]);
    assert.equal(xhr.readyState, 4);
    assert.deepEqual(page.door.of("failed"), [[0]]);
  }
});

test("it counts for the second try, too, until that has its answer", async (t) => {
  const pass = clock(t);
  for (const [arrives, ends] of /** @type {[(request: any) => void, string[]][]} */ ([
    [() => {}, ["r4", "timeout", "loadend"]],
    [(request) => (request.head(200), request.arrives("some", false)), ["r2", "r3", "progress", "r4", "timeout", "loadend"]],
    [(request) => request.answer(200), ANSWERED.slice(2)],
  ])) {
    const page = createXhrPage();
    const { seen } = page.ask("/api/x", { set: { timeout: 1000 } });
    page.door.queue(SEND, 0);
    await (await page.next()).answer(401);
    arrives(await page.next());
    for (let i = 0; i < 3; i++) pass(1000);
    assert.deepEqual(seen, ["r1", "loadstart", ...ends]);
  }
});

test("without a timeout nothing ends a call that is held; nor once it is answered or used anew", async (t) => {
  const pass = clock(t);
  const page = createXhrPage();
  const without = page.ask();
  await (await page.next()).answer(401);
  for (let i = 0; i < 3; i++) pass(1e6);
  assert.deepEqual(without.seen, ["r1", "loadstart"]);

  const answered = page.ask("/api/x", { set: { timeout: 1000 } });
  await (await page.next()).answer(401);
  page.door.queue(DELIVER, 1, 0, "refresh_failed");
  page.shown(false);
  for (let i = 0; i < 3; i++) pass(2000);
  assert.deepEqual(answered.seen, ANSWERED);

  const anew = page.ask("/api/x", { set: { timeout: 1000 } });
  (await page.next()).head(401);
  anew.xhr.timeout = 0;
  anew.xhr.open("GET", "/api/y");
  anew.xhr.timeout = 5000;
  anew.xhr.send();
  for (let i = 0; i < 9; i++) pass(1000);
  await (await page.next()).answer(200);
  assert.deepEqual(anew.seen, ["r1", "loadstart", "loadstart", ...ANSWERED.slice(2)]);
});

test("events that the page dispatches itself are its own, held or not", async () => {
  const page = createXhrPage();
  const { xhr, seen } = page.ask();
  await (await page.next()).answer(401);
  xhr.dispatchEvent(new ProgressEvent("load"));
  assert.deepEqual(seen, ["r1", "loadstart", "load"]);
  assert.deepEqual(page.door.of("unauthorized").length, 1);
});

test("CONTRACT §3 restore(): what another script has kept of ours does as the native one does", async () => {
  const page = createXhrPage();
  const { open, send } = page.XMLHttpRequest.prototype;
  const xhr = new page.XMLHttpRequest();
  page.restore();
  open.call(xhr, "GET", "/api/x");
  send.call(xhr);
  await (await page.next()).answer(401);
  assert.deepEqual(page.door.told, []);
  assert.deepEqual([xhr.readyState, xhr.status], [4, 401]);
});
