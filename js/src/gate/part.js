/**
 * The other scripts of this build, each run by an element: that alone takes a digest in every browser (W3C Subresource
 * Integrity), with the nonce and the crossorigin of the page's own tag. An import() takes none.
 * @module
 */

import { createElement, currentScript, head } from "./platform.js";

/** What a part provides is on its element. That is gone from the document by then, so nobody else finds it. */
const PROVIDED = "fetch401";

/**
 * A file that cannot be had: browsers do not tell a page why.
 * @param {string} url
 * @param {unknown} [cause]
 */
export const missing = (url, cause) => Object.assign(new Error("it is missing, blocked, of another build, or without CORS", { cause }), { url });

/** @type {any} */
let policy;

/**
 * The elements, one for each part. WebKit forgets the listeners of an element that is in no document and that no script
 * holds: where the page's own scripts made it collect garbage meanwhile, nobody would hear that a part has come.
 * @type {HTMLElement[]}
 */
const elements = [];

/**
 * Runs a part, unless it is of another build. Fulfilled with what it provides.
 * @param {string} url
 * @param {string} integrity
 * @param {HTMLElement & { crossOrigin?: string | null }} [tag] the page's own
 * @returns {Promise<any>}
 */
export const run = (url, integrity, tag) =>
  new Promise((resolve, reject) => {
    const script = createElement("script");
    elements.push(script);
    /** @type {unknown} */
    let src = url;
    // As pages under require-trusted-types-for want it. Where the policy is not allowed, setting src says so.
    try {
      policy ??= /** @type {any} */ (window).trustedTypes.createPolicy("fetch401", { createScriptURL: String });
      src = policy.createScriptURL(url);
    } catch {}
    Object.assign(script, {
      src,
      integrity,
      nonce: tag?.nonce ?? "",
      // Without CORS a digest is of no use on another origin, nor is the WASM, so it is asked for where the tag does not.
      crossOrigin: tag?.crossOrigin ?? "anonymous",
      onload: () => resolve(script[PROVIDED]),
      onerror: () => reject(missing(url)),
    });
    head().append(script);
    // It is fetched and run all the same, and whoever compares the document with a server's finds nothing new in it.
    script.remove();
  });

/**
 * What a part ends with.
 * @param {object} exports
 */
export const provide = (exports) => void Object.assign(/** @type {any} */ (currentScript()), { [PROVIDED]: exports });
