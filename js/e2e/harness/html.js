/** Test pages: a script tag with any attributes, and scripts before and after it. No inline code, so that any CSP will do. */

const escape = (text) => String(text).replace(/[&"<]/g, (c) => `&#${c.charCodeAt(0)};`);

/**
 * Tells the test of every event, from the first one on. `__told` is a binding that the tab adds.
 */
export const PROBE = `
for (const type of ["refreshing", "refreshed", "refreshfailed", "retried", "unauthorized", "login", "sessionchanged"]) {
  window.fetch401?.addEventListener(type, (event) => {
    if (type === "login" && window.__stay) event.preventDefault();
    window.__told?.(JSON.stringify({ type, detail: event.detail, cancelable: event.cancelable, state: fetch401.state() }));
  });
}
window.fetch401?.ready.then(() => window.__told?.(JSON.stringify({ type: "ready" })), (error) =>
  window.__told?.(JSON.stringify({ type: "unready", code: error.code, message: String(error) })));
`;

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
