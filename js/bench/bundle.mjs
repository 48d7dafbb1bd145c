/**
 * Makes what the pages load: the bundles of the rivals, and fetch401 by both compilers.
 * @module
 */

import { execFile } from "node:child_process";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** @param {Buffer} bytes */
const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } });

/**
 * One minified script for each variant that has code of its own.
 * @param {readonly import("./variants.mjs").Variant[]} variants
 * @param {string} out
 */
export const bundle = async (variants, out) => {
  const folder = join(out, "bundles");
  await mkdir(folder, { recursive: true });
  for (const { name, entry } of variants) {
    if (!entry) continue;
    const file = join(folder, name + ".js");
    await run(
      "go",
      [
        "tool", "esbuild", join(HERE, "subjects", entry),
        "--bundle", "--minify", "--platform=browser", "--target=es2022", "--charset=utf8", "--legal-comments=none",
        "--format=iife", "--global-name=app", "--alias:whatwg-fetch=" + join(HERE, "subjects/no-polyfill.js"),
        "--define:process.env.NODE_ENV=\"production\"", "--log-level=error",
        "--outfile=" + file,
      ],
      { cwd: ROOT },
    );
    await writeFile(file + ".br", brotli(await readFile(file)));
  }
  return folder;
};

/**
 * fetch401 by a compiler, or nothing where that compiler is not at hand.
 * @param {"go" | "tinygo"} compiler
 * @param {string | undefined} given a folder that is built already
 * @param {string} out
 */
export const build = async (compiler, given, out) => {
  const folder = given ?? join(out, "dist-" + compiler);
  if (!given) {
    try {
      await run("go", ["run", "./js/build", "-compiler", compiler, "-out", folder], { cwd: ROOT });
    } catch (/** @type {any} */ error) {
      console.error(`bench: left out fetch401 by ${compiler}: ${String(error.stderr || error.message).trim().split("\n").filter((line) => !line.startsWith("exit status")).pop()}`);
      return;
    }
  }
  await stat(join(folder, "fetch401.wasm.br")).catch(() => {
    throw new Error(`${folder} has no fetch401.wasm.br: name a folder that js/build has written`);
  });
  return folder;
};

/**
 * The compressed files that a page loads for a variant.
 * @param {import("./variants.mjs").Variant} variant
 * @param {Record<string, string>} paths
 * @returns {Promise<{ name: string, raw: number, brotli: number, blocking: boolean }[]>}
 */
export const weigh = async ({ name, entry, dist }, paths) => {
  const files = dist
    ? ["fetch401.js", "fetch401.program.js", "fetch401.wasm"].map((file, i) => ({ name: file, path: join(paths["dist/" + dist], file), blocking: i === 0 }))
    : entry
      ? [{ name: name + ".js", path: join(paths.bundles, name + ".js"), blocking: true }]
      : [];
  return Promise.all(
    files.map(async ({ name: file, path, blocking }) => {
      const [raw, packed] = await Promise.all([stat(path), stat(path + ".br")]);
      return { name: file, raw: raw.size, brotli: packed.size, blocking };
    }),
  );
};
