/** CONTRACT §2 data-status, §3 unauthorizedWhen: other ways in which servers say 401. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { answered, ASK, ask } from "../harness/ask.js";
import { check } from "../harness/check.js";
import { guarded } from "../harness/guard.js";
import { json } from "../harness/site.js";

/** What js/docs/callers.md says is to be done. */
const SAMPLE = readFileSync(new URL("../../docs/samples/callers/graphql.js", import.meta.url), "utf8");

const EXPIRED = { status: 419, headers: { "content-type": "text/plain" }, body: "page expired" };
const UNAUTHENTICATED = json({ data: null, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });

/** A site that says it in its own way. */
const saying = async (e, mode, refusal, { attrs, before = [] } = {}) => {
  const all = await guarded(e, mode, { attrs, page: { before: [ASK, ...before] } });
  const { site, g } = all;
  const good = (q) => (mode === "session" ? (q.headers.cookie ?? "").includes("sid=" + g.present) : q.headers.authorization === "Bearer " + g.present);
  for (const method of ["GET", "POST"]) site.on(`${method} /api/*`, (q) => (good(q) ? json({ data: q.path }) : refusal));
  return all;
};

for (const mode of ["session", "bearer"]) {
  check(`§2 data-status: what it lists is healed as a 401 is, by fetch and XMLHttpRequest; other statuses are not (${mode})`, async (e) => {
    const { g, tab } = await saying(e, mode, EXPIRED, { attrs: { "data-status": "401 419" } });
    assert.equal((await tab.call("/api/x")).status, 200);
    assert.equal(g.exchanges(), 1);
    g.expire();
    const seen = await ask(tab, { url: "/api/y" });
    assert.deepEqual([seen.seen, seen.status], [answered(200), 200]);
    assert.equal(g.exchanges(), 2);
    const other = await saying(e, mode, { status: 440 }, { attrs: { "data-status": "419" } });
    assert.equal((await other.tab.call("/api/x")).status, 440);
    assert.equal(other.g.exchanges(), 0);
  });
}

check("§2 data-status: handed out, it keeps its status and body, and events tell that", async (e) => {
  const { g, site, tab } = await saying(e, "session", EXPIRED, { attrs: { "data-status": "419" }, before: ["window.__stay = true"] });
  g.answer = () => ({ status: 401 });
  const { status, text, used } = await tab.call("/api/x");
  assert.deepEqual([status, text, used], [419, "page expired", false]);
  await tab.event("unauthorized");
  const told = { reason: "session_ended", url: site.origin + "/api/x", method: "GET", status: 419 };
  assert.deepEqual(tab.all("login")[0].detail, told);
  assert.deepEqual(tab.all("unauthorized")[0].detail, told);
  const seen = await ask(tab, { url: "/api/y" });
  assert.deepEqual([seen.seen, seen.status, seen.text], [answered(419), 419, "page expired"]);
  assert.equal((await tab.event("unauthorized", 2)).detail.status, 419);
});

check("§3 unauthorizedWhen: GraphQL's 200 with UNAUTHENTICATED is healed, and handed out as it is; XMLHttpRequest goes by its status", async (e) => {
  const { g, tab } = await saying(e, "bearer", UNAUTHENTICATED, { before: ["window.__stay = true"] });
  await tab.run((sample) => void (0, eval)(sample), SAMPLE);
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"query":"{ me }"}' };
  const { status, text, used } = await tab.call("/api/graphql", post);
  assert.deepEqual([status, JSON.parse(text), used], [200, { data: "/api/graphql" }, false]);
  assert.equal(g.exchanges(), 1);
  g.expire();
  const statuses = await tab.run(() => Promise.all([...Array(20)].map((_, n) => fetch("/api/graphql?" + n).then(async (r) => (await r.json()).data))));
  assert.deepEqual(statuses, Array(20).fill("/api/graphql"));
  assert.equal(g.exchanges(), 2, "a burst, one refresh");
  g.expire();
  assert.deepEqual(JSON.parse((await ask(tab, { url: "/api/graphql" })).text).data, null);
  assert.equal(g.exchanges(), 2);
  g.answer = () => json({ error: "invalid_grant" }, 400);
  assert.deepEqual(JSON.parse((await tab.call("/api/graphql")).text).errors[0].extensions.code, "UNAUTHENTICATED");
  assert.equal((await tab.event("login")).detail.status, 200);
});

check("§3 unauthorizedWhen: a function that fails or never answers: the answer is delivered, one warning", async (e) => {
  const { g, tab } = await saying(e, "session", UNAUTHENTICATED, { attrs: { "data-refresh-timeout": "500" } });
  for (const wrong of ["() => { throw 1 }", "() => Promise.reject()", "() => new Promise(() => {})"]) {
    await tab.run((source) => window.fetch401.unauthorizedWhen(eval(source)), wrong);
    assert.equal(JSON.parse((await tab.call("/api/graphql")).text).errors.length, 1, wrong);
  }
  assert.equal(g.exchanges(), 0);
  await tab.line(/FETCH401_UNDECIDED/);
  assert.equal(tab.said(/FETCH401_UNDECIDED/).length, 1);
});
