/** The suite's tests: registered by topic, each in a fresh browser context, never longer than the bound. */

import { after, describe, it } from "node:test";
import { browser, closeBrowser } from "./browser.js";
import { sharedDemo, startDemo, stopDemos } from "./demo.js";
import { TEST_TIMEOUT } from "./paths.js";
import { startSite } from "./site.js";
import { watch } from "./tab.js";

/** @type {Map<string, { name: string, run: Function, alone: boolean }[]>} */
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
 */
export const check = (name, run) => void topics.get(current).push({ name, run });

/** What a test has at hand, and how it is cleared away. */
const stage = async (name) => {
  const context = await (await browser()).createBrowserContext();
  const cleanings = [() => context.close()];
  const e = {
    context,
    demo: sharedDemo,
    /** A demo of the test's own, which the listed origins may call. */
    otherDemo: startDemo,
    /** A blank tab. */
    async tab() {
      return watch(await context.newPage(), name);
    },
    async site() {
      const site = await startSite();
      cleanings.push(site.close);
      return site;
    },
  };
  return {
    e,
    async clear() {
      for (const clean of cleanings) await clean().catch(() => {});
    },
  };
};

/** Hands all topics to node:test; a few tests run side by side, since most of them wait for the browser. Gives their number. */
export const runTopics = (concurrency) => {
  for (const [name, tests] of topics) {
    describe(name, { concurrency }, () => {
      for (const { name: title, run } of tests) {
        it(title, { timeout: TEST_TIMEOUT }, async () => {
          const { e, clear } = await stage(title);
          try {
            await run(e);
          } finally {
            await clear();
          }
        });
      }
    });
  }
  return [...topics.values()].flat().length;
};

/** @type {(() => Promise<unknown>)[]} */
const endings = [closeBrowser, stopDemos];

/** What a folder of cases has started of its own, and how it ends. */
export const atEnd = (end) => void endings.push(end);

export const endSuite = () =>
  after(async () => {
    for (const end of endings) await end();
  });
