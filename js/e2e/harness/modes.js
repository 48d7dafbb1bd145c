/** The kinds of session that the demo's backend knows, as a page uses them. */

export const MODES = ["session", "bearer", "pair"];

const ATTRIBUTES = {
  session: { "data-refresh-url": "/auth/refresh" },
  bearer: { "data-token-url": "/oauth/token", "data-client-id": "demo" },
  pair: { "data-refresh-url": "/auth/refresh", "data-attach": "bearer" },
};

/** The demo's sign-in and its controls are no part of the protected API. */
export const attributes = (mode, more = {}) => ({
  ...ATTRIBUTES[mode],
  "data-protect": "/api /elsewhere",
  "data-login-url": "/login",
  ...more,
});

/** Controls of one signed-in session, carried out by its page. */
const controls = (tab, token) => {
  const ask = (path, method, body) =>
    tab.run(
      async (path, method, body, token) => {
        const headers = { ...(token && { Authorization: "Bearer " + token }), ...(body && { "Content-Type": "application/json" }) };
        const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
        if (!response.ok) throw new Error(`${path} answered ${response.status}`);
        const text = await response.text();
        return text && JSON.parse(text);
      },
      path,
      method,
      body,
      token,
    );
  return {
    token,
    expire: () => ask("/demo/expire", "POST"),
    revoke: () => ask("/demo/revoke", "POST"),
    malform: () => ask("/demo/malform", "POST"),
    down: (what, seconds = 60) => ask("/demo/down", "POST", { what, seconds }),
    counts: () => ask("/demo/counts", "GET"),
  };
};

/**
 * Signs in, and gives fetch401 what the mode gives to it.
 * @param {object} [options]
 * @param {number} [options.lifetime] seconds of an access token
 * @param {boolean} [options.give] hand the tokens to fetch401
 */
export const signIn = async (tab, mode, { lifetime = 3600, give = true } = {}) => {
  const token = await tab.run(
    async (mode, lifetime, give) => {
      const response = await fetch("/auth/login", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ user: "demo", password: "demo", mode, lifetime }),
      });
      if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
      const tokens = await response.json();
      if (give && mode !== "session") window.fetch401.setTokens(tokens);
      return tokens.access_token ?? "";
    },
    mode,
    lifetime,
    give,
  );
  return controls(tab, token);
};

/** A page of the demo with the mode's tag, opened and signed in. */
export const opened = async (e, mode, { attrs = {}, page = {}, ...options } = {}) => {
  const demo = await e.demo();
  const tab = await e.tab();
  await tab.open(demo.page({ attrs: attributes(mode, attrs), ...page }));
  const session = await signIn(tab, mode, options);
  return { demo, tab, session };
};
