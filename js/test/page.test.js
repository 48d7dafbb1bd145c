// The whole script with the real Go program, in a page without a browser: the script's configuration is what Go reads.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ORIGIN, outcome, settled, unauthorized } from "./fake.js";
import { boot, program } from "./go-program.js";
import { booting, openWindow, wasm } from "./window.js";

const { install } = await import("../src/gate/install.js");

const SESSION = { refreshUrl: "/auth/refresh", loginUrl: "/login", loginExcept: ["/api/me"] };
const BEARER = { tokenUrl: "https://id.example.com/token", clientId: "app", protect: ["/api"], loginUrl: "/#/login" };

/**
 * @param {Record<string, unknown>} options
 * @param {Record<string, string>} [stored]
 */
const page = (options, stored) => {
  const world = openWindow(undefined, stored);
  let exit = () => {};
  program();
  booting((end) => {
    exit = end;
    return boot(end);
  });
  const api = install(options, ORIGIN + "/fetch401.js", undefined, () => import("../src/program/program.js"));
  const [loading] = world.sent.splice(0);
  /** @type {any[][]} */
  const events = [];
  for (const type of ["refreshing", "refreshed", "refreshfailed", "retried", "unauthorized", "login"]) {
    api.addEventListener(type, (/** @type {any} */ { detail }) => events.push([type, detail.reason ?? detail.code ?? ""]));
  }
  return {
    ...world,
    api,
    events,
    exit: () => exit(),
    arrive: () => (loading.resolve(wasm(program())), api.ready),
    /** The next call that reached native fetch. */
    async next() {
      await settled();
      const call = world.sent.shift();
      assert.ok(call, "nothing was sent");
      const [input, init] = call.args;
      return { url: new URL(input, ORIGIN + "/").href, init, token: new Headers(init?.headers).get("Authorization"), answer: call.resolve };
    },
  };
};

test("session mode: a 401 is healed", async () => {
  const { window, api, arrive, next, events, sent } = page(SESSION);
  await arrive();
  const promise = window.fetch("/api/x", { method: "POST", body: "x" });
  (await next()).answer(unauthorized());
  const exchange = await next();
  assert.equal(exchange.url, ORIGIN + "/auth/refresh");
  assert.equal(api.state().refreshing, true);
  exchange.answer(new Response(null, { status: 204 }));
  const retry = await next();
  assert.deepEqual([retry.url, retry.init.method, retry.init.body], [ORIGIN + "/api/x", "POST", "x"]);
  const response = new Response("ok");
  retry.answer(response);
  assert.equal(await promise, response);
  assert.deepEqual(events.map(([type]) => type), ["refreshing", "refreshed", "retried"]);
  assert.equal(sent.length, 0);
  const { mode, ready, generation, held } = api.state();
  assert.deepEqual([mode, ready, generation, held], ["session", true, 2, 0]);
});

test("session mode, refused: own 401, login, and the tab remembers it", async () => {
  const { window, arrive, next, events, left, storage } = page(SESSION);
  await arrive();
  const me = window.fetch("/api/me");
  const promise = window.fetch("/api/x");
  const [first, second] = [await next(), await next()];
  const response = unauthorized();
  first.answer(unauthorized());
  second.answer(response);
  (await next()).answer(new Response("", { status: 401 }));
  assert.equal(await promise, response);
  assert.equal((await me).status, 401);
  assert.deepEqual(events, [["refreshing", ""], ["refreshfailed", "http_error"], ["unauthorized", "session_ended"], ["login", "session_ended"], ["unauthorized", "session_ended"]]);
  assert.deepEqual(left, [ORIGIN + "/login?return_to=%2Fshop%2Fcart%3Fx%3D1&reason=session_ended"]);
  assert.match([...storage.values()].join(), /^\d{13}$/);
});

test("the tab remembers the last three times at which it was sent to login", async () => {
  const before = Date.now();
  const earlier = [3, 2, 1].map((minutes) => before - minutes * 60_000);
  const { api, arrive, storage } = page(SESSION, { fetch401: earlier.join() });
  await arrive();
  api.login();
  const times = storage.get("fetch401")?.split(",").map(Number) ?? [];
  assert.deepEqual(times.slice(0, 2), earlier.slice(1));
  assert.ok(times[2] >= before && times[2] <= Date.now());
});

