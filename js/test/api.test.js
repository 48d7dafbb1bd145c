// window.fetch401: what the app may ask for, and what is misuse.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { APP, ATTACH, BEARER, SESSION, createPage, outcome, settled } from "./fake.js";

// The build puts the version in its place.
Object.assign(globalThis, { __VERSION__: "1.2.3" });
const { createApi } = await import("../src/gate/api.js");

/** @param {Record<string, unknown>} [options] */
const api = (options = BEARER) => {
  /** @type {any[][]} what the gate was told */
  const told = [];
  const gate = new Proxy(/** @type {any} */ ({}), { get: (_, name) => (/** @type {any[]} */ ...args) => (told.push([name, ...args.map((arg) => (typeof arg === "object" ? { ...arg } : arg))]), "of the gate") });
  const restored = { count: 0 };
  const fetch401 = createApi(Promise.resolve(), () => void restored.count++, gate, createPage(options).config);
  return { fetch401, told, restored };
};

/** @type {Record<string, [options: Record<string, unknown>, tokens: any, told: [object, number]]>} */
const GOOD = {
  "both tokens and a lifetime": [BEARER, { access_token: "a", refresh_token: "r", expires_in: 60, scope: "x", token_type: "Bearer" }, [{ access_token: "a", refresh_token: "r" }, 60]],
  "an access token": [BEARER, { access_token: "a" }, [{ access_token: "a" }, 0]],
  "a refresh token alone": [BEARER, { refresh_token: "r", access_token: null }, [{ refresh_token: "r" }, 0]],
  "a lifetime as text": [BEARER, { access_token: "a", expires_in: "60.9" }, [{ access_token: "a" }, 60]],
  "a lifetime that is over": [BEARER, { access_token: "a", expires_in: 0 }, [{ access_token: "a" }, -1]],
  "a negative lifetime, which is over as well": [BEARER, { access_token: "a", expires_in: -7 }, [{ access_token: "a" }, -1]],
  "no lifetime": [BEARER, { access_token: "a", expires_in: null }, [{ access_token: "a" }, 0]],
  "whose they are, as text": [BEARER, { access_token: "a", subject: 7 }, [{ access_token: "a", subject: "7" }, 0]],
  "nothing, after a sign-in by cookies": [SESSION, {}, [{}, 0]],
  "nothing, where the app or a refresh brings it": [ATTACH, {}, [{}, 0]],
};
for (const [name, [options, tokens, expected]] of Object.entries(GOOD)) {
  test("setTokens takes " + name, async () => {
    const now = api(options);
    now.fetch401.setTokens(tokens);
    assert.deepEqual(now.told, [["tokens", ...expected]]);
    const later = api(options);
    later.fetch401.setTokens(Promise.resolve(tokens));
    assert.deepEqual(later.told, [["promised"]], "calls wait from now on");
    await settled();
    assert.deepEqual(later.told.slice(1), [["tokens", ...expected, true]]);
  });
}

/** @type {Record<string, any>} */
const BAD = {
  "nothing": undefined,
  "null": null,
  "a bare token": "secret",
  "no token": { expires_in: 60 },
  "an empty token": { access_token: "" },
  "a token that no header can carry": { access_token: "secret secret" },
  "a token with a line break": { access_token: "secret\n" },
  "a token beyond ASCII": { access_token: "secrét" },
  "a token that is no string": { access_token: { secret: 1 } },
  "a refresh token that is no string": { access_token: "a", refresh_token: 1 },
  "a lifetime that is no number": { access_token: "secret", expires_in: "soon" },
};
for (const [name, tokens] of Object.entries(BAD)) {
  test("setTokens refuses " + name, () => {
    const { fetch401, told } = api();
    assert.throws(() => fetch401.setTokens(tokens), (/** @type {any} */ error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /^fetch401: setTokens/);
      assert.doesNotMatch(error.message, /secr/, "never a token in an error");
      return true;
    });
    assert.deepEqual(told, []);
  });
}

test("setTokens refuses what is no object where no token is needed, too", () => {
  for (const options of [SESSION, ATTACH]) {
    for (const tokens of ["secret", 7, true]) {
      const { fetch401, told } = api(options);
      assert.throws(() => fetch401.setTokens(/** @type {any} */ (tokens)), { name: "TypeError", message: /access_token, refresh_token, expires_in/ });
      assert.deepEqual(told, []);
    }
  }
});

