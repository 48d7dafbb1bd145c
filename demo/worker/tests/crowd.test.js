// A few requests of nobody must not keep the Worker from everybody else.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { start } from "../harness/start.js";

/** @type {Awaited<ReturnType<typeof start>>} */
let worker;
before(async () => {
  worker = await start({ site: false });
}, { timeout: 60_000 });
after(() => worker?.stop());

/** What a person waits for at most while others crowd in: less than a request may wait in the line. */
const SOON = 4_000;
const MOST = 8 << 20;

/** @param {RequestInit} [init] */
const signIn = async (init) => {
  const body = new URLSearchParams({ user: "demo", password: "demo", mode: "bearer" });
  const response = await fetch(worker.url + "/auth/login", { method: "POST", body, ...init });
  return { status: response.status, json: await response.json() };
};

const soon = () => AbortSignal.timeout(SOON);

/**
 * Slow calls, of which the Worker has heard when this resolves; abort ends them.
 * @param {Record<string, string>} headers
 */
const slowCalls = async (headers) => {
  const gone = new AbortController();
  const calls = Array.from({ length: 12 }, () =>
    fetch(worker.url + "/api/slow?ms=10000", { headers, signal: gone.signal }).then(({ status }) => status, () => 0));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return { calls, gone };
};

test("slow calls of nobody are answered at once, and hold nothing", async () => {
  const { calls, gone } = await slowCalls({});
  try {
    assert.equal((await fetch(worker.url + "/api/public", { signal: soon() })).status, 200);
    assert.deepEqual(await Promise.race([Promise.all(calls), new Promise((resolve) => setTimeout(resolve, SOON, "still open"))]), calls.map(() => 401));
  } finally {
    gone.abort();
  }
});

test("slow calls of somebody hold no instance", async () => {
  const { json } = await signIn();
  const headers = { Authorization: "Bearer " + json.access_token };
  const { gone } = await slowCalls(headers);
  try {
    assert.equal((await fetch(worker.url + "/api/hello", { headers, signal: soon() })).status, 200);
  } finally {
    gone.abort();
  }
});

test("an answer that is held back does not tell so", async () => {
  const { json } = await signIn();
  const began = performance.now();
  const { status, headers } = await fetch(worker.url + "/api/slow?ms=300", { headers: { Authorization: "Bearer " + json.access_token } });
  assert.equal(status, 200);
  assert(performance.now() - began > 290);
  assert.deepEqual([...headers.keys()].filter((name) => /edge|held/.test(name)), []);
});

/**
 * Begins an upload and leaves it at that, once all but the last byte have been taken.
 * @param {string} path
 * @param {number} size
 */
const unfinished = (path, size) => {
  const upload = request(worker.url + path, { method: "POST", headers: { "Content-Type": "text/plain", "Content-Length": size } });
  upload.on("error", () => {});
  return { upload, written: new Promise((resolve) => upload.write(new Uint8Array(size - 1), resolve)) };
};

for (const [what, path, size, count] of /** @type {[string, string, number, number][]} */ ([
  ["unfinished uploads", "/api/echo", MOST, 3], ["uploads where none are taken", "/auth/login", MOST, 3], ["unfinished forms", "/auth/login", 64 << 10, 40],
])) {
  test(`${what} leave room for a sign-in`, async () => {
    const begun = Array.from({ length: count }, () => unfinished(path, size));
    try {
      await Promise.race([Promise.all(begun.map(({ written }) => written)), new Promise((resolve) => setTimeout(resolve, 2_000))]);
      assert.equal((await signIn({ signal: soon() })).status, 200);
    } finally {
      for (const { upload } of begun) upload.destroy();
    }
  });
}
