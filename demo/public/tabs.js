import { openChannel } from "./channel.js";
import { isOn, mode } from "./interceptor.js";

/** How many tabs there are to be beside the demo page. */
export const MORE_TABS = 3;

/** @type {Set<string>} those that are there and like this page, in the order in which they came */
const others = new Set();
/** @typedef {import("./channel.js").Record} Record */

/** @type {Map<string, Map<string, Record>>} by run, by tab */
const records = new Map();
const changes = new EventTarget();

const tell = openChannel((message) => {
  if (message.say === "here" && message.mode === mode() && message.on === isOn()) {
    others.add(message.tab);
    tell({ say: "you-are", tab: message.tab, number: numberOf(message.tab) });
  } else if (message.say === "gone" || message.say === "here") {
    others.delete(message.tab);
  } else if (message.say === "done") {
    records.get(message.run)?.set(message.tab, message.record);
  }
  changes.dispatchEvent(new Event("change"));
});

/**
 * The demo page is number 1.
 * @param {string} tab
 */
const numberOf = (tab) => [...others].indexOf(tab) + 2;

/** Asks who is there. */
export function lookForTabs() {
  tell({ say: "who", mode: mode(), on: isOn() });
}

/** How many are there. */
export function tabsThere() {
  return others.size;
}

/**
 * Opens what is missing, as far as the browser lets a page open more than one tab at a click. To be called in that click.
 * @returns {number} how many it let open
 */
export function openTabs() {
  const url = `/tab?mode=${mode()}&off=${isOn() ? 0 : 1}`;
  let opened = 0;
  for (let missing = MORE_TABS - others.size; missing > 0; missing--) if (window.open(url)) opened++;
  return opened;
}

/**
 * @param {() => boolean} there
 * @param {number} ms at most
 */
export function until(there, ms) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      changes.removeEventListener("change", look);
      resolve(there());
    };
    const look = () => void (there() && end());
    const timer = setTimeout(end, ms);
    changes.addEventListener("change", look);
    look();
  });
}

/**
 * All tabs make their calls now.
 * @returns {() => Promise<[number: number, record: Record][]>} what they have done, once they have
 */
export function fire() {
  const run = crypto.randomUUID();
  const asked = [...others];
  const mine = new Map();
  records.set(run, mine);
  tell({ say: "go", run });
  return async () => {
    await until(() => asked.every((tab) => mine.has(tab) || !others.has(tab)), 15_000);
    records.delete(run);
    // One that says nothing is not counted on again.
    for (const tab of asked) if (!mine.has(tab)) others.delete(tab);
    return asked.filter((tab) => mine.has(tab)).map((tab) => [asked.indexOf(tab) + 2, mine.get(tab)]);
  };
}
