/** The Chromium that nearly all of the suite shares. */

import puppeteer from "puppeteer-core";
import { CHROMIUM, PROTOCOL_TIMEOUT } from "./paths.js";

/** @param {string[]} more arguments */
export const launch = (...more) =>
  puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    protocolTimeout: PROTOCOL_TIMEOUT,
    timeout: PROTOCOL_TIMEOUT,
    args: [
      ...more,
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Several pages are at work at once: none of them is to be slowed down for being in the background.
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
      "--disable-backgrounding-occluded-windows",
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

export const browser = () => (started ??= launch());

export const closeBrowser = async () => (await started)?.close();
