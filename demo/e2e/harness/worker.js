/** The demo on workerd with D1, started once for all tests. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { atEnd } from "../../../js/e2e/harness/check.js";
import { DIST, ROOT } from "../../../js/e2e/harness/paths.js";

const built = mkdtempSync(join(tmpdir(), "fetch401-worker-"));
/** @type {Promise<{ url: string, stop: () => Promise<unknown> }> | undefined} */
let started;

/** The first time, Go compiles net/http for it: longer than a test may take. */
export const buildWorker = () => promisify(execFile)(join(ROOT, "demo/worker/build"), { env: { ...process.env, OUT: built, DIST } });

/** Gives its origin. */
export const startWorker = async () => {
  // Only who asks for it needs its packages.
  started ??= import("../../worker/harness/start.js").then(({ start }) => start({ built }));
  const { url } = await started;
  return `http://localhost:${new URL(url).port}`;
};

atEnd(async () => {
  await started?.then(({ stop }) => stop(), () => {});
  rmSync(built, { recursive: true, force: true });
});
