/** What there is to read: each link leads somewhere, and each code sample is a part of a file that tests run, or at least right as far as it can be read. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ts = createRequire(join(ROOT, "js/package.json"))("typescript");
const read = (name) => readFileSync(join(ROOT, name), "utf8");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((name) => existsSync(join(ROOT, name)));

/** The text apart from its code. */
const prose = (text) => text.replace(/^ *```[^]*?^ *```$/gm, "");

/** As GitHub makes anchors of headings. */
const anchors = (text) =>
  [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\p{L}\p{N}\- _]/gu, "").replace(/ /g, "-"));

const blocks = (text) =>
  [...text.matchAll(/(?:^ *<!-- from (\S+) -->\n)?^ *```(\w*)\n([^]*?)^ *```$/gm)].map(([, from, language, code]) => ({ from, language, code }));

test("there is something to test", () => {
  assert.ok(pages.includes("README.md") && pages.filter((name) => name.startsWith("js/docs/")).length >= 10);
  assert.ok(pages.flatMap((name) => blocks(read(name))).filter(({ from }) => from).length >= 3);
});

test("the README has at most 200 lines, and names every page of js/docs", () => {
  assert.ok(read("README.md").split("\n").length <= 201);
  for (const page of pages.filter((name) => /^js\/docs\/[^/]+\.md$/.test(name))) assert.ok(read("README.md").includes(`(${page})`), page);
});

