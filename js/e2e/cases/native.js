/** CONTRACT §4 "Exactly native, untouched", and what of fetch itself a page can see. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { json, no } from "../harness/site.js";

/** Stands in for native fetch, to see what reaches it and what it gives. */
const SPY = `{
  const native = window.fetch;
  window.seen = [];
  window.fetch = function fetch(input) {
    const promise = Reflect.apply(native, this, arguments);
    window.seen.push({ self: this, args: [...arguments], promise });
    return promise;
  };
}`;

const spied = async (e, mode, attrs = {}) => {
  const site = await e.site();
  const g = guard(site, mode);
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { ...g.attrs, "data-except": "/api/open /api/sign", ...attrs }, before: [SPY] }));
  await g.begin(tab);
  return { site, g, tab };
};

for (const mode of ["session", "bearer"]) {
  check(`§4 Exactly native, untouched: out of scope, excepted, no-cors, own Authorization, aborted, no arguments (${mode})`, async (e) => {
    const { site, g, tab } = await spied(e, mode);
    site.on("GET /elsewhere", no()).on("GET /apiary", no()).on("GET /api/open/x", no());
    const report = await tab.run(async () => {
      const report = {};
      const same = async (name, input, init) => {
        const before = window.seen.length;
        const args = init === undefined ? [input] : [input, init];
        const promise = fetch(...args);
        const seen = window.seen[before];
        report[name] = [
          window.seen.length === before + 1,
          seen?.args.length === args.length && seen.args.every((arg, i) => Object.is(arg, args[i])),
          seen?.promise === promise,
          await promise.then((r) => r.status, (error) => String(error?.name ?? error)),
        ];
      };
      await same("out of scope", "/elsewhere", { headers: { a: "b" } });
      await same("out of scope, a URL object", new URL("/apiary", location.href));
      await same("a Request out of scope", new Request("/elsewhere"), {});
      await same("excepted", "/api/open/x");
      await same("no-cors", "/api/x", { mode: "no-cors" });
      await same("own Authorization", "/api/x", { headers: { Authorization: "Bearer own" } });
      await same("own Authorization, other scheme", "/api/x", { headers: new Headers([["authorization", "Basic eDp5"]]) });
      await same("own Authorization in a Request", new Request("/api/x", { headers: { AUTHORIZATION: "Bearer own" } }));
      await same("aborted", "/api/x", { signal: AbortSignal.abort("before") });
      await same("not a URL", "http://:");
      const before = window.seen.length;
      const nothing = fetch();
      report.nothing = [true, window.seen[before].args.length === 0, window.seen[before].promise === nothing, await nothing.catch((error) => error.name)];
      return report;
    });
    const results = { aborted: "before", "not a URL": "TypeError", nothing: "TypeError" };
    for (const [name, [once, args, promise, result]] of Object.entries(report)) {
      assert.equal(once, true, `${name}: once`);
      assert.equal(args, true, `${name}: the very arguments`);
      // What throws before it is known whose call it is, need not be the very promise.
      assert.equal(promise, true, `${name}: the very promise`);
      assert.equal(result, results[name] ?? 401, name);
    }
    assert.equal(g.exchanges(), 0);
    assert.deepEqual(tab.types(), []);
    for (const [url, init] of [[site.origin.replace("//", "//user:word@") + "/api/userinfo"], ["/api/x", { method: "B D" }], ["/api/x", { body: "with GET" }]]) {
      const ours = await tab.call(url, init);
      const native = await tab.run((url, init) => { const frame = document.createElement("iframe"); document.body.append(frame); return frame.contentWindow.fetch(url, init).catch(({ message }) => message); }, url, init);
      assert.deepEqual([ours.error.name, ours.error.message], ["TypeError", native]);
    }
    assert.equal(site.got("GET /api/userinfo").length, 0);
  });
}

