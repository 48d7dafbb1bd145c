/**
 * `fetch401.program.js`, which the script runs in the background.
 * @module
 */

import { provide } from "../gate/part.js";
import * as program from "../program/program.js";

provide(program);
