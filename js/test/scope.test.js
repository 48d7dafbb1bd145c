import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { check } from "../src/gate/config.js";
import { key, within } from "../src/gate/scope.js";
import { run } from "./random.js";

// The page that the vectors' relative URLs and bare paths belong to.
const PAGE = "https://app.example.com/shop/cart";

/** @type {{ prefix: string, url: string, match: boolean, why: string, normalPrefix: string, normal: string }[]} */
const vectors = JSON.parse(readFileSync(new URL("../../wasm/scope/testdata/vectors.json", import.meta.url), "utf8"));

/** @param {string} prefix */
const protect = (prefix) =>
  check({ refreshUrl: "/auth/refresh", protect: [prefix] }, { base: PAGE, origin: new URL(PAGE).origin, script: PAGE }).protect;

test("the vectors that Go's scope is tested with", () => {
  assert.ok(vectors.length > 50, "the vectors are read");
  for (const { prefix, url, match, why, normalPrefix, normal } of vectors) {
    const prefixes = protect(prefix);
    assert.deepEqual(prefixes, [normalPrefix], `${prefix}: ${why}`);
    const at = key(new URL(url, PAGE));
    assert.equal(at, normal, `${url}: ${why}`);
    assert.equal(within(prefixes, at), match, `${prefix} and ${url}: ${why}`);
  }
});

test("any of several prefixes will do, and none protects nothing", () => {
  const prefixes = ["https://a.test/x", "https://b.test/"];
  assert.equal(within(prefixes, "https://b.test/y"), true);
  assert.equal(within(prefixes, "https://a.test/x/y"), true);
  assert.equal(within(prefixes, "https://a.test/y"), false);
  assert.equal(within([], "https://a.test/"), false);
});

test("a random URL within a prefix has its origin and lies on or below its path", () => {
  const pieces = ["https://", "http://", "//", "/", "\\", "a.test", "a.test.evil.test", ":8443", ":443", "@", "v1", "v10", "..", ".", "%2e", "%2f", "?", "#", "x", "\t", " "];
  let matches = 0;
  run(20_000, (random) => {
    const prefix = new URL(random.pick(["https://a.test/", "https://a.test/v1", "https://a.test/v1/", "https://a.test:8443/x"]));
    const input = (random.below(2) ? prefix.href : "") + random.text(pieces, 8);
    const url = attempt(() => new URL(input, "https://a.test/v1/"));
    if (!url || !within([key(prefix)], key(url))) return;
    matches++;
    assert.equal(url.origin, prefix.origin, input);
    // Judged by segments, not by text.
    const wanted = prefix.pathname.split("/");
    if (wanted.at(-1) === "") wanted.pop();
    assert.deepEqual(url.pathname.split("/").slice(0, wanted.length), wanted, input);
  });
  assert.ok(matches > 500, `only ${matches} matches: the test tests nothing`);
});

/** @param {() => URL} make */
function attempt(make) {
  try {
    return make();
  } catch {
    return undefined;
  }
}
