/** The samples as a person meets them, in Chromium: sign in, let the session expire, sign out. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { engine } from "../../../e2e/harness/engine.js";
import { openTab } from "../../../e2e/harness/tab.js";
import { startExpress, startGo, startHono } from "./servers.js";

after(() => engine.close());

for (const [name, start] of [
  ["Express", startExpress],
  ["Hono on workerd, D1", startHono],
  ["Go", startGo],
]) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startExpress>>} */
    let server;
    let room;
    before(async () => {
      server = await start({ ACCESS_SECONDS: 2 });
      room = await engine.room();
    });
    after(() => Promise.all([server?.stop(), room?.close()]));

    test("a person signs in, stays signed in when the access token runs out, and signs out", async () => {
      const tab = await openTab(room, name);
      const signIn = (password) =>
        tab.run((password) => {
          document.querySelector("[name=name]").value = "demo";
          document.querySelector("[name=password]").value = password;
          document.querySelector("form").requestSubmit();
        }, password);

      // Nobody is signed in: the page's call leads to the login page, with the way back.
      await tab.goto(server.url + "/?list=1");
      await tab.at(/\/login\/\?return_to=%2F%3Flist%3D1&reason=session_ended$/);
      await tab.sees(() => document.readyState === "complete", "the page's scripts");
      await signIn("wrong");
      await tab.sees(() => /do not match/.test(document.querySelector("[role=alert]").textContent), "the refusal");
      await signIn("demo");
      await tab.at(/\/\?list=1$/);
      const greeted = () => tab.sees(() => document.querySelector("#answer").textContent === "Hello, demo.", "the greeting");
      await greeted();

      // The access token runs out, and the browser forgets it.
      const tokens = async () => Object.fromEntries((await tab.cookies()).map(({ name, value }) => [name, value]));
      const { "__Host-refresh": first } = await tokens();
      await tab.until(async () => !(await tokens())["__Host-access"], "the end of the access token");
      await tab.run(() => {
        document.querySelector("#answer").textContent = "";
        document.querySelector("#call").click();
      });
      await greeted();
      const { "__Host-refresh": second } = await tokens();
      assert.notEqual(second, first, "the session was renewed");

      await tab.run(() => document.querySelector("#sign-out").click());
      await tab.at(/\/login\/$/);
      assert.deepEqual(await tokens(), {});
    });
  });
}
