/**
 * End-to-end tests of the built files in Chromium: one browser, one backend, one process for all topics.
 *
 *   node --test            everything
 *   TOPICS=replay,abort    only files of cases/ whose names begin so
 *   DIST=…                 another folder of built files than js/dist
 *   CHROMIUM=…             another Chromium
 *   E2E_PORT=…             the first of the ports to use
 */

import { readdirSync } from "node:fs";
import { endSuite, runTopics, topic } from "./harness/check.js";
import "./harness/fresh.js";

const wanted = process.env.TOPICS?.split(",");
for (const file of readdirSync(new URL("./cases/", import.meta.url)).sort()) {
  if (wanted && !wanted.some((name) => file.startsWith(name))) continue;
  topic(file.replace(".js", ""));
  await import(`./cases/${file}`);
}
runTopics(Number(process.env.E2E_CONCURRENCY || 2));
await import("./harness/tokens.js");
endSuite();
