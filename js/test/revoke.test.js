// Revocation at sign-out (RFC 7009): which token, once, and in which form.
import assert from "node:assert/strict";
import { test } from "node:test";

import { check } from "../src/gate/config.js";
import { revoke } from "../src/program/revoke.js";
import { ADOPT, BEARER, ORIGIN, createPage } from "./fake.js";

test("clearTokens hands over the present refresh token, once", () => {
  const page = createPage(BEARER);
  page.signIn("access", "refresh");
  page.gate.cleared();
  page.gate.cleared();
  assert.deepEqual(page.told, [["revoke", "refresh"]]);
});

test("the newest one, also where Go has not heard of it; none, none", () => {
  const page = createPage(BEARER);
  page.signIn("access", "refresh");
  page.gate.credentials.adopt(3, { access_token: "a", refresh_token: "next" });
  page.gate.cleared();
  assert.deepEqual(page.told, [["revoke", "next"]]);
  const early = createPage(BEARER, { open: false });
  early.gate.tokens({ access_token: "a", refresh_token: "given" }, 0);
  early.gate.cleared();
  assert.deepEqual(early.told, [["revoke", "given"]]);
  const none = createPage(BEARER);
  none.signIn("access");
  none.gate.cleared();
  // Nor where another page has signed out: that one has revoked it.
  none.signIn("access", "refresh");
  none.gate.follow({}, false);
  assert.deepEqual(none.told, []);
  // A server without that endpoint.
  const without = createPage(BEARER);
  without.host.revoke = undefined;
  without.signIn("access", "refresh");
  without.gate.cleared();
  assert.equal(without.gate.credentials.present, undefined);
});

test("the request: a form, no cookies, by native fetch, and it outlives the page", async () => {
  const config = check({ ...BEARER, revocationUrl: "/revoke" }, { base: ORIGIN + "/", origin: ORIGIN, script: ORIGIN + "/" });
  /** @type {any[]} */
  let sent = [];
  await revoke(config, /** @type {any} */ (async (/** @type {any[]} */ ...args) => (sent = args)), "secret&1");
  const [url, { body, ...init }] = sent;
  assert.equal(url, ORIGIN + "/revoke");
  assert.equal(`${body}`, "token=secret%261&token_type_hint=refresh_token&client_id=app");
  assert.deepEqual({ ...init }, { method: "POST", credentials: "omit", keepalive: true, cache: "no-store", redirect: "manual" });
  assert.ok(config.exempt.includes(ORIGIN + "/revoke"));
});

test("data-revocation-url belongs to data-token-url, and to https", () => {
  const page = { base: ORIGIN + "/", origin: ORIGIN, script: ORIGIN + "/" };
  assert.throws(() => check({ refreshUrl: "/r", revocationUrl: "/revoke" }, page), /revocationUrl, tokenUrl belong together/);
  assert.throws(() => check({ ...BEARER, revocationUrl: "http://id.example.com/revoke" }, page), /revocationUrl must be/);
});
