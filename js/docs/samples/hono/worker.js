/**
 * A cookie session with Hono on Cloudflare Workers and D1 that fetch401 can renew: sign in, refresh, sign out, and an API.
 * wrangler.jsonc, beside this file, binds the database and the pages, and says how to begin.
 * @module
 */

import { Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION_SECONDS, Sessions } from "../sessions.js";

/** @typedef {{ DB: any, SESSION_SECRET: string, ACCESS_SECONDS?: number }} Bindings */
/** @typedef {import("hono").Context<{ Bindings: Bindings }>} Context */

/** The prefix __Host- lets no other host set the cookie, not even a sibling; nothing but Path=/ goes with it. */
const ACCESS = "__Host-access";
const REFRESH = "__Host-refresh";
const COOKIE = /** @type {const} */ ({ path: "/", httpOnly: true, secure: true, sameSite: "Strict" });

/** @param {Context} c */
const sessions = (c) =>
  new Sessions({
    one: (sql, ...values) => c.env.DB.prepare(sql).bind(...values).first(),
    secret: c.env.SESSION_SECRET,
    accessSeconds: c.env.ACCESS_SECONDS,
  });

/** @param {Context} c */
const forget = (c) => {
  for (const name of [ACCESS, REFRESH]) deleteCookie(c, name, COOKIE);
};

/** @param {Context} c @param {boolean} had whether the request carried credentials */
const unauthorized = (c, had) => c.json({ error: "unauthorized" }, 401, { "WWW-Authenticate": `Bearer realm="app"${had ? ', error="invalid_token"' : ""}` });

/** Answers with the cookies of a session, or with its end. @param {Context} c @param {Awaited<ReturnType<Sessions["renew"]>>} tokens */
const answer = (c, tokens) => {
  if (!tokens) {
    forget(c);
    return unauthorized(c, true);
  }
  setCookie(c, ACCESS, tokens.access, { ...COOKIE, sameSite: "Lax", maxAge: tokens.accessSeconds });
  setCookie(c, REFRESH, tokens.refresh, { ...COOKIE, maxAge: SESSION_SECONDS });
  return c.json({ subject: tokens.subject, expires_in: tokens.accessSeconds });
};

const app = /** @type {Hono<{ Bindings: Bindings }>} */ (new Hono());

app.use(async (c, next) => {
  // No other site may sign somebody in, renew or sign out. Old browsers send Origin alone.
  const site = c.req.header("Sec-Fetch-Site");
  const foreign = site ? site !== "same-origin" : c.req.header("Origin") !== new URL(c.req.url).origin;
  if (c.req.method === "POST" && foreign) return c.json({ error: "cross_site" }, 403);
  await next();
  // All of it is about somebody: no cache keeps it.
  c.header("Cache-Control", "no-store");
});

app.post("/auth/login", async (c) => {
  // Your own check of a password stands here, with a limit of tries.
  const { name, password } = await c.req.json().catch(() => ({}));
  if (name !== "demo" || password !== "demo") return unauthorized(c, false);
  return answer(c, await sessions(c).begin(name));
});

app.post("/auth/refresh", async (c) => answer(c, await sessions(c).renew(getCookie(c, REFRESH))));

app.post("/auth/logout", async (c) => {
  await sessions(c).end(getCookie(c, REFRESH));
  forget(c);
  return c.body(null, 204);
});

app.get("/api/hello", async (c) => {
  const token = getCookie(c, ACCESS);
  const subject = await sessions(c).whose(token);
  return subject ? c.json({ hello: subject }) : unauthorized(c, token !== undefined);
});

// A database that does not answer ends nobody's session: 503 says "not now", and fetch401 keeps it.
app.onError((error, c) => {
  console.error(error);
  return c.json({ error: "unavailable" }, 503, { "Retry-After": "5", "Cache-Control": "no-store" });
});

export default app;
