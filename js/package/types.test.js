/** The types, as a strict TypeScript project takes them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { project } from "./harness/project.js";
import { run } from "./harness/run.js";

for (const compiler of ["typescript", "typescript-7"]) {
  for (const resolution of ["bundler", "nodenext"]) {
    test(`${compiler}, strict, moduleResolution ${resolution}`, async () => {
      const folder = await project("types");
      const { code, text } = await run(folder, [process.execPath, `node_modules/${compiler}/bin/tsc`, "-p", `tsconfig.${resolution}.json`]);
      assert.equal(code, 0, text);
    });
  }
}
