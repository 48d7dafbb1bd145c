/**
 * What this page uses of window.fetch401.
 * @typedef {object} Tokens
 * @property {string} [access_token]
 * @property {string} [refresh_token]
 * @property {number} [expires_in] seconds
 *
 * @typedef {EventTarget & {
 *   version: string,
 *   ready: Promise<unknown>,
 *   setTokens(tokens: Tokens | Promise<Tokens>): unknown,
 *   clearTokens(): unknown,
 *   accessToken(): Promise<string>,
 *   refresh(): Promise<"renewed" | "kept" | "ended">,
 *   login(reason?: string): unknown,
 *   state(): Record<string, unknown>,
 *   returnTo(fallback?: string): string,
 *   restore(): unknown,
 * }} Interceptor
 */

let restored = false;

/**
 * fetch401 if its script has loaded; undefined where it is switched off or the file is missing.
 * @returns {Interceptor | undefined}
 */
export function fetch401() {
  return /** @type {{ fetch401?: Interceptor }} */ (/** @type {unknown} */ (window)).fetch401;
}

/** Whether fetch401 stands between this page and the network now. */
export function isOn() {
  return !restored && fetch401() !== undefined && document.documentElement.dataset.off !== "1";
}

/** Puts native fetch back without a reload, so that the session stays as it is. */
export function switchOff() {
  fetch401()?.restore();
  restored = true;
}

/** The mode of the tag on this page: session, bearer or pair. */
export function mode() {
  return document.documentElement.dataset.mode ?? "session";
}

/** The tag as it stands in this page, or undefined. */
export function tagText() {
  const tag = document.querySelector('script[src$="/fetch401.js"]');
  if (!tag) return undefined;
  const lines = [...tag.attributes].map(({ name, value }) => (value ? `${name}="${value}"` : name));
  return `<script ${lines.join("\n  ")}></script>`;
}
