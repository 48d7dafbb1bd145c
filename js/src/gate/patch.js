/**
 * What stands in the place of the page's globals, and how it is put back.
 * @module
 */

import { record } from "./record.js";

/**
 * A proxy of a native function has its name, its length and its source text, and is a constructor only where that is one.
 * @template {Function} T
 * @param {T} native
 * @param {ProxyHandler<any>} traps
 * @returns {T}
 */
export const cloak = (native, traps) => {
  const toString = () => Function.prototype.toString.call(native);
  return new Proxy(
    native,
    record(traps, {
      get: (/** @type {any} */ target, /** @type {PropertyKey} */ name, /** @type {any} */ receiver) =>
        name === "toString" ? toString : Reflect.get(target, name, receiver),
    }),
  );
};

/** @typedef {ReturnType<typeof createPatch>} Patch */

export const createPatch = () => {
  /** @type {(() => void)[]} */
  const undo = [];
  let active = true;
  return {
    /** Once restored, what another script has kept of ours does as the native one does. */
    active: () => active,

    /**
     * @param {any} object
     * @param {string} name
     * @param {"value" | "get"} part of the property
     * @param {Function} value
     * @param {PropertyDescriptor} [was]
     */
    cover(object, name, part, value, was = Object.getOwnPropertyDescriptor(object, name)) {
      Object.defineProperty(object, name, record(was, { [part]: value }));
      undo.push(() => {
        // What another script has put over ours stays.
        if (Object.getOwnPropertyDescriptor(object, name)?.[part] === value) Object.defineProperty(object, name, record(was));
      });
    },

    restore() {
      active = false;
      for (const back of undo.splice(0)) back();
    },
  };
};
