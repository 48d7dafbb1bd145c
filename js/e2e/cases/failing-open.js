/** CONTRACT §4 "If Go cannot load, or dies": held and later calls go on natively, with one coded console error. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as pass } from "node:timers/promises";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { DIST } from "../harness/paths.js";

const WASM = "GET /fetch401/fetch401.wasm";
const PROGRAM = "GET /fetch401/fetch401.program.js";

const BROKEN = {
  "WASM 404": { serve: { status: 404, body: "none" }, code: "FETCH401_WASM_UNAVAILABLE" },
  "WASM cut off": { serve: { reset: true }, code: "FETCH401_WASM_UNAVAILABLE" },
  "wrong bytes": { serve: { headers: { "content-type": "application/wasm" }, body: "<!doctype html>" }, code: "FETCH401_WASM_UNAVAILABLE" },
  "wrong bytes as text": { serve: { headers: { "content-type": "text/html" }, body: "<!doctype html>" }, code: "FETCH401_WASM_UNAVAILABLE" },
  "CSP without wasm-unsafe-eval": { csp: "script-src 'self'", code: "FETCH401_WASM_UNAVAILABLE" },
  "hanging WASM": { serve: () => undefined, code: "FETCH401_LOAD_TIMEOUT" },
  "what meets it 404": { routes: [PROGRAM], serve: { status: 404, body: "none" }, code: "FETCH401_WASM_UNAVAILABLE" },
  // The load event waits for it, so that one has to end, and is complained of once more.
  "what meets it hanging": { routes: [PROGRAM], serve: () => new Promise((resolve) => setTimeout(resolve, 3000, { status: 404 })), code: "FETCH401_LOAD_TIMEOUT", end: "FETCH401_WASM_UNAVAILABLE" },
};

for (const [what, { routes = [WASM], serve, csp, code, end }] of Object.entries(BROKEN)) {
  for (const mode of ["session", "bearer"]) {
    check(`§4 If Go cannot load (${what}): held and later calls go on natively, one coded console error (${mode})`, async (e) => {
      const site = await e.site();
      const g = guard(site, mode);
      if (serve) for (const route of routes) site.on(route, serve);
      const tab = await e.tab();
      const began = mode === "bearer" ? `window.fetch401.setTokens({ access_token: "${g.present}", refresh_token: "${g.refresh}" });` : "";
      const calls = began + "window.first = Promise.all([fetch('/api/a'), fetch('/api/b', { method: 'POST', body: 'kept' })].map((call) => call.then((r) => r.status, String)))";
      await tab.goto(site.page({
        attrs: { ...g.attrs, ...(code === "FETCH401_LOAD_TIMEOUT" ? { "data-refresh-timeout": 700 } : {}) },
        headers: csp ? { "content-security-policy": csp } : {},
        after: [calls],
      }));
      const expected = mode === "bearer" ? 200 : 401;
      assert.deepEqual(await tab.run(() => window.first), [expected, expected]);
      assert.equal((await tab.call("/api/later")).status, expected, "the last access token is still attached in scope");
      assert.equal((await tab.call("/elsewhere")).status, 404);
      assert.equal(site.got("GET /elsewhere")[0].headers.authorization, undefined);
      assert.equal(site.got("POST /api/b")[0].text, "kept");
      await tab.line(new RegExp(code));
      const errors = tab.said(/FETCH401_/).map(({ type, text }) => `${type} ${/FETCH401_\w+/.exec(text)}`);
      assert.deepEqual(errors.filter((error) => error !== "error " + end), ["error " + code], "one coded console error");
      if (code !== "FETCH401_LOAD_TIMEOUT") assert.equal(await tab.run(() => window.fetch401.ready.catch((error) => error.code)), code);
      assert.deepEqual(tab.errors, [], "ready's rejection is marked handled");
      assert.equal(g.exchanges(), 0);
      assert.equal((await tab.state()).held, 0);
      assert.equal(await tab.run(() => window.fetch401.refresh()), "kept");
    });
  }
}

check("§4 WASM that comes after data-refresh-timeout: from then on calls are healed", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  let deliver;
  site.on(WASM, () => new Promise((done) => {
    deliver = () => done({ headers: { "content-type": "application/wasm" }, body: readFileSync(DIST + "/fetch401.wasm") });
  }));
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: { ...g.attrs, "data-refresh-timeout": 1500 }, after: ["window.first = fetch('/api/a').then((r) => r.status)"] }));
  assert.equal(await tab.run(() => window.first), 401);
  deliver();
  await tab.ready();
  assert.equal((await tab.call("/api/b")).status, 200);
});

/** Ends Go within the export that the page names in `kill`, by a trap or by the exit that standard Go calls. */
const killer = () => {
  for (const name of ["instantiateStreaming", "instantiate"]) {
    const native = WebAssembly[name];
    WebAssembly[name] = async (source, imports) => {
      const { instance } = await native.call(WebAssembly, source, imports);
      const exports = {};
      for (const [key, value] of Object.entries(instance.exports)) {
        exports[key] = typeof value !== "function" ? value : (...args) => {
          if (globalThis.kill?.[0] !== key || globalThis.kill[2]-- > 0) return value(...args);
          const exit = imports.gojs?.["runtime.wasmExit"];
          if (globalThis.kill[1] === "exit" && exit) {
            // What a panic does: half of the work is done, exit is called, and the export returns a garbage number.
            value(...args);
            exit(0);
            return 123456789;
          }
          throw new WebAssembly.RuntimeError("unreachable");
        };
      }
      return { instance: Object.create(WebAssembly.Instance.prototype, { exports: { value: Object.freeze(exports) } }) };
    };
  }
};

