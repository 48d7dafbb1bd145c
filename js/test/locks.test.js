// The lock and the names beside it, against a lock manager that does what the test says: whatever it throws, a page goes on.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MARK_FAILED, MARK_RENEWED } from "../src/protocol.js";
import { settled } from "./fake.js";
import { openWindow } from "./window.js";

const { createLocks } = await import("../src/program/locks.js");

/** The lock manager of an origin, as the Web Locks API has it, as far as it is used. */
const createManager = () => {
  /** @type {{ name: string, mode: string, open: () => void }[]} */
  let held = [];
  /** @type {{ name: string, mode: string, run: () => void }[]} */
  let queue = [];
  const free = (/** @type {string} */ name, /** @type {string} */ mode) =>
    !held.some((one) => one.name === name && (one.mode === "exclusive" || mode === "exclusive"));
  const next = () => {
    for (const one of queue.slice()) {
      if (!free(one.name, one.mode)) continue;
      queue = queue.filter((other) => other !== one);
      one.run();
    }
  };
  return {
    /** @param {string} name @param {any} options @param {(lock: any) => any} use */
    request: (name, options, use) =>
      new Promise((resolve, reject) => {
        const { mode = "exclusive", ifAvailable, signal } = options;
        const run = async () => {
          const lock = { name, mode, open: () => {} };
          held.push(lock);
          try {
            resolve(await use(lock));
          } catch (error) {
            reject(error);
          }
          held = held.filter((one) => one !== lock);
          next();
        };
        if (ifAvailable && !free(name, mode)) return resolve(use(null));
        const waiting = { name, mode, run };
        queue.push(waiting);
        signal?.addEventListener("abort", () => {
          if (!queue.includes(waiting)) return;
          queue = queue.filter((one) => one !== waiting);
          reject(signal.reason);
        });
        next();
      }),
    query: async () => ({ held: held.map(({ name, mode }) => ({ name, mode })) }),
    names: () => held.map(({ name }) => name),
    waiting: () => queue.length,
  };
};

/** @param {import("node:test").TestContext} t */
const stopTimers = (t) => t.mock.timers.enable({ apis: ["setTimeout"] });

/** @param {any} manager */
const open = (manager, name = "origin") => {
  openWindow();
  Object.assign(navigator, { locks: manager });
  /** @type {any[]} */
  const told = [];
  const note = { now: () => {} };
  const locks = createLocks(name, () => note.now(), (...seen) => void told.push(seen), () => void told.push("failed"));
  return { ...locks, told, note };
};

test("free: granted at once, and not contended; let go", async () => {
  const manager = createManager();
  const page = open(manager);
  page.acquire();
  await settled();
  assert.deepEqual(page.told, [[false, 0, 0, 0]]);
  assert.deepEqual(manager.names(), ["origin"]);
  page.release();
  await settled();
  assert.deepEqual(manager.names(), []);
});

/** The first page has the lock, the second waits for it. */
const contended = async () => {
  const manager = createManager();
  const [first, second] = [open(manager), open(manager)];
  first.acquire();
  await settled();
  second.acquire();
  await settled();
  return { manager, first, second };
};

test("contended: granted once it is free", async () => {
  const { manager, first, second } = await contended();
  assert.deepEqual(second.told, []);
  first.release();
  await settled();
  assert.deepEqual(second.told, [[true, 0, 0, 0]]);
});

test("a wait that was given up is granted nothing, and stops nobody", async () => {
  const { manager, first, second } = await contended();
  second.release();
  await settled();
  assert.equal(manager.waiting(), 0);
  first.release();
  second.acquire();
  second.release();
  await settled();
  assert.deepEqual([second.told, manager.names()], [[], []]);
});

test("one that is let go for what was kept is granted nothing: what asks again meanwhile waits for its own", async () => {
  const manager = createManager();
  const locks = open(manager);
  locks.note.now = () => {
    locks.note.now = () => {};
    locks.release(); // another session has begun
    locks.acquire();
  };
  locks.acquire();
  await settled();
  assert.deepEqual(locks.told, [[true, 0, 0, 0]]);
  locks.release();
  await settled();
  assert.deepEqual(manager.names(), []);
});

test("names: held before the lock is let go, seen by the next, and let go after a while", async (t) => {
  stopTimers(t);
  const manager = createManager();
  const [first, second, other] = [open(manager), open(manager), open(manager, "another")];
  first.acquire();
  await settled();
  second.acquire();
  for (const number of [3, 12]) first.mark(MARK_RENEWED, number, number - 5);
  first.mark(MARK_FAILED, 11, 0);
  other.mark(MARK_RENEWED, 99, 1);
  first.release();
  await settled();
  assert.deepEqual(second.told, [[true, 12, 11, 7]]);
  t.mock.timers.tick(1999);
  await settled();
  assert.deepEqual(manager.names().sort(), ["another renewed 99 1", "origin", "origin failed 11 0", "origin renewed 12 7", "origin renewed 3 -2"]);
  t.mock.timers.tick(1);
  await settled();
  assert.deepEqual(manager.names(), ["origin"]);
});

test("a name that is granted late is waited for before the lock is let go", async () => {
  const manager = createManager();
  const { request } = manager;
  /** @type {() => void} */
  let grant = () => {};
  const late = new Promise((resolve) => (grant = () => resolve(0)));
  const page = open({ ...manager, request: async (/** @type {[string, any, any]} */ ...args) => (args[1].mode === "shared" && (await late), request(...args)) });
  page.acquire();
  await settled();
  page.mark(MARK_RENEWED, 1, 0);
  page.release();
  await settled();
  assert.deepEqual(manager.names(), ["origin"]);
  grant();
  await settled();
  assert.deepEqual(manager.names(), ["origin renewed 1 0"]);
});

test("names of others that only look like ours are none", async () => {
  const manager = createManager();
  manager.request("origin renewed 7e99x", { mode: "shared" }, () => new Promise(() => {}));
  manager.request("origin renewed", { mode: "shared" }, () => new Promise(() => {}));
  const page = open(manager);
  page.acquire();
  await settled();
  assert.deepEqual(page.told, [[false, 0, 0, 0]]);
});

test("unmark: at once, for the back/forward cache", async (t) => {
  stopTimers(t);
  const manager = createManager();
  const page = open(manager);
  page.mark(MARK_RENEWED, 1, 0);
  await settled();
  page.mark(MARK_RENEWED, 2, 0);
  page.unmark();
  await settled();
  assert.deepEqual(manager.names(), []);
});

const no = () => {
  throw new Error("no");
};

/** @type {Record<string, [broken: object, told: any[]]>} */
const BROKEN = {
  "a request that throws": [{ request: no }, ["failed"]],
  "a request that is refused": [{ request: async () => no() }, ["failed"]],
  "no locks at all": [/** @type {any} */ (undefined), ["failed"]],
  "a query that throws: in doubt": [{ query: no }, [[false, -1, 0, 0]]],
  "a query that is refused: in doubt": [{ query: async () => no() }, [[false, -1, 0, 0]]],
  "a query that shows nothing": [{ query: async () => ({}) }, [[false, 0, 0, 0]]],
};
for (const [name, [broken, told]] of Object.entries(BROKEN)) {
  test(name, async () => {
    const page = open(broken && { ...createManager(), ...broken });
    page.acquire();
    await settled();
    assert.deepEqual(page.told, told);
    page.mark(MARK_RENEWED, 1, 0);
    page.release();
    page.unmark();
    await settled();
    assert.deepEqual(page.told, told);
  });
}
