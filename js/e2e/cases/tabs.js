/** CONTRACT §5, tabs: pages of one origin have one session between them, and renew it once. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { attributes, signIn } from "../harness/modes.js";
import { burst, several } from "../harness/several.js";

check("§5 tokens in a page's memory, not shared: one exchange at a time, each page keeps its own session (bearer)", async (e) => {
  const demo = await e.otherDemo([], "-grace", "0");
  const tabs = await several(e, 3, demo.page({ attrs: attributes("bearer") }));
  const sessions = [];
  for (const tab of tabs) sessions.push(await signIn(tab, "bearer"));
  for (const session of sessions) await session.expire();
  const failed = await Promise.all(tabs.map((tab) => burst(tab, 5)));
  assert.deepEqual(failed, [[], [], []]);
  for (const session of sessions) {
    const { refreshes, reuse } = await session.counts();
    assert.deepEqual([refreshes, reuse], [1, 0]);
  }
});

/** A page whose exchange waits for the test, and another one that waits for it. */
const amid = async (e, mode = "session", attrs = {}) => {
  const site = await e.site();
  const g = guard(site, mode);
  const url = site.page({ attrs: { ...g.attrs, ...attrs }, before: ["window.__stay = true"] });
  const [first, second] = await several(e, 2, url);
  let answer;
  g.answer = () => new Promise((resolve) => (answer = (given = g.renewed()) => resolve(given)));
  const begin = (tab) => tab.run(() => void (window.calls = Promise.all([1, 2, 3].map((n) => fetch("/api/" + n).then((r) => r.status)))));
  await begin(first);
  await site.reached(g.route);
  await begin(second);
  await second.until(async () => (await second.state()).held === 3, "calls that wait");
  return { site, g, url, first, second, answer: (given) => answer(given), calls: (tab) => tab.run(() => window.calls) };
};

check("§5 who waits for another page's exchange makes none, and is told of it", async (e) => {
  const { g, first, second, answer, calls } = await amid(e);
  answer();
  assert.deepEqual([await calls(first), await calls(second)], [Array(3).fill(200), Array(3).fill(200)]);
  assert.equal(g.exchanges(), 1);
  assert.equal(second.all("refreshing").length, 0);
  assert.equal(second.all("refreshed").length, 1);
});

/** @type {Record<string, (tab: any, site: any) => unknown>} what becomes of a page amid its exchange */
const ENDS = {
  "is closed": (tab) => tab.close(),
  "crashes": (tab) => tab.crash(),
  "goes elsewhere": (tab, site) => tab.goto(site.origin + "/login"),
};
for (const [what, end] of Object.entries(ENDS)) {
  check(
    `§5 a page that ${what} amid its exchange stops no other: one exchange, no failed call`,
    async (e) => {
      const { site, g, first, second, answer, calls } = await amid(e);
      await end(first, site);
      // The lock is free by then; the exchange is not over.
      await site.reached("GET /api/1", 3).catch(() => site.reached("GET /api/2", 3));
      answer();
      assert.deepEqual(await calls(second), Array(3).fill(200));
      assert.equal(g.exchanges(), 1);
      assert.equal((await second.call("/api/later")).status, 200);
    },
    { skip: what === "crashes" ? { firefox: "no page of its own crashes on request", webkit: "no page of its own crashes on request" } : {} },
  );
}

