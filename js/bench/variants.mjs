/**
 * What is measured side by side.
 * @module
 */

/**
 * @typedef {object} Variant
 * @property {string} name as --only and the JSON spell it
 * @property {string} label as the tables spell it
 * @property {"fetch" | "axios" | "ky" | "oauth" | "xhr"} adapter how a page calls it, see page/client.js
 * @property {"fetch" | "json" | "xhr"} baseline what native work its pass-through is compared with
 * @property {string} [entry] the app's code, bundled from subjects/
 * @property {string[]} [packages] whose versions are printed
 * @property {"go" | "tinygo"} [dist] fetch401's files by this compiler
 * @property {(path: string, read: (name: string) => string) => string} [tag] HTML in place of a bundle; read gives the text of
 *   one of its files
 * @property {"xhr" | "start"} [only] measured there alone
 * @property {boolean} [patches] it replaces window.fetch, so that calls to elsewhere go through it too
 */

/** @param {"go" | "tinygo"} dist */
const session = (dist) => (/** @type {string} */ path) =>
  `<script src="/dist/${dist}/fetch401.js" data-refresh-url="${path}auth/refresh" data-login-url="${path}login"></script>`;

/** @param {"go" | "tinygo"} dist */
const bearer = (dist) => (/** @type {string} */ path) =>
  `<script src="/dist/${dist}/fetch401.js" data-token-url="${path}auth/token" data-client-id="bench" data-protect="${path}api"></script>
<script>fetch401.setTokens(fetch("auth/login", { method: "POST" }).then((response) => response.json()));</script>`;

/** What `make package` prints for a page: the tag with its digest, after the lines that let the browser fetch the rest sooner. */
const pasted = (/** @type {string} */ path, /** @type {(name: string) => string} */ read) =>
  read("tag.html").replace(/"\/fetch401-[^/]+\//g, '"/dist/tinygo/').replace("/auth/refresh", `${path}auth/refresh`).replace("/login", `${path}login`);

/** @type {readonly Variant[]} */
export const VARIANTS = [
  { name: "native", label: "native fetch", adapter: "fetch", baseline: "fetch" },
  { name: "hand-written", label: "hand-written, 12 lines", adapter: "fetch", baseline: "fetch", entry: "hand-written.js", patches: true },
  { name: "fetch401-tinygo", label: "**fetch401** (TinyGo)", adapter: "fetch", baseline: "fetch", dist: "tinygo", tag: session("tinygo"), patches: true },
  { name: "fetch401-go", label: "**fetch401** (standard Go)", adapter: "fetch", baseline: "fetch", dist: "go", tag: session("go"), patches: true },
  { name: "fetch401-preloaded", label: "**fetch401** (TinyGo), preloaded", adapter: "fetch", baseline: "fetch", dist: "tinygo", tag: pasted, only: "start" },
  { name: "fetch401-bearer", label: "**fetch401** (TinyGo), bearer", adapter: "fetch", baseline: "fetch", dist: "tinygo", tag: bearer("tinygo"), patches: true },
  { name: "fetch-intercept", label: "fetch-intercept", adapter: "fetch", baseline: "fetch", entry: "fetch-intercept.js", packages: ["fetch-intercept"], patches: true },
  { name: "badgateway", label: "@badgateway/oauth2-client (bearer)", adapter: "oauth", baseline: "fetch", entry: "badgateway.js", packages: ["@badgateway/oauth2-client"] },
  { name: "axios-xhr", label: "axios + axios-auth-refresh (XHR)", adapter: "axios", baseline: "xhr", entry: "axios-xhr.js", packages: ["axios", "axios-auth-refresh"] },
  { name: "axios-fetch", label: "axios + axios-auth-refresh (fetch)", adapter: "axios", baseline: "json", entry: "axios-fetch.js", packages: ["axios", "axios-auth-refresh"] },
  { name: "fetch-extras", label: "fetch-extras' withTokenRefresh", adapter: "oauth", baseline: "fetch", entry: "fetch-extras.js", packages: ["fetch-extras"] },
  { name: "ky", label: "ky", adapter: "ky", baseline: "fetch", entry: "ky.js", packages: ["ky"] },
  { name: "supertokens", label: "supertokens-website", adapter: "fetch", baseline: "fetch", entry: "supertokens.js", packages: ["supertokens-website"], patches: true },
  { name: "native-xhr", label: "native XMLHttpRequest", adapter: "xhr", baseline: "xhr", only: "xhr" },
  { name: "fetch401-xhr", label: "**fetch401** (TinyGo)", adapter: "xhr", baseline: "xhr", dist: "tinygo", tag: session("tinygo"), only: "xhr" },
  { name: "supertokens-xhr", label: "supertokens-website", adapter: "xhr", baseline: "xhr", entry: "supertokens.js", packages: ["supertokens-website"], only: "xhr" },
  { name: "xhook", label: "xhook, a hook that does nothing", adapter: "xhr", baseline: "xhr", entry: "xhook.js", packages: ["xhook"], only: "xhr" },
  { name: "interceptors", label: "@mswjs/interceptors, listening", adapter: "xhr", baseline: "xhr", entry: "interceptors.js", packages: ["@mswjs/interceptors"], only: "xhr" },
];
