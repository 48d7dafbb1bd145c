/** CONTRACT §4, what the caller gets, with the demo's backend, in each mode. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { MODES, opened } from "../harness/modes.js";

// The rows that pair mode answers as bearer mode does are left to bearer mode.
const BOTH = ["session", "bearer"];

for (const mode of BOTH) {
  check(`§4 anything but 401: exactly what native fetch gives, nothing else (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    for (const path of ["/api/hello", "/api/me", "/api/public"]) assert.equal((await tab.call(path)).status, 200);
    assert.equal((await tab.call("/api/none")).status, 404);
    assert.equal((await tab.call("/api/echo")).status, 405);
    assert.deepEqual(tab.types(), []);
    assert.equal((await session.counts()).refreshes, 0);
  });
}

for (const mode of MODES) {
  check(`§4 401, refresh works: the retry's response, refreshed and retried (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await session.expire();
    const answer = await tab.call("/api/hello?q=1#f");
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.text).generation, 1);
    await tab.event("retried");
    assert.deepEqual(tab.types(), ["refreshing", "refreshed", "retried"]);
    const { detail } = tab.all("retried")[0];
    assert.deepEqual(Object.keys(detail).sort(), ["method", "reason", "status", "url"]);
    assert.equal(detail.url, new URL("/api/hello", await tab.url()).href, "origin + path only");
    assert.equal(detail.method, "GET");
    assert.equal(detail.status, 200);
    const counts = await session.counts();
    assert.deepEqual([counts.refreshes, counts.unauthorized, counts.reuse], [1, 1, 0]);
    assert.equal((await tab.call("/api/hello")).status, 200);
    assert.equal((await session.counts()).unauthorized, 1, "the next call carries the renewed credentials");
  });

  check(`§4 a token that really expires after its lifetime: renewed, by its 401 or before, and each call is answered (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode, { lifetime: 1 });
    const expired = () => tab.call("/api/items/7").then(({ status }) => status);
    const deadline = Date.now() + 8000;
    while (tab.all("refreshed").length < 1 && Date.now() < deadline) assert.equal(await expired(), 200);
    await tab.event("refreshed");
    assert.ok((await session.counts()).refreshes >= 1);
  });

  check(`§4 401 for a malformed token: healed like any other (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode, { page: { before: ["window.__stay = true"] } });
    const bad = await session.malform();
    if (mode === "session") {
      assert.equal((await tab.call("/api/hello")).status, 200);
      assert.equal((await session.counts()).refreshes, 1);
    } else {
      await tab.run((token) => window.fetch401.setTokens({ access_token: token }), bad.access_token);
      const answer = await tab.call("/api/hello");
      assert.equal(answer.status, mode === "pair" ? 200 : 401, "bearer has no refresh token any more");
    }
  });

  check(`§4 401, refresh refused for good: its own original 401, unread; session ended: login, redirect (${mode})`, async (e) => {
    const { demo, tab, session } = await opened(e, mode, { page: { before: ["window.__stay = true"] } });
    await session.revoke();
    const answer = await tab.call("/api/hello");
    assert.equal(answer.status, 401);
    assert.equal(answer.used, false);
    assert.match(answer.text, /"status":\s*401/);
    await tab.event("login");
    assert.deepEqual(tab.types().sort(), ["login", "refreshfailed", "refreshing", "unauthorized"]);
    assert.equal(tab.all("refreshfailed")[0].detail.final, true);
    assert.equal(tab.all("login")[0].detail.reason, "session_ended");
    assert.equal(tab.all("login")[0].cancelable, true);
    assert.equal((await tab.state()).ended, true);
    assert.equal(demo.got("GET /api/hello").length, 1);

    assert.equal((await tab.call("/api/me")).status, 401);
    assert.equal((await tab.call("/api/items/1")).status, 401);
    await tab.event("unauthorized", 3);
    assert.equal(tab.all("login").length, 1, "§6 login fires once per ended session");
    assert.equal(tab.all("refreshing").length, 1, "§6 once ended: no exchange");
  });

  check(`§4 401, refresh refused for good: the page goes to the login URL (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await session.revoke();
    await tab.leave(() => void fetch("/api/hello"));
    const url = new URL(await tab.at(/\/login\?/));
    assert.equal(url.searchParams.get("reason"), "session_ended");
    assert.match(url.searchParams.get("return_to"), /^\/p\d+\.html$/);
  });

  check(`§4 401, refresh fails for now: its own original 401, unread; session kept, nobody redirected (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await session.expire();
    await session.down("refresh");
    const answer = await tab.call("/api/hello");
    assert.deepEqual([answer.status, answer.used], [401, false]);
    await tab.event("unauthorized");
    assert.deepEqual(tab.types(), ["refreshing", "refreshfailed", "unauthorized"]);
    const { detail } = tab.all("refreshfailed")[0];
    assert.deepEqual([detail.final, detail.status], [false, 503]);
    assert.equal(tab.all("unauthorized")[0].detail.reason, "refresh_failed");
    assert.equal((await tab.state()).ended, false);
    await session.down("refresh", 0);
    assert.equal((await tab.call("/api/hello")).status, 401, "not before its time");
    assert.equal(tab.all("refreshing").length, 1);
    await tab.run(() => void dispatchEvent(new Event("online")));
    assert.equal((await tab.call("/api/hello")).status, 200, "kept: it heals as soon as the endpoint is up");
    assert.doesNotMatch(await tab.url(), /login/);
  });

}

for (const mode of BOTH) {
  check(`§4 401 again after an exchange, no call of this generation answered otherwise: that second 401; login (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await tab.leave(() => void fetch("/api/broken"));
    const url = new URL(await tab.at(/\/login\?/));
    assert.equal(url.searchParams.get("reason"), "still_unauthorized");
    assert.equal(tab.all("retried")[0].detail.status, 401);
    assert.equal((await session.counts()).refreshes, 1);
  });

  check(`§4 401 again while another call of this generation was answered otherwise: that second 401; still_unauthorized, no redirect, no exchange for 30 s (${mode})`, async (e) => {
    const { demo, tab, session } = await opened(e, mode);
    // The retry reaches the server when another call has proven the new generation, and not before.
    demo.hold("GET /api/broken", async () => {
      if (demo.got("GET /api/broken").length === 2) assert.equal((await tab.call("/api/hello")).status, 200);
    });
    assert.equal((await tab.call("/api/broken")).status, 401);
    assert.equal(demo.got("GET /api/broken").length, 2);
    await tab.event("unauthorized");
    assert.equal(tab.all("unauthorized")[0].detail.reason, "still_unauthorized");
    assert.equal(tab.all("login").length, 0);
    const { refreshes } = await session.counts();
    assert.equal(refreshes, 1);
    assert.equal((await tab.call("/api/broken")).status, 401);
    assert.equal((await tab.call("/api/broken?other=query")).status, 401);
    assert.equal((await session.counts()).refreshes, refreshes, "no exchange for this URL");
    await session.expire();
    assert.equal((await tab.call("/api/items/2")).status, 200, "other URLs heal");
    assert.doesNotMatch(await tab.url(), /login/);
  });

  for (const [path, reason, skip] of [
    ["/api/scope", "insufficient_scope", {}],
    ["/api/basic", "foreign_challenge", { webkit: "it asks for a password in a window of its own, which WebDriver cannot close" }],
  ]) {
    check(`§4 401 whose challenge a refresh cannot help: ${reason}: unauthorized, no exchange, no login (${mode})`, async (e) => {
      const { tab, session } = await opened(e, mode);
      await tab.refusePasswords("*/api/basic");
      assert.equal((await tab.call(path)).status, 401);
      await tab.event("unauthorized");
      assert.deepEqual(tab.all("unauthorized").map(({ detail }) => detail.reason), [reason]);
      assert.deepEqual(tab.types(), ["unauthorized"]);
      assert.equal((await session.counts()).refreshes, 0);
    }, { skip });
  }

  check(`§4 insufficient_user_authentication: login (step_up) (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    await tab.leave(() => void fetch("/api/stepup"));
    const url = new URL(await tab.at(/\/login\?/));
    assert.equal(url.searchParams.get("reason"), "step_up");
    // What the demo's challenge demands (RFC 9470 §3).
    assert.equal(url.searchParams.get("acr_values"), "mfa");
    assert.equal((await session.counts()).refreshes, 0);
  });

  check(`§4 403: the 403, never a refresh (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode);
    assert.equal((await tab.call("/api/forbidden")).status, 403);
    assert.deepEqual(tab.types(), []);
    assert.equal((await session.counts()).refreshes, 0);
  });
}
