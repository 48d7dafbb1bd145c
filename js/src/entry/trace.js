/**
 * `fetch401.trace.js`, which is run on demand.
 * @module
 */

import { provide } from "../gate/part.js";
import { createTrace } from "../trace/trace.js";

provide({ createTrace });
