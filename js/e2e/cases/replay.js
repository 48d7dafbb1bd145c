/** CONTRACT §4 Replay: what the caller passed at call time is what is sent again, compared by SHA-256 with the demo's echo. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { MODES, opened } from "../harness/modes.js";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));

/** Each runs in the page: makes a body, posts it, changes it, and gives the echo. */
const BODIES = {
  string: { want: "a string with ümlauts" },
  URLSearchParams: { want: "a=1&b=two+words" },
  Blob: { want: BYTES, type: "image/x-test" },
  File: { want: BYTES, type: "image/x-test" },
  ArrayBuffer: { want: BYTES },
  Uint8Array: { want: BYTES.subarray(100, 60_100) },
  DataView: { want: BYTES.subarray(5, 25) },
  Float64Array: { want: BYTES.subarray(8, 8 + 80) },
  Request: { want: BYTES, type: "application/x-own" },
  "Request of a string": { want: "text in a request" },
};
const CHANGED_BYTES = { "Request of changed bytes": { want: BYTES, type: "application/x-own" } };

const post = (kind) => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
  const headers = new Headers({ "X-CSRF": "1" });
  const init = { method: "POST", headers };
  let input = "/api/echo";
  let spoil = () => {};
  switch (kind) {
    case "string":
      init.body = "a string with ümlauts";
      break;
    case "URLSearchParams":
      init.body = new URLSearchParams({ a: "1", b: "two words" });
      spoil = () => (init.body.append("late", "1"), init.body.delete("a"));
      break;
    case "Blob":
      init.body = new Blob([bytes], { type: "image/x-test" });
      spoil = () => (init.body = "another");
      break;
    case "File":
      init.body = new File([bytes], "f.bin", { type: "image/x-test" });
      break;
    case "ArrayBuffer":
      init.body = bytes.buffer;
      spoil = () => bytes.fill(9);
      break;
    case "Uint8Array":
      init.body = bytes.subarray(100, 60_100);
      spoil = () => bytes.fill(9);
      break;
    case "DataView":
      init.body = new DataView(bytes.buffer, 5, 20);
      spoil = () => bytes.fill(9);
      break;
    case "Float64Array":
      init.body = new Float64Array(bytes.buffer, 8, 10);
      spoil = () => structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      break;
    case "Request":
    case "Request of changed bytes":
      input = new Request(input, { method: "POST", headers: { "Content-Type": "application/x-own" }, body: bytes });
      spoil = () => (kind === "Request" || bytes.fill(9), input.headers.set("Content-Type", "changed/type"));
      break;
    case "Request of a string":
      input = new Request(input, { method: "POST", body: "text in a request" });
      break;
  }
  const answer = typeof input === "string" ? fetch(input, init) : fetch(input);
  spoil();
  headers.set("Content-Type", "changed/type");
  headers.set("X-CSRF", "changed");
  if (typeof input === "string") input = "/api/other";
  init.method = "PUT";
  return answer.then((response) => response.json());
};

const replayed = async (e, mode, bodies) => {
  const { tab, session } = await opened(e, mode);
  for (const [kind, { want, type }] of Object.entries(bodies)) {
    await session.expire();
    const before = tab.all("retried").length;
    const echo = await tab.run(post, kind);
    assert.equal(tab.all("retried").length, before + 1, `${kind} was retried`);
    assert.equal(echo.sha256, sha256(want), kind);
    assert.equal(echo.method, "POST", kind);
    if (type) assert.equal(echo.content_type, type, kind);
    assert.doesNotMatch(echo.content_type, /changed/, kind);
  }
};

