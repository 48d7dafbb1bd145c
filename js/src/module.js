/**
 * The ES module: `import { install } from "fetch401"`.
 * @module
 */

import { install as installAt } from "./install.js";
import * as program from "./program.js";

// For the script of the same folder, where fetch401.program.js is missing.
export * from "./program.js";
export { UnauthorizedError } from "./unauthorized-error.js";

/** @param {Record<string, unknown>} options */
// Bundlers take the asset along when they see this very expression.
export const install = (options) =>
  installAt({ wasmUrl: new URL("fetch401.wasm", import.meta.url).href, ...options }, import.meta.url, false, async () => program);
