/**
 * CONTRACT §5, a failure for now: what a bad network and a server in trouble do to a session that has run out. The session is
 * kept, calls get their own 401, nobody is sent to login, and the endpoint is tried as often as the schedule says.
 */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { several } from "../harness/several.js";
import { cut, json } from "../harness/site.js";

/** Milliseconds: the schedule of §5. */
const FIRST = 1_000;
const LONGEST = 60_000;
const MOST_ASKED = 600_000;

/** TABS=10 for more of them. */
const TABS = Number(process.env.TABS ?? 5);

const STAY = "window.__stay = true";

/** The page's clocks stand still, but for what the test sets them forward by. */
const SET_CLOCKS = `{
  const start = performance.now();
  const date = Date.now();
  window.later = 0;
  performance.now = () => start + window.later;
  Date.now = () => date + window.later;
}`;

/** One call, so many seconds later: its status, and how many exchanges it has led to. */
const calling = (tab, g) => async (later) => {
  const before = g.exchanges();
  await tab.run((later) => void (window.later = later * 1000), later);
  const { status } = await tab.call("/api/x");
  return [status, g.exchanges() - before];
};

/** What all of them have in common: it was for now. */
const forNow = async (tab) => {
  assert.equal((await tab.event("refreshfailed")).detail.final, false);
  assert.deepEqual([...new Set(tab.all("unauthorized").map(({ detail }) => detail.reason))], ["refresh_failed"]);
  assert.deepEqual([(await tab.state()).ended, tab.all("login").length], [false, 0]);
};

/** What is kept of the last failure, for pages that come later: how long nobody tries, and how many there were in a row. */
const note = (tab) =>
  tab.run(() => {
    const [key] = Object.keys(localStorage).filter((key) => key.startsWith("fetch401 "));
    const { wait, failures } = JSON.parse(localStorage[key]);
    return { wait, failures };
  });

for (const mode of ["session", "bearer"]) {
  check(`§5 connection refused: own 401, session kept; nobody tries again before its time (${mode})`, async (e) => {
    const gone = await e.site();
    await gone.close();
    const site = await e.site();
    const g = guard(site, mode);
    const where = { session: { "data-refresh-url": gone.origin + "/refresh" }, bearer: { "data-token-url": gone.origin + "/token" } }[mode];
    const tab = await (await e.tab()).open(site.page({ attrs: { ...g.attrs, ...where }, before: [STAY, SET_CLOCKS] }));
    await g.begin(tab);
    const refreshing = async (later) => {
      const [status] = await calling(tab, g)(later);
      return [status, tab.all("refreshing").length];
    };
    assert.deepEqual(await refreshing(0), [401, 1]);
    await forNow(tab);
    assert.deepEqual(await refreshing(0.9), [401, 1]);
    assert.deepEqual(await refreshing(2.1), [401, 2], "1 to 2 s after the first failure");
    assert.deepEqual(await refreshing(3), [401, 2]);
    assert.deepEqual(await refreshing(2.1 + 4.1), [401, 3], "1 to 4 s after the second");
    await forNow(tab);
  });
}

check("§5 a reset in the middle of the reply: with cookies the status has renewed the session", async (e) => {
  const { g, tab } = await guarded(e, "session", { page: { before: [STAY] } });
  g.answer = () => cut(g.renewed());
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
  assert.equal(tab.all("refreshfailed").length, 0);
});

check("§5 a reset in the middle of the reply: tokens that have not arrived renew nothing, for now (bearer)", async (e) => {
  const { g, tab } = await guarded(e, "bearer", { page: { before: [STAY, SET_CLOCKS] } });
  const after = calling(tab, g);
  g.answer = () => cut(g.renewed());
  assert.deepEqual(await after(0), [401, 1]);
  await forNow(tab);
  g.answer = () => g.renewed();
  assert.deepEqual(await after(0.9), [401, 0]);
  assert.deepEqual(await after(2.1), [200, 1]);
});

