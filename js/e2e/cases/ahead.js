/** CONTRACT §4, before the 401: where the lifetime is known, its end costs no call anything. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { attributes, MODES, signIn } from "../harness/modes.js";

/**
 * Seconds of a token, how many of them, and how long before its end it is renewed: long enough for a refresh on a busy
 * machine. On a quiet one `LIFETIME=5 EXPIRIES=20 EARLY=0.5` are the defaults of the library.
 */
const LIFETIME = Number(process.env.LIFETIME ?? 3);
const EXPIRIES = Number(process.env.EXPIRIES ?? 2);
const EARLY = Number(process.env.EARLY ?? 1);
const EVERY = 50;
const PATH = "/api/items/1";

/** Calls in a page every 50 ms, for so many milliseconds: their statuses other than 200, and how many there were. */
const steady = (tab, milliseconds, path) =>
  tab.run(
    async (milliseconds, path, every) => {
      const calls = [];
      for (const end = performance.now() + milliseconds; performance.now() < end; await new Promise((then) => setTimeout(then, every))) {
        calls.push(fetch(path).then((response) => response.status, String));
      }
      const all = await Promise.all(calls);
      return { calls: all.length, wrong: all.filter((status) => status !== 200) };
    },
    milliseconds,
    path,
    EVERY,
  );

for (const mode of MODES) {
  check(`§4 before the 401: steady calls over ${EXPIRIES} expiries meet no 401, with one exchange each (${mode})`, async (e) => {
    const demo = await e.demo();
    const tab = await (await e.tab()).open(demo.page({ attrs: attributes(mode, { "data-early": EARLY }) }));
    const session = await signIn(tab, mode, { lifetime: LIFETIME });
    // A cookie tells the page nothing of its lifetime: an exchange does.
    assert.equal(await tab.run(() => window.fetch401.refresh()), "renewed");
    const before = (await session.counts()).refreshes;
    const from = demo.answered.length;
    // A refresh is answered only once calls that were made meanwhile are: they do not wait for it.
    const answers = () => demo.answered.filter(({ path }) => path === PATH).length;
    for (const route of ["POST /auth/refresh", "POST /oauth/token"]) {
      demo.hold(route, async () => {
        const then = answers() + 2;
        for (let tries = 0; answers() < then && tries < 100; tries++) await new Promise((next) => setTimeout(next, 20));
      });
    }
    const { calls, wrong } = await steady(tab, LIFETIME * 1000 * EXPIRIES, PATH);
    assert.deepEqual(wrong, []);
    const refused = demo.answered.slice(from).filter(({ status }) => status === 401);
    assert.deepEqual(refused.map(({ path }) => path), []);
    assert.equal(tab.all("retried").length, 0);
    const { refreshes, reuse } = await session.counts();
    const exchanges = refreshes - before;
    const most = (LIFETIME * EXPIRIES) / (LIFETIME - EARLY) + 1;
    assert.ok(exchanges >= EXPIRIES && exchanges <= most, `${exchanges} exchanges in ${EXPIRIES} lifetimes and ${calls} calls`);
    assert.equal(reuse, 0);
    assert.equal(tab.all("unauthorized").length, 0);
  });
}
