/** webpack 5 takes the WASM along by itself: it knows new URL("…", import.meta.url). */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appHeals, pageOf } from "./harness/heals.js";
import { project } from "./harness/project.js";
import { succeed } from "./harness/run.js";

test("webpack 5: nothing to set", async () => {
  const folder = await project("webpack");
  await succeed(folder, ["node_modules/.bin/webpack", "--mode", "production", "--entry", "./src/main.js", "--output-path", "site"]);
  writeFileSync(join(folder, "site/index.html"), pageOf("main.js", { type: "" }));
  await appHeals(join(folder, "site"));
});
