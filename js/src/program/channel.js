/**
 * What pages of the origin tell each other: by BroadcastChannel, and, for pages that are not there yet, by one message
 * that is kept in localStorage, without tokens. Where either cannot be used, nothing is told that way.
 * @module
 */

import { member, record } from "../gate/record.js";

/** The members of a message, in the order in which Go has them; pages of another build are to understand them. */
export const MEMBERS = ["version", "kind", "number", "newest", "session", "wait", "failures", "subject"];

/**
 * @param {string} name
 * @param {(age: number, message: unknown) => void} heard what may be anything; its age in milliseconds, of what was just
 *   posted ~age, which is below 0
 */
export const createChannel = (name, heard) => {
  /** @type {BroadcastChannel | undefined} */
  let channel;

  const close = () => {
    channel?.close();
    channel = undefined;
  };

  /** @param {() => void} what */
  const attempt = (what) => {
    try {
      what();
    } catch {}
  };

  /** A page, or the machine, may have slept since it was told, and a clock may have been set. @param {unknown} message */
  const age = (message) => Math.min(Math.max(Date.now() - member(message, "at"), 0), 0x7fffffff) || 0;

  const lastNote = () => JSON.parse(localStorage.getItem(name) ?? "");
  const keep = (/** @type {object} */ message) => localStorage.setItem(name, JSON.stringify(message));

  return {
    open() {
      close();
      attempt(() => {
        channel = new BroadcastChannel(name);
        channel.onmessage = ({ data }) => heard(~age(data), data);
      });
    },

    /** A page in the back/forward cache that is told something loses its place there. */
    close,

    /**
     * @param {string} text the numbers of a message, and whether tokens go along
     * @param {boolean} asNote it is kept for pages that come later
     * @param {number | undefined} expires_in seconds, below 0 for what has run out
     * @param {object} tokens
     */
    announce(text, asNote, expires_in, tokens) {
      const numbers = text.split(" ");
      const message = record(...MEMBERS.map((member, i) => ({ [member]: +numbers[i] })), { expires_in, at: Date.now() });
      if (asNote) attempt(() => keep(message));
      channel?.postMessage(record(message, +numbers[MEMBERS.length] ? tokens : undefined));
    },

    /** Tells what was kept last. */
    note: () =>
      attempt(() => {
        const message = lastNote();
        heard(age(message), message);
      }),

    /** The page takes no further part: of what was kept only the numbers stay. */
    forget() {
      close();
      attempt(() => keep(record(lastNote(), { kind: 0 })));
    },
  };
};
