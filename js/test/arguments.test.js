// Fetch §5.6: fetch(input, init). What is not ours, or is wrong, is native fetch's alone: in the same tick, with the
// caller's own this and arguments, and its very promise.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, ORIGIN, SESSION, createPage } from "./fake.js";

const gone = AbortSignal.abort();

/** @returns {any} */
const usedRequest = () => {
  const request = new Request(ORIGIN + "/api/x", { method: "POST", body: "x" });
  request.text();
  return request;
};

/** @type {Record<string, () => any[]>} */
const CASES = {
  "no arguments": () => [],
  "another origin": () => ["https://other.example.com/api/x", { method: "POST" }],
  "a URL that cannot be parsed": () => ["http://["],
  "an input that cannot be a string": () => [Symbol("url")],
  "an input whose string throws": () => [{ toString: () => assert.fail("seen by the caller") }],
  "a prefix that is left alone": () => ["/api/open/x"],
  "no-cors": () => ["/api/x", { mode: "no-cors" }],
  "a Request with no-cors": () => [new Request(ORIGIN + "/api/x", { mode: "no-cors" })],
  "an Authorization of its own": () => ["/api/x", { headers: { authorization: "Basic YTpi" } }],
  "a bearer token that was never ours": () => ["/api/x", { headers: [["Authorization", "Bearer other"]] }],
  "a Request with an Authorization of its own": () => [new Request(ORIGIN + "/api/x", { headers: { Authorization: "Bearer other" } })],
  "an aborted signal": () => ["/api/x", { signal: gone }],
  "a Request with an aborted signal": () => [new Request(ORIGIN + "/api/x", { signal: gone })],
  "a signal that is none": () => ["/api/x", { signal: {} }],
  "headers that are none": () => ["/api/x", { headers: [["a"]] }],
  "a header value that is none": () => ["/api/x", { headers: { a: "b\nc" } }],
  "a method that throws": () => ["/api/x", { method: { toString: () => assert.fail("seen by the caller") } }],
  "an init that throws": () => ["/api/x", Object.defineProperty({}, "body", { get: () => assert.fail("seen by the caller") })],
  "a Request whose body is used": () => [usedRequest()],
  "more arguments than fetch has": () => ["https://other.example.com/", undefined, 1, 2],
};

for (const [mode, options] of /** @type {const} */ ([["session", SESSION], ["bearer", BEARER]])) {
  for (const [name, make] of Object.entries(CASES)) {
    test(`${mode}: ${name}`, () => {
      const page = createPage({ ...options, except: ["/api/open"] });
      if (mode === "bearer") page.signIn();
      const args = make();
      const promise = page.fetch(...args);
      assert.equal(page.sent.length, 1, "in the same tick");
      const [call] = page.sent;
      assert.equal(call.self, page.window);
      assert.equal(call.args.length, args.length);
      args.forEach((arg, i) => assert.equal(call.args[i], arg, "argument " + i));
      assert.equal(promise, call.promise, "native fetch's own promise");
      assert.deepEqual(page.door.of("started"), [], "Go never hears of it");
    });
  }
}

test("an init that is no object is refused by native fetch, token or not", () => {
  for (const init of [5, "init", true, 0, "", false]) {
    const page = createPage(BEARER);
    page.signIn();
    page.fetch("/api/x", init);
    assert.equal(page.sent[0].args[1], init);
    assert.equal(page.sent.length, 1);
  }
});

test("headers that can be read only once arrive whole, ours or not", () => {
  for (const [options, url] of /** @type {const} */ ([[SESSION, "/api/x"], [BEARER, "/api/x"]])) {
    for (const mine of [{}, { Authorization: "Basic YTpi" }]) {
      const page = createPage(options);
      page.fetch(url, { method: "POST", headers: new Map(Object.entries({ "X-A": "1", ...mine })).entries(), body: "b" });
      const { method, headers, body } = page.sent[0].args[1];
      assert.deepEqual([method, body], ["POST", "b"]);
      assert.deepEqual([...new Headers(headers)], [...new Headers({ "X-A": "1", .../** @type {any} */ (mine) })]);
    }
  }
});

test("a TaskSignal is a signal", () => {
  // As TaskSignal is a class below AbortSignal.
  const { signal } = new AbortController();
  Object.defineProperty(signal, Symbol.toStringTag, { value: "TaskSignal" });
  const page = createPage();
  page.fetch("/x", { signal });
  assert.equal(page.door.of("started").length, 1);
});

test("our own endpoints are never protected: exact origin and path", () => {
  const page = createPage({ ...SESSION, loginUrl: "/#/login" });
  page.fetch("/auth/refresh?x#y");
  page.fetch("/#/login");
  assert.deepEqual(page.door.told, []);
  page.fetch("/auth/refresh/more");
  page.fetch("/#/shop");
  assert.deepEqual(page.door.of("started").map(([, , key]) => key), [ORIGIN + "/auth/refresh/more", ORIGIN + "/"]);
});

test("session mode: calls that send no cookies are left alone, with one warning", () => {
  const page = createPage({ ...SESSION, protect: ["/", "https://api.example.com/v1"] });
  const calls = [
    ["/x", { credentials: "omit" }],
    ["https://api.example.com/v1/x"],
    ["https://api.example.com/v1/x", { credentials: "same-origin" }],
    [new Request("https://api.example.com/v1/x", { credentials: "omit" })],
  ];
  for (const args of calls) assert.equal(page.fetch(...args), page.sent.at(-1)?.promise);
  assert.deepEqual(page.door.told, []);
  assert.deepEqual(page.complaints, [["cookieless", ORIGIN + "/x"]]);

  page.fetch("https://api.example.com/v1/x", { credentials: "include" });
  page.fetch(new Request("https://api.example.com/v1/x", { credentials: "include" }));
  assert.equal(page.door.of("started").length, 2);
});

test("bearer mode: calls without cookies are ours", () => {
  const page = createPage({ ...BEARER, protect: ["https://api.example.com"] });
  page.signIn();
  page.fetch("https://api.example.com/x", { credentials: "omit" });
  assert.equal(page.sent[0].header("Authorization"), "Bearer one");
  assert.deepEqual(page.complaints, []);
});

test("a protected call without a token reaches native fetch in the same tick with the caller's own arguments", () => {
  const page = createPage();
  const args = [new URL("/x?q", ORIGIN), { method: "PUT", body: "x" }, "more"];
  page.fetch(...args);
  assert.equal(page.sent.length, 1);
  assert.equal(page.sent[0].self, page.window);
  args.forEach((arg, i) => assert.equal(page.sent[0].args[i], arg));
  assert.deepEqual(page.door.told, [["started", 0, 0, ORIGIN + "/x"]], "without query");
});

test("a call that Go does not know, for a URL too long, is native in the same tick", async () => {
  const page = createPage();
  page.door.token = -2;
  const init = {};
  const promise = page.fetch("/x", init);
  assert.equal(page.sent.length, 1);
  assert.equal(page.sent[0].self, page.window);
  assert.equal(page.sent[0].args[1], init);
  const response = new Response("no", { status: 401 });
  page.sent[0].answer(response);
  assert.equal(await promise, response);
  assert.equal(page.door.told.length, 1, "Go hears no more of it");
  assert.equal(page.gate.state().held, 0);
});

test("a native fetch that throws leaves nothing behind", async () => {
  const page = createPage();
  page.native = () => {
    throw new RangeError("no");
  };
  await assert.rejects(async () => page.fetch("/x"), RangeError);
  page.native = undefined;
  page.fetch("/x");
  assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 0], "its number is free again");
  assert.deepEqual(page.door.of("failed"), [[0]]);
});
