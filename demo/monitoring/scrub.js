/**
 * Takes out of whatever a monitor is about to send what URLs carry besides origin and path: query and fragment, wherever a
 * URL stands. A list of the members that hold one would be out of date with the monitor's next version, so every string is
 * looked at; ids and secrets in paths become `:id`, as {@link withoutIds} has it.
 * @module
 */

import { withoutIds } from "./forward.js";

/** Members that are a query or a fragment and nothing else: Sentry's request, and the attributes of its spans. */
const QUERIES = /^(query_string|(url|http)\.(query|fragment))$/;

/** Files of the app: source maps are found by their paths. */
const FILES = /^(frames|debug_meta)$/;

/** A URL, or a path from the root. */
const URL_LIKE = /^([a-z][\w+.-]*:\/)?\//i;

/** What in a text may be a URL, or be one within JSON or HTML. */
const RUN = /[^\s"'`<>{}]+/g;

/** @param {string} run of a text @param {number} end where its query or fragment begins */
const hasQuery = (run, end) => end >= 0 && (run.slice(0, end).includes("/") || run.slice(end).includes("="));

/**
 * @param {string} text
 * @param {boolean} file its path stays as it is
 */
const bareText = (text, file) => {
  // Nobody escapes what they write down: a query goes as far as the text that begins with its URL.
  const whole = URL_LIKE.test(text) ? text.replace(/^([^?#]*)[?#].*$/s, "$1") : text;
  return whole.replace(RUN, (run) => {
    const end = run.search(/[?#]/);
    const path = hasQuery(run, end) ? run.slice(0, end) : run;
    return !file && URL_LIKE.test(path) ? withoutIds(path) : path;
  });
};

/** @param {object} value one that the monitor writes down member by member */
const isRecord = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value));

/**
 * A copy, since what is passed may be the app's own object, or hold itself.
 * @param {any} value
 * @param {number} depth how many levels are looked at
 * @param {boolean} file
 * @param {Map<object, object>} copies
 * @returns {any}
 */
const copy = (value, depth, file, copies) => {
  if (typeof value === "string" || value instanceof String || value instanceof URL) return bareText(String(value), file);
  if (!depth || typeof value !== "object" || value === null || !(Array.isArray(value) || isRecord(value))) return value;
  const known = copies.get(value);
  if (known) return known;
  /** @type {any} */
  const made = Array.isArray(value) ? [] : {};
  copies.set(value, made);
  for (const [name, member] of Object.entries(value)) {
    if (!QUERIES.test(name)) made[name] = copy(member, depth - 1, file || FILES.test(name), copies);
  }
  return made;
};

/**
 * @template T
 * @param {T} value
 * @param {number} [depth] how many levels of it are looked at; all of them unless told
 * @returns {T} its copy without queries, fragments and ids; what is no plain data in it stays
 */
export const withoutQueries = (value, depth = Infinity) => copy(value, depth, false, new Map());
