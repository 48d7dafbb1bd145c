/**
 * The program's half of each transport, by its name.
 * @module
 */

import { fetch } from "./fetch.js";

export const halves = { fetch };
