import { counts } from "./backend.js";
import { byId, make } from "./dom.js";
import { fetch401, isOn } from "./interceptor.js";
import { session } from "./session.js";

/** What the backend counts of a session, in words. */
const names = /** @type {Record<string, string>} */ ({
  calls: "API calls received",
  unauthorized: "answered 401",
  unavailable: "answered 503",
  refreshes: "refreshes done",
  graced: "repeated refreshes (grace)",
  refused: "refreshes refused",
  reuse: "stolen tokens noticed",
  ended: "ended",
});

/** @type {Record<string, unknown>} */
let latest = {};
/** @type {Record<string, unknown>} */
let before = {};

/** What grows from now on is shown as grown. */
export function markCounters() {
  before = latest;
}

/** Brings both columns of numbers up to date. */
export async function showCounters() {
  showState();
  // Asked without a session, the backend would answer 401, and the console would show an error that is none.
  const now = session.state === "out" ? undefined : await counts();
  byId("counts-none").hidden = now !== undefined;
  byId("counts").hidden = now === undefined;
  latest = now ?? {};
  if (!now) return;
  const rows = Object.entries(names).map(([key, name]) => {
    const value = now[key];
    const grown = typeof value === "number" ? value - Number(before[key] ?? 0) : 0;
    return row(name, value, grown, key);
  });
  byId("counts").replaceChildren(...rows);
}

function showState() {
  const state = isOn() ? fetch401()?.state() : undefined;
  byId("state-none").hidden = state !== undefined;
  byId("state").hidden = state === undefined;
  if (state) byId("state").replaceChildren(...flat(state).map(([key, value]) => row(key, value, 0, "")));
}

/**
 * The snapshot's counters stand in an object of their own; here all is one list.
 * @param {Record<string, unknown>} state
 * @returns {[string, unknown][]}
 */
function flat(state) {
  return Object.entries(state).flatMap(([key, value]) =>
    value !== null && typeof value === "object" ? flat(/** @type {Record<string, unknown>} */ (value)) : [/** @type {[string, unknown]} */ ([key, value])],
  );
}

/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} grown since the numbers were last shown
 * @param {string} key of a backend counter, for tests
 */
function row(name, value, grown, key) {
  const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value ?? "–");
  const number = make("span", key ? { "data-testid": `counts-${key}` } : {}, text);
  const growth = grown > 0 ? [make("span", { class: "grown" }, `+${grown}`)] : [];
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...growth, number));
}
