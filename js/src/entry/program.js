/**
 * `fetch401.program.js`, which the script runs in the background.
 * @module
 */

import { provide } from "../gate/part.js";
import { cookieless, foreignXhr, leaveForLogin, misspelt, start, trace } from "../program/program.js";

provide({ cookieless, foreignXhr, leaveForLogin, misspelt, start, trace });
