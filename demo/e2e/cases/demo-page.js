/** The demo's own page, as people meet it: the same on the native backend with SQLite and on workerd with D1. */

import assert from "node:assert/strict";
import { check } from "../../../js/e2e/harness/check.js";
import { startPublicDemo } from "../../../js/e2e/harness/demo.js";
import { buildWorker, startWorker } from "../harness/worker.js";

await buildWorker();

/** Milliseconds. A Worker that is new starts six Go programs for its first burst. */
const BURST = 40_000;

for (const [where, start] of Object.entries({ "natively, SQLite": startPublicDemo, "workerd, D1": startWorker })) {
  // What carries the calls is nothing to the backend.
  const byXhr = start === startWorker ? [] : [["session", "xhr"], ["bearer", "xhr"]];
  for (const [mode, transport] of [["session", "fetch"], ["bearer", "fetch"], ["pair", "fetch"], ...byXhr]) {
    check(`a burst of 100 calls on an expired session: 100 answers, one refresh (${where}; ${mode}, ${transport})`, async (e) => {
      const front = await e.front(await start());
      const tab = await e.tab();
      await tab.goto(front.origin);
      await tab.run((mode, transport) => {
        document.querySelector("#by-" + transport).click();
        document.querySelector("#mode-" + mode).click();
        document.querySelector("#sign-in").click();
      }, mode, transport);
      await tab.sees(() => Boolean(document.querySelector("#signed-in:not([hidden])")), "the signed-in page");
      await tab.run(() => document.querySelector("[data-cause=burst]").click());
      await tab.sees(() => /100 calls/.test(document.querySelector("#summary").textContent), "the summary", BURST);
      assert.match(await tab.run(() => document.querySelector("#summary").textContent), /100 calls, 100 answered 200, 1 refresh/);
      const calls = front.answered.filter(({ path }) => path.startsWith("/api/items/"));
      assert.equal(calls.filter(({ status }) => status === 200).length, 100);
      assert.ok(calls.some(({ status }) => status === 401), "the session had expired");
      const refreshes = front.answered.filter(({ path }) => /^\/(auth\/refresh|oauth\/token)$/.test(path)).map(({ status }) => status);
      assert.deepEqual(refreshes, [200]);
      assert.deepEqual(tab.errors, []);
    });
  }
}
