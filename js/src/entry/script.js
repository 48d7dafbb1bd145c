/**
 * The classic script: installs by its tag's attributes.
 * @module
 */

import { fromDataset } from "../gate/config.js";
import { install } from "../gate/install.js";
import { currentScript, ownBase } from "../gate/platform.js";

const script = currentScript();
// None where the tag is a module's, say.
const { dataset } = script instanceof HTMLScriptElement ? script : { dataset: undefined };
const path = dataset && script?.getAttribute("src");
const src = path ? new URL(path, ownBase()).href : "";

// Beside the script, or, where that is inline, beside the program.
install(fromDataset(dataset), src, true, async (wasmUrl = "") => import(new URL("fetch401.program.js", src || wasmUrl).href));
