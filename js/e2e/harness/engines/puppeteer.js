/** What Chromium (DevTools protocol) and Firefox (WebDriver BiDi) have in common. */

import puppeteer from "puppeteer-core";
import { PROTOCOL_TIMEOUT, WAIT } from "../paths.js";

/** @param {import("puppeteer-core").LaunchOptions} options */
export const launch = (options) => puppeteer.launch({ headless: true, protocolTimeout: PROTOCOL_TIMEOUT, timeout: PROTOCOL_TIMEOUT, ...options });

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {import("puppeteer-core").CreatePageOptions} how a page is opened so that it is visible
 * @param {(page: import("puppeteer-core").Page, pattern: string) => Promise<unknown>} refusePasswords
 * @returns {Promise<import("../engine.js").Room>}
 */
export const roomIn = async (browser, how, refusePasswords) => {
  const context = await browser.createBrowserContext();
  return {
    async window(hear) {
      const page = await context.newPage(how);
      page.setDefaultTimeout(WAIT);
      page.setDefaultNavigationTimeout(WAIT);
      page.on("console", (message) => hear(message.text()));
      return {
        evaluate: (source) => page.evaluate(source),
        goto: (url) => page.goto(url, { waitUntil: "load" }),
        reload: () => page.reload({ waitUntil: "load" }),
        cookies: () => page.cookies(),
        refusePasswords: (pattern) => refusePasswords(page, pattern),
      };
    },
    close: () => context.close(),
  };
};
