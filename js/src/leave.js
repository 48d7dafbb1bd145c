/**
 * The way to the login page.
 * @module
 */

import { key } from "./scope.js";

/**
 * @param {import("./config.js").Config} config with a login URL
 * @param {string} wayBack
 * @param {string} reason
 */
export const wayToLogin = ({ loginUrl, returnParam, reasonParam }, wayBack, reason) => {
  const url = new URL(/** @type {string} */ (loginUrl));
  url.searchParams.set(returnParam, wayBack);
  url.searchParams.set(reasonParam, reason);
  return url.href;
};

/**
 * The app wants the person to sign in, and Go cannot say how: it has not come, or has ended. The way back is the path
 * alone, since nobody judges whether the rest holds a credential.
 * @param {string} asked the reason, or ""
 * @param {import("./config.js").Config} config
 * @param {import("./gate.js").Host} host
 * @param {import("./gate.js").Gate} gate
 */
export const leaveForLogin = (asked, config, host, gate) => {
  const { origin, pathname, hash } = location;
  const login = new URL(config.loginUrl ?? "about:blank");
  if (key(login) === origin + pathname && (!login.hash || login.hash === hash)) return;
  const reason = asked || "no_credentials";
  gate.counters.logins++;
  const stay = !host.emit("login", { reason, url: "", method: "", status: 0 }, true);
  if (stay || !config.loginUrl || window.top !== window) return;
  location.assign(wayToLogin(config, (login.origin === origin ? "" : origin) + pathname, reason));
};
