/** Starts the samples as a person would, each with a database of its own that a test can reach into. */

import { execFileSync, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import sqlite from "node-sqlite3-wasm";
import { DIST, ROOT } from "../../../e2e/harness/paths.js";

const SAMPLES = fileURLToPath(new URL("../", import.meta.url));
const BUILT = join(ROOT, ".build/samples");

const SECRET = "a secret of more than thirty-two characters";

/** A token of such a server. */
export const seal = (kind, text) => `${text}.${createHmac("sha256", SECRET).update(`${kind} ${text}`).digest("base64url")}`;

/** A process that prints its address as its first line. */
const serve = async (command, args, settings) => {
  const folder = mkdtempSync(join(tmpdir(), "fetch401-sample-"));
  const database = join(folder, "sessions.db");
  const env = { ...process.env, PORT: "0", DATABASE: database, SESSION_SECRET: SECRET, FETCH401: DIST, ...settings };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const [url] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), once(child, "exit").then(() => Promise.reject(new Error(`${command} ends at once`)))]);
  return {
    url,
    /** What it complained of. */
    said: () => said,
    one: (sql, ...values) => {
      const db = new sqlite.Database(database);
      try {
        return db.all(sql, values)[0];
      } finally {
        db.close();
      }
    },
    async stop() {
      child.kill("SIGKILL");
      await once(child, "close");
      rmSync(folder, { recursive: true });
    },
  };
};

/** @param {{ ACCESS_SECONDS?: number, FETCH401?: string }} [settings] */
export const startExpress = (settings) => serve(process.execPath, [join(SAMPLES, "express/server.js")], settings);

/** @param {{ ACCESS_SECONDS?: number }} [settings] */
export const startGo = (settings) => {
  mkdirSync(BUILT, { recursive: true });
  execFileSync("go", ["build", "-o", join(BUILT, "go"), "./js/docs/samples/go"], { cwd: ROOT });
  return serve(join(BUILT, "go"), [], settings);
};

/** @param {{ ACCESS_SECONDS?: number }} [settings] */
export const startHono = async (settings) => {
  execFileSync("go", ["tool", "esbuild", join(SAMPLES, "hono/worker.js"), "--bundle", "--format=esm", "--log-level=warning", "--outfile=" + join(BUILT, "hono.js")], { cwd: ROOT });
  // What is deployed: the pages, and the built library in a folder of theirs.
  const site = join(BUILT, "site");
  rmSync(site, { recursive: true, force: true });
  cpSync(join(SAMPLES, "page"), site, { recursive: true });
  cpSync(DIST, join(site, "fetch401"), { recursive: true });
  const { Miniflare } = createRequire(join(ROOT, "demo/worker/package.json"))("miniflare");
  const { compatibility_date: compatibilityDate } = JSON.parse(readFileSync(join(SAMPLES, "hono/wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
  const miniflare = new Miniflare({
    modulesRoot: BUILT,
    modules: [{ type: "ESModule", path: join(BUILT, "hono.js") }],
    compatibilityDate,
    bindings: { SESSION_SECRET: SECRET, ...settings },
    name: "sample",
    assets: { workerName: "sample", directory: site, routerConfig: { has_user_worker: true }, assetConfig: {} },
    d1Databases: ["DB"],
    d1Persist: false,
    cf: false,
    telemetry: { enabled: false },
    handleStructuredLogs: () => {},
  });
  const db = await miniflare.getD1Database("DB");
  const one = (sql, ...values) => db.prepare(sql).bind(...values).first();
  await one(readFileSync(join(SAMPLES, "schema.sql"), "utf8").replace(/^--.*$/gm, ""));
  return { url: (await miniflare.ready).origin, one, stop: () => miniflare.dispose() };
};
