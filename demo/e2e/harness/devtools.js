/** Chrome's own DevTools, opened as a page beside the one that they look at, and pictures of them. */

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { launchChromium } from "../../../js/e2e/harness/engines/chromium.js";
import { ROOT } from "../../../js/e2e/harness/paths.js";

const SHOTS = join(ROOT, "demo/e2e/shots");
/** Those that js/docs/troubleshooting.md shows. SHOTS=update renews them. */
const WALK_THROUGH = join(ROOT, "demo/e2e/walk-through");

/** A browser of its own, since DevTools are reached by its port: two pages, the second one with DevTools for the first. */
export const openDevTools = async (address) => {
  const browser = await launchChromium("--remote-allow-origins=*");
  const { host } = new URL(browser.wsEndpoint());
  const page = await browser.newPage();
  await page.goto(address);
  const targets = await (await fetch(`http://${host}/json/list`)).json();
  const { id } = targets.find(({ url }) => url.startsWith(address));
  const tools = await browser.newPage();
  await tools.goto(`http://${host}/devtools/devtools_app.html?ws=${host}/devtools/page/${id}`);

  /** What the shadow trees of DevTools say, all of it. */
  const text = () =>
    tools.evaluate(() => {
      const said = (node) => [node.shadowRoot, ...node.childNodes].map((child) => (!child ? "" : child.nodeType === Node.TEXT_NODE ? child.data : child.nodeName === "STYLE" ? "" : said(child))).join(" ");
      return said(document.body);
    });

  return {
    page,
    tools,
    text,
    close: () => browser.close(),
    /** Presses something on the page, which is in the background and so cannot be clicked. */
    press: (selector) => page.evaluate((at) => document.querySelector(at).click(), selector),
    /** @param {string} name of a panel, as DevTools call it: network, console, timeline */
    async panel(name) {
      const tab = await tools.waitForSelector(`pierce/#tab-${name}`);
      await tab.click();
    },
    /** @param {RegExp} wanted */
    async says(wanted, ms = 12_000) {
      const end = Date.now() + ms;
      let last = "";
      while (!wanted.test((last = await text()))) {
        if (Date.now() > end) throw new Error(`DevTools do not say ${wanted}, but ${last.replace(/\s+/g, " ").slice(0, 2000)}`);
        await pass(100);
      }
    },
    /**
     * @param {string} name
     * @param {number} width
     * @param {number} height
     */
    async shot(name, width, height) {
      mkdirSync(SHOTS, { recursive: true });
      const path = join(SHOTS, name + ".png");
      await tools.screenshot({ path, clip: { x: 0, y: 0, width, height } });
      if (process.env.SHOTS !== "update") return;
      mkdirSync(WALK_THROUGH, { recursive: true });
      copyFileSync(path, join(WALK_THROUGH, name + ".png"));
    },
  };
};
