/** data-debug: the trace in the console and the tracks of the Performance panel. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";

const entries = (tab) =>
  tab.run(() => performance.getEntriesByType("measure").map(({ name, duration, detail }) => ({ name, duration, ...detail?.devtools })));

for (const mode of ["session", "bearer", "pair"]) {
  check(`§2 data-debug tells a healed call as one group with its steps, and draws what it waited for (${mode})`, async (e) => {
    const { tab, g } = await guarded(e, mode, { attrs: { "data-debug": "" } });
    assert.equal((await tab.call("/api/x?private=query_1")).status, 200);
    await tab.until(() => tab.lines.some(({ type }) => type === "groupEnd"), "the end of the group");
    const lines = tab.lines.map(({ text }) => text);
    const from = lines.findIndex((text) => /^fetch401 GET http.*\/api\/x: 200, \d+ ms$/.test(text));
    assert.ok(from >= 0, lines.join("\n"));
    const steps = lines.slice(from + 1).join("\n");
    assert.match(steps, /sent\n(.*\n)?.*answered with 401, WWW-Authenticate: Bearer.*\n.*waited \d+ ms for the refresh\n.*sent again\n.*answered with 200\n/);
    assert.ok(lines.some((text) => /^fetch401 refresh: renewed, generation \d+, \d+ ms$/.test(text)), lines.join("\n"));
    assert.doesNotMatch(lines.join("\n"), /query_1/);
    for (const token of [g.present, g.refresh]) assert.ok(!lines.join("\n").includes(token));

    const drawn = await entries(tab);
    for (const track of ["waiting", "refreshing", "retrying"]) {
      const [entry] = drawn.filter((one) => one.track === track);
      assert.ok(entry, `${track} is in ${JSON.stringify(drawn)}`);
      assert.equal(entry.trackGroup, "fetch401");
      assert.equal(entry.dataType, "track-entry");
    }
    assert.doesNotMatch(JSON.stringify(drawn), /query_1/);
  });
}

check("§2 without data-debug nothing of it is loaded, printed or drawn", async (e) => {
  const { site, tab } = await guarded(e, "session");
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.deepEqual(site.got("GET /fetch401/fetch401.trace.js"), []);
  assert.deepEqual(tab.lines, []);
  assert.deepEqual(await entries(tab), []);
});

check("§2 where the trace cannot be loaded there is one warning, and calls are healed all the same", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  site.on("GET /fetch401/fetch401.trace.js", { status: 404, body: "" });
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { ...g.attrs, "data-debug": "" } }));
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal((await tab.call("/api/y")).status, 200);
  await tab.until(() => tab.lines.length, "the warning");
  assert.deepEqual(tab.lines.map(({ type }) => type), ["warn"]);
  assert.match(tab.lines[0].text, /fetch401: no trace, .*fetch401\.trace\.js cannot be used/);
  assert.deepEqual(tab.errors, []);
});

check("§1 the module loads its trace from beside itself", async (e) => {
  const site = await e.site();
  guard(site, "session");
  site.put("/module.js", `import { install } from "/fetch401/fetch401.mjs"; install({ refreshUrl: "/refresh", protect: ["/api"], debug: true });`);
  const tab = await e.tab();
  await tab.goto(site.page({ head: `<script type="module" src="/module.js"></script>`, probe: false }));
  await tab.ready();
  assert.equal((await tab.call("/api/x")).status, 200);
  await tab.until(() => tab.lines.some(({ type }) => type === "groupEnd"), "the end of the group");
});
