// What is read of the platform, whatever the page has put in its way (CONTRACT §2: named elements, a foreign base).
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN } from "./fake.js";
import { openWindow } from "./window.js";

const { ownBase, cookie, visibilityState, listen } = await import("../src/gate/platform.js");

test("our own URLs resolve against the document's base, unless that is of another origin", () => {
  const { window } = openWindow();
  for (const [base, own] of [[ORIGIN + "/deep/er/", ORIGIN + "/deep/er/"], ["https://evil.example.com/", ORIGIN + "/shop/cart?x=1"], [ORIGIN + ".example.com/", ORIGIN + "/shop/cart?x=1"]]) {
    window.document.own.baseURI = base;
    assert.equal(ownBase(), own);
  }
});

test("a document without an origin of its own has its parent's base (HTML, about:srcdoc)", () => {
  const { window } = openWindow();
  Object.assign(window.location, { origin: "null", href: "about:srcdoc" });
  window.document.own.baseURI = ORIGIN + "/parent";
  assert.equal(ownBase(), ORIGIN + "/parent");
});

test("past elements with the names of members", () => {
  const { window } = openWindow();
  const { document } = window;
  Object.assign(document.own, { cookie: "a=b", visibilityState: "hidden" });
  for (const name of ["cookie", "visibilityState", "addEventListener"]) Object.defineProperty(document, name, { value: { name } });
  assert.deepEqual([cookie(), visibilityState()], ["a=b", "hidden"]);
  let heard = 0;
  listen(document, "freeze", () => void heard++);
  document.dispatchEvent(new Event("freeze"));
  assert.equal(heard, 1);
});
