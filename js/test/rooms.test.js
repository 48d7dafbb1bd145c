/**
 * The folders of js/src show what is shipped when: what blocks the page, what comes in the background, what is loaded on
 * demand. What one of them imports lies in its file too, so the imports are kept as wasm/seam_test.go keeps Go's. Types
 * are free: nothing of them is shipped.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, relative } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

/** Functions without state, a copy of which lies in what needs them. @type {Record<string, string[]>} */
const LENT = { program: ["gate/digests.js", "gate/coded.js", "gate/platform.js", "gate/record.js", "gate/scope.js", "gate/credentials.js"] };

/** @type {Record<string, string[]>} which folders' files a folder may import, beside its own and the numbers */
const MAY = { entry: ["gate", "program", "trace"], gate: [], program: [], trace: [] };

/**
 * The files that a file imports, by the names that they have within js/src.
 * @param {string} file
 */
const imports = (file) => {
  const code = readFileSync(SRC + file, "utf8").replace(/\/\*[^]*?\*\//g, "");
  return [...code.matchAll(/\b(?:from|import)\b\s*\(?\s*"(\.[^"]*)"/g)].map(([, path]) => relative("/", new URL(path, `file:///${file}`).pathname));
};

const files = readdirSync(SRC, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));

describe("who imports whom", () => {
  it("sees the files and what they import", () => {
    assert.deepEqual([...new Set(files.map(dirname))].sort(), [".", ...Object.keys(MAY)]);
    assert.deepEqual(files.filter((file) => dirname(file) === "."), ["protocol.js"]);
    assert.ok(imports("program/program.js").includes("program/door.js"));
  });

  for (const file of files) {
    it(file, () => {
      const room = dirname(file);
      const astray = imports(file).filter((other) => ![room, ...(MAY[room] ?? [])].includes(dirname(other)) && other !== "protocol.js" && !LENT[room]?.includes(other));
      assert.deepEqual(astray, []);
    });
  }
});
