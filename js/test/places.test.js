import assert from "node:assert/strict";
import { test } from "node:test";

import { check } from "../src/gate/config.js";
import { createPlaces } from "../src/gate/places.js";
import { createReader } from "../src/gate/read.js";
import { NO_LOGIN } from "../src/protocol.js";
import { key } from "../src/gate/scope.js";
import { run } from "./random.js";

const PAGE = "https://a.test/v1/";

/** @param {string} base */
const reader = (base, loginUrl = "/sign/in#here", more = {}) => {
  const config = check({ refreshUrl: "/refresh", loginUrl, ...more }, { base, origin: new URL(base).origin, script: base });
  /** @type {any[][]} */
  const warned = [];
  const host = /** @type {any} */ ({ base: () => host.at, origin: new URL(base).origin, at: base, advise: (/** @type {any[]} */ ...args) => void warned.push(args) });
  const places = createPlaces(config, host);
  return { host, places, warned, read: createReader(places, () => false, true) };
};

test("a URL is placed by what it is without its query, however it is written", () => {
  const { read } = reader(PAGE);
  const pieces = ["https://", "https:", "//", "/", "\\", "a.test", ":443", ":8443", "@", "v1", "..", ".", "%2e", "%3f", "%23", "?", "??", "#", "x", "\t", "\n", " ", "é", "&a=b"];
  let placed = 0;
  run(50_000, (random) => {
    const text = random.text(pieces, 8);
    /** @type {URL | undefined} */
    let url;
    try {
      url = new URL(text, PAGE);
    } catch {
      assert.throws(() => read([text]), text);
      return;
    }
    const call = read([text]);
    if (!call) return;
    placed++;
    assert.equal(call.place.key, key(url), JSON.stringify(text));
    assert.equal(call.passed.copy, text);
  });
  assert.ok(placed > 5000, `only ${placed} were placed: the test tests nothing`);
});

test("the login URL's fragment counts with a query before it and without", () => {
  const { read } = reader(PAGE);
  assert.equal(read(["/sign/in#here"]), undefined);
  assert.equal(read(["/sign/in?a#here"]), undefined);
  for (const other of ["/sign/in", "/sign/in?a", "/sign/in#there", "/sign/in?a#there"]) assert.ok(read([other]), other);
});

test("an absolute URL is what it is, whatever the base; any other is looked up anew where that has changed", () => {
  const { host, places } = reader(PAGE);
  let asked = 0;
  const { base } = host;
  host.base = () => (asked++, base());
  for (const [text, absolute] of /** @type {const} */ ([["https://b.test/x", true], ["HTTPS://a.test/v1/x", true], ["x", false], ["//a.test/v1/x", false], ["https:x", false], [" https://b.test/x", false]])) {
    const first = places.locate(text);
    asked = 0;
    assert.equal(places.locate(text), first, text);
    assert.equal(asked, absolute ? 0 : 1, text);
  }
  const there = places.locate("x");
  host.at = "https://a.test/v2/";
  assert.equal(places.locate("https://b.test/x").key, "https://b.test/x");
  assert.notEqual(places.locate("x"), there);
  assert.equal(places.locate("https:x").key, "https://a.test/v2/x");
});

test("a thousand places are remembered, and no long ones", () => {
  const { places } = reader(PAGE);
  const first = places.locate("n0");
  for (let i = 1; i < 1024; i++) places.locate("n" + i);
  assert.equal(places.locate("n0"), first);
  places.locate("n1024");
  assert.notEqual(places.locate("n0"), first, "one more, and all are forgotten");
  for (const [length, remembered] of /** @type {const} */ ([[1023, true], [1024, false]])) {
    const text = "x".repeat(length);
    assert.equal(places.locate(text) === places.locate(text), remembered, `${length} characters`);
    // By what is before the query.
    const short = "y".repeat(length - 1) + "?";
    assert.equal(places.locate(short + "a") === places.locate(short + "b"), remembered, `${length} characters and a query`);
  }
  assert.equal(places.locate("/q?"), places.locate("/q?a=b"));
  assert.notEqual(places.locate("/q"), places.locate("/q?a=b"), "the same place, under another name");
});

test("a URL longer than 1 MiB is not ours, before Go is there as later; its query does not count", () => {
  const { places } = reader(PAGE);
  const longest = PAGE.padEnd(1 << 20, "/x");
  assert.deepEqual([longest, longest + "?" + longest, longest + "x"].map((url) => places.locate(url).ours), [true, true, false]);
});

test("whose origin a place has, and whether its 401 leads to login", () => {
  const { places } = reader(PAGE);
  const { places: other } = reader(PAGE, "/sign/in", { protect: ["/v1", "https://b.test/api"], except: ["/v1/out"], loginExcept: ["/v1/me"] });
  assert.deepEqual(places.locate("x"), { key: "https://a.test/v1/x", ours: true, foreign: false, absolute: false, flags: 0 });
  assert.deepEqual(other.locate("me/1"), { key: "https://a.test/v1/me/1", ours: true, foreign: false, absolute: false, flags: NO_LOGIN });
  assert.deepEqual(other.locate("https://b.test/api/x"), { key: "https://b.test/api/x", ours: true, foreign: true, absolute: true, flags: 0 });
  assert.deepEqual(other.locate("out"), { key: "https://a.test/v1/out", ours: false, foreign: false, absolute: false, flags: 0 });
  assert.deepEqual([other.ours("https://b.test/api/x"), other.ours("https://b.test/apix"), other.ours(PAGE + "out/x")], [true, false, false]);
});

test("a call that sends no cookies is warned of once", () => {
  const { places, warned } = reader(PAGE, "/sign/in", { protect: ["/v1", "https://b.test/api"] });
  const [own, foreign] = [places.locate("x"), places.locate("https://b.test/api/x")];
  assert.deepEqual([places.cookieless(own, false), places.cookieless(own, true), places.cookieless(foreign, true)], [false, false, false]);
  assert.deepEqual(warned, []);
  assert.deepEqual([places.cookieless(foreign, false), places.cookieless(own, true, true), places.cookieless(foreign, true, true)], [true, true, true]);
  assert.deepEqual(warned, [["cookieless", "https://b.test/api/x"]]);
});

test("queries are not remembered one by one, and another base forgets all", () => {
  const { read, host } = reader(PAGE);
  const first = read(["x?page=1"])?.place;
  assert.equal(read(["x?page=2"])?.place, first, "one place for all pages");
  host.at = PAGE + "deep/";
  assert.equal(read(["x?page=2"])?.place.key, "https://a.test/v1/deep/x");
});
