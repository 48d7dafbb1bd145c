import { byId } from "./dom.js";

/**
 * What happened in one line, such as "100 calls, 100 answered 200, 1 refresh".
 * @param {import("./run.js").Run} run
 */
export function summaryOf(run) {
  const calls = run.calls.length;
  const tabs = run.tabs().length;
  /** @type {Map<string, number>} */
  const outcomes = new Map();
  for (const { error, status } of run.calls) {
    const outcome = error === "aborted" ? "aborted" : error ? "without an answer" : `answered ${status}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  const parts = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`);
  const refreshes = run.exchanges.length;
  const refused = run.exchanges.filter(({ status }) => status >= 300 && status < 500).length;
  const failed = run.exchanges.filter(({ status }) => status === 0 || status >= 500).length;
  const bad = [refused && `${refused} refused`, failed && `${failed} failed`].filter(Boolean).join(", ").replace(refreshes === 1 ? "1 " : "", "");
  return `${tabs > 1 ? `${tabs} tabs: ` : ""}${calls} ${calls === 1 ? "call" : "calls"}, ${parts.join(", ")}, ${refreshes} ${refreshes === 1 ? "refresh" : "refreshes"}${bad && ` (${bad})`}`;
}

/**
 * Shows the last outcome, and has it read out.
 * @param {string} text
 * @param {"idle" | "busy" | "good" | "notice" | "bad"} tone
 */
export function showSummary(text, tone) {
  const summary = byId("summary");
  summary.textContent = text;
  byId("outcome").dataset.tone = tone;
}

/** On a phone the outcome lies below the buttons: bring it into view, without moving the focus. */
export function revealOutcome() {
  const { top } = byId("outcome").getBoundingClientRect();
  if (top >= 0 && top < innerHeight * 0.7) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("outcome").scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}
