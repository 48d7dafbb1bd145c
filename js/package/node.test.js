/** Where a page is rendered on a server: importing does nothing and throws nothing, and so does install(). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { project } from "./harness/project.js";
import { run } from "./harness/run.js";

/** Runs the source as a module of the project, and gives what it logs. */
const say = async (source, ...flags) => {
  const { code, text } = await run(await project("node"), [process.execPath, ...flags, "--input-type=module", "--eval", source]);
  assert.equal(code, 0, text);
  return text.trim();
};

test("import", async () => {
  const said = await say(`
    const before = [globalThis.fetch, Object.getOwnPropertyNames(globalThis).join()];
    const exported = await import("fetch401");
    if (globalThis.fetch !== before[0] || Object.getOwnPropertyNames(globalThis).join() !== before[1]) console.log("it left something behind");
    console.log(Object.keys(exported).sort().map((name) => name + " " + typeof exported[name]).join());
  `);
  assert.equal(said, "UnauthorizedError function,install function");
});

test("import of fetch401/auto", async () => {
  assert.equal(await say(`
    const { fetch } = globalThis;
    console.log(Object.keys(await import("fetch401/auto")).length, globalThis.fetch === fetch, "fetch401" in globalThis);
  `), "0 true false");
});

test("install() gives an object that does nothing, and leaves fetch as it is", async () => {
  const said = await say(`
    import { install } from "fetch401";
    const { fetch } = globalThis;
    const fetch401 = install({ refreshUrl: "/auth/refresh", loginUrl: "/login" });
    fetch401.addEventListener("login", () => {});
    fetch401.setTokens({ access_token: "a" });
    fetch401.clearTokens();
    fetch401.login();
    fetch401.restore();
    const ready = await fetch401.ready.catch((error) => error.code);
    console.log(globalThis.fetch === fetch, "fetch401" in globalThis, ready, await fetch401.refresh(), fetch401.returnTo("/home"), fetch401.state().mode);
  `);
  assert.equal(said, "true false FETCH401_NO_PAGE kept /home off");
});

test("a window without fetch, as tests without a browser have it, is no page either", async () => {
  assert.equal(await say(`
    import { install } from "fetch401";
    globalThis.window = globalThis.document = {};
    console.log(await install({ refreshUrl: "/r" }).ready.catch((error) => error.code));
  `), "FETCH401_NO_PAGE");
});

test("nobody has to handle that ready rejects there", async () => {
  assert.equal(await say(`import { install } from "fetch401"; install({ refreshUrl: "/r" }); setTimeout(() => console.log("alive"), 50);`), "alive");
});
