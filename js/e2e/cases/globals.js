/** CONTRACT §3: what a page sees of fetch401, and of itself, once the script is there. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";

check("§3 globals after load: fetch401 and nothing else; process, Go, fs, path and global as they were", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, before: ["window.before = Reflect.ownKeys(window)"], probe: false }));
  assert.equal((await tab.call("/api/x")).status, 200);
  const after = await tab.run(() => ({
    more: Reflect.ownKeys(window).filter((name) => !window.before.includes(name)).map(String),
    less: window.before.filter((name) => !Reflect.ownKeys(window).includes(name)).map(String),
    types: [typeof process, typeof Go, typeof fs, typeof path, typeof global],
  }));
  assert.deepEqual(after.more.filter((name) => !e.engine.globals.includes(name)).sort(), ["before", "fetch401"]);
  assert.deepEqual(after.less, []);
  assert.deepEqual(after.types, Array(5).fill("undefined"));
});

check("§3 globals after load: a page's own process, Go, fs, path and global stay the very ones", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  const own = "window.own = {}; for (const name of ['process', 'Go', 'fs', 'path', 'global', 'require']) window[name] = window.own[name] = { name };";
  const watch = "window.during = []; document.addEventListener('x', () => {}); queueMicrotask(() => window.during.push(window.process === window.own.process));";
  await tab.open(site.page({ attrs: g.attrs, before: [own], after: [watch] }));
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.deepEqual(
    await tab.run(() => Object.keys(window.own).filter((name) => window[name] !== window.own[name])),
    [],
  );
});

check("§3 restore() puts the very native fetch back; name, length, toString and descriptor are native fetch's", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, before: ["window.native = window.fetch; window.own = Object.getOwnPropertyDescriptor(window, 'fetch')"] }));
  const seen = await tab.run(() => {
    const { native, own } = window;
    const now = Object.getOwnPropertyDescriptor(window, "fetch");
    return {
      wrapped: fetch !== native,
      name: fetch.name === native.name && fetch.length === native.length,
      source: [String(fetch) === String(native), fetch.toString() === native.toString(), Function.prototype.toString.call(fetch).includes("[native code]")],
      keys: Reflect.ownKeys(fetch).join() === Reflect.ownKeys(native).join(),
      descriptor: ["writable", "enumerable", "configurable"].every((name) => now[name] === own[name]),
      constructs: (() => { try { new fetch("/"); } catch (error) { return error.name; } })(),
    };
  });
  assert.deepEqual(seen, { wrapped: true, name: true, source: [true, true, true], keys: true, descriptor: true, constructs: "TypeError" });
  const kept = await tab.run(() => {
    const kept = window.fetch;
    window.fetch401.restore();
    window.kept = kept;
    return [window.fetch === window.native, JSON.stringify(Object.getOwnPropertyDescriptor(window, "fetch")) === JSON.stringify(window.own)];
  });
  assert.deepEqual(kept, [true, true]);
  assert.equal((await tab.call("/api/x")).status, 401);
  assert.equal(await tab.run(() => window.kept("/api/x").then((r) => r.status)), 401, "who kept the wrapper calls native fetch too");
  assert.equal(g.exchanges(), 0);
});

check("§4 the first call in the page's very first script is protected; before Go is ready it is sent at once and its 401 waits (session)", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const { readFileSync } = await import("node:fs");
  const { DIST } = await import("../harness/paths.js");
  site.on("GET /fetch401/fetch401.wasm", async () => {
    await site.reached("GET /api/first");
    return { headers: { "content-type": "application/wasm" }, body: readFileSync(DIST + "/fetch401.wasm") };
  });
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: g.attrs, probe: false, after: ["window.first = fetch('/api/first').then((r) => r.status); window.ready = window.fetch401.state().ready"] }));
  assert.equal(await tab.run(() => window.ready), false);
  assert.equal(await tab.run(() => window.first), 200);
  assert.equal(g.exchanges(), 1);
  assert.equal((await tab.state()).ready, true);
});

check("§4 before Go is ready, calls that need a token wait before sending (bearer)", async (e) => {
  const site = await e.site();
  const g = guard(site, "bearer");
  const { readFileSync } = await import("node:fs");
  const { DIST } = await import("../harness/paths.js");
  let deliver;
  const asked = new Promise((resolve) => {
    site.on("GET /fetch401/fetch401.wasm", () => (resolve(), new Promise((done) => {
      deliver = () => done({ headers: { "content-type": "application/wasm" }, body: readFileSync(DIST + "/fetch401.wasm") });
    })));
  });
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: g.attrs, after: ["window.first = fetch('/api/first').then((r) => r.status)"] }));
  await asked;
  await g.begin(tab, g.present);
  assert.equal((await tab.call("/other")).status, 404, "what is not ours does not wait");
  assert.equal(site.got("GET /api/first").length, 0);
  deliver();
  assert.equal(await tab.run(() => window.first), 200);
  assert.equal(site.got("GET /api/first")[0].headers.authorization, "Bearer " + g.present);
});

check("§3 state() is a token-free snapshot: mode, generation, refreshing, ended, held, counters; version is a string", async (e) => {
  const { site, g, tab } = await guarded(e, "bearer");
  let answer;
  g.answer = () => new Promise((resolve) => (answer = () => resolve(g.renewed())));
  await tab.run(() => void (window.calls = Promise.all([fetch("/api/a"), fetch("/api/b")])));
  await site.reached(g.route);
  await tab.until(() => site.got("GET /api/b").length, "both calls");
  await tab.event("refreshing");
  await tab.run(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  const state = await tab.state();
  assert.equal(state.mode, "bearer");
  assert.equal(state.refreshing, true);
  assert.equal(state.ended, false);
  assert.ok(state.held >= 1 && state.held <= 2);
  assert.equal(typeof state.generation, "number");
  assert.equal(state.counters.calls, 2);
  answer();
  await tab.run(() => window.calls);
  assert.equal((await tab.state()).held, 0);
  assert.equal(typeof (await tab.run(() => window.fetch401.version)), "string");
});

check("§1 two script tags: the second one does nothing, and one refresh serves all", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  const again = `{ window.once = window.fetch; window.api = window.fetch401; const tag = document.createElement("script"); tag.src = "/fetch401/fetch401.js?again"; tag.dataset.refreshUrl = "/other"; window.second = new Promise((done) => (tag.onload = done)); document.head.append(tag); }`;
  await tab.open(site.page({ attrs: g.attrs, after: [again] }));
  await tab.run(() => window.second.then(() => 0));
  assert.deepEqual(await tab.run(() => [window.fetch === window.once, window.fetch401 === window.api]), [true, true]);
  assert.equal(tab.said(/already installed/).length, 1);
  assert.equal((await tab.call("/api/x")).status, 200);
  assert.equal(g.exchanges(), 1);
  assert.equal(site.got("POST /other").length, 0);
});