/** Exports, and how often each is let through before it ends Go. */
const MOMENTS = [
  [["configure", 0], ["room", 0], ["started", 0]],
  [["started", 2], ["answered", 0], ["unauthorized", 0]],
  [["unauthorized", 1], ["take", 0], ["exchanged", 0]],
  [["take", 2], ["tell", 0], ["failed", 0]],
];

for (const mode of ["session", "bearer"]) {
  for (const [how, moments] of (mode === "bearer" ? ["exit"] : ["trap", "exit"]).flatMap((how) => MOMENTS.map((moments) => [how, moments]))) {
    check(`§4 If Go dies (${how} in ${moments.map((m) => m.join(" ")).join(", ")}): every call, those in flight included, settles as natively (${mode})`, async (e) => {
      const site = await e.site();
      const tab = await e.tab();
      const g = guard(site, mode);
      for (const [moment, skip] of moments) {
        const at = `${moment} ${skip}`;
        g.expire();
        // Both calls carry the old credentials, however late the second one is sent.
        const before = site.got("POST /api/b").length;
        g.answer = () => site.reached("POST /api/b", before + 1).catch(() => {}).then(() => g.renewed());
        await tab.forget();
        const early = moment === "configure" || moment === "room";
        const kill = `globalThis.kill = ${JSON.stringify(early ? [moment, how, skip] : null)}; (${killer})();`;
        await tab.goto(site.page({ attrs: g.attrs, before: [kill] }));
        if (!early) await tab.ready();
        else await tab.line(/FETCH401_/);
        await g.begin(tab);
        const settled = await tab.run(async (kill) => {
          globalThis.kill = kill;
          const controller = new AbortController();
          const calls = [fetch("/open"), fetch("/api/a"), fetch("/api/b", { method: "POST", body: "b" }), fetch("/api/c", { signal: controller.signal })];
          if (kill[0] === "failed") controller.abort("mine");
          if (kill[0] === "tell") window.fetch401.refresh();
          const all = Promise.all(calls.map((call) => call.then((r) => r.status, (error) => String(error))));
          return Promise.race([all, new Promise((resolve) => setTimeout(resolve, 6000, "hanging"))]);
        }, [moment, how, skip]);
        assert.notEqual(settled, "hanging", at);
        const [open, ...ours] = settled;
        assert.equal(open, 404, at);
        for (const status of ours) assert.ok([200, 401, "mine"].includes(status), `${at}: ${settled}`);
        const later = await tab.call("/api/later");
        assert.ok([200, 401].includes(later.status), `${at}: ${JSON.stringify(later)}`);
        if (mode === "bearer") assert.match(site.got("GET /api/later").at(-1).headers.authorization, /^Bearer /, `${at}: the last access token is still attached`);
        await tab.line(/FETCH401_(STOPPED|WASM_UNAVAILABLE)/);
        assert.equal(tab.said(/FETCH401_/).length, 1, `${at}: one coded console error: ${JSON.stringify(tab.lines)}`);
        const state = await tab.state();
        assert.deepEqual([state.ready, state.held], [false, 0], at);
        assert.deepEqual(tab.errors, [], at);
      }
    });
  }
}

check("§3 login() where Go cannot load: with the reason and the path as the way back; in a frame only the event", async (e) => {
  for (const framed of [false, true]) {
    const site = await e.site();
    const g = guard(site, "session");
    site.on(WASM, { status: 404 });
    const tab = await e.tab();
    const page = site.page({ attrs: g.attrs, after: ["window.fetch401.addEventListener('login', () => (top.heard = true)); window.fetch401.login('expired')"] });
    await tab.goto(framed ? site.origin + site.put("/frames", `<iframe src="${page}"></iframe>`) : page + "?code=secret_1");
    if (framed) {
      await tab.sees(() => window.heard, "the event");
      assert.equal(site.got("GET /login").length, 0);
    } else {
      const { searchParams } = new URL(await tab.at(/\/login\?/));
      assert.deepEqual([...searchParams], [["return_to", new URL(page).pathname], ["reason", "expired"]]);
    }
  }
});

/** What a framework does while it starts: the engine collects garbage meanwhile. */
const GARBAGE = `{ let rounds = 40; const round = () => { for (let i = 0; i < 200; i++) Array.from({ length: 2000 }, (_, j) => ({ j })); if (rounds--) setTimeout(round, 5); }; round(); }`;

check("§4 a page that collects garbage while the files come is protected all the same", async (e) => {
  const site = await e.site();
  site.on(PROGRAM, async () => {
    await pass(600);
    return { headers: { "content-type": "text/javascript" }, body: readFileSync(DIST + "/fetch401.program.js") };
  });
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, after: [GARBAGE] }));
  assert.equal((await tab.call("/api/x")).status, 200);
});

check("§4 a console that throws keeps no call waiting", async (e) => {
  const site = await e.site();
  const g = guard(site, "pair");
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: { ...g.attrs, "data-refreshurl": "/x" }, before: ["for (const how of ['error', 'warn']) console[how] = () => { throw new Error('broken'); };"] }));
  g.answer = () => ({ status: 404 });
  assert.equal((await tab.call("/api/x")).status, 401, "a configuration fault, which is complained of");
  assert.equal((await tab.call("/api/y")).status, 401);
});
