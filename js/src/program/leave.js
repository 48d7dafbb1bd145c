/**
 * The way to the login page.
 * @module
 */

/**
 * @param {import("../gate/config.js").Config} config with a login URL
 * @param {string} wayBack
 * @param {string} reason
 * @param {string} [acrValues] that a step-up demands (RFC 9470 §3)
 * @param {string} [maxAge]
 */
export const wayToLogin = ({ loginUrl, returnParam, reasonParam }, wayBack, reason, acrValues, maxAge) => {
  const url = new URL(/** @type {string} */ (loginUrl));
  url.searchParams.set(returnParam, wayBack);
  url.searchParams.set(reasonParam, reason);
  if (acrValues) url.searchParams.set("acr_values", acrValues);
  if (maxAge) url.searchParams.set("max_age", maxAge);
  return url.href;
};

/**
 * The app wants the person to sign in, and Go cannot say how: it has not come, or has ended. The way back is the path
 * alone, since nobody judges whether the rest holds a credential.
 * @param {string} asked the reason, or ""
 * @param {import("../gate/config.js").Config} config
 * @param {import("../gate/gate.js").Host} host
 * @param {import("../gate/gate.js").Gate} gate
 */
export const leaveForLogin = (asked, config, host, gate) => {
  const { loginUrl } = config;
  if (host.guard.onLogin(loginUrl)) return;
  const reason = asked || "no_credentials";
  gate.counters.logins++;
  const stay = !host.emit("login", { reason, url: "", method: "", status: 0 }, true);
  if (stay || !loginUrl || window.top !== window) return;
  const { origin, pathname } = location;
  host.guard.leaveUnlessLooping(wayToLogin(config, (new URL(loginUrl).origin === origin ? "" : origin) + pathname, reason));
};
