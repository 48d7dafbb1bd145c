/**
 * The classic script: installs by its tag's attributes.
 * @module
 */

import { fromDataset } from "./config.js";
import { install } from "./install.js";

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const beside = (/** @type {string} */ name) => import(new URL(name, script.src).href);

install(
  fromDataset(script.dataset),
  script.src,
  true,
  // The module, which has all in it, serves where a site has copied the files but for this one.
  () => beside("fetch401.program.js").catch(() => beside("fetch401.mjs")),
);
