/**
 * `import "fetch401/auto"`, the first import of an app: installs by the attributes of a meta element, as the script does by
 * those of its tag.
 *
 * A module runs after all that it imports, so install() in an app's own comes after those of clients that take fetch when
 * they are made. Rejected: options in a global, which takes an inline script before everything else, and so the one thing
 * that a strict Content-Security-Policy forbids; a page's markup is there before its modules run, whoever has made it.
 * Rejected: a copy of the module in this file, since an app may import that too, and would then have two of each class.
 * @module
 */

import { createElement } from "../gate/platform.js";
// @ts-ignore it lies beside this one in js/dist
import { install } from "./fetch401.mjs";

if (globalThis.window?.document) {
  // What is injected into the body is not asked.
  const meta = Document.prototype.querySelector.call(document, 'head>meta[name="fetch401"]');
  try {
    install(meta ?? createElement("meta"));
  } catch (/** @type {any} */ error) {
    if (!meta) error.message += '\nimport "fetch401/auto" reads the attributes of <meta name="fetch401"> in head, and there is none';
    // As with a tag: it is told, and the app runs.
    queueMicrotask(() => {
      throw error;
    });
  }
}
