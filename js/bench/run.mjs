/**
 * `make bench`: fetch401 and what else there is, side by side in one run, in Chromium. See HELP.
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startBackend } from "./backend.mjs";
import { openLab } from "./browser.mjs";
import { build, bundle } from "./bundle.mjs";
import * as bursts from "./measures/burst.mjs";
import * as bytes from "./measures/bytes.mjs";
import * as expired from "./measures/expired.mjs";
import * as long from "./measures/long.mjs";
import * as loopback from "./measures/loopback.mjs";
import * as memory from "./measures/memory.mjs";
import * as start from "./measures/start.mjs";
import * as stub from "./measures/stub.mjs";
import * as tabs from "./measures/tabs.mjs";
import * as xhr from "./measures/xhr.mjs";
import { judge } from "./judge.mjs";
import { markdown } from "./report.mjs";
import { random } from "./sampling.mjs";
import { VARIANTS } from "./variants.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** @type {Record<string, (context: Context) => Promise<{ results: Record<string, any>, failures: Record<string, string> }>>} */
const MEASURES = {
  bytes: bytes.measure,
  stub: stub.measure,
  loopback: loopback.measure,
  xhr: xhr.measure,
  expired: expired.measure,
  burst: bursts.measure,
  tabs: tabs.measure,
  start: start.measure,
  long: long.measure,
  memory: memory.measure,
};

const HELP = `usage: node js/bench/run.mjs [options]

Measures fetch401 beside native fetch and its rivals, in one run in Chromium, and prints Markdown tables.
Needs Go, Node 20, Chromium, and \`npm ci\` in js/bench. Only the numbers of a quiet machine count.

  --only NAME,…       these variants alone; native and native-xhr are always among them
                      ${VARIANTS.map(({ name }) => name).join(", ")}
  --measures NAME,…   these alone: ${Object.keys(MEASURES).join(", ")}
  --quick             few and small samples: does it work?
  --markdown FILE     write the tables there too
  --out DIR           results.json, bundles and builds (js/bench/out)
  --dist-go DIR       fetch401 by standard Go, built already
  --dist-tinygo DIR   fetch401 by TinyGo, built already
  --calls N           of the long run (1000000)
  --rounds FACTOR     more or fewer samples (1)
  --seed N            of the order of samples (401)
  --chromium PATH     (CHROMIUM, or /usr/bin/chromium)
  --port N            of the server (any)
  --strict            exit code 1 where a figure of budget.json is missed, or fetch401 could not be measured
  --help
`;

/**
 * @typedef {object} Context what a measure works with
 * @property {import("./browser.mjs").Lab} lab
 * @property {import("./backend.mjs").Backend} backend
 * @property {readonly import("./variants.mjs").Variant[]} variants
 * @property {Record<string, string>} paths folders that are served
 * @property {(usual: number) => number} rounds
 * @property {() => number} next random, seeded
 * @property {(seconds: number) => number} deadline when a measure that gets so many seconds has to end
 * @property {boolean} quick
 * @property {number} calls
 * @property {(text: string) => void} log
 * @property {(variants: readonly import("./variants.mjs").Variant[], kind: "stub" | "real", failures: Record<string, string>) => Promise<import("./browser.mjs").Subject[]>} openAll
 *   pages for all of them; those for real calls serve all measures
 * @property {(subject: import("./browser.mjs").Subject, kind: "stub" | "real") => Promise<import("./browser.mjs").Subject>} reopen
 */

/** @param {string} text @param {readonly string[]} known @param {string} option */
const names = (text, known, option) => {
  const list = text.split(",").map((name) => name.trim()).filter(Boolean);
  const wrong = list.find((name) => !known.includes(name));
  if (wrong) throw new Error(`--${option}: ${wrong} is none of ${known.join(", ")}`);
  return list;
};

/** @param {string | undefined} text @param {number} usual @param {string} option */
const number = (text, usual, option) => {
  const value = text === undefined ? usual : Number(text);
  if (!(value >= 0)) throw new Error(`--${option} must be a number`);
  return value;
};

