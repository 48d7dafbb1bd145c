/** Parcel 2 takes the WASM along by itself: it knows new URL("…", import.meta.url). */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appHeals, pageOf } from "./harness/heals.js";
import { project } from "./harness/project.js";
import { succeed } from "./harness/run.js";

test("Parcel 2: nothing to set", async () => {
  const folder = await project("parcel");
  writeFileSync(join(folder, "index.html"), pageOf("src/main.js"));
  await succeed(folder, ["node_modules/.bin/parcel", "build", "index.html", "--dist-dir", "site", "--no-cache", "--log-level", "error"]);
  await appHeals(join(folder, "site"));
});
