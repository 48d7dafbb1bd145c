// Warnings for whoever writes the page: once a page, with a code, and with how to mend it (CONTRACT §2, §3, §5).
import assert from "node:assert/strict";
import { test } from "node:test";

import { openWindow } from "./window.js";

let pages = 0;
/** A page that has been warned of nothing. @returns {Promise<typeof import("../src/program/advice.js")>} */
const fresh = () => import("../src/program/advice.js?" + pages++);

/** @param {() => void} what */
const printed = (what) => {
  const { printed } = openWindow();
  what();
  return printed.map(({ level, text }) => (assert.equal(level, "warn"), text));
};

for (const [name, text] of /** @type {const} */ ([
  ["foreignXhr", /^fetch401: another script has replaced XMLHttpRequest .*Put the tag of fetch401 in front of it \(FETCH401_XHR_FOREIGN\)$/],
  ["undecided", /^fetch401: the function of unauthorizedWhen\(\) fails or takes too long: .*\(FETCH401_UNDECIDED\)$/],
])) {
  test(`${name}: once a page`, async () => {
    const advice = await fresh();
    const warnings = printed(() => [1, 2, 3].forEach(() => advice[name]()));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], text);
    assert.equal(printed((await fresh())[name]).length, 1, "and on the next page again");
  });
}

test("twoOwners and cookieless", async () => {
  const { twoOwners, cookieless } = await fresh();
  assert.match(printed(twoOwners)[0], /^fetch401: invalid_grant at the first use of the refresh token of setTokens\(\).*data-refresh="app".* \(FETCH401_TWO_OWNERS\)$/);
  assert.match(printed(() => cookieless("https://app.example.com/x"))[0], /^fetch401: https:\/\/app\.example\.com\/x is protected, but .*credentials: "include".* \(FETCH401_NO_COOKIES\)$/);
});

test("a look-alike is meant for a known option: one letter in three may be dropped, inserted or changed", async () => {
  const { misspellings, misspelt } = await fresh();
  const known = ["scope", "refreshUrl"];
  for (const word of ["scpe", "sccope", "scppe", "scop", "sco-pe", "scope_", "SCOPE"]) {
    assert.deepEqual(misspellings([word], known), [`fetch401: unknown ${word}: did you mean scope?`], word);
  }
  for (const word of ["scrape", "sope2", "sco", "copes", "storage", "turboTrack"]) assert.deepEqual(misspellings([word], known), [], word);
  assert.deepEqual(printed(() => misspelt(["sccope", "turboTrack"], known)), ["fetch401: unknown sccope: did you mean scope?"]);
  assert.deepEqual(misspellings(["sccope"], known, (name) => "data-" + name), ["fetch401: unknown data-sccope: did you mean data-scope?"]);
});