/** @param {string[]} command */
const said = ([file, ...args]) => {
  try {
    return execFileSync(file, args, { cwd: HERE, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
};

const main = async () => {
  const started = Date.now();
  const { values: options } = parseArgs({
    options: {
      only: { type: "string" },
      measures: { type: "string" },
      quick: { type: "boolean", default: false },
      markdown: { type: "string" },
      out: { type: "string" },
      "dist-go": { type: "string" },
      "dist-tinygo": { type: "string" },
      calls: { type: "string" },
      rounds: { type: "string" },
      seed: { type: "string" },
      chromium: { type: "string" },
      port: { type: "string" },
      strict: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) return console.log(HELP);

  const { quick } = options;
  const out = resolve(options.out ?? join(HERE, "out"));
  const chosen = options.only && ["native", "native-xhr", ...names(options.only, VARIANTS.map(({ name }) => name), "only")];
  const wanted = options.measures && names(options.measures, Object.keys(MEASURES), "measures");
  const measures = Object.keys(MEASURES).filter((name) => !wanted || wanted.includes(name));
  const factor = number(options.rounds, 1, "rounds") * (quick ? 0.2 : 1);
  const calls = number(options.calls, quick ? 20_000 : 1_000_000, "calls");
  const seed = number(options.seed, 401, "seed");
  const load = os.loadavg()[0];
  mkdirSync(out, { recursive: true });

  /** @param {string} text */
  const log = (text) => console.error(`${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);
  if (load > 0.5) log(`the machine is busy (load ${load.toFixed(1)}): these numbers do not count`);

  log("build");
  let variants = VARIANTS.filter(({ name }) => !chosen || chosen.includes(name));
  /** @type {Record<string, string>} */
  const paths = { page: join(HERE, "page"), bundles: await bundle(variants, out) };
  for (const compiler of /** @type {const} */ (["go", "tinygo"])) {
    if (!variants.some(({ dist }) => dist === compiler)) continue;
    const folder = await build(compiler, options[`dist-${compiler}`] && resolve(options[`dist-${compiler}`] ?? ""), out);
    if (folder) paths["dist/" + compiler] = folder;
    else variants = variants.filter(({ dist }) => dist !== compiler);
  }

  const backend = await startBackend(paths, number(options.port, 0, "port"));
  const lab = await openLab(options.chromium ?? process.env.CHROMIUM ?? "/usr/bin/chromium", backend.origin);
  /** @type {Record<string, any>} */
  const results = {};
  /** @type {Record<string, import("./browser.mjs").Subject[]>} pages that are open, by kind */
  const open = {};
  /** @param {string} kind */
  const closeAll = async (kind) => {
    for (const page of open[kind] ?? []) await page.close().catch(() => {});
    delete open[kind];
  };
  try {
    for (const name of measures) {
      log(name);
      // Nothing else is to be open while a first visit is measured, or many tabs.
      if (name === "start" || name === "tabs") await closeAll("real");
      const { results: found, failures } = await MEASURES[name]({
        lab,
        backend,
        variants: variants.filter(({ only, baseline }) => (name === "xhr" || name === "memory" ? baseline === "xhr" : !only || only === name)),
        paths,
        rounds: (usual) => Math.max(1, Math.round(usual * factor)),
        next: random(seed),
        deadline: (seconds) => Date.now() + seconds * 1000 * Math.max(1, factor),
        quick,
        calls,
        log,
        async openAll(list, kind, failed) {
          const pages = (open[kind] ??= []);
          for (const variant of list) {
            if (pages.some(({ name: there }) => there === variant.name)) continue;
            try {
              pages.push(await lab.open(variant, kind));
            } catch (/** @type {any} */ error) {
              failed[variant.name] = error.message.split("\n")[0];
              log(`${variant.name} cannot be measured: ${failed[variant.name]}`);
            }
          }
          return pages.filter(({ variant }) => list.includes(variant));
        },
        async reopen(subject, kind) {
          await subject.close();
          return lab.open(subject.variant, kind);
        },
      });
      results[name] = found;
      if (Object.keys(failures).length) results[name].failures = failures;
      await closeAll("stub");
    }
  } finally {
    await lab.close();
    backend.stop();
  }

  /** @param {string} name */
  const version = (name) => JSON.parse(readFileSync(join(HERE, "node_modules", name, "package.json"), "utf8")).version;
  const report = {
    date: new Date().toISOString(),
    seconds: Math.round((Date.now() - started) / 1000),
    quick,
    seed,
    machine: {
      cpu: os.cpus()[0]?.model.trim(),
      cores: os.cpus().length,
      memory: os.totalmem(),
      system: `${os.type()} ${os.release()} ${os.arch()}`,
      loadBefore: load,
    },
    versions: {
      Chromium: lab.version.replace(/^.*\//, ""),
      Node: process.versions.node,
      Go: said(["go", "env", "GOVERSION"]).replace(/^go/, ""),
      fetch401: JSON.parse(readFileSync(join(HERE, "../package.json"), "utf8")).version,
      commit: said(["git", "describe", "--always", "--dirty"]),
      ...Object.fromEntries(variants.flatMap(({ packages = [] }) => packages.map((name) => [name, version(name)]))),
    },
    variants: variants.map(({ name, label, baseline, only }) => ({ name, label, baseline, only })),
    results,
  };
  const verdicts = judge(results);
  writeFileSync(join(out, "results.json"), JSON.stringify({ ...report, verdicts }, undefined, 2) + "\n");
  const text = markdown(report, verdicts);
  console.log(text);
  if (options.markdown) {
    mkdirSync(dirname(resolve(options.markdown)), { recursive: true });
    writeFileSync(options.markdown, text + "\n");
  }
  log(`results in ${join(out, "results.json")}`);
  if (!options.strict) return;
  const ours = VARIANTS.filter(({ name, dist }) => dist && (!chosen || chosen.includes(name)));
  const absent = ours.filter(({ name }) => !variants.some((variant) => variant.name === name) || measures.some((measure) => results[measure].failures?.[name]));
  for (const { name } of absent) console.error(`bench: ${name} was not measured in full`);
  if (absent.length || verdicts.some(({ met }) => !met)) process.exitCode = 1;
};

main().catch((error) => {
  console.error("bench: " + error.message);
  process.exitCode = 2;
});
