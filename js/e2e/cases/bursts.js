/** CONTRACT §4, stragglers and bursts: however many calls, one refresh counted by the backend. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guarded } from "../harness/guard.js";
import { MODES, opened } from "../harness/modes.js";
import { json, no } from "../harness/site.js";

for (const mode of MODES) {
  for (const [what, url] of [["one URL", "/api/hello"], ["100 distinct URLs", "/api/items/"]]) {
    check(`§4 100 parallel calls to ${what}: each gets its retry's response, exactly one refresh (${mode})`, async (e) => {
      const { tab, session } = await opened(e, mode);
      await session.expire();
      const statuses = await tab.run(
        (url) => Promise.all([...Array(100).keys()].map((n) => fetch(url.endsWith("/") ? url + n : url).then((r) => r.status))),
        url,
      );
      assert.deepEqual(statuses, Array(100).fill(200));
      const { refreshes, graced, reuse } = await session.counts();
      assert.deepEqual({ refreshes, graced, reuse }, { refreshes: 1, graced: 0, reuse: 0 });
      assert.equal(tab.all("refreshing").length, 1);
      const state = await tab.state();
      assert.deepEqual([state.held, state.refreshing, state.generation], [0, false, (mode === "session" ? 1 : 2) + 1]);
    });
  }

  check(`§4 a straggler: the retry's response, no second refresh (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await session.expire();
    // The slow call is judged when it arrives, and answered long after the other one was healed.
    const [slow, quick] = await tab.run(async () => {
      const slow = fetch("/api/slow?ms=1200");
      const quick = await fetch("/api/hello");
      return [(await slow).status, quick.status];
    });
    assert.deepEqual([slow, quick], [200, 200]);
    assert.equal((await session.counts()).refreshes, 1);
    await tab.event("retried", 2);
    assert.equal(tab.all("refreshing").length, 1);
  });
}

for (const mode of ["session", "bearer"]) {
  check(`§4 a straggler whose retry is 401 too: it counts as a first 401 of the generation it carried (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode);
    let let1;
    const first = new Promise((resolve) => (let1 = resolve));
    let times = 0;
    site.on("GET /api/late", async () => {
      times++;
      if (times === 1) await first;
      return times < 3 ? no() : json({ at: times });
    });
    const [late, ok] = await tab.run(async () => {
      const late = fetch("/api/late");
      window.late = late.then((r) => r.status);
      return [null, (await fetch("/api/quick")).status];
    });
    assert.deepEqual([late, ok], [null, 200]);
    let1();
    assert.equal(await tab.run(() => window.late), 200);
    assert.equal(times, 3, "sent at most three times");
    assert.equal(g.exchanges(), 2, "its second 401 was a first one of the present generation");
    assert.equal(tab.all("login").length, 0);
  });

  check(`§4 A call is sent at most three times (${mode})`, async (e) => {
    const { site, tab } = await guarded(e, mode, { page: { before: ["window.__stay = true"] } });
    let release;
    const held = new Promise((resolve) => (release = resolve));
    site.on("GET /api/never", async () => {
      if (site.got("GET /api/never").length === 1) await held;
      return no();
    });
    await tab.run(async () => {
      window.never = fetch("/api/never").then((r) => r.status);
      return (await fetch("/api/quick")).status;
    });
    release();
    await site.reached("GET /api/never", 2);
    await tab.run(() => fetch("/api/quick").then((r) => r.status));
    assert.equal(await tab.run(() => window.never), 401);
    assert.equal(site.got("GET /api/never").length, 3);
  });

  check(`§4 calls started during a refresh are sent at once with the present credentials (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode);
    let answer;
    g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
    await tab.run(() => void (window.first = fetch("/api/a").then((r) => r.status)));
    await site.reached(g.route);
    await tab.run(() => void (window.second = fetch("/api/b").then((r) => r.status)));
    await site.reached("GET /api/b");
    assert.equal((await tab.state()).refreshing, true);
    answer();
    assert.deepEqual(await tab.run(() => Promise.all([window.first, window.second])), [200, 200]);
    assert.equal(g.exchanges(), 1);
  });

  check(`§4 401, refresh works, the retry fails on the network: the retry's own rejection, no further try (${mode})`, async (e) => {
    const { site, tab } = await guarded(e, mode);
    site.on("PUT /api/cut", () => (site.got("PUT /api/cut").length === 1 ? no() : { reset: true }));
    const answer = await tab.call("/api/cut", { method: "PUT", body: "x" });
    assert.equal(answer.error.name, "TypeError");
    assert.equal(answer.error.message, e.engine.networkError);
    const retried = await tab.event("retried");
    assert.deepEqual([retried.detail.status, retried.detail.method], [0, "PUT"]);
    assert.equal(tab.all("refreshing").length, 1);
    assert.equal(tab.all("retried").length, 1);
    assert.equal(tab.all("login").length, 0);
  });
}

check("§4 A retry replaces cache mode default and force-cache by reload, and keeps the others", async (e) => {
  const { site, tab } = await guarded(e, "session");
  const modes = ["default", "force-cache", "no-store", "reload", "no-cache"];
  const statuses = await tab.run((modes) => Promise.all(modes.map((cache) => fetch("/api/cache-" + cache, { cache }).then((r) => r.status))), modes);
  assert.deepEqual(statuses, Array(5).fill(200));
  const said = (mode) => site.got("GET /api/cache-" + mode).map(({ headers }) => headers["cache-control"] ?? "");
  assert.deepEqual(said("default"), ["", "no-cache"]);
  assert.deepEqual(said("force-cache"), ["", "no-cache"]);
  assert.deepEqual(said("no-cache"), ["max-age=0", "max-age=0"]);
});
