/**
 * The results as Markdown.
 * @module
 */

const NONE = "–";

/** @param {number | undefined | null} value three significant digits, or whole numbers from 100 on */
const short = (value) => {
  if (value == null || Number.isNaN(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en-US");
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/**
 * Median, and the quartiles behind it.
 * @param {import("./sampling.mjs").Summary | undefined} summary
 */
const spread = (summary) =>
  !summary ? NONE : summary.n < 3 ? short(summary.median) : `${short(summary.median)} (${short(summary.q1)}–${short(summary.q3)})`;

/** @param {import("./sampling.mjs").Summary | undefined} summary */
const middle = (summary) => short(summary?.median);

/** @param {import("./sampling.mjs").Summary | undefined} summary */
const times = (summary) => (summary ? "×" + short(summary.median) : NONE);

/** @param {(number | undefined)[]} tasks the browser reports none under 50 ms */
const blocked = (tasks) => {
  const longest = Math.max(...tasks.map((ms) => ms ?? 0));
  return longest ? short(longest) : "< 50";
};

/** @param {number | undefined} bytes */
const kilobytes = (bytes) => (bytes === undefined ? NONE : short(bytes / 1024));

/**
 * @param {string[]} heads
 * @param {string[][]} rows
 */
const table = (heads, rows) =>
  [heads, heads.map((_, i) => (i ? "---:" : "---")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** @param {any} sample of a burst */
const outcome = (sample) => {
  if (!sample?.milliseconds) return [NONE, NONE, NONE];
  const failed = sample.timedOut ? "not ended" : sample.failed ? short(sample.failed) : "0";
  const time = sample.timedOut ? `> ${short(sample.milliseconds.median)}` : spread(sample.milliseconds);
  return [time, sample.timedOut ? NONE : times(sample.ofFloor), sample.most > 1 ? `${middle(sample.refreshes)} (≤ ${sample.most})` : middle(sample.refreshes), failed];
};

/** @param {any} sample */
const refreshed = (sample) => (sample?.timedOut ? "not ended" : sample?.milliseconds ? short(sample.most) : NONE);

/** What each measure shows, and under which heading. */
const SECTIONS = /** @type {Record<string, (rows: [string, string, any][], results: Record<string, any>) => string>} */ ({
  bytes: (rows) =>
    "### Bytes that the page loads\n\nMinified, Brotli 11. Blocking: before the first call.\n\n" +
    table(["", "all", "blocking", "unpacked"], rows.map(([label, , of]) => [label, short(of.brotli), short(of.blocking), short(of.raw)])),

  stub: (rows, results) =>
    "### Cost of a call that needs nothing, µs over native\n\n" +
    "Over a stubbed fetch: no network. Native takes " +
    ["fetch", "json", "xhr"].map((name) => `${middle(results[`native ${name}`]?.sequential?.microseconds)} µs (${name})`).join(", ") +
    "; axios, which hands out parsed bodies, is compared with native code that parses them.\n\n" +
    table(
      ["", "one after the other", "each URL new", "1,000 at once", "out of scope"],
      rows
        .filter(([, name]) => name !== "native")
        .map(([label, , of]) => [label, ...["sequential", "fresh", "parallel", "outside"].map((kind) => spread(of[kind]?.over))]),
    ),

  loopback: (rows) =>
    "### Real calls on loopback, ms a call\n\n" +
    table(["", "ms", "× native"], rows.map(([label, , of]) => [label, spread(of.milliseconds), times(of.ratio)])),

  xhr: (rows) =>
    "### XMLHttpRequest\n\nA whole call on loopback, its body read, and what making one costs: new, open and two headers, over native; native takes its µs in the first row.\n\n" +
    table(
      ["", "whole call, µs", "× native", "made in scope, µs over native", "out of scope"],
      rows.map(([label, name, of]) => [label, spread(of.whole?.microseconds), times(of.whole?.ratio), ...["sequential", "outside"].map((kind) => spread(name === "native-xhr" ? of[kind]?.microseconds : of[kind]?.over))]),
    ),

  expired: (rows) =>
    "### One call on an expired session, ms\n\nNative is the same by hand: 401, refresh, retry. Same requests: by hand, too, but with a refresh that outlives the page and a retry past the HTTP cache, as fetch401 sends them.\n\n" +
    table(
      ["", "server at 0 ms", "× by hand", "× same requests", "server at 20 ms", "× by hand", "× same requests"],
      rows.map(([label, , of]) => [label, ...[0, 20].flatMap((delay) => [spread(of[delay]?.milliseconds), times(of[delay]?.ratio), times(of[delay]?.ofSame)])]),
    ),

  burst: (rows) => {
    const keys = [...new Set(rows.flatMap(([, , of]) => Object.keys(of)))].sort((a, b) => Number(a.includes("same")) - Number(b.includes("same")));
    return (
      "### Bursts on an expired session\n\n" +
      "× floor: against one refresh and then the calls, natively, as if the expiry were known. Native by hand is all calls, one refresh, all calls again.\n\n" +
      keys
        .map((key) => {
          const byHand = rows.find(([, name]) => name === "native")?.[2][key];
          return (
            `#### ${key.replace(" same", "")} at once, ${key.includes("same") ? "one same URL" : "each its own URL"}\n\n` +
            table(
              ["", "ms", "× floor", "× by hand", "refreshes", "failed calls", "heap at the end, KB", "kept, KB"],
              rows
                .filter(([, , of]) => of[key])
                .flatMap(([label, name, { [key]: of }]) => {
                  const [ms, floor, refreshes, failed] = outcome(of);
                  const row = [label, ms, floor, of.timedOut ? NONE : times(of.ofByHand), refreshes, failed, kilobytes(of.heapAtEnd?.median), kilobytes(of.heapKept?.median)];
                  if (name !== "native") return [row];
                  return [
                    ["native: the floor", ...row.slice(1)],
                    ["native: by hand", spread(byHand?.byHandMilliseconds), short((byHand?.byHandMilliseconds?.median ?? NaN) / (byHand?.milliseconds?.median ?? NaN)).replace(/^(?=\d)/, "×"), "×1", "1", "0", NONE, NONE],
                  ];
                }),
            )
          );
        })
        .join("\n\n")
    );
  },

  tabs: (rows) =>
    "### Five tabs on one expired session, ms\n\n" +
    "Twenty calls at once in each, until the last is answered. × one tab: against the same hundred calls in one of them; by hand is all calls, one refresh, all calls again, natively, in one tab.\n\n" +
    table(
      ["", "five tabs", "one tab", "× one tab", "× by hand", "refreshes", "failed calls"],
      rows
        .filter(([, , of]) => of.oneMilliseconds)
        .map(([label, name, of]) =>
          name === "native"
            ? ["native: by hand", NONE, spread(of.oneMilliseconds), NONE, NONE, "1", short(of.failed)]
            : [label, spread(of.milliseconds), spread(of.oneMilliseconds), times(of.ofOne), times(of.ofByHand), of.most > 1 ? `${middle(of.refreshes)} (≤ ${of.most})` : middle(of.refreshes), short(of.failed)],
        ),
    ) +
    "\n\nWhat a page that is alone pays for tabs that it may have, over one without Web Locks, where fetch401 does without them.\n\n" +
    table(
      ["", "a refresh, ms more", "a call that needs nothing, µs more"],
      rows.filter(([, , of]) => of.lock).map(([label, , of]) => [label, spread(of.lock), spread(of.alone)]),
    ),

  start: (rows) =>
    "### A first visit, ms since navigation\n\nProtected: the script has run. Ready: all that decides is there. Slow: 1.6 Mbit/s, 150 ms.\n\n" +
    table(
      ["", "protected", "ready", "protected, slow", "ready, slow", "longest task, usually", "of all visits"],
      rows.map(([label, , { loopback, slow }]) => [
        label,
        spread(loopback?.protected),
        spread(loopback?.ready),
        middle(slow?.protected),
        middle(slow?.ready),
        blocked([loopback?.longestTask?.median, slow?.longestTask?.median]),
        blocked([loopback?.longestOfAll, slow?.longestOfAll]),
      ]),
    ),

  long: (rows) =>
    "### A page that lives long\n\nHeld after the first hundredth of the calls, and after all of them.\n\n" +
    table(
      ["", "calls", "WASM memory, KB", "_values entries", "held calls", "heap, KB"],
      rows
        .filter(([, , of]) => of.after)
        .map(([label, , { calls, before, after }]) => [
          label,
          short(calls),
          `${short(before.memory / 1024)} → ${short(after.memory / 1024)}`,
          `${before.values ?? NONE} → ${after.values ?? NONE}`,
          `${before.calls} → ${after.calls}`,
          `${short(before.heap / 1024)} → ${short(after.heap / 1024)}`,
        ]),
    ),

  memory: (rows) =>
    "### What XMLHttpRequests leave behind\n\nOn loopback, twenty at a time; the heap after a full collection, when a tenth of them had been made and when all had.\n\n" +
    table(
      ["", "requests", "heap, KB", "bytes kept a request", "held calls"],
      rows.map(([label, , { calls, before, after, bytes, held }]) => [label, short(calls), `${short(before / 1024)} → ${short(after / 1024)}`, bytes.toFixed(1), String(held)]),
    ),
});

/**
 * One row a variant, of what matters most.
 * @param {{ name: string, label: string, only?: string }[]} variants
 * @param {Record<string, any>} results
 */
const overview = (variants, results) => {
  const { bytes, stub, expired, burst, tabs, start } = results;
  /** @type {[string, boolean, (name: string) => string][]} */
  const columns = [
    ["bytes, Brotli", !!bytes, (name) => short(bytes?.[name]?.brotli)],
    ["µs a call over native", !!stub, (name) => (name === "native" ? "0" : middle(stub?.[name]?.sequential?.over))],
    ["an expired call, × by hand (20 ms)", !!expired, (name) => times(expired?.[name]?.[20]?.ratio)],
    ["refreshes for 100 at once (same URL)", !!burst, (name) => `${refreshed(burst?.[name]?.["100"])} (${refreshed(burst?.[name]?.["100 same"])})`],
    ["1,000 at once, × by hand", !!burst?.native?.["1000"], (name) => {
      const of = burst?.[name]?.["1000"];
      return name === "native" ? "×1" : of?.timedOut ? "not ended" : of?.failed ? `${short(of.failed)} fail` : times(of?.ofByHand);
    }],
    ["5 tabs of 20 calls, × one tab (refreshes)", !!tabs, (name) => (name === "native" ? NONE : `${times(tabs?.[name]?.ofOne)} (${short(tabs?.[name]?.most)})`)],
    ["protected at 1.6 Mbit/s, ms", !!start, (name) => middle(start?.[name]?.slow?.protected)],
    ["ready, ms", !!start, (name) => middle(start?.[name]?.slow?.ready)],
  ];
  const shown = columns.filter(([, there]) => there);
  if (!shown.length) return "";
  return table(["", ...shown.map(([head]) => head)], variants.filter(({ only }) => !only).map(({ name, label }) => [label, ...shown.map(([, , cell]) => cell(name))]));
};

/**
 * @param {any} report
 * @param {import("./judge.mjs").Verdict[]} verdicts
 */
export const markdown = ({ date, seconds, quick, machine, versions, variants, results }, verdicts) => {
  const parts = [];
  if (quick) parts.push("**A quick run: too few samples to count.**");
  parts.push(overview(variants, results));
  for (const [name, section] of Object.entries(SECTIONS)) {
    const found = results[name];
    if (!found) continue;
    /** @type {[string, string, any][]} */
    const rows = variants.filter((/** @type {any} */ { name: of }) => found[of] || (name === "stub" && of === "native")).map((/** @type {any} */ { name: of, label }) => [label, of, found[of] ?? {}]);
    if (rows.length) parts.push(section(rows, found));
    for (const [of, why] of Object.entries(found.failures ?? {})) parts.push(`Not measured: ${of} (${why}).`);
  }
  if (verdicts.length) {
    parts.push(
      "### Against the budget\n\n" +
        table(["figure", "measured", "at most", ""], verdicts.map(({ what, value, limit, met }) => [what, short(value), short(limit), met ? "met" : "**missed**"])),
    );
  }
  parts.push(
    `${date.slice(0, 10)}, ${machine.cores} × ${machine.cpu}, ${short(machine.memory / 2 ** 30)} GB, ${machine.system}, load before ${machine.loadBefore.toFixed(1)}, ${seconds} s. ` +
      Object.entries(versions).filter(([, version]) => version).map(([name, version]) => `${name} ${version}`).join(", ") +
      ". Medians, quartiles in brackets.",
  );
  return parts.filter(Boolean).join("\n\n");
};
