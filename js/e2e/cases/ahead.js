/** CONTRACT §4, before the 401: where the lifetime is known, its end costs no call anything. */

import assert from "node:assert/strict";
import { setTimeout as pass } from "node:timers/promises";
import { check } from "../harness/check.js";
import { attributes, MODES, signIn } from "../harness/modes.js";
import { TEST_TIMEOUT, WAIT } from "../harness/paths.js";

/**
 * Seconds of a token, how many of them, and how long before its end it is renewed: long enough for a refresh on a busy
 * machine. On a quiet one `LIFETIME=5 EXPIRIES=20 EARLY=0.5` are the defaults of the library; with FIGURES=1 the run tells how
 * long calls took, beside native ones to the same server at the same time, which has DELAY milliseconds before each answer.
 */
const LIFETIME = Number(process.env.LIFETIME ?? 4);
const EXPIRIES = Number(process.env.EXPIRIES ?? 2);
const EARLY = Number(process.env.EARLY ?? 2);
const FIGURES = process.env.FIGURES === "1";
const DELAY = Number(process.env.DELAY ?? 0);
const EVERY = 50;
const PATH = "/api/items/1";
/** Excepted: what natively the same would take. */
const NATIVE = "/api/items/2";

/**
 * Calls in a page every 50 ms, for so many milliseconds: their statuses other than 200, and how long each took. If they are
 * asked for, native ones beside every fourth of them: a browser has six connections to a server for all of them.
 */
const steady = (tab, milliseconds, native) => {
  tab.run(
    async (milliseconds, path, every, native) => {
      const calls = [];
      const beside = [];
      let last = 0;
      const timed = async (list, url, init) => {
        const start = performance.now();
        // Calls of one URL wait for each other in the HTTP cache.
        const status = await fetch(`${url}?${++last}`, init).then((response) => response.status, String);
        list.push({ status, took: performance.now() - start });
      };
      const all = [];
      const end = performance.now() + milliseconds;
      for (let made = 1; performance.now() < end; made++, await new Promise((then) => setTimeout(then, every))) {
        all.push(timed(calls, path));
        if (native && made % 4 === 0) {
          const token = await window.fetch401.accessToken().catch(() => "");
          all.push(timed(beside, native, token ? { headers: { Authorization: "Bearer " + token } } : {}));
        }
      }
      await Promise.all(all);
      window.steady = { took: calls.map(({ took }) => took), beside: beside.map(({ took }) => took), wrong: calls.map(({ status }) => status).filter((status) => status !== 200) };
    },
    milliseconds,
    PATH,
    EVERY,
    native,
  ).catch(() => {});
  return tab.sees(() => window.steady, "the end of the calls", milliseconds + WAIT);
};

/** In words. */
const spread = (list) => {
  const sorted = [...list].sort((a, b) => a - b);
  const [half, most, all] = [0.5, 0.99, 1].map((part) => sorted[Math.ceil(part * sorted.length) - 1]?.toFixed(1));
  return `${sorted.length} calls: median ${half} ms, 99 % ${most} ms, slowest ${all} ms`;
};

for (const mode of MODES) {
  const timeout = TEST_TIMEOUT + LIFETIME * EXPIRIES * 1000;
  check(`§4 before the 401: steady calls over ${EXPIRIES} expiries meet no 401, with one exchange each (${mode})`, async (e) => {
    const demo = await e.demo();
    const tab = await (await e.tab()).open(demo.page({ attrs: attributes(mode, { "data-early": EARLY, "data-except": NATIVE }) }));
    const session = await signIn(tab, mode, { lifetime: LIFETIME });
    // A cookie tells the page nothing of its lifetime: an exchange does.
    assert.equal(await tab.run(() => window.fetch401.refresh()), "renewed");
    const before = (await session.counts()).refreshes;
    const from = demo.answered.length;
    // A refresh is answered only once calls that were made meanwhile are: they do not wait for it.
    const answers = () => demo.answered.filter(({ path }) => path === PATH).length;
    for (const route of ["POST /auth/refresh", "POST /oauth/token"]) {
      demo.hold(route, async () => {
        if (FIGURES || DELAY) return pass(DELAY);
        const then = answers() + 2;
        for (let tries = 0; answers() < then && tries < 100; tries++) await new Promise((next) => setTimeout(next, 20));
      });
    }
    if (DELAY) for (const path of [PATH, NATIVE]) demo.hold("GET " + path, () => pass(DELAY));
    const { took, beside, wrong } = await steady(tab, LIFETIME * 1000 * EXPIRIES, FIGURES ? NATIVE : "");
    assert.deepEqual(wrong, []);
    const refused = demo.answered.slice(from).filter(({ path, status }) => path !== NATIVE && status === 401);
    assert.deepEqual(refused.map(({ path }) => path), []);
    assert.equal(tab.all("retried").length, 0);
    const { refreshes, reuse } = await session.counts();
    const exchanges = refreshes - before;
    const most = (LIFETIME * EXPIRIES) / (LIFETIME - EARLY) + 1;
    assert.ok(exchanges >= EXPIRIES && exchanges <= most, `${exchanges} exchanges in ${EXPIRIES} lifetimes and ${took.length} calls`);
    assert.equal(reuse, 0);
    assert.equal(tab.all("unauthorized").length, 0);
    if (FIGURES) console.log(`${mode}, ${DELAY} ms: ${exchanges} exchanges; ${spread(took)}; native beside them, ${spread(beside)}`);
  }, { timeout, long: true });
}