check("§5 30 s without an answer: calls wait for data-refresh-timeout, the exchange is aborted after 20 s, and then there may be another", async (e) => {
  const FASTER = 10;
  const clock = `{
    const now = performance.now.bind(performance);
    const began = now();
    performance.now = () => began + (now() - began) * ${FASTER};
    const timer = setTimeout;
    window.setTimeout = (work, ms = 0, ...rest) => timer(work, ms / ${FASTER}, ...rest);
  }`;
  // In bearer mode, since Chromium finishes an aborted request that has keepalive.
  const { site, g, tab } = await guarded(e, "bearer", { page: { before: [STAY, clock] } });
  g.answer = () => new Promise(() => {});
  // Before it is sent: it comes late where the machine is busy.
  const began = Date.now();
  const call = tab.run(async () => {
    const from = performance.now();
    const { status } = await fetch("/api/x");
    return { status, waited: performance.now() - from, refreshing: window.fetch401.state().refreshing };
  });
  const { socket } = await site.reached(g.route);
  const cutOff = new Promise((resolve) => socket.once("close", () => resolve((Date.now() - began) * FASTER)));
  const { status, waited, refreshing } = await call;
  assert.deepEqual([status, refreshing], [401, true]);
  assert.ok(waited >= 9_900, `calls waited ${waited} ms, of 10,000`);
  await forNow(tab);
  assert.ok((await cutOff) >= 19_000, `aborted after ${await cutOff} ms, of 20,000`);
  assert.equal(g.exchanges(), 1);
  g.answer = () => g.renewed();
  await tab.until(async () => (await tab.call("/api/x")).status === 200, "a session that lives again");
  assert.equal(g.exchanges(), 2);
});

for (const [what, asked, seconds] of [
  ["seconds", () => "30", 30],
  ["a date", (now) => new Date(now + 30_000).toUTCString(), 30],
  ["an hour", () => "3600", MOST_ASKED / 1000],
]) {
  check(`§5 429 with Retry-After (${what}): nobody tries before that, nor waits longer than 10 min`, async (e) => {
    const { g, tab } = await guarded(e, "session", { page: { before: [STAY, SET_CLOCKS] } });
    const after = calling(tab, g);
    const now = await tab.run(() => Date.now());
    g.answer = () => json({}, 429, { "retry-after": asked(now) });
    assert.deepEqual(await after(0), [401, 1]);
    await forNow(tab);
    g.answer = () => g.renewed();
    assert.deepEqual(await after(seconds - 1), [401, 0]);
    assert.deepEqual(await after(seconds + 1), [200, 1]);
  });
}

for (const [status, pages] of [[500, 1], [503, TABS]]) {
  const SECONDS = 60;
  check(`§5 ${SECONDS} s of ${status}, ${pages} ${pages === 1 ? "tab that calls" : "tabs that call"} every second: as many tries in all as the schedule has`, async (e) => {
    const site = await e.site();
    const g = guard(site, "session");
    const tabs = await several(e, pages, site.page({ attrs: g.attrs, before: [STAY, SET_CLOCKS] }));
    g.answer = () => json({}, status);
    /** @type {{ at: number, wait: number, failures: number }[]} */
    const tries = [];
    for (let second = 0; second <= SECONDS; second++) {
      const before = g.exchanges();
      const all = await Promise.all(tabs.map((tab) => calling(tab, g)(second)));
      assert.deepEqual([...new Set(all.map(([got]) => got))], [401]);
      const made = g.exchanges() - before;
      assert.ok(made <= 1, `second ${second}: ${made} tries`);
      const last = tries.at(-1);
      if (made) {
        if (last) assert.ok((second - last.at) * 1000 >= last.wait, `second ${second}: sooner than ${last.wait} ms after second ${last.at}`);
        tries.push({ at: second, ...(await note(tabs[0])) });
      } else assert.ok((second - last.at) * 1000 < last.wait, `second ${second}: no try, ${last.wait} ms after second ${last.at}`);
    }
    // Exponential, with full jitter: the window doubles, and the wait is anywhere in it.
    for (const [i, { wait, failures }] of tries.entries()) {
      assert.equal(failures, Math.min(i + 1, 6));
      assert.ok(wait >= FIRST && wait <= Math.min(FIRST * 2 ** (i + 1), LONGEST), `${wait} ms after ${i + 1} failures`);
    }
    assert.ok(tries.length >= 3, "it goes on");
    for (const tab of tabs) assert.deepEqual([(await tab.state()).ended, tab.all("login").length], [false, 0]);
    g.answer = () => g.renewed();
    await tabs[0].run(() => void dispatchEvent(new Event("online")));
    for (const tab of tabs) assert.equal((await tab.call("/api/x")).status, 200, "the first that hears of the network renews for all");
    assert.equal(g.exchanges(), tries.length + 1);
  }, { long: true });
}
