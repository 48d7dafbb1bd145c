/**
 * CONTRACT §5, tabs: round after round of a session that has run out under five busy pages, on servers that end it when a
 * refresh token is used twice. ROUNDS=20 plays that many instead of two, and each end of a page as often instead of once.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as pass } from "node:timers/promises";
import { check } from "../harness/check.js";
import { TEST_TIMEOUT, WAIT } from "../harness/paths.js";
import { attributes, signIn } from "../harness/modes.js";
import { begin, burst, failed, several } from "../harness/several.js";

const PAGES = 5;
const CALLS = 20;
const ROUNDS = Number(process.env.ROUNDS ?? 2);
/** How often a page meets each of its ends. */
const TIMES = process.env.ROUNDS ? ROUNDS : 1;
const timeout = TEST_TIMEOUT + ROUNDS * 20_000;

/** Seconds of a token of the provider, and how long before its end a call renews it (§2, data-early). */
const LIFETIME = 5;
const EARLY = LIFETIME / 10;

const SHARED = { "data-share": "tabs" };

for (const [mode, attrs] of [["session", {}], ["bearer", SHARED], ["pair", SHARED]]) {
  check(
    `§5 ${PAGES} tabs of ${CALLS} calls on an expired session, a server without grace: one exchange a round, no failed call (${mode})`,
    async (e) => {
      const demo = await e.otherDemo([], "-grace", "0");
      const url = demo.page({ attrs: attributes(mode, attrs) });
      const [first] = await several(e, 1, url);
      const session = await signIn(first, mode);
      // Pages that are born get the tokens of those that are there.
      const tabs = [first, ...(await several(e, PAGES - 1, url))];
      const before = (await session.counts()).refreshes;
      for (let round = 1; round <= ROUNDS; round++) {
        await session.expire();
        assert.deepEqual(await Promise.all(tabs.map((tab) => burst(tab, CALLS))), Array(PAGES).fill([]), `round ${round}`);
        const { refreshes, reuse } = await session.counts();
        assert.deepEqual([refreshes - before, reuse], [round, 0], `round ${round}`);
      }
      for (const tab of tabs) assert.equal((await tab.state()).ended, false);
    },
    { timeout, long: true },
  );
}

/**
 * Ends of a page. Each may give what is to be done once the others have got on.
 * @type {Record<string, (tab: any, elsewhere: string) => Promise<Function | void>>}
 */
const ENDS = {
  "is closed": async (tab) => void (await tab.close()),
  "goes elsewhere": async (tab, elsewhere) => void (await tab.goto(elsewhere)),
  "crashes": async (tab) => tab.crash(),
  "is frozen": async (tab) => {
    await tab.freeze();
    return async () => {
      await tab.thaw();
      assert.deepEqual(await failed(tab), [], "once it wakes");
    };
  },
};
const NO_CRASH = "no page of its own crashes on request, and none can be frozen";
const less = { firefox: NO_CRASH, webkit: NO_CRASH };
/** @param {any} engine */
const endsIn = ({ name }) => Object.entries(ENDS).filter(([what]) => name === "chromium" || !["crashes", "is frozen"].includes(what));

/** The page that has met its end gets a successor. */
const succeeded = async (e, tab, what, url) => {
  if (what === "is frozen") return tab;
  if (what === "goes elsewhere") return tab.open(url);
  return (await e.tab()).open(url);
};

check(
  `§5 a page that is closed, goes elsewhere, crashes or is frozen amid its exchange, ${PAGES} tabs of ${CALLS} calls, a server without grace: one exchange, no failed call of another (session)`,
  async (e) => {
    const demo = await e.otherDemo([], "-grace", "0");
    const url = demo.page({ attrs: attributes("session") });
    const [first] = await several(e, 1, url);
    const session = await signIn(first, "session");
    const others = [first, ...(await several(e, PAGES - 2, url))];
    let [mortal] = await several(e, 1, url);
    const route = "POST /auth/refresh";
    const before = (await session.counts()).refreshes;
    let round = 0;
    for (let time = 0; time < TIMES; time++) {
      for (const [what, end] of endsIn(e.engine)) {
        round++;
        await session.expire();
        let letGo = () => {};
        const held = new Promise((resolve) => (letGo = () => resolve(0)));
        demo.hold(route, () => held);
        const so = demo.got(route).length;
        await begin(mortal, CALLS);
        await demo.reached(route, so + 1);
        for (const tab of others) await begin(tab, CALLS);
        await first.until(async () => (await first.state()).held > 0, "calls that wait");
        const wake = await end(mortal, demo.origin + "/login");
        letGo();
        assert.deepEqual(await Promise.all(others.map(failed)), Array(others.length).fill([]), `${what}, round ${round}`);
        await wake?.();
        const { refreshes, reuse } = await session.counts();
        assert.deepEqual([refreshes - before, reuse], [round, 0], `${what}, round ${round}`);
        mortal = await succeeded(e, mortal, what, url);
      }
    }
    for (const tab of [...others, mortal]) assert.equal((await tab.state()).ended, false);
  },
  { timeout, long: true, less },
);

