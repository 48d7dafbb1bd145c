/** CONTRACT §6 `login` prevented, §3 setTokens: the sign-in within the page of js/docs/sign-in.md, as it stands there. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { json, no } from "../harness/site.js";

const sample = (name) => readFileSync(new URL("../../docs/samples/page/dialog/" + name, import.meta.url), "utf8");

/** The sample's site: its pages, an API whose session is over, and a sign-in that answers as the mode does. */
const start = async (e, mode) => {
  const site = await e.site();
  const g = guard(site, mode);
  g.answer = () => json({ error: "invalid_grant" }, mode === "session" ? 401 : 400);
  g.good = () => json({ hello: "demo" });
  const refresh = mode === "session" ? "POST /auth/refresh" : "POST /auth/token";
  site.on(refresh, (q) => g.answer(q));
  site.on("POST /auth/login", ({ body }) => (JSON.parse(String(body)).password === "demo" ? g.renewed() : no()));
  for (const name of ["index.html", "tokens.html", "dialog.js"]) site.put("/dialog/" + name.replace("index.html", ""), sample(name));
  const address = site.origin + (mode === "session" ? "/dialog/" : "/dialog/tokens.html");
  const page = async () => {
    const tab = await e.tab();
    await tab.open(address);
    const shown = () => tab.sees(() => document.querySelector("dialog").open, "the dialog");
    const greeted = () => tab.sees(() => document.querySelector("#answer").textContent === "Hello, demo.", "the greeting");
    const signIn = (password) =>
      tab.run((password) => {
        document.querySelector("[name=name]").value = "demo";
        document.querySelector("[name=password]").value = password;
        document.querySelector("form").requestSubmit();
      }, password);
    const call = () => tab.run(() => ((document.querySelector("#answer").textContent = ""), document.querySelector("#call").click()));
    return { tab, shown, greeted, signIn, call };
  };
  return { site, g, page, address, refresh };
};

for (const mode of ["session", "bearer"]) {
  check(`§6 login prevented: a dialog, a wrong password, a sign-in, and the page goes on; again once that session has ended (${mode})`, async (e) => {
    const { site, g, page, address, refresh } = await start(e, mode);
    const { tab, shown, greeted, signIn, call } = await page();
    await shown();
    assert.equal(await tab.run(() => document.querySelector("#answer").textContent), "401");
    await signIn("wrong");
    await tab.sees(() => /do not match/.test(document.querySelector("[role=alert]").textContent), "the refusal");
    const asked = site.received.length;
    await signIn("demo");
    await greeted();
    assert.deepEqual(site.received.slice(asked).map(({ method, path }) => `${method} ${path}`), ["POST /auth/login", "GET /api/hello"], "no refresh is needed");
    assert.equal(await tab.run(() => document.querySelector("dialog").open), false);
    // It runs out and is renewed; then it ends, and the dialog is there again.
    const refused = g.answer;
    g.answer = () => g.renewed();
    g.expire();
    await call();
    await greeted();
    g.expire();
    g.answer = refused;
    await call();
    await shown();
    await signIn("demo");
    await greeted();
    assert.equal(site.got(refresh).length, mode === "session" ? 3 : 2, "without a refresh token there is nothing to refresh at first");
    assert.equal(await tab.url(), address, "the page was never left");
    assert.deepEqual(tab.errors, []);
  });
}

check("§6 login prevented: the sign-in of one tab is the other's, too; {} tells of it (session)", async (e) => {
  const { site, g, page } = await start(e, "session");
  site.on("POST /auth/login", () => ({ ...g.renewed(), body: "{}" }));
  const one = await page();
  await one.shown();
  const other = await page();
  await other.shown();
  await one.signIn("demo");
  await one.greeted();
  await other.tab.until(async () => !(await other.tab.state()).ended, "the session lives there, without a call");
  await other.tab.run(() => document.querySelector("dialog").close());
  await other.call();
  await other.greeted();
});
