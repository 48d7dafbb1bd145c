// What pages tell each other, as it stands on the wire: builds of other versions read it, and anything may come from there.
import assert from "node:assert/strict";
import { test } from "node:test";

import { openDoor } from "../src/program/door.js";
import { createChannel } from "../src/program/channel.js";

/** @type {any} */
const scope = globalThis;

/**
 * A page with a channel and a storage, or with what the test gives instead of them.
 * @param {Record<string, any>} [instead]
 */
const open = (instead) => {
  /** @type {Map<string, string>} */
  const stored = new Map();
  /** @type {any[]} */
  const channels = [];
  class BroadcastChannel {
    /** @param {string} name */
    constructor(name) {
      Object.assign(this, { name, posted: [], closed: false });
      channels.push(this);
    }
    /** @param {any} message */
    postMessage(message) {
      // @ts-ignore as the constructor made it
      this.posted.push({ ...message });
    }
    close() {
      // @ts-ignore
      this.closed = true;
    }
  }
  const localStorage = {
    getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => void stored.set(name, value),
  };
  Object.assign(scope, { BroadcastChannel, localStorage }, instead);
  /** @type {any[][]} */
  const heard = [];
  return { ...createChannel("origin", (...message) => void heard.push(message)), channels, stored, heard };
};

const SAID = { version: 1, kind: 2, number: 3, newest: 4, session: 5, wait: 6, failures: 7, subject: 8, expires_in: 60 };
const TOKENS = { access_token: "secret", refresh_token: "secret" };

test("a message has its members by name, and the time; what is kept never has tokens", (t) => {
  t.mock.method(Date, "now", () => 1_000_000);
  const page = open();
  page.open();
  page.announce("1 2 3 4 5 6 7 8 0", false, 60, TOKENS);
  assert.deepEqual(page.channels[0].posted, [{ ...SAID, at: 1_000_000 }]);
  assert.equal(page.stored.size, 0);
  page.announce("1 2 3 4 5 6 7 8 1", true, 60, TOKENS);
  assert.deepEqual(page.channels[0].posted[1], { ...SAID, at: 1_000_000, ...TOKENS });
  assert.deepEqual(JSON.parse(page.stored.get("origin") ?? ""), { ...SAID, at: 1_000_000 });
});

test("closed, nothing is posted, and it is kept all the same", () => {
  const page = open();
  page.open();
  page.close();
  page.announce("1 2 3 4 5 6 7 8 0", true, 60, {});
  assert.deepEqual([page.channels[0].closed, page.channels[0].posted, page.stored.size], [true, [], 1]);
  page.open();
  page.open();
  assert.deepEqual(page.channels.map(({ closed }) => closed), [true, true, false], "never two");
});

test("what is heard, and what was kept, with its age", (t) => {
  t.mock.method(Date, "now", () => 1_000_000);
  const page = open();
  page.note();
  assert.deepEqual(page.heard, [], "nothing was kept");
  page.open();
  page.channels[0].onmessage({ data: "anything" });
  for (const [at, age] of [[999_000, 1000], [2_000_000, 0], [-1e15, 0x7fffffff], ["x", 0], [undefined, 0]]) {
    page.stored.set("origin", JSON.stringify({ ...SAID, at }));
    page.note();
    assert.equal(page.heard.at(-1)?.[0], age, String(at));
    page.channels[0].onmessage({ data: { ...SAID, at } });
    assert.equal(page.heard.at(-1)?.[0], ~Number(age), `just told: ${at}`);
  }
  assert.deepEqual(page.heard[0], [-1, "anything"]);
  page.stored.set("origin", "no JSON");
  page.note();
  assert.equal(page.heard.length, 11);
});

test("a page whose program has ended: of what was kept only the numbers stay", () => {
  const page = open();
  page.open();
  page.announce("1 1 3 4 5 6 7 8 0", true, 60, {});
  page.forget();
  const { at, ...kept } = JSON.parse(page.stored.get("origin") ?? "");
  assert.deepEqual([kept, page.channels[0].closed], [{ ...SAID, kind: 0 }, true]);
});

test("what cannot be used is done without", () => {
  const no = () => {
    throw new Error("no");
  };
  for (const instead of [{ BroadcastChannel: undefined }, { BroadcastChannel: no }, { localStorage: undefined }, { localStorage: { getItem: no, setItem: no } }]) {
    const page = open(instead);
    page.open();
    page.announce("1 2 3 4 5 6 7 8 1", true, 60, TOKENS);
    page.note();
    page.forget();
    page.close();
  }
});

test("a member that is missing, or no whole number above 0, is 0", () => {
  /** @type {any[]} */
  const told = [];
  const door = openDoor({ mem: { buffer: new ArrayBuffer(8) }, heard: (/** @type {any[]} */ ...args) => void told.push(args.slice(0, 10)) }, () => true, () => assert.fail());
  for (const message of [SAID, null, "text", 7, { ...SAID, number: "3", newest: 4.5, session: -5, wait: 2 ** 31, failures: NaN }]) door.heard(-1, 0, 60, message);
  const nothing = [-1, 0, 60, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(told, [[-1, 0, 60, 1, 2, 3, 4, 5, 6, 7], nothing, nothing, nothing, [-1, 0, 60, 1, 2, 0, 0, 0, 0, 0]]);
});
