/**
 * The lock that one page of the origin at a time holds while it renews the session, and the shared locks whose names tell
 * of it, both of the Web Locks API. Messages may come later than the lock: what a lock manager's query shows does not.
 * Whatever the API throws (in frames of other sites, without an origin, with cookies blocked) ends in doubt, or in going
 * on without locks.
 * @module
 */

import { record } from "../gate/record.js";
import { MARK_FAILED, MARK_FOR, MARK_RENEWED } from "../protocol.js";

/** How names are spelt: pages of another build are to understand them. @type {Record<number, string>} */
const MARKS = { [MARK_RENEWED]: "renewed", [MARK_FAILED]: "failed" };

/**
 * @param {string} name
 * @param {() => void} note hears what other pages have told last: whoever has the lock for the session before lets it go
 * @param {(contended: boolean, renewed: number, failed: number, subject: number) => void} granted the page has the lock;
 *   whether somebody else had it before; the highest numbers in the names, 0 for none, below 0 where they cannot be known;
 *   and whose session the newest renewal is
 * @param {() => void} failed there is no lock to be had
 */
export const createLocks = (name, note, granted, failed) => {
  /** @type {Set<() => void>} ends of the names that are held */
  const marks = new Set();
  /** @type {Promise<unknown>[]} names that were asked for since the last release */
  let asked = [];
  let release = () => {};

  /** @returns {Promise<[renewed: number, failed: number, subject: number]>} */
  const query = async () => {
    try {
      const names = (await navigator.locks.query()).held?.map((lock) => `${lock.name}`) ?? [];
      const newest = (/** @type {number} */ kind) => {
        const start = `${name} ${MARKS[kind]} `;
        let found = [0, 0];
        for (const text of names) {
          const numbers = text.startsWith(start) ? text.slice(start.length).split(" ").map(Number) : [];
          if (numbers[0] > found[0]) found = numbers;
        }
        return found;
      };
      const [renewed, subject] = newest(MARK_RENEWED);
      return [renewed, newest(MARK_FAILED)[0], subject];
    } catch {
      // Firefox, in a frame of another site: request works, query does not.
      return [-1, 0, 0];
    }
  };

  return {
    async acquire() {
      const abort = new AbortController();
      const { signal } = abort;
      const released = new Promise((resolve) => {
        release = () => {
          abort.abort();
          // Whoever is granted the lock next is to see them.
          Promise.all(asked.splice(0)).then(resolve);
        };
      });
      /** @param {boolean} contended */
      const hold = async (contended) => {
        if (signal.aborted) return;
        const seen = await query();
        if (signal.aborted || (note(), signal.aborted)) return;
        granted(contended, ...seen);
        await released;
      };
      try {
        // First without waiting, which tells whether somebody else has it.
        const free = await navigator.locks.request(name, record({ ifAvailable: true }), async (lock) => lock && (await hold(false), true));
        if (!free && !signal.aborted) await navigator.locks.request(name, record({ signal }), () => hold(true));
      } catch {
        if (!signal.aborted) failed();
      }
    },

    /** Lets the lock go, or the wait for it. */
    release: () => release(),

    /**
     * Holds a name for a while.
     * @param {number} kind MARK_RENEWED or MARK_FAILED
     * @param {number} number of the exchange
     * @param {number} subject whose session it has renewed
     */
    mark(kind, number, subject) {
      asked.push(
        new Promise((resolve) => {
          const over = new Promise((end) => {
            const done = () => (marks.delete(done), end(0));
            marks.add(done);
            setTimeout(done, MARK_FOR);
          });
          const hold = () => (resolve(0), over);
          Promise.resolve().then(() => navigator.locks.request(`${name} ${MARKS[kind]} ${number} ${subject}`, record({ mode: "shared" }), hold)).catch(resolve);
        }),
      );
    },

    /** Lets all names go: a page that holds a lock gets no place in the back/forward cache. */
    unmark() {
      asked = [];
      for (const done of marks) done();
    },
  };
};