for (const page of pages) {
  const text = read(page);

  test(`${page}: its links`, () => {
    for (const [, target] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(target)) continue;
      assert.doesNotMatch(target, /^\w+:|^\//, target);
      const [path, anchor] = target.split("#");
      const file = path ? relative(ROOT, join(ROOT, dirname(page), path)) : page;
      assert.ok(existsSync(join(ROOT, file)), `${target}: no such file`);
      if (anchor) assert.ok(anchors(read(file)).includes(anchor), `${target}: no such heading`);
    }
  });

  if (!blocks(text).length) continue;
  test(`${page}: its code`, () => {
    const members = read("js/fetch401.d.ts");
    const contract = read("js/CONTRACT.md");
    const targets = read("Makefile");
    for (const { from, language, code } of blocks(text)) {
      // A part of a file stands there word for word.
      if (from) assert.ok(read(from).includes(code.trimEnd()), `not in ${from}:\n${code}`);
      for (const [, name] of code.matchAll(/\b(data-[a-z-]+)=/g)) assert.ok(contract.includes("`" + name), `${name}: no attribute of the contract`);
      for (const [, name] of code.matchAll(/(?<![\w/"'.-])fetch401\.(\w+)\b(?!\.)/g)) assert.match(members, new RegExp(`^  (readonly )?${name}\\b`, "m"), `fetch401.${name}: no member`);
      if (language === "sh") for (const [, target] of code.matchAll(/^make ([\w-]+)/gm)) assert.match(targets, new RegExp(`^${target}:`, "m"));
      const scripts = language === "js" ? [code] : language === "html" ? [...code.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map(([, script]) => script) : [];
      for (const script of scripts) {
        const { diagnostics } = ts.transpileModule(script, { reportDiagnostics: true, fileName: "sample.js", compilerOptions: { allowJs: true } });
        assert.deepEqual(diagnostics.map(({ messageText }) => messageText), [], script);
      }
    }
  });
}

/** The cells of each row of a page's tables; a | in code is written \\|. */
const rows = (text) => [...prose(text).matchAll(/^\| (.*) \|$/gm)].map(([, row]) => row.split(/(?<!\\) \| /));

test("each row that names a test, as FILE: NAME, names one", () => {
  let seen = 0;
  for (const page of pages) {
    for (const row of rows(read(page))) {
      const [, file, name] = row.at(-1).match(/^(js\/\S+\.js): (.+)$/) ?? [];
      if (file) (seen++, assert.ok(read(file).includes(name), `${page}: no “${name}” in ${file}`));
    }
  }
  assert.ok(seen >= 10);
});

test("each row of the policies' table names a test of policies.js", () => {
  const names = rows(read("js/docs/content-security-policy.md")).filter((row) => row.length === 3).map((row) => row[2]);
  assert.ok(names.length >= 10);
  for (const name of names.slice(1)) assert.ok(read("js/e2e/cases/policies.js").includes(name), name);
  const { helmet } = JSON.parse(read("js/e2e/package.json")).devDependencies;
  assert.ok(read("js/docs/content-security-policy.md").includes(`| helmet ${helmet.split(".")[0]}'s default |`), "helmet " + helmet);
});

test("the bundlers of tested.md are of the versions that their tests install", () => {
  const pinned = {};
  for (const name of readdirSync(join(ROOT, "js/package/projects"))) Object.assign(pinned, JSON.parse(read(`js/package/projects/${name}/package.json`)).dependencies);
  const seen = new Set();
  for (const [cell] of rows(read("js/docs/tested.md"))) {
    const [, name, version] = cell.match(/^([\w-]+) (\d[\d.]*)/) ?? [];
    if (!pinned[name?.toLowerCase()]) continue;
    seen.add(name.toLowerCase());
    assert.ok((pinned[name.toLowerCase()] + ".").startsWith(version + "."), cell);
  }
  assert.deepEqual([...seen].sort(), ["esbuild", "next", "openapi-fetch", "parcel", "rollup", "typescript", "vite", "webpack"]);
});

test("the callers of callers.md are of the versions that their tests have", () => {
  const pinned = { ...JSON.parse(read("js/e2e/package.json")).devDependencies, ...JSON.parse(read("js/package/projects/vite/package.json")).dependencies };
  const cells = rows(read("js/docs/callers.md")).map(([cell]) => cell);
  const told = {
    axios: "axios 1",
    jquery: "jQuery 4",
    htmx2: "htmx 2",
    htmx4: "htmx 2 and 4",
    "@tanstack/query-core": "react-query 5",
    "@apollo/client": "Apollo Client 4",
    "@urql/core": "urql (core 6",
    "openapi-fetch": "openapi-fetch 0.17",
    "@angular/core": "Angular 22",
    ky: "ky 2",
    "swagger-ui-dist": "Swagger UI 5",
    "socket.io-client": "socket.io 4",
  };
  for (const [name, begin] of Object.entries(told)) {
    assert.ok(cells.some((cell) => cell.startsWith(begin)), begin);
    assert.ok((pinned[name].replace(/.*@/, "") + ".").startsWith(begin.match(/[\d.]+$/)[0] + "."), `${begin}: ${name} is ${pinned[name]}`);
  }
});

test("the list of what an engine cannot do is that of the tests that are skipped", () => {
  const sources = ["js/e2e/cases", "demo/e2e/cases"].flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => read(`${folder}/${name}`)));
  const skipped = sources.flatMap((source) => [...source.matchAll(/\b(chromium|firefox|webkit): "([^"]+)"/g)].map(([, engine, why]) => `${engine}: ${why}`));
  const listed = rows(read("js/e2e/README.md").match(/## What an engine cannot do\n([^]*?)\n## /)[1])
    .slice(1)
    .flatMap(([, engines, why]) => engines.toLowerCase().split(", ").map((engine) => `${engine}: ${why}`));
  assert.ok(listed.length >= 5);
  assert.deepEqual(listed.sort(), [...new Set(skipped)].sort());
});

test("files and folders that the pages name in tables are there", () => {
  for (const page of pages.filter((name) => /^js\/docs\/[^/]+\.md$/.test(name))) {
    for (const [, path] of read(page).matchAll(/(?:\| |`|, )((?:js|wasm|demo)\/[\w./-]+)/g)) assert.ok(statSync(join(ROOT, path), { throwIfNoEntry: false }), `${page}: ${path}`);
  }
});
