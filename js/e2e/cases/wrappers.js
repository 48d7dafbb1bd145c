/** CONTRACT §4: what another script has put in the place of fetch, before ours, may answer with anything. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";

/** A wrapper beneath ours that changes the answers of the API. */
const beneath = (change) => `{ const native = window.fetch; window.fetch = (...args) => { const sent = native(...args); return String(args[0]?.url ?? args[0]).includes("/api/") ? (${change})(sent) : sent; }; }`;

const page = async (e, change) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, before: [beneath(change)] }));
  return { g, tab };
};

for (const [name, change] of [
  ["a thenable", "(sent) => ({ then: (...both) => void sent.then(...both) })"],
  ["a thenable that answers twice", "(sent) => ({ then: (resolve) => void sent.then((answer) => (resolve(answer), resolve(answer))) })"],
  ["another realm's promise and Response", `(sent) => {
    const { contentWindow } = document.documentElement.appendChild(document.createElement("iframe"));
    return contentWindow.Promise.resolve(sent.then(async (r) => new contentWindow.Response(await r.text(), { status: r.status })));
  }`],
  ["an object without headers", "(sent) => sent.then(async (r) => ({ status: r.status, text: async () => 'text' }))"],
  ["an object whose headers and body throw", "(sent) => sent.then(async (r) => ({ status: r.status, get headers() { throw 1; }, get body() { throw 2; }, text: async () => 'text' }))"],
]) {
  check(`§4 a wrapper beneath that answers with ${name}: the call is healed`, async (e) => {
    const { g, tab } = await page(e, change);
    const answer = await tab.call("/api/x");
    assert.equal(answer.status, 200);
    assert.ok(answer.text);
    assert.equal(g.exchanges(), 1);
    assert.equal((await tab.state()).held, 0);
  });
}

check("§4 a wrapper beneath that answers with no Response, or with no promise: that is the caller's", async (e) => {
  for (const given of ["undefined", "null", "401", "'401'", "({})"]) {
    for (const change of [`() => Promise.resolve(window.given = ${given})`, `() => (window.given = ${given})`]) {
      const { g, tab } = await page(e, change);
      assert.equal(await tab.run(async () => (await fetch("/api/x")) === window.given && "given" in window), true, change);
      assert.equal(g.exchanges(), 0);
      assert.equal((await tab.state()).held, 0);
    }
  }
});
