/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./run.js").Call} Call
 *
 * @typedef {object} Bar
 * @property {"try" | "wait" | "retry" | "refresh"} kind
 * @property {number} start
 * @property {number} end
 * @property {number} status how it ended; 0 if that is not known
 */

/**
 * The bars of one call: first try, waiting for the refresh, retry.
 * Where the browser's network log lacks a line (a cancelled 401, a browser without responseStatus), the events of
 * fetch401 and the call's own times fill the gap.
 * @param {Call} call
 * @param {Run} run
 * @param {number} now
 * @returns {Bar[]}
 */
export function barsOf(call, run, now) {
  const callEnd = call.end || now;
  const refresh = run.exchanges.find(({ start }) => start > call.start && start < callEnd);
  /** @type {Bar[]} */
  const sent = call.entries.map(({ start, end, status }, index) => ({ kind: index ? "retry" : "try", start, end, status }));

  const onlyRetryKnown = sent.length === 1 && refresh && sent[0].start >= (refresh.end || now) - 1;
  if (refresh && (sent.length === 0 || onlyRetryKnown)) {
    if (sent.length) sent[0].kind = "retry";
    sent.unshift({ kind: "try", start: call.start, end: refresh.start, status: 401 });
  }
  if (sent.length === 0) sent.push({ kind: "try", start: call.start, end: callEnd, status: call.status });
  if (sent.length === 1 && refresh?.end && refresh.status < 300 && call.end > refresh.end && call.status && call.entries.length === 0) {
    sent.push({ kind: "retry", start: refresh.end, end: call.end, status: call.status });
  }

  // What passes before the browser sends it (a queue, say) belongs to the first try, unless a refresh went on meanwhile.
  const first = sent[0];
  if (!run.exchanges.some(({ start }) => start > call.start && start < first.start)) first.start = call.start;

  sent.forEach((bar, index) => {
    const last = index === sent.length - 1;
    bar.end = Math.max(bar.start, last && call.end ? Math.min(bar.end, Math.max(call.end, bar.start)) : bar.end);
    bar.status ||= last ? call.status : 401;
  });
  return withWaits(sent, run, call, callEnd);
}

/**
 * @param {Bar[]} sent
 * @param {Run} run
 * @param {Call} call
 * @param {number} callEnd
 */
function withWaits(sent, run, call, callEnd) {
  /** @type {Bar[]} */
  const bars = [];
  let at = call.start;
  for (const bar of sent) {
    if (bar.start - at > 0.5) bars.push({ kind: "wait", start: at, end: bar.start, status: 0 });
    bars.push(bar);
    at = bar.end;
  }
  const held = run.exchanges.some(({ start, end }) => start < callEnd && (end || Infinity) > at);
  if (held && callEnd - at > 0.5) bars.push({ kind: "wait", start: at, end: callEnd, status: 0 });
  else bars[bars.length - 1].end = callEnd;
  return bars;
}

/**
 * The same in words, for those who do not see the bars.
 * @param {Call} call
 * @param {Bar[]} bars
 */
export function barsInWords(call, bars) {
  const steps = bars.map(({ kind, start, end, status }) => {
    const took = `${Math.max(1, Math.round(end - start))} ms`;
    if (kind === "wait") return `waited ${took} for the refresh`;
    return `${kind === "try" ? "first try" : "retry"} ${status ? `answered ${status}` : "without an answer"} after ${took}`;
  });
  return `${call.method} ${call.path}: ${steps.join(", ")}. The page got ${outcomeOf(call)}.`;
}

/** @param {Call} call */
export function outcomeOf(call) {
  if (!call.end) return "…";
  return call.error || String(call.status);
}

/**
 * How an outcome is shown: in colour and by a sign.
 * @param {Call} call
 */
export function toneOf(call) {
  if (!call.end) return "open";
  if (call.error) return "stopped";
  if (call.status < 400) return "good";
  return call.status === 401 ? "unauthorized" : "bad";
}
