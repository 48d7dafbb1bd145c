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
const browser = () => (started ??= launch({ browser: "firefox", executablePath: FIREFOX, extraPrefsFirefox: PREFERENCES }));

/** @type {import("../engine.js").Engine} */
export const firefox = {
  name: "firefox",
  missing: FIREFOX ? "" : "Firefox: install firefox-esr, or name its executable in FIREFOX",
  secure: false,
  networkError: "NetworkError when attempting to fetch resource.",
  version: async () => (await browser()).version(),
  // A tab behind another one counts as hidden.
  room: async () => roomIn(await browser(), { type: "window" }, async () => {}),
  close: async () => (await started)?.close(),
};
