import { byId, make, withCode } from "./dom.js";

const mostLines = 8;

/**
 * The lines that DevTools' Network tab holds for a run, in its own order and with its own columns. Each tab has one of its own.
 * @param {import("./run.js").Run} run
 */
export function drawNetworkTab(run) {
  const lines = [
    ...run.calls.filter(({ tab }) => tab === 1).flatMap((call) => sentLines(call)),
    ...run.exchanges.filter(({ tab }) => tab === 1).map(({ path, status, start, end }) => ({ name: path, method: "POST", status: status ? String(status) : "…", start, took: end - start })),
  ].sort((a, b) => a.start - b.start);
  const shown = lines.length > mostLines + 2 ? lines.slice(0, mostLines) : lines;
  const rows = shown.map(({ name, method, status, took }) =>
    make("tr", Number(status) >= 400 ? { class: "failed" } : {},
      make("th", { scope: "row" }, name.slice(name.lastIndexOf("/") + 1)),
      make("td", {}, status),
      make("td", {}, method),
      make("td", {}, took > 0 ? `${Math.max(1, Math.round(took))} ms` : "–"),
    ));
  byId("network-rows").replaceChildren(...rows);
  byId("network-more").textContent = lines.length > shown.length ? `… and ${lines.length - shown.length} more lines` : "";
  byId("network-table").hidden = lines.length === 0;
}

/** @param {import("./run.js").Call} call */
function sentLines(call) {
  if (call.entries.length === 0) {
    const status = call.error === "aborted" ? "(canceled)" : call.error ? "(failed)" : String(call.status || "…");
    return [{ name: `${call.path}?call=${call.id}`, method: call.method, status, start: call.start, took: call.end - call.start }];
  }
  return call.entries.map(({ name, status, start, end }) => ({
    name, method: call.method, status: status ? String(status) : call.error ? "(canceled)" : String(call.status), start, took: end - start,
  }));
}

/** @param {readonly string[]} hints what to look for, for the cause at hand */
export function showHints(hints) {
  byId("network-hints").replaceChildren(...hints.map((hint) => make("li", {}, ...withCode(hint))));
}
