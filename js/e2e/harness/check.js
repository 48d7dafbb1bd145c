/** The suite's tests: registered by topic, each with cookies and storage of its own, never longer than the bound. */

import { after, describe, it } from "node:test";
import { sharedDemo, startDemo, stopDemos } from "./demo.js";
import { engine } from "./engine.js";
import { startFront } from "./front.js";
import { startOpenId } from "./openid.js";
import { TEST_TIMEOUT } from "./paths.js";
import { startSite } from "./site.js";
import { openTab } from "./tab.js";

/** @type {Map<string, { name: string, run: Function, skip: Record<string, string>, less: Record<string, string>, timeout: number, long: boolean }[]>} */
const topics = new Map();
let current = "";

/** Begins the tests of one topic. */
export const topic = (name) => {
  current = name;
  topics.set(name, []);
};

/**
 * @param {string} name quotes the row of the contract
 * @param {(e: Awaited<ReturnType<typeof stage>>["e"]) => Promise<void>} run
 * @param {object} [options]
 * @param {Record<string, string>} [options.skip] by the name of an engine that cannot do it: why not
 * @param {Record<string, string>} [options.less] by the name of an engine that cannot do all of it: what it leaves out, and why
 * @param {number} [options.timeout] milliseconds, for one that was asked to do more than usual
 * @param {boolean} [options.long] it takes long, and most of that it waits
 */
export const check = (name, run, { skip = {}, less = {}, timeout = TEST_TIMEOUT, long = false } = {}) => void topics.get(current).push({ name, run, skip, less, timeout, long });

/** What a test has at hand, and how it is cleared away. */
const stage = async (name) => {
  const cleanings = [];
  const kept = async (start) => {
    const started = await start;
    cleanings.unshift(started.close);
    return started;
  };
  const room = await kept(engine.room());
  /** A demo behind an origin of the test's own: its pages have addresses there. */
  const fronted = async ({ backend, put, page }) => {
    const front = await kept(startFront(backend));
    return { ...front, backend, put, page: (options) => front.origin + page(options) };
  };
  const e = {
    engine,
    /** The demo's backend, which all tests share: each signs in to a session of its own. */
    demo: async () => fronted(await sharedDemo()),
    /** A demo of the test's own, which the listed origins may call, with more flags. */
    otherDemo: async (origins, ...flags) => fronted(await startDemo(origins, ...flags)),
    /** Any other backend, by its origin. */
    front: (backend) => kept(startFront(backend)),
    /** A blank tab. */
    tab: () => openTab(room, name),
    site: () => kept(startSite()),
    /** An OpenID provider, whose client is a page of the site. */
    openId: (site, options) => kept(startOpenId(site, options)),
  };
  return {
    e,
    async clear() {
      for (const clean of cleanings) await clean().catch(() => {});
    },
  };
};

/**
 * Hands all checks to node:test: those that take long one by one, and beside them the others, some side by side, since most
 * of the time a check waits for the browser. Gives their number.
 * @param {string} where
 * @param {number} concurrency
 */
export const runTopics = (where, concurrency) => {
  const all = [...topics].flatMap(([topic, tests]) => tests.map((test) => ({ topic, ...test })));
  const tell = ({ topic, name, run, skip, timeout }) =>
    it(`${topic}: ${name}`, { timeout, skip: skip[engine.name] ?? false }, async () => {
      const { e, clear } = await stage(name);
      try {
        await run(e);
      } finally {
        await clear();
      }
    });
  describe(where, { concurrency: 2 }, () => {
    for (const [lane, long, side] of /** @type {const} */ ([["one by one", true, 1], ["side by side", false, concurrency]])) {
      const tests = all.filter((test) => test.long === long);
      if (tests.length) describe(lane, { concurrency: side }, () => tests.forEach(tell));
    }
  });
  return all.length;
};

/** @type {(() => Promise<unknown>)[]} */
const endings = [() => engine.close(), stopDemos];

/** What a folder of cases has started of its own, and how it ends. */
export const atEnd = (end) => void endings.push(end);

export const endSuite = () =>
  after(async () => {
    for (const end of endings) await end();
    for (const { name, skip, less } of [...topics.values()].flat()) {
      const why = skip[engine.name] ?? less[engine.name];
      if (why) console.log(`e2e: not ${skip[engine.name] ? "" : "all "}in ${engine.name}: ${name}: ${why}`);
    }
  });
