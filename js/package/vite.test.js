/** Vite takes the WASM along by itself: it knows new URL("…", import.meta.url). */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { META, clientHeals } from "./harness/clients.js";
import { appHeals, pageOf } from "./harness/heals.js";
import { project } from "./harness/project.js";
import { succeed } from "./harness/run.js";

test("Vite: nothing to set", async () => {
  const folder = await project("vite");
  writeFileSync(join(folder, "index.html"), pageOf("/src/main.js"));
  await succeed(folder, ["node_modules/.bin/vite", "build", "--outDir", "site", "--logLevel", "error"]);
  await appHeals(join(folder, "site"));
});

test("Vite: fetch401/auto, and openapi-fetch imported after it", async () => {
  const folder = await project("vite");
  writeFileSync(join(folder, "index.html"), pageOf("/src/main-auto.js", { head: META }));
  await succeed(folder, ["node_modules/.bin/vite", "build", "--outDir", "site-auto", "--logLevel", "error"]);
  await clientHeals(join(folder, "site-auto"));
});
