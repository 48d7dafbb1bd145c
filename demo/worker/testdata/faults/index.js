/** The Worker of the faults: the same pool, with limits that a test can reach. */

import program from "./app.wasm";
import { serve } from "./serve.js";

export default serve(program, () => undefined, { most: 2, line: 3, wait: 1_000, lease: 1_500 }, { time: 1_000 });
