/** CONTRACT §5: what each answer of the refresh means, and how the exchange is made. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { json, RESET } from "../harness/site.js";

const error = (code, status = 400) => json({ error: code, error_description: "why" }, status);
const moved = { status: 302, headers: { location: "/elsewhere" } };

/** [what, answer, class by mode: session, bearer, pair] */
const ANSWERS = [
  ["invalid_grant with 400", () => error("invalid_grant"), "final", "final", "final"],
  ["invalid_grant with 401", () => error("invalid_grant", 401), "final", "final", "final"],
  ["401 without a code", () => ({ status: 401 }), "final", "fault", "final"],
  ["403 without a code", () => ({ status: 403, body: "<html>" }), "final", "fault", "final"],
  ["401 with another §5.2 code", () => error("invalid_client", 401), "fault", "fault", "fault"],
  ["invalid_request", () => error("invalid_request"), "fault", "fault", "fault"],
  ["unsupported_grant_type", () => error("unsupported_grant_type"), "fault", "fault", "fault"],
  ["a redirect", () => moved, "final", "fault", "final"],
  ["404", () => ({ status: 404, body: "none" }), "fault", "fault", "fault"],
  ["400 without a code", () => ({ status: 400, body: "{}" }), "fault", "fault", "fault"],
  ["408", () => ({ status: 408 }), "transient", "transient", "transient"],
  ["425", () => ({ status: 425 }), "transient", "transient", "transient"],
  ["429", () => ({ status: 429 }), "transient", "transient", "transient"],
  ["500", () => ({ status: 500, body: "oops" }), "transient", "transient", "transient"],
  ["503 with invalid_grant", () => error("invalid_grant", 503), "transient", "transient", "transient"],
  ["a network error", () => RESET, "transient", "transient", "transient"],
  ["2xx without an access_token", (g) => json({ token_type: "Bearer", expires_in: 60, g: 1 }), "renewed", "fault", "fault"],
  ["2xx with an unusable access_token", () => json({ access_token: "with blanks and\nlines", token_type: "Bearer" }), "renewed", "fault", "fault"],
  ["2xx with another token_type", (g) => g.renewed({ token_type: "DPoP" }), "renewed", "fault", "fault"],
  ["2xx unparsable", () => ({ status: 200, body: "<!doctype html>" }), "renewed", "fault", "fault"],
  ["204", () => ({ status: 204 }), "renewed", "fault", "fault"],
  ["2xx with token_type bearer in small letters", (g) => g.renewed({ token_type: "bearer" }), "renewed", "renewed", "renewed"],
];

for (const [column, mode] of ["session", "bearer", "pair"].entries()) {
  for (const kind of ["final", "transient", "fault", "renewed"]) {
    const rows = ANSWERS.filter((row) => row[2 + column] === kind);
    check(`§5 ${kind} (${mode}): ${rows.map(([what]) => what).join("; ")}`, async (e) => {
      const { site, g, tab } = await guarded(e, mode, { begin: false, page: { before: ["window.__stay = true"] } });
      for (const [what, answer] of rows) {
        // A new session for each row: setTokens begins one, and cookies are no good again.
        g.expire();
        await tab.run((tokens) => window.fetch401.setTokens(tokens), mode === "session" ? {} : { access_token: site.token("stale"), ...(mode === "bearer" ? { refresh_token: site.token("refresh") } : {}) });
        await tab.forget();
        const before = g.exchanges();
        g.answer = () => {
          const given = answer(g);
          // In session mode the cookie is what renews; the JSON beside it may be anything.
          if (kind === "renewed" && mode === "session") return { ...given, headers: { ...given.headers, "set-cookie": `sid=${g.present}; Path=/` } };
          return given;
        };
        const { status } = await tab.call("/api/row");
        assert.equal(status, kind === "renewed" ? 200 : 401, what);
        assert.equal(tab.all("refreshing").length, 1, what);
        // Chromium itself tries again after a 408 and on a connection that breaks.
        if (!["a network error", "408"].includes(what)) assert.equal(g.exchanges(), before + 1, what);
        if (kind !== "renewed") {
          const { detail } = await tab.event("refreshfailed");
          assert.equal(detail.final, kind === "final", what);
          assert.equal(typeof detail.code, "string", what);
          assert.ok(detail.code, `${what}: coded`);
          assert.equal(typeof detail.status, "number", what);
          const { detail: handed } = await tab.event("unauthorized");
          assert.equal(handed.reason, { final: "session_ended", transient: "refresh_failed", fault: "misconfigured" }[kind], what);
        }
        assert.equal(tab.all("login").length, kind === "final" ? 1 : 0, what);
        assert.equal((await tab.state()).ended, kind === "final", what);
        assert.equal(tab.said(/FETCH401_/, ["error"]).length, kind === "fault" ? 1 : 0, `${what}: ${JSON.stringify(tab.lines)}`);
        if (kind === "final" || kind === "fault") {
          const after = g.exchanges();
          assert.equal((await tab.call("/api/row2")).status, 401, what);
          assert.equal(g.exchanges(), after, `${what}: no exchange`);
          assert.equal(tab.said(/FETCH401_/, ["error"]).length, kind === "fault" ? 1 : 0, what);
          assert.equal(tab.all("login").length, kind === "final" ? 1 : 0, what);
        }
      }
      assert.equal(site.got("GET /elsewhere").length, 0, "a redirect of the exchange is never followed");
    });
  }

  check(`§5 fault: no exchange until setTokens, refresh() or a reload (${mode})`, async (e) => {
    const { g, tab } = await guarded(e, mode);
    g.answer = () => ({ status: 404 });
    assert.equal(await tab.run(() => window.fetch401.refresh()), "kept");
    assert.equal((await tab.call("/api/a")).status, 401);
    assert.equal(g.exchanges(), 1);
    g.answer = () => g.renewed();
    assert.equal(await tab.run(() => window.fetch401.refresh()), "renewed");
    assert.equal((await tab.call("/api/a")).status, 200);
    assert.equal(g.exchanges(), 2);
  });
}