for (const mode of MODES) {
  check(`§4 Replay: string, URLSearchParams, Blob, File, ArrayBuffer, views, Request, each changed by the caller after the call (${mode})`, (e) => replayed(e, mode, BODIES));

  check(`§4 Replay: a Request of bytes that the caller changes after the call (${mode})`, (e) => replayed(e, mode, CHANGED_BYTES), {
    skip: { webkit: "its Request keeps the caller's bytes, not a copy: what is read of them later is what they are by then" },
  });

  check(`§4 Replay: FormData with files, changed by the caller after the call (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await session.expire();
    const echo = await tab.run(() => {
      const form = new FormData();
      form.append("text", "ümlaut");
      form.append("text", "twice");
      form.append("file", new File([Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)], "näme.bin", { type: "application/x-test" }));
      form.append("blob", new Blob(["blob"]), "given.txt");
      const answer = fetch("/api/echo", { method: "POST", body: form });
      form.delete("file");
      form.set("text", "changed");
      form.append("late", "1");
      return answer.then((r) => r.json());
    });
    assert.deepEqual(
      echo.parts.map(({ name, filename, sha256 }) => [name, filename, sha256]),
      [
        ["text", undefined, sha256("ümlaut")],
        ["text", undefined, sha256("twice")],
        ["file", "näme.bin", sha256(BYTES)],
        ["blob", "given.txt", sha256("blob")],
      ],
    );
    assert.equal((await session.counts()).refreshes, 1);
    await tab.event("retried");
  });
}

for (const mode of ["session", "bearer"]) {
  check(`§4 a stream body that the network refuses: native fetch's own rejection, nothing else (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode);
    // Chromium streams over HTTP/2 alone and WebKit never: native fetch rejects, and so does ours.
    const [ours, native] = await tab.run(() => {
      const { contentWindow } = document.body.appendChild(document.createElement("iframe"));
      return Promise.all([window, contentWindow].map((from) => {
        const body = new ReadableStream({ start: (c) => (c.enqueue(new TextEncoder().encode("x")), c.close()) });
        return from.fetch("/api/stream", { method: "POST", body, duplex: "half" }).then(({ status }) => status, ({ name, message }) => name + ": " + message);
      }));
    });
    assert.match(native, /Error: ./);
    assert.equal(ours, native);
    assert.equal(g.exchanges(), 0);
    assert.equal((await tab.state()).held, 0);
    assert.equal(site.got("POST /api/stream").length, 0);
  }, { skip: { firefox: "it takes a stream for a text, [object ReadableStream], and sends that" } });

  check(`§4 a stream body that cannot be replayed: its own 401 (not_replayable), the session is renewed for later calls; a session known to be stale is refreshed before it is sent (${mode})`, async (e) => {
    const site = await e.site();
    const g = guard(site, mode);
    const tab = await e.tab();
    // HTTP/1.1 takes no streams, so the native fetch of this page reads them first, as an HTTP/2 upload would.
    const native = `{ const fetch = window.fetch; window.fetch = async function (input, init) {
      if (init?.body instanceof ReadableStream) init = { ...init, body: await new Response(init.body).text(), duplex: undefined };
      return fetch.call(window, input, init);
    } }`;
    await tab.open(site.page({ attrs: g.attrs, before: [native] }));
    await g.begin(tab);
    const upload = () =>
      tab.run(async () => {
        const body = new ReadableStream({ start: (c) => (c.enqueue(new TextEncoder().encode("streamed")), c.close()) });
        return (await fetch("/api/stream", { method: "POST", body, duplex: "half" })).status;
      });
    assert.equal(await upload(), 401);
    assert.equal((await tab.event("unauthorized")).detail.reason, "not_replayable");
    await tab.event("refreshed");
    assert.equal(site.got("POST /api/stream").length, 1);
    assert.equal(await upload(), 200, "the session is renewed for later calls");

    g.answer = () => g.renewed({ expires_in: 1 });
    g.expire();
    assert.equal((await tab.call("/api/x")).status, 200);
    await tab.run(() => new Promise((resolve) => setTimeout(resolve, 1050)));
    g.expire();
    const before = g.exchanges();
    assert.equal(await upload(), 200, "a session known to be stale is refreshed before it is sent");
    assert.equal(g.exchanges(), before + 1);
    assert.deepEqual(site.got("POST /api/stream").map(({ text }) => text), Array(3).fill("streamed"));
  });
}

check("§4 Replay of a Request with headers, credentials, referrer and signal of its own", async (e) => {
  const { site, tab } = await guarded(e, "session");
  const status = await tab.run(async () => {
    const request = new Request("/api/own", { method: "PUT", headers: { "X-Own": "kept", "Content-Type": "text/x" }, body: "own", referrer: "/somewhere", referrerPolicy: "unsafe-url" });
    const answer = fetch(request);
    request.headers.set("X-Own", "changed");
    return [(await answer).status, request.bodyUsed];
  });
  assert.deepEqual(status, [200, true]);
  const [first, second] = site.got("PUT /api/own");
  assert.equal(second.text, "own");
  for (const name of ["x-own", "content-type", "referer", "origin"]) assert.equal(second.headers[name], first.headers[name], name);
  assert.equal(second.headers["x-own"], "kept");
});

check("§4 a Request and an init together: the init's members count, in both sends", async (e) => {
  const { site, tab } = await guarded(e, "bearer");
  await tab.run(() => fetch(new Request("/api/both", { method: "POST", headers: { "X-Own": "request" }, body: "request" }), { method: "PUT", headers: { "X-Own": "init" }, body: "init" }).then((r) => r.status));
  assert.deepEqual(site.got("PUT /api/both").map(({ text, headers }) => [text, headers["x-own"]]), Array(2).fill(["init", "init"]));
});

check("§4 each member of init is read once, in WebIDL order, when a token is attached", async (e) => {
  const { site, tab } = await guarded(e, "bearer");
  const reads = await tab.run(async () => {
    const reads = [];
    const members = { method: "POST", body: "read", headers: { "X-Own": "1" }, credentials: "omit" };
    const init = new Proxy(members, { get: (target, name) => (reads.push(String(name)), target[name]) });
    await fetch("/api/read", init);
    return reads;
  });
  assert.equal(new Set(reads).size, reads.length, "each once: " + reads);
  assert.deepEqual(reads, [...reads].sort(), "WebIDL orders the members of one dictionary by name");
  assert.deepEqual(site.got("POST /api/read").map(({ text }) => text), ["read", "read"]);
});

check("§4 a 401 under a redirect to a protected URL is healed from its first URL on", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  site.on("GET /api/moved", { status: 302, headers: { location: "/api/there" } });
  const answer = await tab.call("/api/moved");
  assert.deepEqual([answer.status, new URL(answer.url).pathname], [200, "/api/there"]);
  assert.equal(g.exchanges(), 1);
  assert.equal(site.got("GET /api/moved").length, 2);
});

for (const status of [302, 303, 307]) {
  check(`§4 a 401 behind a redirect (${status}), of a call that is neither GET nor HEAD: its own 401, the session renewed for later calls`, async (e) => {
    const { site, g, tab } = await guarded(e, "session");
    site.on("POST /api/orders", { status, headers: { location: "/api/orders/1" } });
    const answer = await tab.call("/api/orders", { method: "POST", body: "one" });
    assert.equal(answer.status, 401);
    assert.equal(site.got("POST /api/orders").length, 1, "a write that was done is not done again");
    assert.deepEqual(tab.all("unauthorized").map(({ detail }) => detail.reason), ["not_replayable"]);
    assert.equal(g.exchanges(), 1);
    assert.equal((await tab.call("/api/orders/1")).status, 200);
    site.on("GET /api/moved", { status, headers: { location: "/api/orders/1" } });
    g.expire();
    assert.equal((await tab.call("/api/moved")).status, 200, "a GET is sent again");
  });
}
