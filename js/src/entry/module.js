/**
 * The ES module: `import { install } from "fetch401"`.
 * @module
 */

import { createApi } from "../gate/api.js";
import { fromDataset } from "../gate/config.js";
import { install as installAt } from "../gate/install.js";
import { coded } from "../gate/coded.js";
import * as program from "../program/program.js";
import { tellIfLate } from "./late.js";

export { UnauthorizedError } from "../gate/unauthorized-error.js";

/** Where an app is rendered on a server, in a worker, or in a test without a browser: nothing is to be done, and nothing fails. */
const absent = () => {
  const ready = Promise.reject(coded("FETCH401_NO_PAGE", "no page with a fetch to wrap is here; fetch stays native"));
  ready.catch(() => {});
  return Object.assign(createApi(ready, () => {}), { returnTo: (fallback = "/") => fallback });
};

/** @param {Record<string, unknown> | HTMLElement} given */
export const install = (given) => {
  if (!globalThis.window?.fetch) return absent();
  // Bundlers take the asset along when they see this very expression. Where they make a classic script, it has no URL.
  const { url } = import.meta;
  const wasmUrl = url && new URL("./fetch401.wasm", import.meta.url).href;
  const tag = given instanceof HTMLElement ? given : undefined;
  const options = { ...(wasmUrl && { wasmUrl }), ...(tag ? fromDataset(tag.dataset) : given) };
  const first = !window.fetch401;
  const since = performance.now();
  const api = installAt(options, url, tag, async () => program);
  // Where Go cannot be had, another line says so.
  if (first) tellIfLate(since, api.ready, options, url).catch(() => {});
  return api;
};