check("§5 the exchange in session mode: POST, no body, credentials, redirect manual, cache no-store, keepalive", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  await tab.run(() => (document.cookie = "beside=1"));
  assert.equal((await tab.call("/api/x")).status, 200);
  const [exchange] = site.got(g.route);
  assert.equal(exchange.text, "");
  assert.match(exchange.headers.cookie, /beside=1/);
  assert.equal(exchange.headers.authorization, undefined);
  assert.equal(exchange.headers["cache-control"], "no-cache");
  assert.equal(exchange.headers["sec-fetch-mode"], "cors");
});

check("§5 the exchange in bearer mode: RFC 6749 §6 form of a public client, credentials omitted, data-scope; the old refresh token is kept when none is new", async (e) => {
  const { site, g, tab } = await guarded(e, "bearer", { attrs: { "data-scope": "read write", "data-client-id": "app & co" } });
  await tab.run(() => (document.cookie = "beside=1"));
  const first = g.refresh;
  g.answer = () => {
    const { body, ...rest } = g.renewed();
    const { refresh_token, ...kept } = JSON.parse(body);
    return { ...rest, body: JSON.stringify(kept) };
  };
  assert.equal((await tab.call("/api/x")).status, 200);
  g.expire();
  assert.equal((await tab.call("/api/x")).status, 200);
  const [exchange, second] = site.got(g.route);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(exchange.text)), { grant_type: "refresh_token", refresh_token: first, client_id: "app & co", scope: "read write" });
  assert.match(exchange.headers["content-type"], /^application\/x-www-form-urlencoded/);
  assert.equal(exchange.headers.cookie, undefined);
  assert.equal(new URLSearchParams(second.text).get("refresh_token"), first);
});

check("§5 Bearer mode without a refresh token starts no exchange: a 401 goes to login (no_credentials)", async (e) => {
  const { g, tab } = await guarded(e, "bearer", { begin: false });
  await tab.run((access_token) => window.fetch401.setTokens({ access_token }), "stale-without-refresh");
  await tab.leave(() => void fetch("/api/x"));
  assert.match(await tab.at(/\/login\?/), /reason=no_credentials/);
  assert.equal(g.exchanges(), 0);
});

check("§5 three network errors in a row at a cross-origin refresh: one console error FETCH401_REFRESH_UNREADABLE that names the CORS headers", async (e) => {
  const api = await e.site();
  const site = await e.site();
  const g = guard(api, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { "data-refresh-url": api.origin + g.path, "data-protect": api.origin + "/api" } }));
  api.cors = site.origin;
  // The endpoint works, but for its own CORS headers.
  g.answer = () => ({ ...g.renewed(), cors: false });
  for (let i = 1; i <= 4; i++) {
    assert.equal(await tab.run(() => window.fetch401.refresh()), "kept");
    assert.equal(tab.said(/FETCH401_REFRESH_UNREADABLE/).length, i < 3 ? 0 : 1, `after ${i}`);
  }
  const { text } = tab.said(/FETCH401_REFRESH_UNREADABLE/)[0];
  assert.match(text, /Access-Control-Allow-Origin/);
  assert.match(text, /Access-Control-Allow-Credentials/);
});

check("§5 data-refresh-timeout bounds how long calls wait, not the exchange: a late answer still counts, no second exchange until it ends", async (e) => {
  const { site, g, tab } = await guarded(e, "session", { attrs: { "data-refresh-timeout": 400 } });
  let answer;
  g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
  assert.equal((await tab.call("/api/a")).status, 401);
  assert.equal((await tab.event("unauthorized")).detail.reason, "refresh_failed");
  assert.deepEqual((await tab.event("refreshfailed")).detail.final, false);
  assert.equal((await tab.call("/api/b")).status, 401);
  assert.equal(g.exchanges(), 1);
  assert.equal(tab.all("login").length, 0);
  answer();
  await tab.event("refreshed");
  assert.equal((await tab.call("/api/c")).status, 200);
  assert.equal(g.exchanges(), 1);

});

check("§2 data-refresh-header: one Name: value; cookie(NAME) is read and URL-decoded at each exchange", async (e) => {
  const { site, g, tab } = await guarded(e, "session", { attrs: { "data-refresh-header": "X-CSRF: cookie(csrf)" } });
  for (const value of ["first one", "second=;ü".slice(0, 8)]) {
    await tab.run((value) => (document.cookie = "csrf=" + encodeURIComponent(value)), value);
    g.expire();
    assert.equal((await tab.call("/api/x")).status, 200);
    assert.equal(site.got(g.route).at(-1).headers["x-csrf"], value);
  }
  await tab.open(site.page({ attrs: { ...g.attrs, "data-refresh-header": "X-CSRF: 1" } }));
  g.expire();
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(site.got(g.route).at(-1).headers["x-csrf"], "1");
  assert.equal(site.got("GET /api/x").filter(({ headers }) => headers["x-csrf"]).length, 0);
});