test("a tab that was sent to login just now is not sent there again", async () => {
  const { window, arrive, next, left, events } = page({ loginUrl: "/login" }, { fetch401: String(Date.now() - 1000) });
  await arrive();
  const promise = window.fetch("/api/x");
  (await next()).answer(unauthorized());
  assert.equal((await promise).status, 401);
  assert.deepEqual(events, [["unauthorized", "login_loop"]]);
  assert.deepEqual(left, []);
});

test("bearer mode: a call before Go and without token, healed by the refresh token", async () => {
  const { window, api, arrive, next, sent, events } = page(BEARER);
  const promise = window.fetch("/api/x");
  api.setTokens(Promise.resolve({ access_token: "old", refresh_token: "refresh", expires_in: 60 }));
  await settled();
  assert.equal(sent.length, 0);
  await arrive();
  const first = await next();
  assert.equal(first.token, "Bearer old");
  first.answer(unauthorized("Bearer"));
  const exchange = await next();
  assert.equal(exchange.url, "https://id.example.com/token");
  exchange.answer(Response.json({ access_token: "new", token_type: "Bearer", expires_in: 60 }));
  const retry = await next();
  assert.deepEqual([retry.url, retry.token], [ORIGIN + "/api/x", "Bearer new"]);
  retry.answer(new Response("ok"));
  assert.equal((await promise).status, 200);
  window.fetch("https://other.example.com/api/x");
  assert.equal((await next()).token, null);
  assert.deepEqual(events.slice(0, 3).map(([type]) => type), ["refreshing", "refreshed", "retried"]);
});

test("app mode: the app's function is asked", async () => {
  const { window, api, arrive, next } = page({ refresh: "app", unauthorized: "reject" });
  await arrive();
  const promise = window.fetch("/x");
  (await next()).answer(unauthorized());
  await settled();
  api.refreshWith(async () => ({ access_token: "app" }));
  const retry = await next();
  assert.equal(retry.token, "Bearer app");
  retry.answer(unauthorized());
  const { reason } = await outcome(promise);
  assert.deepEqual([reason.code, reason.reason, reason.response.status], ["FETCH401_UNAUTHORIZED", "still_unauthorized", 401]);
});

test("login() and a login URL with a fragment", async () => {
  const { api, arrive, left, events } = page(BEARER);
  api.login("why");
  await arrive();
  assert.deepEqual(events, [["login", "why"]]);
  assert.deepEqual(left, [ORIGIN + "/?return_to=%2Fshop%2Fcart%3Fx%3D1&reason=why#/login"]);
});

test("hidden pages", async () => {
  const { window, api, arrive, left } = page(SESSION);
  await arrive();
  window.document.visibilityState = "hidden";
  api.login("why");
  assert.deepEqual(left, []);
  window.document.visibilityState = "visible";
  window.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(left.length, 1);
});

test("a page that comes back from the back/forward cache lives again; one that is merely shown does not", async () => {
  const { window, api, arrive, next } = page({ loginUrl: "/login" });
  await arrive();
  window.fetch("/api/x");
  (await next()).answer(unauthorized());
  await settled();
  for (const persisted of [false, true]) {
    assert.equal(api.state().ended, true);
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  }
  assert.equal(api.state().ended, false);
});

test("once the program has ended, calls go on natively, with one coded error", async () => {
  const { window, api, arrive, next, printed, exit } = page({ ...BEARER, unauthorized: "reject" });
  await arrive();
  api.setTokens({ access_token: "one" });
  const held = window.fetch("/api/x");
  const call = await next();
  exit();
  call.answer(unauthorized());
  assert.equal((await outcome(held)).reason.reason, "refresh_failed");
  window.fetch("/api/x");
  assert.equal((await next()).token, "Bearer one");
  assert.equal(printed.filter(({ text }) => text.includes("FETCH401_STOPPED")).length, 1);
  assert.equal(api.state().ready, false);
});

test("CONTRACT §4 replay: while somebody looks at the page, what is sent again need not outlive it", async () => {
  for (const visibilityState of ["visible", "hidden"]) {
    const { window, arrive, next } = page(SESSION);
    await arrive();
    window.fetch("/api/x", { keepalive: true });
    const first = await next();
    assert.equal(first.init.keepalive, true);
    window.document.visibilityState = visibilityState;
    first.answer(unauthorized());
    (await next()).answer(new Response(null, { status: 204 }));
    assert.equal((await next()).init.keepalive, visibilityState === "hidden");
  }
});