test("a promise of what setTokens refuses breaks the promise, and says so as a rejection that nobody handles", async () => {
  const script = `
    globalThis.__VERSION__ = "1.2.3";
    const { createApi } = await import(${JSON.stringify(new URL("../src/gate/api.js", import.meta.url).href)});
    const told = [];
    const gate = { promised: () => told.push("promised"), broken: () => told.push("broken") };
    process.on("unhandledRejection", (error) => told.push(error.name));
    createApi(Promise.resolve(), () => {}, gate, { mode: "bearer" }).setTokens(Promise.resolve({ access_token: "not usable" }));
    setTimeout(() => console.log(told.join()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  assert.equal(stdout.trim(), "promised,broken,TypeError");
});

/** A promise to settle later. */
const deferred = () => {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  /** @type {(reason: any) => void} */
  let reject = () => {};
  const promise = new Promise((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
};

test("a promise that is rejected breaks the promise, without an unhandled rejection", async () => {
  const { fetch401, told } = api();
  fetch401.setTokens(Promise.reject(new Error("offline")));
  await settled();
  assert.deepEqual(told, [["promised"], ["broken"]]);
});

test("any thenable is a promise", async () => {
  const { fetch401, told } = api();
  fetch401.setTokens({ then: (/** @type {any} */ resolve) => resolve({ access_token: "a" }) });
  await settled();
  assert.deepEqual(told, [["promised"], ["tokens", { access_token: "a" }, 0, true]]);
});

test("only what was given last counts, whatever settles first", async () => {
  /** @type {Record<string, [(fetch401: import("../src/gate/api.js").Api) => void, any[][]]>} */
  const cases = {
    "other tokens": [(fetch401) => fetch401.setTokens({ access_token: "b" }), [["tokens", { access_token: "b" }, 0]]],
    "another promise": [(fetch401) => fetch401.setTokens(Promise.resolve({ access_token: "b" })), [["promised"], ["tokens", { access_token: "b" }, 0, true]]],
    "clearTokens": [(fetch401) => fetch401.clearTokens(), [["cleared"]]],
  };
  for (const [name, [later, expected]] of Object.entries(cases)) {
    for (const end of /** @type {const} */ (["resolve", "reject"])) {
      const { fetch401, told } = api();
      const { promise, ...ends } = deferred();
      fetch401.setTokens(promise);
      later(fetch401);
      ends[end]({ access_token: "a" });
      await settled();
      assert.deepEqual(told, [["promised"], ...expected], `${name}, ${end}`);
    }
  }
});

test("misuse changes nothing: a promise given before is still kept", async () => {
  const { fetch401, told } = api();
  const { promise, resolve } = deferred();
  fetch401.setTokens(promise);
  assert.throws(() => fetch401.setTokens({}), TypeError);
  resolve({ access_token: "a" });
  await settled();
  assert.deepEqual(told, [["promised"], ["tokens", { access_token: "a" }, 0, true]], "or calls would wait in vain");
});

test("refreshWith takes a function, in app mode only", () => {
  const { fetch401, told } = api(APP);
  const refresh = () => {};
  fetch401.refreshWith(refresh);
  assert.deepEqual(told, [["able", refresh]]);
  for (const value of [undefined, null, {}, Promise.resolve()]) {
    assert.throws(() => fetch401.refreshWith(/** @type {any} */ (value)), { name: "TypeError", message: /^fetch401: refreshWith/ });
  }
  for (const options of [SESSION, ATTACH, BEARER, { loginUrl: "/login" }]) {
    const other = api(options);
    assert.throws(() => other.fetch401.refreshWith(refresh), { name: "TypeError", message: /data-refresh="app"/ });
    assert.deepEqual(other.told, []);
  }
});

test("login takes no reason, or [a-z_]{1,32}", () => {
  const { fetch401, told } = api();
  fetch401.login();
  fetch401.login("a".repeat(32));
  fetch401.login("step_up");
  assert.deepEqual(told, [["login", ""], ["login", "a".repeat(32)], ["login", "step_up"]]);
  for (const reason of ["Step", "step-up", "a1", " ", "a".repeat(33), "a\n", "a&b=c", 1, {}, null]) {
    assert.throws(() => fetch401.login(/** @type {any} */ (reason)), { name: "TypeError", message: /^fetch401: login takes a reason/ }, JSON.stringify(reason));
  }
  assert.equal(told.length, 3);
});

test("refresh, state, clearTokens and restore ask who knows", async () => {
  const { fetch401, told, restored } = api();
  assert.equal(await fetch401.refresh(), "of the gate");
  assert.equal(fetch401.state(), "of the gate");
  fetch401.clearTokens();
  assert.deepEqual(told, [["refresh"], ["state"], ["cleared"]]);
  fetch401.restore();
  assert.equal(restored.count, 1);
  assert.equal(fetch401.version, "1.2.3");
  assert.ok(fetch401 instanceof EventTarget);
});

test("with the gate: setTokens, a call, state and refresh", async () => {
  const page = createPage(BEARER);
  const fetch401 = createApi(Promise.resolve(), () => {}, page.gate, page.config);
  page.door.facts = [3, 1, 0, 2];
  assert.deepEqual(fetch401.state(), {
    mode: "bearer",
    ready: true,
    generation: 3,
    refreshing: true,
    ended: false,
    held: 2,
    counters: { calls: 0, unauthorized: 0, exchanges: 0, retried: 0, logins: 0 },
  });
  assert.ok((await outcome(fetch401.refresh())).pending);
  fetch401.state().counters.calls = 7;
  assert.equal(fetch401.state().counters.calls, 0, "a snapshot");
});

test("unauthorizedWhen takes a function; the last one counts", () => {
  const { fetch401 } = api();
  for (const wrong of [undefined, null, true, {}, "UNAUTHENTICATED"]) assert.throws(() => fetch401.unauthorizedWhen(/** @type {any} */ (wrong)), TypeError);
  const page = createPage(SESSION);
  const real = createApi(Promise.resolve(), () => {}, page.gate, page.config);
  const [first, second] = [() => true, () => false];
  real.unauthorizedWhen(first);
  real.unauthorizedWhen(second);
  assert.equal(page.gate.means, second);
});

test("without a gate, after a wrong configuration, everything is there and does nothing", async () => {
  const ready = Promise.resolve();
  const fetch401 = createApi(ready, () => {});
  fetch401.setTokens({ access_token: "a" });
  fetch401.setTokens(Promise.resolve({ access_token: "a" }));
  fetch401.clearTokens();
  fetch401.refreshWith(() => {});
  fetch401.unauthorizedWhen(() => true);
  fetch401.login("why");
  fetch401.restore();
  assert.equal(fetch401.ready, ready);
  assert.equal(await fetch401.refresh(), "kept");
  const { mode, ready: able, generation, held } = fetch401.state();
  assert.deepEqual([mode, able, generation, held], ["off", false, 0, 0]);
  Object.assign(globalThis, { location: { search: "?return_to=/a", origin: "https://app.example.com" } });
  assert.equal(fetch401.returnTo("/home"), "/a");
});

test("a promise of tokens counts for nothing once others were given, promised or taken away since, whatever comes of those", async () => {
  for (const between of [(/** @type {any} */ it) => it.setTokens({ access_token: "b" }), (/** @type {any} */ it) => it.setTokens(Promise.resolve({ access_token: "b" })), (/** @type {any} */ it) => it.clearTokens()]) {
    const { fetch401, told } = api();
    /** @type {(tokens: object) => void} */
    let first = () => {};
    fetch401.setTokens(new Promise((resolve) => (first = resolve)));
    between(fetch401);
    fetch401.setTokens(new Promise(() => {}));
    await settled();
    told.length = 0;
    first({ access_token: "a" });
    await settled();
    assert.deepEqual(told, []);
  }
});

test("misuse says what is wrong", async () => {
  const { fetch401 } = api(SESSION);
  assert.throws(() => fetch401.unauthorizedWhen(/** @type {any} */ (7)), { name: "TypeError", message: "fetch401: unauthorizedWhen takes a function" });
  assert.throws(() => fetch401.refreshWith(() => {}), { message: /^fetch401: refreshWith needs data-refresh="app"/ });
  await assert.rejects(fetch401.accessToken(), { name: "TypeError", message: "fetch401: accessToken needs a mode with access tokens" });
});

test("state() before Go: nothing has happened", () => {
  const { gate } = createPage(SESSION, { open: false });
  const counters = { calls: 0, unauthorized: 0, exchanges: 0, retried: 0, logins: 0 };
  assert.deepEqual({ ...gate.state() }, { mode: "session", ready: false, generation: 0, refreshing: false, ended: false, held: 0, counters });
});
