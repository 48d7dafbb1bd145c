/**
 * End-to-end tests of the built files: one browser, one backend, one process for all topics.
 *
 *   node --test js/e2e/    everything
 *   TOPICS=replay,abort    only files of cases/ whose names begin so
 *   DIST=…                 another folder of built files than js/dist
 *   ENGINE=…               chromium, which is the default, firefox or webkit
 *   CHROMIUM=… FIREFOX=… WEBKIT_DRIVER=…  other executables
 *   E2E_PORT=…             the first of the ports to use
 *   E2E_CONCURRENCY=…      so many checks side by side, 3 by default
 */

import { runSuite } from "./harness/suite.js";

await runSuite(new URL("./cases/", import.meta.url), 3);
