import assert from "node:assert/strict";
import { test } from "node:test";

import { check } from "../src/gate/config.js";
import { createPlaces } from "../src/gate/places.js";
import { createReader } from "../src/gate/read.js";
import { key } from "../src/gate/scope.js";
import { run } from "./random.js";

const PAGE = "https://a.test/v1/";

/** @param {string} base */
const reader = (base, loginUrl = "/sign/in#here") => {
  const config = check({ refreshUrl: "/refresh", loginUrl }, { base, origin: new URL(base).origin, script: base });
  const host = /** @type {any} */ ({ base: () => host.at, origin: new URL(base).origin, at: base });
  return { host, read: createReader(createPlaces(config, host), () => false, true) };
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

test("queries are not remembered one by one, and another base forgets all", () => {
  const { read, host } = reader(PAGE);
  const first = read(["x?page=1"])?.place;
  assert.equal(read(["x?page=2"])?.place, first, "one place for all pages");
  host.at = PAGE + "deep/";
  assert.equal(read(["x?page=2"])?.place.key, "https://a.test/v1/deep/x");
});
