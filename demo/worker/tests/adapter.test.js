// What package edge says of the adapter of syumai/workers, and why the demo hands requests over in its own way.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { ROOT } from "../harness/start.js";

test("syumai/workers still splits fields at commas", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fetch401-adapter-"));
  try {
    const file = join(folder, "adapter.wasm");
    execFileSync("go", ["build", "-o", file, "./demo/worker/testdata/adapter"], { cwd: ROOT, env: { ...process.env, GOOS: "js", GOARCH: "wasm" } });
    const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
    runInThisContext(readFileSync(join(root, "lib/wasm/wasm_exec.js"), "utf8"));
    /** @type {{ handleRequest?: (request: Request) => Promise<Response> }} */
    const binding = {};
    Object.assign(globalThis, { context: { env: {}, binding } });
    const go = new Go();
    const { instance } = await WebAssembly.instantiate(readFileSync(file), { ...go.importObject, workers: { ready() {} } });
    const ended = go.run(instance);
    const challenge = 'Bearer realm="a, b", error="x"';
    const response = await binding.handleRequest?.(new Request("http://localhost/", { headers: { "WWW-Authenticate": challenge } }));
    assert.deepEqual(await response?.json(), challenge.split(","), "it has been mended: what package edge says of it, and this test, can go");
    await ended;
  } finally {
    rmSync(folder, { recursive: true });
  }
});
