/**
 * The classic script: installs by its tag's attributes.
 * @module
 */

import { fromDataset } from "../gate/config.js";
import { PROGRAM } from "../gate/digests.js";
import { install } from "../gate/install.js";
import { currentScript, ownBase } from "../gate/platform.js";

const script = currentScript();
// None where the tag is a module's, say.
const tag = script instanceof HTMLScriptElement ? script : undefined;
const path = tag?.getAttribute("src");

install(fromDataset(tag?.dataset), path ? new URL(path, ownBase()).href : "", tag, async (part) => part("fetch401.program.js", PROGRAM));
