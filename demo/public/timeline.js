import { barsInWords, barsOf, outcomeOf, toneOf } from "./bars.js";
import { byId, make } from "./dom.js";

/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./run.js").Call} Call
 * @typedef {import("./run.js").Exchange} Exchange
 * @typedef {{ from: number, to: number }} Scale
 */

// More calls than this are drawn as thin lines under one name.
const mostNamedRows = 12;
const signs = { good: "✓", unauthorized: "!", bad: "✕", stopped: "■", open: "" };

/**
 * Draws a run. Bars are placed through the style object: the page's CSP allows no style attributes.
 * @param {Run} run
 */
export function drawTimeline(run) {
  const now = performance.now();
  byId("timeline-empty").hidden = run.calls.length > 0;
  byId("timeline-plot").hidden = run.calls.length === 0;
  byId("slowly").hidden = run.calls.length === 0;
  const scale = scaleOf(run, now);
  const tabs = run.tabs();
  const rows =
    run.calls.length > mostNamedRows ? tabs.map((tab) => pack(run, tab, scale, now)) : run.calls.map((call) => callRow(call, run, scale, now));
  const order = run.exchanges
    // Of several tabs, under the one whose refresh it is.
    .map((exchange) => ({ exchange, after: tabs.length > 1 ? tabs.indexOf(exchange.tab) + 1 : firstCallsBefore(run, exchange) }))
    .reverse();
  for (const { exchange, after } of order) {
    rows.splice(Math.min(rows.length, after), 0, exchangeRow(exchange, scale, now));
  }
  byId("timeline-axis").replaceChildren(...ticks(scale));
  byId("timeline-rows").replaceChildren(...rows);
}

/**
 * A refresh stands under the first call that waits for it.
 * @param {Run} run
 * @param {Exchange} exchange
 */
function firstCallsBefore(run, exchange) {
  const waits = run.calls.findIndex((call) => call.start <= exchange.start && (!call.end || call.end > exchange.start));
  return waits + 1;
}

/**
 * From the first call to the last thing that happened.
 * @param {Run} run
 * @param {number} now
 * @returns {Scale}
 */
function scaleOf(run, now) {
  const from = Math.min(...(run.calls.length ? run.calls : [run]).map(({ start }) => start), ...run.exchanges.map(({ start }) => start));
  const ends = [...run.calls, ...run.exchanges].map(({ end }) => end || now);
  const span = Math.max(5, ...ends.map((end) => end - from));
  return { from, to: from + span * 1.02 };
}

/**
 * The smallest round step whose labels have room beside each other.
 * @param {number} span milliseconds
 */
function stepOf(span) {
  const width = byId("timeline-axis").clientWidth || 600;
  const rough = (span * 72) / width;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
}

/** @param {Scale} scale */
function ticks({ from, to }) {
  const span = to - from;
  const step = stepOf(span);
  const marks = [];
  for (let at = 0; at <= span + 0.001; at += step) {
    const label = span >= 2000 ? `${+(at / 1000).toFixed(1)} s` : `${+at.toFixed(1)} ms`;
    const mark = make("span", { class: "tick" }, make("span", { class: "tick-label" }, label));
    mark.style.left = `${(at / span) * 100}%`;
    marks.push(mark);
  }
  return marks;
}

/**
 * @param {Call} call
 * @param {Run} run
 * @param {Scale} scale
 * @param {number} now
 */
function callRow(call, run, scale, now) {
  const bars = barsOf(call, run, now);
  const tone = toneOf(call);
  return make("li", { class: "row" },
    make("span", { class: "row-name", "aria-hidden": "true" }, make("b", {}, call.method), ` ${call.path}`),
    track(bars, run, scale, now),
    make("span", { class: `answer ${tone}`, "aria-hidden": "true" }, make("i", {}, signs[tone]), outcomeOf(call)),
    make("span", { class: "visually-hidden" }, barsInWords(call, bars)),
  );
}

/**
 * @param {Exchange} exchange
 * @param {Scale} scale
 * @param {number} now
 */
function exchangeRow(exchange, scale, now) {
  const { start, end, status, path } = exchange;
  const good = end > 0 && status < 300;
  const outcome = end === 0 ? "…" : status ? String(status) : good ? "renewed" : "failed";
  const words = `Refresh: POST ${path}, ${end ? `${outcome} after ${Math.max(1, Math.round(end - start))} ms` : "under way"}.`;
  const tone = end === 0 ? "open" : good ? "good" : "bad";
  return make("li", { class: "row row-refresh" },
    make("span", { class: "row-name", "aria-hidden": "true" }, make("b", {}, "POST"), ` ${path}`),
    track([{ kind: "refresh", start, end: end || now, status }], undefined, scale, now),
    make("span", { class: `answer ${tone}`, "aria-hidden": "true" }, make("i", {}, signs[tone]), outcome),
    make("span", { class: "visually-hidden" }, words),
  );
}

/**
 * Many calls of a tab: a thin line each.
 * @param {Run} run
 * @param {number} tab
 * @param {Scale} scale
 * @param {number} now
 */
function pack(run, tab, scale, now) {
  const several = run.tabs().length > 1;
  const calls = run.calls.filter((call) => call.tab === tab);
  const lines = calls.map((call) => {
    const line = track(barsOf(call, run, now), run, scale, now);
    line.classList.add("thin");
    return line;
  });
  const done = calls.filter(({ end }) => end > 0);
  const good = done.filter(({ status }) => status >= 200 && status < 300).length;
  const tone = done.length < calls.length ? "open" : good === done.length ? "good" : "unauthorized";
  return make("li", { class: "row row-pack" },
    make("span", { class: "row-name", "aria-hidden": "true" }, make("b", {}, several ? `Tab ${tab}` : `${calls.length} ×`), several ? ` ${calls.length} calls` : " /api/items/…"),
    make("span", { class: "lines", "aria-hidden": "true" }, ...lines),
    make("span", { class: `answer ${tone}`, "aria-hidden": "true" }, make("i", {}, signs[tone]), `${good} × 200`),
    make("span", { class: "visually-hidden" }, `${several ? `Tab ${tab}: ` : ""}${calls.length} calls to GET /api/items, ${good} of them answered 200.`),
  );
}

/**
 * @param {import("./bars.js").Bar[]} bars
 * @param {Run | undefined} run whose refreshes are shaded behind the bars
 * @param {Scale} scale
 * @param {number} now
 */
function track(bars, run, scale, now) {
  const span = scale.to - scale.from;
  /** @param {HTMLElement} element @param {number} start @param {number} end */
  const place = (element, start, end) => {
    element.style.left = `${((start - scale.from) / span) * 100}%`;
    element.style.width = `${(Math.max(0, end - start) / span) * 100}%`;
    return element;
  };
  const bands = (run?.exchanges ?? []).map(({ start, end }) => place(make("span", { class: "band" }), start, end || now));
  const drawn = bars.map(({ kind, start, end, status }) => {
    const tone = kind === "refresh" || kind === "wait" ? kind : status === 401 ? "unauthorized" : kind;
    const words = { try: status === 401 ? "401" : "call", retry: status === 401 ? "401" : "retry", wait: "waits", refresh: "refresh" }[kind];
    const room = ((end - start) / span) * byId("timeline-axis").clientWidth;
    const bar = make("span", { class: `bar bar-${tone}` }, ...(room > 8 * words.length + 14 ? [make("span", { class: "bar-word" }, words)] : []));
    return place(bar, start, end);
  });
  return make("span", { class: "track", "aria-hidden": "true" }, ...bands, ...drawn);
}
