/**
 * The classic script: installs by its tag's attributes.
 * @module
 */

import { fromDataset } from "./config.js";
import { install } from "./install.js";

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
install(fromDataset(script.dataset), script.src, true);
