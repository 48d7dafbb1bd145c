/** Rollup leaves new URL("…", import.meta.url) as it is, too: the WASM is copied beside the bundle. */

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appHeals, pageOf } from "./harness/heals.js";
import { project } from "./harness/project.js";
import { succeed } from "./harness/run.js";

for (const format of ["es", "iife"]) {
  test(`Rollup, ${format}: the WASM copied beside the bundle`, async () => {
    const folder = await project("rollup");
    const site = join(folder, "site-" + format);
    await succeed(folder, ["node_modules/.bin/rollup", "src/main.js", "--plugin", "node-resolve", "--format", format, "--dir", site]);
    cpSync(join(folder, "node_modules/fetch401/dist/fetch401.wasm"), join(site, "fetch401.wasm"));
    writeFileSync(join(site, "index.html"), pageOf("main.js", { type: format === "es" ? "module" : "" }));
    await appHeals(site);
  });
}
