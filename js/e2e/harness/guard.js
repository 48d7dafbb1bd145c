/** A scripted site with an API that wants credentials, and a refresh whose answer the test chooses. */

import { json, no } from "./site.js";

const FORM = { session: "/refresh", pair: "/refresh", bearer: "/token" };

/**
 * The API under /api/ answers 200 to the present credentials and 401 to any other; at first nobody has them.
 * @param {Awaited<ReturnType<typeof import("./site.js").startSite>>} site
 * @param {"session" | "bearer" | "pair"} mode
 * @param {string[]} [readers] more origins that the tokens may go to
 */
export const guard = (site, mode, ...readers) => {
  const carries = (q) => (mode === "session" ? (q.headers.cookie ?? "").includes("sid=" + g.present) : q.headers.authorization === "Bearer " + g.present);
  const g = {
    present: site.token("access", ...readers),
    refresh: site.token("refresh", ...readers),
    /** The refresh's path. */
    path: FORM[mode],
    route: "POST " + FORM[mode],
    attrs: {
      ...(mode === "bearer" ? { "data-token-url": "/token", "data-client-id": "app" } : { "data-refresh-url": "/refresh" }),
      ...(mode === "pair" ? { "data-attach": "bearer" } : {}),
      "data-protect": "/api",
      "data-login-url": "/login",
    },
    /** Makes the present credentials worthless; the next refresh hands out new ones. */
    expire() {
      g.present = site.token("access", ...readers);
    },
    /** A good answer of the refresh. */
    renewed(more = {}) {
      if (mode === "session") return json({ expires_in: 3600, subject: "demo", ...more }, 200, { "set-cookie": `sid=${g.present}; Path=/; HttpOnly` });
      if (mode === "bearer") g.refresh = site.token("refresh", ...readers);
      return json({
        access_token: g.present,
        token_type: "Bearer",
        expires_in: 3600,
        ...(mode === "bearer" ? { refresh_token: g.refresh } : {}),
        ...more,
      });
    },
    /** What the refresh answers. */
    answer: (_q) => g.renewed(),
    /** What the API answers to good credentials. */
    good: (q) => json({ path: q.path + q.query, method: q.method }),
    exchanges: () => site.got(g.route).length,
    /** Hands the page tokens that are no good any more. */
    async begin(tab, access = site.token("stale", ...readers)) {
      if (mode === "session") return;
      await tab.run((tokens) => window.fetch401.setTokens(tokens), { access_token: access, ...(mode === "bearer" ? { refresh_token: g.refresh } : {}) });
    },
  };
  for (const method of ["GET", "POST", "PUT"]) site.on(`${method} /api/*`, (q) => (carries(q) ? g.good(q) : no()));
  site.on(g.route, (q) => g.answer(q));
  return g;
};

/** A guarded site with its page opened, its session stale. */
export const guarded = async (e, mode, { attrs = {}, page = {}, begin = true } = {}) => {
  const site = await e.site();
  const g = guard(site, mode);
  const tab = await e.tab();
  await tab.open(site.page({ attrs: { ...g.attrs, ...attrs }, ...page }));
  if (begin) await g.begin(tab);
  return { site, g, tab };
};
