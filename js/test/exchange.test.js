// The exchange's request, in each mode: RFC 6749 §6 for a token endpoint; a POST without a body for a cookie session.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ADOPT, APP, ATTACH, BEARER, EXCHANGE, ORIGIN, SESSION, createPage, settled } from "./fake.js";

/**
 * The exchange that a page sends.
 * @param {import("./fake.js").Page} page
 */
const exchange = (page) => {
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  return page.sent[page.sent.length - 1];
};

/** @param {import("./fake.js").Sent} call */
const plain = ({ args: [url, { headers, body, signal, ...init }] }) => ({ url, headers: Object.fromEntries(new Headers(headers)), body: body && String(body), ...init });

for (const [name, options] of Object.entries({ session: SESSION, attach: ATTACH })) {
  test(`${name} mode: a POST without a body, with cookies, that outlives the page`, () => {
    const call = exchange(createPage(options));
    assert.deepEqual(plain(call), {
      url: ORIGIN + "/auth/refresh",
      method: "POST",
      credentials: "include",
      redirect: "manual",
      cache: "no-store",
      keepalive: true,
      headers: {},
      body: undefined,
    });
    assert.equal(call.self, undefined, "native fetch by itself");
  });
}

test("data-refresh-header, a cookie's value read at each exchange", () => {
  const page = createPage({ ...SESSION, refreshHeader: "X-XSRF-TOKEN: cookie(XSRF-TOKEN)" });
  page.cookies = "a=b; XSRF-TOKEN=one%20two";
  assert.equal(exchange(page).header("X-XSRF-TOKEN"), "one two");
  page.cookies = "XSRF-TOKEN=three";
  assert.equal(exchange(page).header("X-XSRF-TOKEN"), "three");
  page.cookies = "";
  assert.equal(exchange(page).header("X-XSRF-TOKEN"), "");
});

test("bearer mode: the refresh_token grant of a public client, without cookies", () => {
  const page = createPage(BEARER);
  page.signIn("one", "r/1+&");
  assert.deepEqual(plain(exchange(page)), {
    url: "https://id.example.com/token",
    method: "POST",
    credentials: "omit",
    redirect: "manual",
    cache: "no-store",
    headers: { accept: "application/json" },
    body: "grant_type=refresh_token&refresh_token=r%2F1%2B%26&client_id=app",
  });
  assert.equal(page.sent[0].request().headers.get("Content-Type"), "application/x-www-form-urlencoded;charset=UTF-8");
});

test("bearer mode with a scope", () => {
  const page = createPage({ ...BEARER, scope: "openid orders" });
  page.signIn("one", "r");
  assert.equal(new URLSearchParams(exchange(page).args[1].body).get("scope"), "openid orders");
});

test("bearer mode: a new refresh token is used from then on; without a new one the old one is kept (RFC 6749 §6)", async () => {
  const page = createPage(BEARER);
  page.signIn("one", "first");
  /** @type {(call: import("./fake.js").Sent, body: object) => Promise<unknown>} */
  const answer = (call, body) => {
    page.door.then = (name) => name === "exchanged" && page.door.queue(ADOPT, 7, 3);
    return call.answer(Response.json(body));
  };
  const sent = () => {
    const call = exchange(page);
    return { call, token: new URLSearchParams(call.args[1].body).get("refresh_token") };
  };
  let { call, token } = sent();
  assert.equal(token, "first");
  await answer(call, { access_token: "two", refresh_token: "second" });
  ({ call, token } = sent());
  assert.equal(token, "second");
  await answer(call, { access_token: "three" });
  ({ call, token } = sent());
  assert.equal(token, "second");
  await answer(call, { access_token: "four", refresh_token: "not usable" });
  ({ call, token } = sent());
  assert.equal(token, "second");
});

test("bearer mode: what Go does not adopt leaves the refresh token as it is", async () => {
  const page = createPage(BEARER);
  page.signIn("one", "first");
  await exchange(page).answer(Response.json({ access_token: "two", refresh_token: "second" }));
  assert.match(String(exchange(page).args[1].body), /refresh_token=first&/);
});

test("bearer mode: a new session without a refresh token has none, the old one's is forgotten", () => {
  const page = createPage(BEARER);
  page.signIn("one", "first");
  page.signIn("two");
  assert.doesNotMatch(String(exchange(page).args[1].body), /first/);
});

test("app mode: the app's function is asked, and nothing is sent", async () => {
  const page = createPage(APP);
  let asked = 0;
  page.gate.able(() => void asked++);
  page.door.queue(EXCHANGE, 0, 7);
  page.gate.refresh();
  assert.equal(asked, 1);
  await settled();
  assert.equal(page.sent.length, 0);
  assert.deepEqual(page.door.of("exchanged"), [[7, 0, 0, 0, "\n"]]);
});

test("the exchange itself is never protected, though it may lie within data-protect", async () => {
  const page = createPage(SESSION);
  await exchange(page).answer(new Response("", { status: 401 }));
  assert.deepEqual(page.door.of("started"), []);
  assert.deepEqual(page.door.of("unauthorized"), []);
});
