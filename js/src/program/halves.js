/**
 * The program's half of each transport, by its name.
 * @module
 */

import { fetch } from "./fetch.js";
import { xhr } from "./xhr.js";

export const halves = { fetch, xhr };
