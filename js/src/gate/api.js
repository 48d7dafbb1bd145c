/**
 * `window.fetch401`, as fetch401.d.ts documents it.
 * @module
 */

import { seconds, usable } from "./credentials.js";
import { blank } from "./gate.js";
import { member, record } from "./record.js";
import { returnTo } from "./return-to.js";

/** Set by the build from package.json. */
// @ts-ignore
const VERSION = __VERSION__;

/**
 * @typedef {import("./gate.js").Gate} Gate
 * @typedef {import("./config.js").Config} Config
 * @typedef {ReturnType<typeof createApi>} Api
 */

/** @param {string} text */
const misuse = (text) => new TypeError("fetch401: " + text);

/**
 * What the app gave to setTokens, checked.
 * @param {any} value
 * @param {Config} config
 */
const checked = (value, config) => {
  if (!value || typeof value !== "object") throw misuse("setTokens takes { access_token, refresh_token, expires_in } or a promise of it");
  /** @type {import("./credentials.js").Tokens} */
  const tokens = record();
  for (const name of /** @type {const} */ (["access_token", "refresh_token"])) {
    const token = member(value, name);
    if (token == null) continue;
    if (!usable(token)) throw misuse(`setTokens: ${name} must be a string of visible ascii characters`);
    tokens[name] = token;
  }
  const needed = config.mode === "bearer" && !tokens.access_token && !tokens.refresh_token;
  if (needed) throw misuse("setTokens: access_token is missing; to sign out call clearTokens()");
  const subject = member(value, "subject");
  if (subject != null) tokens.subject = `${subject}`;
  const expires_in = member(value, "expires_in");
  if (expires_in != null && isNaN(expires_in)) throw misuse("setTokens: expires_in must be seconds");
  return /** @type {const} */ ([tokens, seconds(expires_in)]);
};

/**
 * @param {Promise<void>} ready
 * @param {() => void} restore
 * @param {Gate} [gate] without one, nothing is done
 * @param {Config} [config]
 */
export const createApi = (ready, restore, gate, config) => {
  let given = 0;
  return Object.assign(new EventTarget(), {
    version: VERSION,
    ready,
    restore,

    /** @param {any} value */
    setTokens(value) {
      if (!gate || !config) return;
      if (typeof value?.then !== "function") {
        const session = checked(value, config);
        given++;
        return gate.tokens(...session);
      }
      const turn = ++given;
      gate.promised();
      // Only what was given last counts.
      const latest = (/** @type {() => void} */ then) => turn === given && then();
      Promise.resolve(value).then(
        (tokens) =>
          latest(() => {
            try {
              gate.tokens(...checked(tokens, config), true);
            } catch (error) {
              gate.broken();
              throw error;
            }
          }),
        () => latest(gate.broken),
      );
    },

    clearTokens() {
      given++;
      gate?.cleared();
    },

    /** @param {() => any} refresh */
    refreshWith(refresh) {
      if (typeof refresh !== "function") throw misuse("refreshWith takes a function that renews the session");
      if (!gate) return;
      if (config?.mode !== "app") throw misuse('refreshWith needs data-refresh="app" (refresh: "app")');
      gate.able(refresh);
    },

    /** @param {(response: Response) => any} means */
    unauthorizedWhen(means) {
      if (typeof means !== "function") throw misuse("unauthorizedWhen takes a function");
      if (gate) gate.means = means;
    },

    /** @returns {Promise<any>} */
    async accessToken() {
      if (gate?.cookies) throw misuse("accessToken needs a mode with access tokens");
      return gate ? gate.accessToken() : ready;
    },

    /** @returns {Promise<"renewed" | "kept" | "ended">} */
    refresh: () => gate?.refresh() ?? Promise.resolve("kept"),

    /** @param {string} [reason] */
    login(reason = "") {
      if (typeof reason !== "string" || !/^[a-z_]{0,32}$/.test(reason)) throw misuse("login takes a reason of 1 to 32 characters a to z and _");
      gate?.login(reason);
    },

    state: () => gate?.state() ?? blank("off"),

    /** @param {string} [fallback] */
    returnTo: (fallback) => returnTo(location.search, config?.returnParam ?? "return_to", fallback, location.origin),
  });
};
