/** The demo's own page in a real browser, and the example of monitoring. Options are those of js/e2e/suite.test.js. */

import { runSuite } from "../../js/e2e/harness/suite.js";

// Two at a time: beside each are its backend's processes, workerd's too.
await runSuite(new URL("./cases/", import.meta.url), 2);
