/** Stock Firefox, over WebDriver BiDi. */

import { program } from "../paths.js";
import { launch, roomIn } from "./puppeteer.js";

const FIREFOX = process.env.FIREFOX || program("firefox-esr", "firefox");

const PREFERENCES = {
  // Names of other sites lead to the servers of the tests.
  "network.dns.forceResolve": "127.0.0.1",
  // Nobody is there to type a password: 0 asks for none but a navigation's.
  "network.auth.subresource-http-auth-allow": 0,
};

/** @type {Promise<import("puppeteer-core").Browser> | undefined} */
let started;
const browser = () => (started ??= launch({ browser: "firefox", executablePath: FIREFOX, extraPrefsFirefox: PREFERENCES, defaultViewport: null }));

/**
 * Windows without a tab of a test. A tab behind another one counts as hidden, so each gets a window to be in front in;
 * to open one takes four times as long as to open a tab.
 * @type {import("puppeteer-core").Page[]}
 */
const free = [];

/** @type {import("../engine.js").Engine} */
export const firefox = {
  name: "firefox",
  missing: FIREFOX ? "" : "Firefox: install firefox-esr, or name its executable in FIREFOX",
  secure: false,
  networkError: "NetworkError when attempting to fetch resource.",
  globals: [],
  version: async () => (await browser()).version(),
  async room() {
    const context = await (await browser()).createBrowserContext();
    const taken = [];
    return roomIn(context, {
      async open() {
        const home = free.pop() ?? (await (await browser()).newPage({ type: "window" }));
        taken.push(home);
        // Puppeteer has no word for "in that window", but it passes on what WebDriver BiDi calls it.
        await context.userContext.createBrowsingContext("tab", { referenceContext: home.mainFrame().browsingContext, background: false });
        return (await context.pages()).at(-1);
      },
      refusePasswords: async () => {},
      closed: () => free.push(...taken),
    });
  },
  close: async () => (await started)?.close(),
};
