/** What `make package` wrote: all files, of one build, and the same bytes wherever it is made. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { FOLDER, ROOT, TARBALL } from "./harness/paths.js";
import { run, succeed } from "./harness/run.js";

const work = mkdtempSync(join(tmpdir(), "fetch401-package-"));
after(() => rmSync(work, { recursive: true }));

const read = (name) => readFileSync(join(FOLDER, name));
const { version } = JSON.parse(readFileSync(join(ROOT, "js/package.json"), "utf8"));

const CODE = ["fetch401.auto.mjs", "fetch401.js", "fetch401.mjs", "fetch401.program.js", "fetch401.trace.js", "fetch401.wasm"];
const DIST = [...CODE.flatMap((name) => [name, name + ".br", name + ".gz"]), "fetch401.auto.d.ts", "fetch401.d.ts", "tag.html"].sort();

/** Another checkout: the files under version control, elsewhere. */
const checkout = async (name) => {
  const folder = join(work, name);
  const files = (await succeed(ROOT, ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])).split("\0");
  for (const file of files.filter((name) => name && existsSync(join(ROOT, name)))) cpSync(join(ROOT, file), join(folder, file));
  return folder;
};

test("the tarball holds the built files, licence and README, and nothing else", async () => {
  const listed = (await succeed(ROOT, ["tar", "-tzf", TARBALL])).trim().split("\n").map((name) => name.replace("package/", ""));
  assert.deepEqual(listed.sort(), ["LICENSE", "README.md", "package.json", ...DIST.map((name) => "dist/" + name)].sort());
});

test("the folder has the version in its name, and the tarball's files in it", async () => {
  assert.equal(basename(FOLDER), "fetch401-" + version);
  assert.deepEqual(readdirSync(FOLDER).sort(), ["LICENSE", ...DIST].sort());
  await succeed(work, ["tar", "-xzf", TARBALL]);
  for (const name of DIST) assert.deepEqual(readFileSync(join(work, "package/dist", name)), read(name), name);
});

test("each compressed copy is one of the file beside it", () => {
  for (const name of CODE) {
    assert.deepEqual(brotliDecompressSync(read(name + ".br")), read(name), name);
    assert.deepEqual(gunzipSync(read(name + ".gz")), read(name), name);
  }
});

test("tag.html names files of the folder, each script by the digest that it has", () => {
  const tag = read("tag.html").toString();
  const named = [...tag.matchAll(/(?:src|href)="\/([^"]+)"(?: integrity="([^"]+)")?/g)];
  assert.deepEqual(named.map(([, path]) => path), ["fetch401.program.js", "fetch401.wasm", "fetch401.js"].map((name) => `fetch401-${version}/${name}`));
  for (const [, path, integrity] of named) {
    const digest = createHash("sha256").update(read(basename(path))).digest("base64");
    // Chromium warns of a digest on a preload of this kind. The script has that.
    assert.equal(integrity, path.endsWith(".wasm") ? undefined : "sha256-" + digest, path);
  }
});

test("another checkout, in another folder: the same bytes", async () => {
  const folder = await checkout("elsewhere");
  const printed = await succeed(folder, [".ci/package"]);
  assert.ok(printed.includes(read("tag.html").toString()), "it prints the tag");
  assert.deepEqual(readFileSync(join(folder, ".build/package", basename(TARBALL))), readFileSync(TARBALL));
});

test("npm pack where the program cannot be built: nothing is packed, and it says what to do", async () => {
  const folder = await checkout("fresh");
  const bin = join(work, "bin");
  mkdirSync(bin);
  for (const name of ["node", "npm", "sh"]) symlinkSync((await succeed(work, ["which", name])).trim(), join(bin, name));
  // Without TinyGo, and without Go.
  for (const env of [{ TINYGO: "/nowhere/tinygo" }, { PATH: bin }]) {
    const { code, text } = await run(join(folder, "js"), ["npm", "pack"], env);
    assert.notEqual(code, 0);
    assert.match(text, /nothing is packed.*https:\/\/go\.dev\/dl.*TinyGo.*make tinygo/s);
    assert.deepEqual(readdirSync(join(folder, "js")).filter((name) => name.endsWith(".tgz")), []);
  }
});