check("§5 a failure for now is told to all: nobody else tries before its time", async (e) => {
  const { g, first, second, answer, calls } = await amid(e);
  answer({ status: 503, headers: { "retry-after": "30" }, body: "{}" });
  assert.deepEqual([await calls(first), await calls(second)], [Array(3).fill(401), Array(3).fill(401)]);
  assert.deepEqual([await first.state(), await second.state()].map(({ ended }) => ended), [false, false]);
  for (const tab of [first, second]) assert.equal((await tab.call("/api/again")).status, 401);
  assert.equal(g.exchanges(), 1);
  assert.equal(second.all("unauthorized").at(-1).detail.reason, "refresh_failed");
  // A page that is opened now knows it too.
  const third = await (await e.tab()).open(await first.url());
  assert.equal((await third.call("/api/again")).status, 401);
  assert.equal(g.exchanges(), 1);
  g.answer = () => g.renewed();
  await second.run(() => void dispatchEvent(new Event("online")));
  assert.equal((await second.call("/api/again")).status, 200, "the network is back");
  assert.equal((await first.call("/api/again")).status, 200);
  assert.equal(g.exchanges(), 2);
});

check("§5 refused for good: the session has ended in all pages", async (e) => {
  const { g, first, second, answer, calls } = await amid(e);
  answer({ status: 401, body: "{}" });
  assert.deepEqual([await calls(first), await calls(second)], [Array(3).fill(401), Array(3).fill(401)]);
  assert.deepEqual([await first.state(), await second.state()].map(({ ended }) => ended), [true, true]);
  // The page that nobody looks at has its login once somebody does.
  await second.event("login");
  assert.equal(g.exchanges(), 1);
});

check("§6 sign-out and a new session reach all pages: 401s are delivered without login, and then healed again", async (e) => {
  const { g, first, second, calls } = await amid(e);
  await second.run(() => window.fetch401.clearTokens());
  assert.deepEqual([await calls(first), await calls(second)], [Array(3).fill(401), Array(3).fill(401)]);
  for (const tab of [first, second]) {
    assert.equal((await tab.call("/api/x")).status, 401);
    assert.deepEqual([(await tab.state()).ended, tab.all("login").length], [true, 0]);
  }
  assert.equal(g.exchanges(), 1);
  g.answer = () => g.renewed();
  await second.run(() => window.fetch401.setTokens({}));
  await first.until(async () => !(await first.state()).ended, "the session lives again");
  assert.equal((await first.call("/api/x")).status, 200);
  assert.equal((await second.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 2);
});

check("§5 without locks or without the channel each page goes alone, as before", async (e) => {
  for (const missing of ["delete Navigator.prototype.locks", "delete window.BroadcastChannel"]) {
    const site = await e.site();
    const g = guard(site, "session");
    const tabs = await several(e, 2, site.page({ attrs: g.attrs, before: [missing] }));
    assert.deepEqual(await burst(tabs[0], 5), [], missing);
    g.expire();
    assert.deepEqual(await burst(tabs[1], 5), [], missing);
    assert.equal(g.exchanges(), 2);
  }
});

check("§5 locks and a channel that throw: alone, and no failed call", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const broken = [
    "navigator.locks.request = () => { throw new Error('no'); }",
    "navigator.locks.request = async () => { throw new Error('no'); }",
    "navigator.locks.query = () => { throw new Error('no'); }",
    "window.BroadcastChannel = class { constructor() { throw new Error('no'); } }",
    "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })",
  ];
  for (const before of broken) {
    g.expire();
    const tab = await (await e.tab()).open(site.page({ attrs: g.attrs, before: [before] }));
    assert.deepEqual(await burst(tab, 5), [], before);
    assert.deepEqual(tab.errors, [], before);
    await tab.close();
  }
  assert.equal(g.exchanges(), broken.length);
});

check("§5 with data-share tokens rest nowhere but in memory, and go to nobody who does not share", async (e) => {
  const { g, site, first, second, answer, calls } = await amid(e, "pair", { "data-share": "tabs" });
  const apart = await (await e.tab()).open(site.page({ attrs: g.attrs }));
  answer();
  assert.deepEqual([await calls(first), await calls(second)], [Array(3).fill(200), Array(3).fill(200)]);
  assert.equal(g.exchanges(), 1);
  const stored = await first.run(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!stored.includes(g.present), stored);
  g.answer = () => g.renewed();
  assert.equal((await apart.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 2);
});
