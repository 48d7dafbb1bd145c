import assert from "node:assert/strict";
import { test } from "node:test";

import { withoutQueries } from "./scrub.js";

test("query and fragment leave whatever string they stand in", () => {
  for (const [text, bare] of [
    ["https://a.test/x?y=1#z", "https://a.test/x"],
    ["/x?y", "/x"],
    ["/x#z", "/x"],
    ["https://a.test?y=1", "https://a.test"],
    // What stands in a query unescaped belongs to it.
    ['/x?filter={"a": "b"} and more', "/x"],
    ["GET /x?y=1 failed", "GET /x failed"],
    ["GET /x?y failed", "GET /x failed"],
    ["Error: https://a.test/x?y=1 and ../z?w=2, too", "Error: https://a.test/x and ../z too"],
    ["page.html?y=1", "page.html"],
    ["?y=1", ""],
    ["#access_token=1", ""],
    ['{"url":"/x?y=1","to":"/z"}', '{"url":"/x","to":"/z"}'],
    ["<a href='/x?y=1'>", "<a href='/x'>"],
    // No queries.
    ["Really? and/or what?", "Really? and/or what?"],
    ["issue #12, a button#save, C#", "issue #12, a button#save, C#"],
    ["?", "?"],
    ["", ""],
  ]) {
    assert.equal(withoutQueries(text), bare);
  }
});

test("ids leave paths wherever they stand, but those of the app's own files", () => {
  assert.equal(withoutQueries("GET https://a.test/orders/17?y=1 failed"), "GET https://a.test/orders/:id failed");
  assert.equal(withoutQueries("/reset/S3CRETsecretS3CRET"), "/reset/:id");
  assert.equal(withoutQueries("Mozilla/5.0 (X11) Chrome/156"), "Mozilla/5.0 (X11) Chrome/156");
  const event = (file) => ({ exception: { stacktrace: { frames: [{ filename: file, lineno: 3 }] } }, debug_meta: { images: [{ code_file: file }] } });
  assert.deepEqual(withoutQueries(event("https://a.test/2026/0123456789abcdef/main.js?v=1")), event("https://a.test/2026/0123456789abcdef/main.js"));
});

test("members that are a query are left out, whatever their form", () => {
  const request = { url: "/x", query_string: [["y", "1"]], "url.query": "?y=1", "url.fragment": "z", "http.query": "y=1", "http.fragment": "#z", query: "kept" };
  assert.deepEqual(withoutQueries({ request }), { request: { url: "/x", query: "kept" } });
});

test("what is passed stays as it is, may hold itself, and need not be plain data", () => {
  const error = new Error("x");
  const passed = { list: [{ url: "/x?y=1" }], link: new URL("https://a.test/x?y=1"), error, none: null, bare: Object.create(null, { url: { value: "/x?y=1", enumerable: true } }) };
  passed.self = passed;
  const made = withoutQueries(passed);
  assert.equal(passed.list[0].url, "/x?y=1");
  assert.equal(made.list[0].url, "/x");
  assert.equal(made.bare.url, "/x");
  assert.equal(made.link, "https://a.test/x");
  assert.equal(made.error, error);
  assert.equal(made.none, null);
  assert.equal(made.self, made);
});

test("no deeper than was asked", () => {
  const deep = { url: "/x?y=1" };
  assert.deepEqual(withoutQueries({ url: "/x?y=1", list: ["/x?y=1", deep] }, 2), { url: "/x", list: ["/x", deep] });
});

test("a long text takes no longer than it is", () => {
  const long = "a/".repeat(500_000);
  const begun = performance.now();
  assert.equal(withoutQueries(long), long);
  assert.ok(performance.now() - begun < 5000);
});
