/** Chromium, over its DevTools protocol. */

import { program } from "../paths.js";
import { launch, roomIn } from "./puppeteer.js";
import { QUIET } from "./quiet.js";

const CHROMIUM = process.env.CHROMIUM || program("chromium", "chromium-browser", "google-chrome");

/** @param {string[]} more arguments */
export const launchChromium = (...more) =>
  launch({
    executablePath: CHROMIUM,
    args: [
      ...more,
      ...QUIET,
      // Renderers that nobody looks at cost as much as those of the tests.
      "--disable-extensions",
      "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,AndroidSpareRenderer,Translate,OptimizationHints,MediaRouter",
      // Each fresh context compiles the program anew; what a test does not run need not be compiled.
      "--js-flags=--wasm-lazy-compilation",
      "--host-resolver-rules=MAP * 127.0.0.1",
    ],
  });

/** @type {Promise<import("puppeteer-core").Browser> | undefined} */
let started;
const browser = () => (started ??= launchChromium());

/** Its prompt would wait for somebody. */
const refusePasswords = async (page, urlPattern) => {
  const session = await page.createCDPSession();
  session.on("Fetch.requestPaused", ({ requestId }) => session.send("Fetch.continueRequest", { requestId }));
  session.on("Fetch.authRequired", ({ requestId }) => session.send("Fetch.continueWithAuth", { requestId, authChallengeResponse: { response: "CancelAuth" } }));
  await session.send("Fetch.enable", { handleAuthRequests: true, patterns: [{ urlPattern }] });
};

/** As Chromium does with a page in the background that it wants to save the energy of; else it would wait minutes for that. */
const freeze = async (page, frozen) => {
  const session = await page.createCDPSession();
  await session.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
  await session.detach();
};

/** @type {import("../engine.js").Engine} */
export const chromium = {
  name: "chromium",
  missing: CHROMIUM ? "" : "Chromium or Chrome: install it, or name its executable in CHROMIUM",
  secure: false,
  networkError: "Failed to fetch",
  globals: [],
  version: async () => (await browser()).version(),
  async room() {
    const context = await (await browser()).createBrowserContext();
    return roomIn(context, { open: () => context.newPage(), refusePasswords, freeze });
  },
  close: async () => (await started)?.close(),
};
