/** Starts a built Worker in workerd, on this machine alone: no account, no internet. */

import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";

const HERE = fileURLToPath(new URL("../", import.meta.url));
export const ROOT = resolve(HERE, "../..");
export const BUILT = resolve(ROOT, process.env.OUT ?? ".build/worker");

/** wrangler.jsonc, so that what runs here is what is deployed. Its comments are whole lines. */
export const config = JSON.parse(readFileSync(join(HERE, "wrangler.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 takes any free one
 * @param {string} [options.built] folder of the built Worker
 * @param {boolean} [options.site] with the static pages
 * @param {string} [options.origins] that may call from elsewhere
 * @param {string} [options.secret]
 * @param {string} [options.d1] host and port that the binding D1 leads to
 * @param {(text: string) => void} [options.hear] gets what workerd prints
 */
export const start = async ({ port = 0, built = BUILT, site = true, origins = "", secret, d1, hear = console.error } = {}) => {
  const miniflare = new Miniflare({
    log: new Log(LogLevel.WARN),
    port,
    // Asking Cloudflare for a plausible request.cf would need the internet.
    cf: false,
    telemetry: { enabled: false },
    handleStructuredLogs: (/** @type {{ message: string }} */ { message }) => void hear(message),
    name: config.name,
    modulesRoot: built,
    modules: readdirSync(built)
      .filter((name) => /\.(js|wasm)$/.test(name))
      // The first is the entry.
      .sort((a, b) => Number(b === "index.js") - Number(a === "index.js"))
      .map((name) => ({ type: name.endsWith(".js") ? "ESModule" : "CompiledWasm", path: join(built, name) })),
    compatibilityDate: config.compatibility_date,
    bindings: {
      ...config.vars,
      FETCH401_DEMO_ORIGINS: origins,
      FETCH401_DEMO_SECRET: secret || randomBytes(32).toString("base64"),
    },
    d1Databases: [config.d1_databases[0].binding],
    d1Persist: false,
    ...(d1 && { serviceBindings: { D1: { external: { address: d1, http: {} } } } }),
    ...(site && {
      assets: {
        workerName: config.name,
        directory: join(built, "site"),
        routerConfig: { has_user_worker: true, static_routing: { user_worker: config.assets.run_worker_first } },
        assetConfig: {},
      },
    }),
  });
  try {
    const url = await miniflare.ready;
    await migrate(await miniflare.getD1Database(config.d1_databases[0].binding));
    return { url: url.origin, stop: () => miniflare.dispose() };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
};

/**
 * Applies the migrations that `wrangler d1 migrations apply` would.
 * @param {Awaited<ReturnType<Miniflare["getD1Database"]>>} database
 */
const migrate = async (database) => {
  const folder = join(HERE, config.d1_databases[0].migrations_dir);
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".sql")).sort()) {
    const sql = readFileSync(join(folder, name), "utf8").replace(/--.*$/gm, "");
    const statements = sql.split(";").filter((statement) => statement.trim() !== "");
    await database.batch(statements.map((statement) => database.prepare(statement)));
  }
};
