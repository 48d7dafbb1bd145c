import assert from "node:assert/strict";
import { test } from "node:test";

import { returnTo } from "../src/gate/return-to.js";
import { run } from "./random.js";

const ORIGIN = "https://app.example.com";

/** @param {string} wanted what the parameter decodes to */
const back = (wanted) => returnTo("?" + new URLSearchParams({ x: "1", return_to: wanted }), "return_to", "/fallback", ORIGIN);

test("a path of this origin, with query and fragment", () => {
  for (const path of ["/", "/orders", "/orders/7?page=2&q=a%20b#top", "/@me", "/a//b", "/?next=https://evil.test/", "/a#//evil.test", "/a?q=\\", "/a%2Fb", "/caf%C3%A9"]) {
    assert.equal(back(path), path);
  }
});

test("what the browser would make of it is what is returned", () => {
  assert.equal(back("/a/../b"), "/b");
  assert.equal(back("/café x"), "/caf%C3%A9%20x");
  assert.equal(back("/.."), "/");
});

test("an absolute URL of this origin gives its path", () => {
  assert.equal(back(ORIGIN + "/a?b#c"), "/a?b#c");
  assert.equal(back("HTTPS://APP.example.com:443/a"), "/a");
  assert.equal(back(ORIGIN), "/");
});

test("an origin of plain http, as in development", () => {
  assert.equal(returnTo("?return_to=http://localhost:8401/a", "return_to", "/", "http://localhost:8401"), "/a");
});

/** @type {Record<string, string[]>} */
const refused = {
  "nothing": [""],
  "another origin": ["https://evil.test/", "http://app.example.com/", ORIGIN + ":8443/", ORIGIN + ".evil.test/", "blob:" + ORIGIN + "/a", "wss://app.example.com/"],
  "scheme-relative": ["//evil.test", "///evil.test", "//app.example.com/a", "/\\evil.test", "\\/evil.test", "\\\\evil.test", "/\\/evil.test"],
  "backslashes in the path": ["/a\\b", "\\a", "https:\\\\evil.test", ORIGIN + "\\@evil.test/", ORIGIN + "/a\\..\\..\\b"],
  "other schemes": ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"],
  "a scheme without slashes": ["https:evil.test", "https:/evil.test", "https:/a", "https:a", "http:evil.test"],
  "slashes without a host": ["https:///evil.test", "https:////evil.test"],
  "relative paths": ["a", "./a", "../a", "?a", "#a", "a/b", "evil.test"],
  "control characters": ["/\t/evil.test", "/\n/evil.test", "/\r/evil.test", "\t//evil.test", "java\nscript:alert(1)", "/a\0b", "/a\x7fb", "/a\x85b", "/a?b=\n", "/a#\t"],
  "encoded control characters in the path": ["/%09/evil.test", "/a%0d%0aSet-Cookie:x", "/%00", "/%7F"],
  "blanks before": [" /a", " //evil.test", "\u00a0/a", "\ufeff/a"],
  "paths that become //host": ["/..//evil.test", "/.//evil.test", "/a/..//evil.test", "/%2e//evil.test", "/%2E%2e//evil.test", ORIGIN + "//evil.test", ORIGIN + "/..//evil.test"],
  "encoded slashes at the start": ["/%2fevil.test", "/%2Fevil.test", "/%5cevil.test", "/%5Cevil.test", "/./%2fevil.test"],
  "user names": ["https://app.example.com@evil.test/", "https://user@app.example.com/a", "https://user:word@app.example.com/a", "https://@app.example.com/a"],
  "no URL at all": ["https://", "https://[", "https://a b/", "http://%"],
};

for (const [why, list] of Object.entries(refused)) {
  test("the fallback for " + why, () => {
    for (const wanted of list) assert.equal(back(wanted), "/fallback", JSON.stringify(wanted));
  });
}

test("without the parameter, or without an origin, the fallback", () => {
  assert.equal(returnTo("", "return_to", "/home", ORIGIN), "/home");
  assert.equal(returnTo("?other=/a", "return_to", undefined, ORIGIN), "/");
  assert.equal(returnTo("?return_to=/a", "return_to", "/home", "null"), "/home");
  assert.equal(returnTo("?return_to=/a", "return_to", "/home"), "/home");
});

test("another parameter's name, and the first of two values", () => {
  assert.equal(returnTo("?next=/a", "next", "/", ORIGIN), "/a");
  assert.equal(returnTo("?next=/a&next=//evil.test", "next", "/", ORIGIN), "/a");
  assert.equal(returnTo("?next=//evil.test&next=/a", "next", "/home", ORIGIN), "/home");
});

test("random values never leave the origin", () => {
  const pieces = ["/", "\\", "//", "..", ".", ":", "@", "?", "#", "%", "%2f", "%5C", "%2e", "%09", "%00", "\t", "\n", "\0", " ", "\u00a0", "／", "。", "https:", "http:", "javascript:", "evil.test", "app.example.com", ORIGIN, "[", "a", "é", "\ud800", "&", "=", "+"];
  let accepted = 0;
  run(20_000, (random) => {
    const wanted = random.pick(["", "/", ORIGIN + "/"]) + random.text(pieces, 9);
    // Sent as a whole parameter, or put into the query as it is.
    const search = random.below(2) ? "?" + new URLSearchParams({ next: wanted }) : "?next=" + wanted;
    const result = returnTo(search, "next", "", ORIGIN);
    if (!result) return;
    accepted++;
    const say = `${JSON.stringify(search)} gave ${JSON.stringify(result)}`;
    for (const base of [ORIGIN + "/login?x", ORIGIN, ORIGIN + "/a/b/"]) {
      const url = new URL(result, base);
      assert.equal(url.origin, ORIGIN, say);
      assert.equal(url.pathname + url.search + url.hash, result, say);
      assert.equal(url.username + url.password, "", say);
    }
    assert.match(result, /^\/(?![/\\])/, say);
    assert.doesNotMatch(result, /[\0-\x1f\x7f]/, say);
    // A router that decodes the path once more still has a path.
    const [path] = result.split(/[?#]/);
    assert.doesNotMatch(path.replace(/%2f/gi, "/").replace(/%5c/gi, "\\"), /^\/[/\\]/, say);
    assert.equal(returnTo("?" + new URLSearchParams({ next: result }), "next", "", ORIGIN), result, say);
  });
  assert.ok(accepted > 500, `only ${accepted} accepted: the test tests nothing`);
});
