/**
 * A cookie session with Express 5 and SQLite that fetch401 can renew: sign in, refresh, sign out, and an API.
 *
 *   npm install …/fetch401-0.1.0.tgz && npm start        http://localhost:3000; sign in as demo with the password demo
 *
 * ORIGIN is where browsers reach it (https://app.example.com behind a proxy); SESSION_SECRET lets sessions outlive a
 * restart; ACCESS_SECONDS=5 shows a renewal sooner than in five minutes; FETCH401 is the folder of the built
 * library, if not that of the installed package.
 * @module
 */

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import express from "express";
import sqlite from "node-sqlite3-wasm";
import { SESSION_SECONDS, Sessions } from "../sessions.js";

const FETCH401 = process.env.FETCH401 ?? "node_modules/fetch401/dist";
if (!existsSync(FETCH401)) console.error(`${FETCH401} is missing, so no 401 will be healed: npm install the package that make package writes, or name the built library's folder in FETCH401`);

// Any driver will do: better-sqlite3 wants db.prepare(sql).get(...values), node:sqlite too.
const db = new sqlite.Database(process.env.DATABASE ?? "sessions.db");
db.exec(readFileSync(new URL("../schema.sql", import.meta.url), "utf8"));
const sessions = new Sessions({
  one: (sql, ...values) => db.all(sql, values)[0],
  secret: process.env.SESSION_SECRET ?? randomBytes(32).toString("hex"),
  accessSeconds: Number(process.env.ACCESS_SECONDS ?? 300),
});

/** __Host- lets no other host set the cookie, not even a sibling; nothing but Path=/ goes with it. */
const ACCESS = "__Host-access";
const REFRESH = "__Host-refresh";
const COOKIE = /** @type {const} */ ({ path: "/", httpOnly: true, secure: true, sameSite: "strict" });

/** @param {express.Request} request @param {string} name */
const cookie = (request, name) => request.headers.cookie?.split("; ").find((pair) => pair.startsWith(name + "="))?.slice(name.length + 1);

/** Answers with the cookies of a session, or with its end. @param {express.Response} response */
const answer = (response, /** @type {Awaited<ReturnType<Sessions["renew"]>>} */ tokens) => {
  if (!tokens) {
    response.clearCookie(ACCESS, COOKIE).clearCookie(REFRESH, COOKIE);
    return unauthorized(response, true);
  }
  response.cookie(ACCESS, tokens.access, { ...COOKIE, sameSite: "lax", maxAge: tokens.accessSeconds * 1000 });
  response.cookie(REFRESH, tokens.refresh, { ...COOKIE, maxAge: SESSION_SECONDS * 1000 });
  response.json({ subject: tokens.subject, expires_in: tokens.accessSeconds });
};

/** @param {express.Response} response @param {boolean} had whether the request carried credentials */
const unauthorized = (response, had) =>
  response
    .status(401)
    .set("WWW-Authenticate", `Bearer realm="app"${had ? ', error="invalid_token"' : ""}`)
    .json({ error: "unauthorized" });

const app = express();
const origin = () => process.env.ORIGIN ?? here();

app.use("/fetch401", express.static(FETCH401));
app.use(express.static(fileURLToPath(new URL("../page", import.meta.url))));

// What follows is about somebody: no cache keeps it.
app.use((request, response, next) => {
  response.set("Cache-Control", "no-store");
  // No other site may sign somebody in, renew or sign out. Old browsers send Origin alone.
  const site = request.get("Sec-Fetch-Site");
  if (request.method === "POST" && (site ? site !== "same-origin" : request.get("Origin") !== origin())) {
    response.status(403).json({ error: "cross_site" });
    return;
  }
  next();
});

app.post("/auth/login", express.json({ limit: "1kb" }), async (request, response) => {
  // Your own check of a password stands here, with a limit of tries.
  const { name, password } = request.body ?? {};
  if (name !== "demo" || password !== "demo") {
    unauthorized(response, false);
    return;
  }
  answer(response, await sessions.begin(name));
});

app.post("/auth/refresh", async (request, response) => answer(response, await sessions.renew(cookie(request, REFRESH))));

app.post("/auth/logout", async (request, response) => {
  await sessions.end(cookie(request, REFRESH));
  response.clearCookie(ACCESS, COOKIE).clearCookie(REFRESH, COOKIE).status(204).end();
});

app.use("/api", async (request, response, next) => {
  const token = cookie(request, ACCESS);
  response.locals.subject = await sessions.whose(token);
  if (response.locals.subject) next();
  else unauthorized(response, token !== undefined);
});

app.get("/api/hello", (request, response) => void response.json({ hello: response.locals.subject }));

// A database that does not answer ends nobody's session: 503 says "not now", and fetch401 keeps it.
app.use((/** @type {Error} */ error, /** @type {express.Request} */ request, /** @type {express.Response} */ response, /** @type {express.NextFunction} */ next) => {
  if (response.headersSent || "status" in error) return next(error);
  console.error(error);
  response.status(503).set("Retry-After", "5").json({ error: "unavailable" });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "localhost", () => console.log(here()));
const here = () => `http://localhost:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;

