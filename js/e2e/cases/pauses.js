/** CONTRACT §4: a URL that stays unauthorized while others get on. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guarded } from "../harness/guard.js";
import { json, no } from "../harness/site.js";

for (const mode of ["session", "bearer"]) {
  check(`§4 for this URL no exchange for 30 s, doubling while it repeats; a good answer ends that (${mode})`, async (e) => {
    const clock = "{ const start = performance.now(); window.later = 0; performance.now = () => start + window.later; }";
    const { site, g, tab } = await guarded(e, mode, { page: { before: [clock] } });
    // Another call proves each new generation before the server answers the retry of the bad one.
    let mended = false;
    site.on("GET /proven", json({}));
    site.on("GET /api/bad", async () => {
      if (mended) return json({});
      if (g.exchanges() > exchangesAtStart) await site.reached("GET /proven", g.exchanges());
      return no();
    });
    await tab.run(() => window.fetch401.addEventListener("refreshed", () => fetch("/api/proof").then(() => fetch("/proven"))));
    let exchangesAtStart = 0;
    const bad = async (later) => {
      exchangesAtStart = g.exchanges();
      await tab.run((later) => void (window.later = later * 1000), later);
      const { status } = await tab.call("/api/bad");
      return [status, g.exchanges() - exchangesAtStart];
    };
    assert.deepEqual(await bad(0), [401, 1]);
    assert.deepEqual(await bad(29), [401, 0]);
    assert.deepEqual(await bad(31), [401, 1]);
    assert.deepEqual(await bad(31 + 59), [401, 0], "60 s the second time");
    assert.deepEqual(await bad(31 + 62), [401, 1]);
    assert.deepEqual(await bad(31 + 62 + 118), [401, 0], "120 s the third time, to 213");
    await tab.event("unauthorized", 6);
    assert.deepEqual([...new Set(tab.all("unauthorized").map(({ detail }) => detail.reason))], ["still_unauthorized"]);
    assert.equal(tab.all("login").length, 0);
    mended = true;
    assert.deepEqual(await bad(211), [200, 0]);
    mended = false;
    assert.deepEqual(await bad(212), [401, 1], "the pause was ended by the good answer, not by its time");
    assert.deepEqual(await bad(212 + 29), [401, 0], "30 s, as the first time");
    assert.deepEqual(await bad(212 + 31), [401, 1]);
  });
}
