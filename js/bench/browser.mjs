/**
 * Chromium, and a page of its own for each variant.
 * @module
 */

import puppeteer from "puppeteer-core";
import { QUIET } from "../e2e/harness/engines/quiet.js";

const ARGS = [
  ...QUIET,
  // Two renderers for each window that nobody looks at.
  "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
  "--enable-precise-memory-info",
  "--js-flags=--expose-gc",
];

/** How long a page may take for anything. */
const LONGEST = 180_000;

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {import("./variants.mjs").Variant} variant
 * @property {import("puppeteer-core").Page} page
 * @property {import("puppeteer-core").CDPSession} cdp
 * @property {string[]} complaints what the page printed as errors
 * @property {() => Promise<void>} close its context, and so the tabs beside it
 */

/**
 * @param {string} executablePath
 * @param {string} origin
 */
export const openLab = async (executablePath, origin) => {
  const browser = await puppeteer.launch({ executablePath, args: ARGS, headless: true, pipe: true, protocolTimeout: LONGEST });

  /**
   * A page in a context of its own: own process, cookies, cache, storage and globals.
   * @param {import("./variants.mjs").Variant} variant
   * @param {Subject} [beside] whose context it shares
   * @returns {Promise<Subject>}
   */
  const blank = async (variant, beside) => {
    const context = beside?.page.browserContext() ?? (await browser.createBrowserContext());
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("pageerror", (/** @type {any} */ error) => complaints.push(String(error?.message ?? error)));
    page.on("console", (message) => {
      // The browser itself reports each 401.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
    });
    const cdp = await page.createCDPSession();
    return { name: variant.name, variant, page, cdp, complaints, close: () => context.close() };
  };

  return {
    version: await browser.version(),
    blank,

    /**
     * @param {import("./variants.mjs").Variant} variant
     * @param {"stub" | "real"} kind
     * @param {string} [before] script to run before all others
     * @param {Subject} [beside] whose context it shares: another tab
     */
    async open(variant, kind, before, beside) {
      const subject = await blank(variant, beside);
      const { page, complaints } = subject;
      if (before) await page.evaluateOnNewDocument(before);
      await page.goto(`${origin}/${variant.name}/?kind=${kind}`, { waitUntil: "load" });
      const { isolated, visible } = await call(subject, "prime").catch((error) => {
        throw new Error([error.message.split("\n")[0], ...complaints].join("; "));
      });
      if (!isolated || visible !== "visible") throw new Error(`the page is ${visible} and ${isolated ? "" : "not "}isolated`);
      return subject;
    },

    /**
     * As a user meets it first: nothing cached.
     * @param {import("./variants.mjs").Variant} variant
     */
    start: (variant) => `${origin}/${variant.name}/?kind=start`,

    close: () => browser.close(),
  };
};

/** @typedef {Awaited<ReturnType<typeof openLab>>} Lab */

/**
 * Calls a method of window.bench in the page.
 * @param {Subject} subject
 * @param {string} method
 * @param {...any} args
 * @returns {Promise<any>}
 */
export const call = ({ page }, method, ...args) =>
  page.evaluate((name, list) => /** @type {any} */ (window).bench[name](...list), method, args);

/**
 * Bytes that live in the page after a full collection: JavaScript's own, and the browser's for its objects.
 * @param {Subject} subject
 */
export const heap = async ({ cdp }) => {
  await cdp.send("HeapProfiler.collectGarbage");
  const usage = /** @type {any} */ (await cdp.send("Runtime.getHeapUsage"));
  return usage.usedSize + (usage.embedderHeapUsedSize ?? 0);
};
