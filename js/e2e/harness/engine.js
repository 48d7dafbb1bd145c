/** The browser that this run tests, ENGINE. All three are driven through one interface. */

import { chromium } from "./engines/chromium.js";
import { firefox } from "./engines/firefox.js";
import { webkit } from "./engines/webkit.js";

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} [missing] what is not installed here; nothing if all is
 * @property {boolean} secure its pages are served over https
 * @property {string} networkError what native fetch says of a failure on the network
 * @property {string[]} globals what its driver leaves on window
 * @property {() => Promise<string>} version
 * @property {() => Promise<Room>} room
 * @property {() => Promise<unknown>} close
 *
 * @typedef {object} Room what one test has for itself: cookies, storage, windows
 * @property {(hear: (text: string) => void) => Promise<Window>} window opens one, blank; hear gets the lines that the
 *   browser itself writes to the console, where it tells them
 * @property {() => Promise<unknown>} close
 *
 * @typedef {object} Window
 * @property {(source: string) => Promise<string>} evaluate the value of a promise of the page's
 * @property {(url: string) => Promise<unknown>} goto
 * @property {() => Promise<unknown>} reload
 * @property {() => Promise<{ name: string, value: string }[]>} cookies
 * @property {() => Promise<unknown>} close
 * @property {() => void} [crash] ends the page without a word, where there is a way to
 * @property {(frozen: boolean) => Promise<unknown>} [freeze] puts the page to sleep and wakes it, where there is a way to
 * @property {(pattern: string) => Promise<unknown>} refusePasswords for URLs with * in them, nobody being there to type
 */

const ENGINES = { chromium, firefox, webkit };
const name = process.env.ENGINE || "chromium";

/** @type {Engine} */
export const engine = ENGINES[name];
if (!engine) throw new Error(`ENGINE=${name} is none of ${Object.keys(ENGINES)}`);
