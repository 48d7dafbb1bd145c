/**
 * Before `npm pack` and `npm publish`: builds what is packed, with TinyGo, or says what is missing. The licence is the
 * repository's; npm packs the one beside package.json.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
// What npm prints on its standard output is for programs.
const { status } = spawnSync("go", ["run", "./js/build", "-compiler", "tinygo"], { cwd: root, stdio: ["ignore", 2, 2] });
if (status !== 0) {
  console.error("fetch401: nothing is packed. What is packed is built first, by Go 1.25 or later (https://go.dev/dl)");
  console.error("and by TinyGo, which must be on the PATH or named in TINYGO; on Debian `make tinygo` installs it.");
  process.exit(1);
}
copyFileSync(root + "LICENSE", root + "js/LICENSE");
