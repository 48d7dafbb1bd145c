/** What Chromium (DevTools protocol) and Firefox (WebDriver BiDi) have in common. */

import puppeteer from "puppeteer-core";
import { PROTOCOL_TIMEOUT, WAIT } from "../paths.js";

/** @param {import("puppeteer-core").LaunchOptions} options */
export const launch = (options) => puppeteer.launch({ headless: true, protocolTimeout: PROTOCOL_TIMEOUT, timeout: PROTOCOL_TIMEOUT, ...options });

/**
 * @param {import("puppeteer-core").BrowserContext} context
 * @param {object} how
 * @param {() => Promise<import("puppeteer-core").Page>} how.open a page that is visible, since timers of others are slow
 * @param {(page: import("puppeteer-core").Page, pattern: string) => Promise<unknown>} how.refusePasswords
 * @param {(page: import("puppeteer-core").Page, frozen: boolean) => Promise<unknown>} [how.freeze]
 * @param {() => unknown} [how.closed]
 * @returns {import("../engine.js").Room}
 */
export const roomIn = (context, { open, refusePasswords, freeze, closed }) => ({
  async window(hear) {
    const page = await open();
    page.setDefaultTimeout(WAIT);
    page.setDefaultNavigationTimeout(WAIT);
    page.on("console", (message) => hear(message.text()));
    return {
      evaluate: (source) => page.evaluate(source),
      goto: (url) => page.goto(url, { waitUntil: "load" }),
      reload: () => page.reload({ waitUntil: "load" }),
      cookies: () => page.cookies(),
      refusePasswords: (pattern) => refusePasswords(page, pattern),
      close: () => page.close(),
      // The page has no time to say anything.
      crash: () => void page.goto("chrome://crash").catch(() => {}),
      ...(freeze && { freeze: (frozen) => freeze(page, frozen) }),
    };
  },
  async close() {
    await context.close();
    closed?.();
  },
});
