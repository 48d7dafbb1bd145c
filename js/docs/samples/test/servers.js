/** Starts the samples as a person would, each with a database of its own that a test can reach into. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import sqlite from "node-sqlite3-wasm";

const SAMPLES = fileURLToPath(new URL("../", import.meta.url));
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const BUILT = join(ROOT, ".build/samples");

export const SECRET = "a secret of more than thirty-two characters";

/** A process that prints its address as its first line. */
const serve = async (command, args) => {
  const folder = mkdtempSync(join(tmpdir(), "fetch401-sample-"));
  const database = join(folder, "sessions.db");
  const env = { ...process.env, PORT: "0", DATABASE: database, SESSION_SECRET: SECRET, FETCH401: process.env.DIST ?? join(ROOT, "js/dist") };
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "ignore"] });
  const [url] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), once(child, "exit").then(() => Promise.reject(new Error(`${command} ends at once`)))]);
  return {
    url,
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

export const startExpress = () => serve(process.execPath, [join(SAMPLES, "express/server.js")]);

export const startGo = () => {
  mkdirSync(BUILT, { recursive: true });
  execFileSync("go", ["build", "-o", join(BUILT, "go"), "./js/docs/samples/go"], { cwd: ROOT });
  return serve(join(BUILT, "go"), []);
};

export const startHono = async () => {
  execFileSync("go", ["tool", "esbuild", join(SAMPLES, "hono/worker.js"), "--bundle", "--format=esm", "--log-level=warning", "--outfile=" + join(BUILT, "hono.js")], { cwd: ROOT });
  const { Miniflare } = createRequire(join(ROOT, "demo/worker/package.json"))("miniflare");
  const { compatibility_date: compatibilityDate } = JSON.parse(readFileSync(join(SAMPLES, "hono/wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
  const miniflare = new Miniflare({
    modules: true,
    scriptPath: join(BUILT, "hono.js"),
    compatibilityDate,
    bindings: { SESSION_SECRET: SECRET },
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
