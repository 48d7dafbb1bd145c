/** Test pages: a script tag with any attributes, and scripts before and after it. No inline code, so that any CSP will do. */

import { readFileSync } from "node:fs";

const source = (name) => readFileSync(new URL(`../page/${name}`, import.meta.url), "utf8");
export const PROBE = source("probe.js");
export const RECORDER = source("recorder.js");
/** Every server of the suite has it there. */
export const RECORDER_PATH = "/__e2e/recorder.js";

/** Puts the recorder before all other scripts of a page. */
export const recorded = (page) => {
  const tag = `<script src="${RECORDER_PATH}"></script>`;
  return /<head[^>]*>/i.test(page) ? page.replace(/<head[^>]*>/i, (head) => head + tag) : page.replace(/^(<!doctype[^>]*>)?/i, (doctype) => doctype + tag);
};

const escape = (text) => String(text).replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * @param {object} page
 * @param {Record<string, string | number | boolean>} [page.attrs] of the tag; no tag without them
 * @param {string} [page.src]
 * @param {string[]} [page.before] URLs of scripts
 * @param {string[]} [page.after]
 * @param {string} [page.head]
 * @param {string} [page.body]
 */
export const html = ({ attrs, src = "/fetch401/fetch401.js", before = [], after = [], head = "", body = "" }) => {
  const tag = (url, more = "") => `<script src="${escape(url)}"${more}></script>`;
  const list = (from) =>
    Object.entries(from)
      .map(([name, value]) => ` ${name}="${escape(value === true ? "" : value)}"`)
      .join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">${head}
${before.map((url) => tag(url)).join("")}${attrs ? tag(src, list(attrs)) : ""}${after.map((url) => tag(url)).join("")}
</head><body>${body}<p>a test page</p></body></html>`;
};
