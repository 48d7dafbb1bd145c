/** The demo's own page with three more tabs: one session, one refresh, one timeline (CONTRACT §5, tabs). */

import assert from "node:assert/strict";
import { check } from "../../../js/e2e/harness/check.js";
import { startPublicDemo } from "../../../js/e2e/harness/demo.js";

/** Milliseconds: three pages are opened meanwhile. */
const OPENED = 20_000;

const summary = (tab) => tab.run(() => document.querySelector("#summary").textContent);
const press = (tab) => tab.run(() => document.querySelector("[data-cause=tabs]").click());

/** The demo's page, signed in. */
const signedIn = async (e, mode) => {
  const front = await e.front(await startPublicDemo());
  const tab = await e.tab();
  await tab.goto(front.origin);
  await tab.run((mode) => {
    document.querySelector("#mode-" + mode).click();
    document.querySelector("#sign-in").click();
  }, mode);
  await tab.sees(() => Boolean(document.querySelector("#signed-in:not([hidden])")), "the signed-in page");
  return { front, tab };
};

for (const mode of ["session", "bearer"]) {
  check(`four tabs at once on an expired session: 100 answers, one refresh, one timeline (${mode})`, async (e) => {
    const { front, tab } = await signedIn(e, mode);
    await press(tab);
    await tab.sees(() => /tabs: /.test(document.querySelector("#summary").textContent), "the summary", OPENED);
    assert.equal(await summary(tab), "4 tabs: 100 calls, 100 answered 200, 1 refresh");
    const calls = front.answered.filter(({ path }) => path.startsWith("/api/items/"));
    assert.equal(calls.filter(({ status }) => status === 200).length, 100);
    assert.ok(calls.some(({ status }) => status === 401), "the session had expired");
    assert.equal(front.answered.filter(({ path }) => /^\/(auth\/refresh|oauth\/token)$/.test(path)).length, 1);
    const rows = await tab.sees(() => {
      const names = [...document.querySelectorAll("#timeline-rows .row-name")].map(({ textContent }) => textContent);
      return names.length === 5 && names;
    }, "the timeline");
    assert.deepEqual(rows.filter((name) => name.startsWith("Tab")), ["Tab 1 25 calls", "Tab 2 25 calls", "Tab 3 25 calls", "Tab 4 25 calls"]);
    assert.match(await tab.run(() => document.querySelector("#outcome-note").textContent), /^The tab that refreshed: (this one|tab [234])\.$/);
    // The tabs are there: another press opens none.
    await press(tab);
    await tab.until(() => front.answered.filter(({ path }) => path.startsWith("/api/items/")).filter(({ status }) => status === 200).length === 200, "the second time", OPENED);
    assert.equal(front.got("GET /tab").length, 3);
    assert.deepEqual(tab.errors, []);
  });
}

check("a browser that lets a page open one tab at a click: the page says what to do, and fires once all are there", async (e) => {
  const { front, tab } = await signedIn(e, "session");
  await tab.run(() => {
    const open = window.open.bind(window);
    let left = 0;
    window.open = (...args) => (left-- > 0 ? open(...args) : null);
    document.querySelector("[data-cause=tabs]").addEventListener("click", () => (left = 1), { capture: true });
  });
  for (const there of ["1 of 3 more tabs is open", "2 of 3 more tabs are open"]) {
    await press(tab);
    await tab.until(async () => (await summary(tab)).startsWith(there), there, OPENED);
    assert.match(await summary(tab), /press the button again, until all are there; or allow pop-ups/);
    assert.equal(front.answered.filter(({ path }) => path.startsWith("/api/")).length, 0);
  }
  await press(tab);
  await tab.until(async () => /tabs: /.test(await summary(tab)), "the summary", OPENED);
  assert.equal(await summary(tab), "4 tabs: 100 calls, 100 answered 200, 1 refresh");
});
