/** How many calls each tab makes. */
export const CALLS_OF_A_TAB = 25;

/**
 * What the demo's tabs say to each other, by a channel of the demo's own. No token goes over it.
 * @typedef {{ say: "who", mode: string, on: boolean }} Who the demo page asks who is there; a tab of another kind becomes one of this
 * @typedef {{ say: "here", tab: string, mode: string, on: boolean }} Here
 * @typedef {{ say: "gone", tab: string }} Gone
 * @typedef {{ say: "you-are", tab: string, number: number }} YouAre
 * @typedef {{ say: "go", run: string }} Go
 * @typedef {{ say: "done", run: string, tab: string, record: Record }} Done
 *
 * @typedef {object} Record what a tab has done
 * @property {number} origin the moment from which its times count, in milliseconds since 1970
 * @property {import("./run.js").Call[]} calls
 * @property {import("./run.js").Exchange[]} exchanges
 *
 * @typedef {Who | Here | Gone | YouAre | Go | Done} Message
 */

/**
 * @param {(message: Message) => void} hear
 * @returns {(message: Message) => void} tells all others
 */
export function openChannel(hear) {
  const channel = new BroadcastChannel("demo.tabs");
  channel.addEventListener("message", ({ data }) => hear(data));
  return (message) => channel.postMessage(message);
}