check("§4 anything but 401: same objects, same errors for protected calls too (session)", async (e) => {
  const { site, tab } = await spied(e, "session");
  site.on("GET /api/free", json({})).on("GET /api/cut", { reset: true });
  const report = await tab.run(async () => {
    const init = { headers: { a: "b" } };
    const response = await fetch("/api/free", init);
    const seen = window.seen.at(-1);
    const error = await fetch("/api/cut").catch((error) => error);
    const native = await window.seen.at(-1).promise.catch((error) => error);
    const text = {};
    const self = window.fetch.call(window, "/api/free");
    await self;
    return {
      input: seen.args[0] === "/api/free", init: seen.args[1] === init,
      response: response === (await seen.promise), error: error === native,
      self: window.seen.at(-1).self === window, wrong: await fetch.call(text, "/api/free").catch(({ name, message }) => name + message),
      native: await window.seen.at(-1).promise.catch(({ name, message }) => name + message),
    };
  });
  const { wrong, native, ...all } = report;
  assert.deepEqual(all, { input: true, init: true, response: true, error: true, self: true });
  assert.equal(wrong, native, "an illegal invocation stays one");
});

check("§4 A retry replaces cache mode default by reload, goes without keepalive, and cancels the replaced 401's body", async (e) => {
  const { tab } = await spied(e, "session");
  const seen = await tab.run(async () => {
    const first = window.seen.length;
    const init = { keepalive: true };
    await fetch("/api/x", init);
    const calls = window.seen.slice(first).filter(({ args }) => String(args[0]?.url ?? args[0]).endsWith("/api/x"));
    const old = await calls[0].promise;
    return { sent: calls.map(({ args }) => [args[1]?.keepalive, args[1]?.cache ?? null]), own: Object.keys(init).join(), rest: await old.text().catch((error) => error.name) };
  });
  assert.deepEqual(seen.sent, [[true, null], [false, "reload"]]);
  assert.equal(seen.own, "keepalive");
  assert.ok(seen.rest === "" || seen.rest === "TypeError", `the replaced body is gone: ${seen.rest}`);
});

check("§4 a 401 whose final response.url is out of scope; opaque and opaqueredirect: untouched", async (e) => {
  const { site, g, tab } = await guarded(e, "session");
  site.on("GET /api/away", { status: 302, headers: { location: "/outside" } }).on("GET /outside", no());
  const answer = await tab.call("/api/away");
  assert.deepEqual([answer.status, new URL(answer.url).pathname], [401, "/outside"]);
  const types = await tab.run(async () => [(await fetch("/api/away", { redirect: "manual" })).type, (await fetch("/api/x", { mode: "no-cors" })).type]);
  assert.deepEqual(types, ["opaqueredirect", "basic"]);
  assert.equal(g.exchanges(), 0);
  assert.deepEqual(tab.types(), []);
});

check("§4 in session mode calls whose credentials send no cookies to that URL are untouched (one console warning)", async (e) => {
  const { g, tab } = await guarded(e, "session");
  for (let i = 0; i < 3; i++) assert.equal((await tab.call("/api/x", { credentials: "omit" })).status, 401);
  assert.equal(g.exchanges(), 0);
  assert.deepEqual(tab.types(), []);
  assert.equal(tab.said(/credentials/).length, 1);
  assert.equal(tab.said(/credentials/)[0].type, "warn", "a warning, says the contract");
  assert.equal((await tab.call("/api/x")).status, 200);
});

for (const mode of ["session", "bearer"]) {
  check(`§4 foreign schemes (${mode})`, async (e) => {
    const { site, g, tab } = await guarded(e, mode);
    // Basic and Digest are not tried here: the browser would ask for a password.
    const table = [
      ['DPoP algs="ES256"', mode === "bearer"],
      ['FormBased realm="x"', mode === "bearer"],
      ['Bearer realm="a, Basic b", error="invalid_token", DPoP algs="x"', false],
      ['DPoP algs="x, y", Bearer', false],
      [['DPoP algs="ES256"', 'Newauth realm="a\\"b, Bearer", Bearer'], false],
      ['Negotiate2 dG9rZW42OA==, Bearer error="invalid_token"', false],
      [null, false],
    ];
    for (const [i, [challenge, foreign]] of table.entries()) {
      site.on("GET /api/c" + i, () => (site.got("GET /api/c" + i).length === 1 ? no(challenge) : json({})));
      const before = g.exchanges();
      assert.equal((await tab.call("/api/c" + i)).status, foreign ? 401 : 200, String(challenge));
      assert.equal(g.exchanges() - before, foreign ? 0 : 1, String(challenge));
    }
    assert.deepEqual(tab.all("unauthorized").map(({ detail }) => detail.reason), table.filter(([, foreign]) => foreign).map(() => "foreign_challenge"));
  });
}