/** The browser gives up a request of a page that is no more. To cut its connection would have Chromium send it once more. */
const givenUp = ({ req: { socket } }) => (socket.destroyed ? undefined : once(socket, "close", { signal: AbortSignal.timeout(WAIT) }));

/** A site whose pages live on a provider's tokens, and their tabs. */
const withProvider = async (e) => {
  const site = await e.site();
  const openid = await e.openId(site, { lifetime: LIFETIME, attrs: SHARED });
  const first = await openid.signIn(await e.tab());
  const tabs = [first, ...(await several(e, PAGES - 1, openid.page))];
  /** All are healed by one exchange; by as many as tokens were spent where a machine is so busy that calls outlive them. */
  const round = async (what, act) => {
    const from = Date.now();
    const { renewals: before } = openid.counts();
    await act();
    const { renewals, revoked } = openid.counts();
    const most = 1 + Math.floor((Date.now() - from) / 1000 / (LIFETIME - EARLY));
    assert.ok(renewals - before >= 1 && renewals - before <= most, `${what}: ${renewals - before} exchanges in ${Date.now() - from} ms`);
    assert.equal(revoked, 0, `${what}: a refresh token was used twice`);
  };
  return { site, openid, tabs, round };
};

check(
  `§5 ${PAGES} tabs of ${CALLS} calls at an OpenID provider, tokens of ${LIFETIME} s that have run out or were revoked: one exchange a round, no failed call (bearer)`,
  async (e) => {
    const { openid, tabs, round } = await withProvider(e);
    for (let number = 1; number <= ROUNDS; number++) {
      if (number % 2) await openid.revoke();
      else await pass(LIFETIME * 1000);
      await round(`round ${number}`, async () => {
        const all = await Promise.all(tabs.map((tab) => burst(tab, CALLS - 1, [openid.userinfo])));
        assert.deepEqual(all, Array(PAGES).fill([]), `round ${number}`);
      });
    }
    for (const tab of tabs) assert.deepEqual([(await tab.state()).ended, tab.all("login").length], [false, 0]);
  },
  { timeout, long: true },
);

check(
  `§5 a page that is closed, goes elsewhere or crashes amid its exchange, or is frozen amid another's, ${PAGES} tabs of ${CALLS} calls at an OpenID provider: one renewal, no failed call of another (bearer)`,
  async (e) => {
    const { site, openid, tabs, round } = await withProvider(e);
    let mortal = tabs.pop();
    const [first, ...others] = tabs;
    for (let time = 0; time < TIMES; time++) {
      for (const [what, end] of endsIn(e.engine)) {
        await openid.revoke();
        let letGo = () => {};
        const over = new Promise((resolve) => (letGo = () => resolve(0)));
        // What was rotated for a page that is no more is lost: that is the next test. Here its request has not arrived.
        const lost = what !== "is frozen";
        const asked = new Promise((resolve) => {
          openid.before = async (ctx) => {
            openid.before = async () => false;
            resolve(0);
            await (lost ? givenUp(ctx) : over);
            return lost;
          };
        });
        await round(what, async () => {
          await begin(lost ? mortal : first, CALLS);
          await asked;
          for (const tab of [...(lost ? [first] : [mortal]), ...others]) await begin(tab, CALLS);
          const waiting = lost ? first : mortal;
          await waiting.until(async () => (await waiting.state()).held > 0, "calls that wait");
          const wake = await end(mortal, site.origin + "/login");
          letGo();
          assert.deepEqual(await Promise.all(tabs.map(failed)), Array(tabs.length).fill([]), what);
          await wake?.();
        });
        mortal = await succeeded(e, mortal, what, openid.page);
      }
    }
    for (const tab of [...tabs, mortal]) assert.deepEqual([(await tab.state()).ended, tab.all("login").length], [false, 0]);
  },
  { timeout, long: true, less },
);

check("§5 a page dies with tokens that it has told nobody of, at a provider without a grace window: the person signs in, once (bearer)", async (e) => {
  const { openid, tabs } = await withProvider(e);
  const mortal = tabs.pop();
  await openid.revoke();
  const carriedOut = new Promise((resolve) => {
    openid.after = async (ctx) => {
      openid.after = async () => false;
      resolve(0);
      await givenUp(ctx);
      return true;
    };
  });
  await begin(mortal, CALLS);
  await carriedOut;
  for (const tab of tabs) await begin(tab, CALLS);
  await tabs[0].until(async () => (await tabs[0].state()).held > 0, "calls that wait");
  await mortal.close();
  for (const tab of tabs) assert.deepEqual(await failed(tab), Array(CALLS).fill(401));
  const { exchanges } = openid.counts();
  assert.equal(exchanges, 2, "the one whose answer was lost, and the one that was refused");
  for (const tab of tabs) {
    assert.deepEqual(await burst(tab, CALLS), Array(CALLS).fill(401));
    assert.equal((await tab.state()).ended, true);
    // In a page that nobody sees once somebody does.
    assert.ok(tab.all("login").length <= 1);
  }
  assert.equal(openid.counts().exchanges, exchanges);
  await openid.signIn(tabs[0]);
  assert.deepEqual(await Promise.all(tabs.map((tab) => burst(tab, CALLS))), Array(tabs.length).fill([]), "signed in in one page, all live again");
}, { long: true });
