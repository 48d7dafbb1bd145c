/**
 * Next 16 takes the WASM along by itself, with either bundler; `instrumentation-client.js` is where install() comes before
 * all of the app. In a folder of its own, since it takes a minute: `make test-next`.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startApp } from "../harness/heals.js";
import { project } from "../harness/project.js";
import { succeed } from "../harness/run.js";

for (const bundler of ["turbopack", "webpack"]) {
  test(`Next, ${bundler}: nothing to set; the page's first call is healed`, async () => {
    const folder = await project("next");
    await succeed(folder, ["node_modules/.bin/next", "build", "--" + bundler], { NEXT_TELEMETRY_DISABLED: "1" });
    const { site, g, tab, close } = await startApp(join(folder, "out"));
    try {
      await tab.open(site.origin + "/");
      assert.equal(await tab.sees(() => document.querySelector("output")?.textContent, "the answer"), "200");
      assert.equal((await tab.call("/api/more")).status, 200);
      assert.equal(g.exchanges(), 1);
      assert.equal(site.got("GET /api/orders").length, 2);
      assert.deepEqual([tab.errors, tab.lines], [[], []]);
    } finally {
      await close();
    }
  });
}
