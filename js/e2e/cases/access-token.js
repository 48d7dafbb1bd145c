/** CONTRACT §3 accessToken(): a token for what fetch401 does not send itself. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { check } from "../harness/check.js";
import { guarded } from "../harness/guard.js";
import { MODES, opened } from "../harness/modes.js";
import { json } from "../harness/site.js";

/** What js/docs/callers.md says is to be done. */
const SAMPLE = readFileSync(new URL("../../docs/samples/callers/live.js", import.meta.url), "utf8");

/** The promise's outcome, without the token. */
const asked = (tab) => tab.run(() => window.fetch401.accessToken().then((token) => (window.token = token) && "token", (error) => error.code ?? error.name));

for (const mode of MODES.slice(1)) {
  check(`§3 accessToken(): one that the server takes, refreshed once for all who ask past its end (demo, ${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode, { lifetime: 2 });
    // With attach, a page begins without one.
    assert.equal(await asked(tab), "token");
    await tab.run(() => new Promise((resolve) => setTimeout(resolve, 2100)));
    const before = (await session.counts()).refreshes;
    const all = await tab.run(() => Promise.all([...Array(20)].map(() => window.fetch401.accessToken())).then((tokens) => [new Set(tokens).size, (window.token = tokens[0]) !== ""]));
    assert.deepEqual(all, [1, true]);
    const { counters, held } = await tab.state();
    assert.deepEqual([counters.calls, held], [0, 0]);
    assert.ok((await session.counts()).refreshes - before <= 1);
    // Not protected, so sent as it is.
    assert.equal(await tab.run(() => fetch("/demo/counts", { headers: { Authorization: "Bearer " + window.token } }).then((r) => r.status)), 200);
  });
}

check("§3 accessToken(): waits for a refresh under way and for promised tokens, as calls do", async (e) => {
  const { site, g, tab } = await guarded(e, "bearer");
  let answer;
  g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
  await tab.run(() => void (window.call = fetch("/api/x").then((r) => r.status)));
  await site.reached(g.route);
  await tab.run(() => void (window.asked = window.fetch401.accessToken()));
  assert.equal((await tab.state()).held, 2);
  answer();
  assert.equal(await tab.run((good) => window.asked.then((token) => token === good), g.present), true);
  assert.equal(await tab.run(() => window.call), 200);
  await tab.run(() => {
    window.fetch401.setTokens(new Promise((resolve) => (window.give = resolve)));
    window.asked = window.fetch401.accessToken();
  });
  assert.equal((await tab.state()).held, 1);
  assert.equal(await tab.run((access_token) => (window.give({ access_token }), window.asked.then((token) => token === access_token)), g.present), true);
});

check("§3 accessToken(): FETCH401_REFRESH_FAILED where it cannot be renewed now, FETCH401_ENDED once the session has ended", async (e) => {
  const { site, g, tab } = await guarded(e, "bearer", { begin: false, page: { before: ["window.__stay = true"] } });
  assert.equal(await asked(tab), "FETCH401_REFRESH_FAILED", "no session yet");
  await tab.run((tokens) => window.fetch401.setTokens(tokens), { access_token: site.token("over"), refresh_token: g.refresh, expires_in: 0 });
  const good = g.answer;
  g.answer = () => ({ status: 503 });
  assert.equal(await asked(tab), "FETCH401_REFRESH_FAILED");
  assert.equal(await asked(tab), "FETCH401_REFRESH_FAILED", "and the pause between exchanges holds");
  assert.equal(g.exchanges(), 1);
  g.answer = good;
  assert.equal(await tab.run(() => window.fetch401.refresh()), "renewed");
  assert.equal(await asked(tab), "token");
  g.expire();
  g.answer = () => json({ error: "invalid_grant" }, 400);
  await tab.call("/api/x");
  assert.equal(await asked(tab), "FETCH401_ENDED");
  await tab.run((tokens) => window.fetch401.setTokens(tokens), { access_token: g.present });
  assert.equal(await asked(tab), "token");
  await tab.run(() => window.fetch401.clearTokens());
  assert.equal(await asked(tab), "FETCH401_ENDED");
});

check("§3 accessToken(): the app's refresh brings the first one; a mode without tokens is misuse", async (e) => {
  const site = await e.site();
  const tab = await e.tab();
  const token = site.token("app");
  await tab.open(site.page({ attrs: { "data-refresh": "app", "data-protect": "/api" } }));
  await tab.run((access_token) => {
    window.asked = window.fetch401.accessToken();
    window.fetch401.refreshWith(async () => ({ access_token }));
  }, token);
  assert.equal(await tab.run((good) => window.asked.then((token) => token === good), token), true);
  const { tab: cookies } = await guarded(e, "session");
  assert.equal(await asked(cookies), "TypeError");
});

check("§3 accessToken(): the samples of js/docs/callers.md give each connection the present token", async (e) => {
  const { g, tab } = await guarded(e, "bearer", { begin: false });
  await g.begin(tab, g.present);
  const [protocols, url, auth] = await tab.run(async (sample) => {
    const opened = {};
    class Fake extends EventTarget {
      constructor(...args) {
        super();
        opened[new.target.name] = args;
      }
    }
    window.WebSocket = class WebSocket extends Fake {};
    window.EventSource = class EventSource extends Fake {};
    window.io = (_, { auth }) => new Promise(auth);
    (0, eval)(sample);
    await Promise.all([window.openSocket(), window.openEvents()]);
    return [opened.WebSocket[1], opened.EventSource[0], await window.openSocketIo()];
  }, SAMPLE);
  assert.deepEqual(protocols, ["live", "bearer." + g.present]);
  assert.equal(new URL(url).searchParams.get("access_token"), g.present);
  assert.deepEqual(auth, { token: g.present });
});
