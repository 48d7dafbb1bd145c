/** Where things are. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** What `make package` wrote. */
export const OUT = join(ROOT, ".build/package");
export const TARBALL = join(OUT, readdirSync(OUT).find((name) => name.endsWith(".tgz")) ?? "no tarball");
/** The folder for a site or a CDN; its name has the version in it. */
export const FOLDER = TARBALL.slice(0, -".tgz".length);
