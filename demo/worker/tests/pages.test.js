import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { startNative } from "../harness/native.js";
import { BUILT, start } from "../harness/start.js";

/** @type {Awaited<ReturnType<typeof start>>} */
let worker;
/** @type {Awaited<ReturnType<typeof startNative>>} */
let native;

before(async () => {
  [worker, native] = await Promise.all([start(), startNative()]);
}, { timeout: 60_000 });
after(async () => {
  await native?.stop();
  await worker?.stop();
});

const SAME = [
  "Cache-Control", "Content-Type", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy",
  "X-Content-Type-Options", "X-Frame-Options",
];

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
const both = async (path, init) => {
  const [a, b] = await Promise.all([worker.url, native.url].map(async (url) => {
    const got = await fetch(url + path, { redirect: "manual", signal: AbortSignal.timeout(20_000), ...init });
    return { got, body: Buffer.from(await got.arrayBuffer()) };
  }));
  assert.equal(a.got.status, b.got.status, path);
  return [a, b];
};

for (const path of ["/", "/login", "/login?return_to=%2F", "/app.js", "/style.css", "/favicon.svg", "/fetch401/fetch401.js", "/fetch401/fetch401.program.js", "/fetch401/fetch401.mjs", "/fetch401/fetch401.wasm"]) {
  test(`${path} is served as natively`, async () => {
    const [a, b] = await both(path);
    assert.equal(a.got.status, 200);
    for (const name of SAME) assert.equal(a.got.headers.get(name), b.got.headers.get(name), name);
    assert(a.body.equals(b.body));
    const again = await fetch(worker.url + path, { headers: { "If-None-Match": String(a.got.headers.get("ETag")) } });
    assert.equal(again.status, 304);
  });
}

for (const path of ["/nothing", "/fetch401/nothing.js", "/.assetsignore", "/_headers", "/fetch401/fetch401.js.br/x"]) {
  test(`${path} is not found, as natively`, async () => {
    const [a] = await both(path);
    assert.equal(a.got.status, 404);
    assert.equal(a.got.headers.get("X-Content-Type-Options"), "nosniff");
  });
}

test("pages take no POST, as natively", async () => {
  for (const path of ["/", "/nothing"]) assert.equal((await both(path, { method: "POST" }))[0].got.status, 405);
});

test("what belongs to the backend reaches it", async () => {
  for (const path of ["/api/public", "/api/none", "/elsewhere", "/auth/none", "/oauth/none", "/demo/counts"]) {
    const [a, b] = await both(path);
    assert.deepEqual(a.body.toString(), b.body.toString());
    for (const name of ["Cache-Control", "Content-Type", "WWW-Authenticate", "Vary"]) {
      assert.equal(a.got.headers.get(name), b.got.headers.get(name), `${path}: ${name}`);
    }
  }
});

test("the program fits into a Worker of the free plan", () => {
  const size = gzipSync(readFileSync(join(BUILT, "app.wasm"))).byteLength;
  assert(size < 3_000_000, `${size} bytes`);
});
