import { CALLS_OF_A_TAB, openChannel } from "./channel.js";
import { byId } from "./dom.js";
import { fetch401, isOn, mode } from "./interceptor.js";
import { watchNetwork } from "./network.js";
import { Run } from "./run.js";
import { startTheme } from "./theme.js";

// One more tab of the demo: it makes its calls when the demo page says so, and tells what became of them.

const tab = crypto.randomUUID();
/** @type {Run | undefined} */
let run;

/**
 * @param {string} state
 * @param {string} next
 * @param {"idle" | "good" | "notice"} tone
 */
function show(state, next, tone = "idle") {
  byId("tab-why").dataset.tone = tone;
  byId("tab-state").textContent = state;
  byId("tab-next").textContent = next;
}

const tell = openChannel((message) => {
  switch (message.say) {
    case "who":
      if (message.mode === mode() && message.on === isOn()) here();
      // The tag is read once.
      else location.replace(`/tab?mode=${message.mode}&off=${message.on ? 0 : 1}`);
      return;
    case "you-are":
      if (message.tab !== tab) return;
      byId("tab-title").textContent = `Tab ${message.number}`;
      document.title = `Tab ${message.number} · fetch401 demo`;
      if (!run) show("Ready.", "Go back to the demo page: it fires once all four tabs are there.");
      return;
    case "go":
      void fire(message.run);
  }
});

function here() {
  tell({ say: "here", tab, mode: mode(), on: isOn() });
}

/** @param {string} name of the run */
async function fire(name) {
  const mine = new Run("");
  run = mine;
  show("Calling …", "");
  await Promise.all(Array.from({ length: CALLS_OF_A_TAB }, (_, index) => mine.call(`/api/items/${index + 1}`)));
  // The browser reports a request's timing shortly after its answer.
  await new Promise((resolve) => setTimeout(resolve, 60));
  mine.finish();
  const { calls, exchanges } = mine;
  const good = calls.filter(({ status }) => status === 200).length;
  const refreshed = exchanges.length ? "This tab refreshed, for all of them." : "Another tab refreshed, for this one too.";
  show(`${calls.length} calls, ${good} answered 200.`, `${good ? refreshed : ""} The timeline of all tabs is on the demo page.`, good === calls.length ? "good" : "notice");
  tell({ say: "done", run: name, tab, record: { origin: performance.timeOrigin, calls, exchanges } });
}

const lib = fetch401();
lib?.addEventListener("refreshing", () => run?.refreshing());
lib?.addEventListener("refreshed", () => run?.refreshed(200));
lib?.addEventListener("refreshfailed", (event) => run?.refreshed(/** @type {CustomEvent} */ (event).detail?.status || 0));
lib?.addEventListener("login", (event) => {
  event.preventDefault();
  show("The session has ended.", "Sign in on the demo page: this tab lives on with it.", "notice");
});
watchNetwork((entry) => run?.seen(entry));
startTheme();
byId("tab-close").addEventListener("click", () => {
  window.close();
  show("Your browser lets only you close this tab.", "");
});
addEventListener("pagehide", () => tell({ say: "gone", tab }));
addEventListener("pageshow", ({ persisted }) => persisted && here());
show("Looking for the demo page …", "It is the one with the button “Four tabs at once”.");
// Its calls are to be protected, and it is to have the tokens that other tabs share.
await lib?.ready?.catch(() => {});
here();
