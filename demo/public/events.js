import { byId, make } from "./dom.js";
import { fetch401 } from "./interceptor.js";

const eventNames = ["refreshing", "refreshed", "refreshfailed", "retried", "unauthorized", "login"];

const mostShown = 40;
// A burst fires the same event a hundred times: such repeats become one line with a count.
let last = { text: "", times: 0, line: /** @type {HTMLElement | undefined} */ (undefined) };

/** Lists what fetch401 tells the page. */
export function startEvents() {
  for (const name of eventNames) {
    fetch401()?.addEventListener(name, (event) => add(name, /** @type {CustomEvent} */ (event).detail ?? {}));
  }
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} detail
 */
function add(name, detail) {
  byId("events-empty").hidden = true;
  byId("events").hidden = false;
  const facts = Object.entries(detail).filter(([, value]) => value !== "").map(([key, value]) => `${key} ${shorten(value)}`).join(" · ");
  const sameKind = name + String(detail.reason) + String(detail.status);
  const list = byId("events");
  if (last.line && last.text === sameKind) {
    last.times++;
    const count = last.line.querySelector(".event-times");
    if (count) count.textContent = `× ${last.times}`;
    return;
  }
  const at = `${(performance.now() / 1000).toFixed(2)} s`;
  const line = make("li", { "data-event": name },
    make("span", { class: "event-at" }, at),
    make("span", {}, make("b", {}, name), make("span", { class: "event-times" }), make("span", { class: "event-facts" }, facts)),
  );
  last = { text: sameKind, times: 1, line };
  list.prepend(line);
  while (list.children.length > mostShown) list.lastElementChild?.remove();
}

/** A new try begins a new group. */
export function separateEvents() {
  last = { text: "", times: 0, line: undefined };
}

/** @param {unknown} value */
function shorten(value) {
  const text = String(value);
  return text.startsWith(location.origin) ? text.slice(location.origin.length) : text;
}
