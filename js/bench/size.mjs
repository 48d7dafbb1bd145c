/**
 * `make size`: what the built files weigh, against budget.json. Needs Node alone, no packages.
 *
 *   node js/bench/size.mjs DIST
 *
 * Exit code 1: over budget. Exit code 2: DIST cannot be judged.
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const SCRIPT = "fetch401.js";
// Fetched while the page goes on.
const BACKGROUND = ["fetch401.program.js", "fetch401.wasm"];

/** @param {string} text */
const refuse = (text) => {
  console.error("size: " + text);
  process.exit(2);
};

/**
 * The bytes of the compressed copy that ships, which must be a copy of the file beside it.
 * @param {string} folder
 * @param {string} name
 */
const weigh = (folder, name) => {
  const path = join(folder, name);
  try {
    const packed = readFileSync(path + ".br");
    if (!brotliDecompressSync(packed).equals(readFileSync(path))) refuse(`${path}.br is no copy of ${path}: run make build`);
    return packed.length;
  } catch (/** @type {any} */ error) {
    return refuse(`${path}.br cannot be read (${error.code ?? error.message}): run make build, or name the built folder`);
  }
};

const folder = process.argv[2];
if (!folder || process.argv[3] || folder.startsWith("-")) refuse("usage: node js/bench/size.mjs DIST");

/** @type {Record<string, { must: number, aim: number }>} */
const budget = JSON.parse(readFileSync(new URL("budget.json", import.meta.url), "utf8")).brotli;
const script = /** @type {number} */ (weigh(folder, SCRIPT));
const background = BACKGROUND.reduce((sum, name) => sum + /** @type {number} */ (weigh(folder, name)), 0);
/** @type {Record<string, number>} */
const sizes = { [SCRIPT]: script, [BACKGROUND.join(" + ")]: background, everything: script + background };

let over = false;
for (const [name, { must, aim }] of Object.entries(budget)) {
  const size = sizes[name];
  if (size === undefined) refuse(`budget.json names ${name}, which is none of ${Object.keys(sizes).join(", ")}`);
  const verdict =
    size > must
      ? `${size - must} over the budget of ${must}`
      : size > aim
        ? `within the budget of ${must}, ${size - aim} over the aim of ${aim}`
        : `within the aim of ${aim}`;
  over ||= size > must;
  const line = `${name.padEnd(35)} ${String(size).padStart(7)} bytes brotli: ${verdict}`;
  if (size > must) console.error("size: " + line);
  else console.log(line);
}
if (over) {
  console.error(`size: ${folder} is over budget (js/bench/budget.json): a page pays for every byte`);
  process.exit(1);
}
