/** CONTRACT §4: the caller aborts while a refresh is under way. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guarded } from "../harness/guard.js";

for (const mode of ["session", "bearer", "pair"]) {
  check(`§4 the caller aborts while a refresh is under way: rejection with its signal.reason, at once; the refresh goes on for the others (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode);
    let answer;
    g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
    await tab.run(() => {
      window.controller = new AbortController();
      window.reason = { own: "reason" };
      window.aborted = fetch("/api/a", { signal: window.controller.signal });
      window.other = fetch("/api/b").then((r) => r.status);
    });
    await site.reached(g.route);
    await site.reached("GET /api/b");
    const outcome = await tab.run(async () => {
      let settled;
      window.aborted.catch((error) => (settled = error));
      window.controller.abort(window.reason);
      await Promise.resolve();
      await Promise.resolve();
      return { same: settled === window.reason, refreshing: window.fetch401.state().refreshing };
    });
    assert.deepEqual(outcome, { same: true, refreshing: true });
    answer();
    assert.equal(await tab.run(() => window.other), 200);
    assert.equal(g.exchanges(), 1);
    assert.equal(site.got("GET /api/a").length, 1, "the aborted call is not sent again");
    assert.equal((await tab.state()).held, 0);
  });
}

check("§4 abort without a reason rejects with an AbortError, abort by AbortSignal.timeout with its TimeoutError", async (e) => {
  const { g, tab } = await guarded(e, "session");
  g.answer = () => undefined;
  const names = await tab.run(async () => {
    const controller = new AbortController();
    const plain = fetch("/api/a", { signal: controller.signal }).catch((error) => [error.name, error === controller.signal.reason]);
    const signal = AbortSignal.timeout(300);
    const timed = fetch("/api/b", { signal }).catch((error) => [error.name, error === signal.reason]);
    await new Promise((resolve) => window.fetch401.addEventListener("refreshing", resolve, { once: true }));
    controller.abort();
    return [await plain, await timed];
  });
  assert.deepEqual(names, [["AbortError", true], ["TimeoutError", true]]);
});

check("§4 abort by the signal of a Request; already aborted calls are native fetch's", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  g.answer = () => undefined;
  const outcome = await tab.run(async () => {
    const early = AbortSignal.abort("early");
    const before = await fetch("/api/early", { signal: early }).catch((reason) => reason);
    const controller = new AbortController();
    const call = fetch(new Request("/api/a", { signal: controller.signal })).catch((reason) => reason);
    await new Promise((resolve) => window.fetch401.addEventListener("refreshing", resolve, { once: true }));
    controller.abort("mine");
    return [before, await call];
  });
  assert.deepEqual(outcome, ["early", "mine"]);
  assert.equal(site.got("GET /api/early").length, 0);
});

check("§4 abort of a call that waits for a token, before it was ever sent (pair)", async (e) => {
  const { site, g, tab } = await guarded(e, "pair", { begin: false });
  g.answer = () => undefined;
  const reason = await tab.run(async () => {
    const controller = new AbortController();
    const call = fetch("/api/a", { signal: controller.signal }).catch((reason) => reason);
    controller.abort("never sent");
    return call;
  });
  assert.equal(reason, "never sent");
  assert.equal(site.got("GET /api/a").length, 0);
  assert.equal((await tab.state()).held, 0);
});

check("§4 abort after the retry was delivered aborts its body, as natively", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  g.good = () => ({ headers: { "content-length": "1000", "content-type": "text/plain" }, body: "only a part" });
  const name = await tab.run(async () => {
    const controller = new AbortController();
    const response = await fetch("/api/body", { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    return response.text().catch((error) => error.name);
  });
  assert.equal(name, "AbortError");
  assert.equal(site.got("GET /api/body").length, 2);
});
