/** CONTRACT §4: a call belongs to the session in which it was made, and a session is one person's. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";

for (const mode of ["session", "pair", "bearer"]) {
  check(`§4 the refreshed session is somebody else's: own 401 (session_ended), nothing is sent again, sessionchanged (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode, { page: { before: ["window.__stay = true"] } });
    g.answer = () => g.renewed({ subject: "alice" });
    assert.equal((await tab.call("/api/x")).status, 200);
    g.expire();
    g.answer = () => g.renewed({ subject: "bob" });
    const [post, xhr] = await tab.run(() =>
      Promise.all([
        fetch("/api/order", { method: "POST", body: "alice's" }).then((r) => r.status),
        new Promise((resolve) => {
          const request = new XMLHttpRequest();
          request.onload = () => resolve(request.status);
          request.open("PUT", "/api/xhr");
          request.send("alice's");
        }),
      ]),
    );
    assert.deepEqual([post, xhr], [401, 401]);
    assert.deepEqual(tab.all("unauthorized").map(({ detail }) => detail.reason), ["session_ended", "session_ended"]);
    const { generation } = (await tab.event("sessionchanged")).detail;
    assert.equal(generation, (await tab.state()).generation);
    assert.equal((await tab.call("/api/x")).status, 200, "calls made from now on are that person's");
    assert.deepEqual([site.got("POST /api/order").length, site.got("PUT /api/xhr").length], [1, 1]);
    assert.equal(tab.all("login").length, 0);
    assert.equal(tab.all("sessionchanged").length, 1);
  });
}

check("§4 somebody has signed in as another in a page of its own: the pages of before send nothing again, once any of them is told", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const url = site.page({ attrs: g.attrs, before: ["window.__stay = true"] });
  g.answer = () => g.renewed({ subject: "alice" });
  const alice = await (await e.tab()).open(url);
  assert.equal((await alice.call("/api/x")).status, 200);
  const bob = await (await e.tab()).open(url);
  g.expire();
  let answer;
  g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed({ subject: "bob" }))));
  await bob.run(() => void (window.call = fetch("/api/bob").then((r) => r.status)));
  await site.reached(g.route, 2);
  await alice.run(() => void (window.call = fetch("/api/order", { method: "POST", body: "alice's" }).then((r) => r.status)));
  await alice.until(async () => (await alice.state()).held === 1, "the call that waits");
  answer();
  assert.deepEqual([await bob.run(() => window.call), await alice.run(() => window.call)], [200, 401]);
  await alice.event("sessionchanged");
  assert.equal(bob.all("sessionchanged").length, 0, "this page was never Alice's");
  assert.equal(site.got("POST /api/order").length, 1);
  assert.equal((await alice.call("/api/x")).status, 200);
});

check("§4 setTokens of the same subject goes on with the session: a call that is held for it is sent again; of another, it is not", async (e) => {
  const { site, g, tab } = await guarded(e, "bearer", { begin: false, page: { before: ["window.__stay = true"] } });
  const give = (access_token, subject) => tab.run((tokens) => window.fetch401.setTokens(tokens), { access_token, refresh_token: g.refresh, subject });
  await give(site.token("stale"), "alice");
  for (const [subject, status] of [["alice", 200], ["bob", 401]]) {
    const exchanges = g.exchanges();
    g.answer = () => new Promise(() => {});
    await tab.run(() => void (window.call = fetch("/api/order", { method: "POST", body: "alice's" }).then((r) => r.status)));
    await site.reached(g.route, exchanges + 1);
    await give(g.present, subject);
    assert.equal(await tab.run(() => window.call), status, subject);
    g.expire();
  }
});
