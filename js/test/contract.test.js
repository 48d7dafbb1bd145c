// The contract's table of tests keeps itself: what it names is there, and no file of end-to-end tests goes unnamed.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CASES = "js/e2e/cases/";

/** @param {string} path within the repository */
const there = (path) => existsSync(ROOT + path);

const contract = readFileSync(ROOT + "js/CONTRACT.md", "utf8");
const rows = contract
  .slice(contract.indexOf("## Which tests hold it"))
  .split("\n")
  .filter((line) => line.startsWith("| §"))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

/** The names of the tests in the Go packages. */
const goTests = new Set(
  readdirSync(ROOT + "wasm", { recursive: true })
    .map(String)
    .filter((name) => name.endsWith("_test.go"))
    .flatMap((name) => [...readFileSync(ROOT + "wasm/" + name, "utf8").matchAll(/^func (Test\w+)/gm)].map(([, test]) => test)),
);

/** What a cell names that is not there. @type {((cell: string) => string[])[]} */
const COLUMNS = [
  (cell) => [
    ...[...cell.matchAll(/`([\w./-]+)`/g)].map(([, path]) => path).filter((path) => !there(path)),
    ...[...cell.replace(/`[^`]*`/g, "").matchAll(/\b[A-Za-z]\w+/g)].map(([name]) => name).filter((name) => (name.startsWith("Test") ? !goTests.has(name) : !["session", "tab", "tabs"].some((folder) => there(`wasm/${folder}/testdata/${name}.txt`)))),
  ],
  (cell) => (cell.match(/[\w-]+\.test\.js/g) ?? []).filter((name) => !there("js/test/" + name)),
  (cell) => [
    ...(cell.match(/[\w-]+\.js\b/g) ?? []).filter((name) => !there(CASES + name)),
    ...[...cell.matchAll(/`make ([\w-]+)`/g)].map(([, target]) => target).filter((target) => !new RegExp(`^${target}:`, "m").test(readFileSync(ROOT + "Makefile", "utf8"))),
  ],
];

for (const [row, ...cells] of rows) {
  test(row, () => {
    assert.equal(cells.length, COLUMNS.length, "four columns");
    assert.deepEqual(COLUMNS.flatMap((missing, i) => missing(cells[i])), []);
    assert.ok(cells.some((cell) => cell !== "–"), "nothing holds it");
  });
}

test("each file of end-to-end tests holds a row", () => {
  const named = rows.map((cells) => cells[3]).join(" ");
  assert.deepEqual(readdirSync(ROOT + CASES).filter((file) => !new RegExp(`(^|[\\s;,])${file.replace(".", "\\.")}`).test(named)), []);
});
