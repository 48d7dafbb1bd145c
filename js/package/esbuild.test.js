/**
 * esbuild leaves new URL("…", import.meta.url) as it is. So the WASM is copied beside what it makes, and where that is no
 * module and has no URL of its own, `wasmUrl` says where. js/README.md tells it like this.
 */

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { META, clientComesFirst, clientHeals } from "./harness/clients.js";
import { appHeals, pageOf } from "./harness/heals.js";
import { project } from "./harness/project.js";
import { succeed } from "./harness/run.js";

const build = async (entry, ...flags) => {
  const folder = await project("esbuild");
  await succeed(folder, ["node_modules/.bin/esbuild", entry, "--bundle", "--minify", "--outdir=site", ...flags]);
  mkdirSync(join(folder, "site"), { recursive: true });
  cpSync(join(folder, "node_modules/fetch401/dist/fetch401.wasm"), join(folder, "site/fetch401.wasm"));
  return join(folder, "site");
};

test("esbuild, modules: the WASM copied beside the bundle", async () => {
  const site = await build("src/main.js", "--format=esm", "--splitting");
  writeFileSync(join(site, "index.html"), pageOf("main.js"));
  await appHeals(site);
});

test("esbuild, a classic script: wasmUrl", async () => {
  const site = await build("src/main-with-wasm-url.js", "--format=iife", "--log-override:empty-import-meta=silent");
  writeFileSync(join(site, "index.html"), pageOf("main-with-wasm-url.js", { type: "" }));
  await appHeals(site);
});

test("esbuild: fetch401/auto, and openapi-fetch imported after it", async () => {
  const site = await build("src/main-auto.js", "--format=esm");
  writeFileSync(join(site, "index.html"), pageOf("main-auto.js", { head: META }));
  await clientHeals(site);
});

test("esbuild: install() after openapi-fetch, which has called already: a line says so", async () => {
  const site = await build("src/main-late.js", "--format=esm");
  writeFileSync(join(site, "index.html"), pageOf("main-late.js"));
  await clientComesFirst(site);
});
