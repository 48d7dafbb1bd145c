/** A walk through Chrome DevTools on the demo's page, and the pictures of it that js/docs/troubleshooting.md shows. */

import { setTimeout as pass } from "node:timers/promises";
import { check } from "../../../js/e2e/harness/check.js";
import { startPublicDemo } from "../../../js/e2e/harness/demo.js";
import { openDevTools } from "../harness/devtools.js";

check("a walk through Chrome DevTools: Network, Console and Performance show what js/docs/troubleshooting.md says", async () => {
  const dev = await openDevTools((await startPublicDemo()) + "/?debug=1");
  /** @param {number} times that a call was healed by then */
  const healed = (times) =>
    dev.page.waitForFunction((wanted) => performance.getEntriesByType("measure").filter(({ name }) => name.includes("retrying")).length >= wanted, { polling: 50 }, times);
  try {
    await dev.page.setViewport({ width: 1100, height: 900 });
    await dev.tools.setViewport({ width: 1100, height: 640 });
    await dev.press("#sign-in");
    await dev.page.waitForFunction(() => !document.querySelector("#signed-in").hidden, { polling: 50 });

    await dev.panel("network");
    await pass(300);
    await dev.press("[data-cause=expired]");
    await healed(1);
    await dev.says(/hello\?call=\d+\s+\/api\s+401\s[^]*refresh\s+\/auth\s+200\s[^]*hello\?call=\d+\s+\/api\s+200\s/);
    await dev.tools.keyboard.type("/hello|refresh/");
    await pass(500);
    await dev.shot("network", 1100, 330);

    await dev.panel("console");
    await dev.says(/fetch401 refresh: renewed/);
    const group = await dev.tools.waitForSelector("pierce/.console-group-title");
    await group.click();
    await dev.says(/waited \d+ ms for the refresh/);
    await dev.shot("console", 1100, 330);

    await dev.panel("timeline");
    await pass(500);
    await dev.tools.keyboard.down("Control");
    await dev.tools.keyboard.press("e");
    await dev.tools.keyboard.up("Control");
    await dev.says(/Tracing…/);
    await dev.press("[data-cause=expired]");
    await healed(2);
    await pass(200);
    await dev.tools.keyboard.down("Control");
    await dev.tools.keyboard.press("e");
    await dev.tools.keyboard.up("Control");
    await dev.says(/1st \/ 3rd party|Bottom-up/i);
    await pass(500);
    // The chart is one canvas: the sidebar goes, the main thread is folded and our tracks are unfolded by their places.
    for (const [x, y] of [[16, 40], [10, 190], [10, 169]]) {
      await dev.tools.mouse.click(x, y);
      await pass(400);
    }
    await dev.shot("performance", 1100, 340);
  } finally {
    await dev.close();
  }
}, { skip: { firefox: "it is about Chrome DevTools", webkit: "it is about Chrome DevTools" } });
