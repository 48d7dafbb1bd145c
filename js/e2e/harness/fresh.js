/** What is tested is what the sources say: an old build fails. */

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { DIST, ROOT } from "./paths.js";

const sources = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => /\.(go|js)$/.test(name) && !/_test\.go$/.test(name));

it("the built files are newer than their sources (build with go run ./js/build)", () => {
  for (const name of ["fetch401.js", "fetch401.program.js", "fetch401.mjs", "fetch401.auto.mjs", "fetch401.wasm"]) {
    const built = statSync(join(DIST, name)).mtimeMs;
    for (const folder of ["js/src", "js/build", "wasm"]) {
      const newer = sources(folder).filter((source) => statSync(join(ROOT, source)).mtimeMs > built);
      assert.deepEqual(newer, [], `${name} in ${DIST} is older than these sources`);
    }
  }
});
