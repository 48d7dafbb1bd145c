import { Unmet } from "./acts.js";
import { causes, withoutHints } from "./causes.js";
import { markCounters, showCounters } from "./counters.js";
import { drawNetworkTab, showHints } from "./devtools.js";
import { byId, inputById, withCode } from "./dom.js";
import { separateEvents, startEvents } from "./events.js";
import { fetch401, isOn, tagText } from "./interceptor.js";
import { watchNetwork } from "./network.js";
import { hideNotice, startNotice } from "./notice.js";
import { Run } from "./run.js";
import { change, resume, session } from "./session.js";
import { showProblem, startSignIn, submit } from "./signin.js";
import { recall, remember, take } from "./storage.js";
import { revealOutcome, showSummary, summaryOf } from "./summary.js";
import { startSwitches } from "./switches.js";
import { lookForTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { drawTimeline } from "./timeline.js";
import { startTransport } from "./transport.js";

/** @type {Run | undefined} */
let run;

/**
 * @param {string} name of a cause
 */
async function start(name) {
  if (run && run.end === 0) return;
  const cause = causes[name];
  const mine = new Run(cause.title);
  byId("timeline-plot").classList.remove("reveal", "reveal-slowly");
  run = mine;
  mine.addEventListener("change", () => schedule(mine));
  if (session.state !== "ended") hideNotice();
  separateEvents();
  markCounters();
  for (const button of document.querySelectorAll("[data-cause]")) {
    if (button.getAttribute("data-cause") === name) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  byId("outcome-title").textContent = cause.title;
  byId("outcome-does").replaceChildren(...withCode(cause.does));
  byId("outcome-lesson").replaceChildren();
  showSummary("Under way …", "busy");
  revealOutcome();
  showHints(mine.on ? cause.network : withoutHints);
  let note = "";
  try {
    note = (await cause.act(mine)) ?? "";
  } catch (error) {
    mine.finish();
    if (!(error instanceof Unmet)) throw error;
    showSummary(error.message, "notice");
    return;
  }
  // The browser reports a request's timing shortly after its answer.
  await new Promise((resolve) => setTimeout(resolve, 60));
  mine.finish();
  tell(mine, cause, note);
  await showCounters();
}

/**
 * @param {Run} done
 * @param {import("./causes.js").Cause} cause
 * @param {string} note
 */
function tell(done, cause, note) {
  // No frame comes in a tab that lies behind others; once the person is back, all is to be there.
  if (document.hidden) draw(done);
  const good = done.calls.every(({ status }) => status >= 200 && status < 300);
  showSummary(summaryOf(done), good ? "good" : "notice");
  byId("outcome-note").textContent = note;
  byId("outcome-lesson").replaceChildren(...withCode(done.on ? cause.on : cause.off));
  // A run that took long was seen growing already.
  if (done.end - done.start < 500) play("reveal");
}

/** @param {"reveal" | "reveal-slowly"} how */
function play(how) {
  const plot = byId("timeline-plot");
  plot.classList.remove("reveal", "reveal-slowly");
  void plot.offsetWidth; // starts the animation anew
  plot.classList.add(how);
}

let drawing = 0;

/** @param {Run} changed */
function schedule(changed) {
  if (changed !== run || drawing) return;
  drawing = requestAnimationFrame(() => {
    drawing = 0;
    draw(changed);
  });
}

/** @param {Run} changed */
function draw(changed) {
  drawTimeline(changed);
  drawNetworkTab(changed);
}

function listen() {
  const lib = fetch401();
  lib?.addEventListener("refreshing", () => run?.refreshing());
  lib?.addEventListener("refreshed", () => {
    run?.refreshed(200);
    change({ deadline: performance.now() + session.lifetime * 1000 });
  });
  lib?.addEventListener("refreshfailed", (event) => run?.refreshed(/** @type {CustomEvent} */ (event).detail?.status || 0));
  // A long wait should be seen growing.
  setInterval(() => {
    if (run && run.end === 0 && run.calls.length) schedule(run);
  }, 100);
}

function showTag() {
  byId("tag").textContent = tagText() ?? "(no tag: fetch401 is switched off)";
  const missing = !fetch401() && document.documentElement.dataset.off !== "1";
  byId("missing-script").hidden = !missing;
  fetch401()?.ready?.catch((error) => {
    byId("not-ready").textContent = `fetch401 could not start (${error?.code ?? error}): calls go out as if it were not there.`;
    byId("not-ready").hidden = false;
  });
}

async function begin() {
  startTheme();
  startSwitches();
  startTransport();
  startEvents();
  startNotice();
  startSignIn();
  listen();
  watchNetwork((entry) => run?.seen(entry));
  showTag();
  for (const button of document.querySelectorAll("[data-cause]")) {
    button.addEventListener("click", () => void start(button.getAttribute("data-cause") ?? "plain"));
  }
  byId("slowly").addEventListener("click", () => play("reveal-slowly"));
  inputById("stay").checked = recall("stay") !== "0";
  inputById("stay").addEventListener("change", () => remember("stay", inputById("stay").checked ? "1" : "0"));

  lookForTabs();
  showProblem(await resume(), "info");
  const next = take("next");
  if (next === "sign-in") await submit();
  await showCounters();
  if (next && Object.hasOwn(causes, next)) await start(next);
  let shown = session.state;
  session.addEventListener("change", () => {
    // A renewed token changes the session too; then the run itself shows the numbers at its end.
    if (session.state === shown) return;
    shown = session.state;
    void showCounters();
  });
}

void begin();
