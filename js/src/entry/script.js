/**
 * The classic script: installs by its tag's attributes.
 * @module
 */

import { fromDataset } from "../gate/config.js";
import { install } from "../gate/install.js";
import { currentScript } from "../gate/platform.js";

const script = currentScript();
// None where the tag is a module's, say.
const { dataset, src } = script instanceof HTMLScriptElement ? script : { dataset: undefined, src: "" };

install(fromDataset(dataset), src, true, async (wasmUrl = "") => {
  // Beside the script, or, where that is inline, beside the program.
  const beside = (/** @type {string} */ name) => import(new URL(name, src || wasmUrl).href);
  // The module, which has all in it, serves where a site has copied the files but for this one.
  return beside("fetch401.program.js").catch(() => beside("fetch401.mjs"));
});
