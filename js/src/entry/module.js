/**
 * The ES module: `import { install } from "fetch401"`.
 * @module
 */

import { createApi } from "../gate/api.js";
import { install as installAt } from "../gate/install.js";
import { coded } from "../gate/load.js";
import * as program from "../program/program.js";

export { UnauthorizedError } from "../gate/unauthorized-error.js";

/** Where an app is rendered on a server, in a worker, or in a test without a browser: nothing is to be done, and nothing fails. */
const absent = () => {
  const ready = Promise.reject(coded("FETCH401_NO_PAGE", "no page with a fetch to wrap is here; fetch stays native"));
  ready.catch(() => {});
  return Object.assign(createApi(ready, () => {}), { returnTo: (fallback = "/") => fallback });
};

/** @param {Record<string, unknown>} options */
export const install = (options) => {
  if (!globalThis.window?.fetch) return absent();
  // Bundlers take the asset along when they see this very expression. Where they make a classic script, it has no URL.
  const { url } = import.meta;
  const wasmUrl = url && new URL("./fetch401.wasm", import.meta.url).href;
  return installAt({ ...(wasmUrl && { wasmUrl }), ...options }, url, undefined, async () => program);
};
