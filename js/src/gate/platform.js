/**
 * What is read of the platform, by the getters of its prototypes. An element with a name stands in front of a member of
 * document (`<img name="cookie">`, `<form name="baseURI">`: HTML, "named access on the Document object"), and an object can
 * look like a Request without being one.
 * @module
 */

/**
 * @param {"Document" | "Node"} type
 * @param {string} name
 * @returns {() => any}
 */
const ofDocument = (type, name) => () => Reflect.get(globalThis[type].prototype, name, document);

/** @type {() => string} */
export const baseURI = /* @__PURE__ */ ofDocument("Node", "baseURI");
/** @type {() => string} */
export const cookie = /* @__PURE__ */ ofDocument("Document", "cookie");
/** @type {() => Element | null} */
export const currentScript = /* @__PURE__ */ ofDocument("Document", "currentScript");
/** @type {() => HTMLHeadElement} */
export const head = /* @__PURE__ */ ofDocument("Document", "head");
/** @type {() => string} */
export const visibilityState = /* @__PURE__ */ ofDocument("Document", "visibilityState");

/**
 * @param {string} name
 * @returns {any}
 */
export const createElement = (name) => Document.prototype.createElement.call(document, name);

/**
 * What the session's own URLs resolve against: a base element of another origin moves the page's calls, but neither the
 * refresh nor the login nor our own files, whoever has put it there. A document without an origin of its own has its
 * parent's base.
 */
export const ownBase = () => {
  const base = baseURI();
  const { origin, href } = location;
  return origin === "null" || new URL(base).origin === origin ? base : href;
};

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(event: any) => void} listener
 */
export const listen = (target, type, listener) => EventTarget.prototype.addEventListener.call(target, type, listener);

/**
 * A member of a Request, of any realm; throws at what only looks like one. Undefined where there is none.
 * @param {any} request
 * @param {string} name
 */
export const ofRequest = (request, name) => request && Reflect.get(Request.prototype, name, request);

/**
 * Whether a signal is aborted; throws at what only looks like one.
 * @param {AbortSignal} signal
 * @returns {boolean}
 */
export const isAborted = (signal) => Reflect.get(AbortSignal.prototype, "aborted", signal);
