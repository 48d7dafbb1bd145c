/**
 * Records that inherit nothing, and members that are not inherited from Object. A dependency of the page that lets somebody
 * write to Object.prototype ("prototype pollution") must not make options, headers or tokens of that.
 * @module
 */

// The objects of a constructor stay fast in V8; those of Object.create(null) and { __proto__: null } do not.
const Bare = /** @type {any} */ (function () {});
Bare.prototype = Object.create(null);

/**
 * @param {...(object | undefined)} parts whose own members it has
 * @returns {Record<string, any>}
 */
export const record = (...parts) => Object.assign(new Bare(), ...parts);

/**
 * A member of what somebody gave, its own or of its class; undefined where it cannot be read.
 * @param {any} object
 * @param {string} name
 */
export const member = (object, name) => {
  try {
    const value = object[name];
    if (value !== /** @type {any} */ (Object.prototype)[name] || Object.hasOwn(object, name)) return value;
  } catch {}
};
