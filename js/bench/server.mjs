/**
 * The API that all variants talk to, in a process of its own. Each variant has a folder of URLs and a session of its
 * own there; the parent steers it by messages.
 *
 * An access token is the number of its generation, in a cookie or as a bearer token. To expire the session is to refuse
 * all generations so far. Each refresh makes a new generation, and leaves the ones before it valid: a variant that
 * refreshes more than once loses time here, and not, as with a rotating refresh token, its session.
 * @module
 */

import { readFileSync } from "node:fs";
import http from "node:http";
import { extname, join } from "node:path";
import { VARIANTS } from "./variants.mjs";

const TYPES = /** @type {Record<string, string>} */ ({ ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm" });
// Without these two performance.now() is coarse.
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

const variants = new Map(VARIANTS.map((variant) => [variant.name, variant]));
const sessions = new Map(
  VARIANTS.map(({ name }) => [name, { latest: 1, oldest: 1, delay: 0, calls: 0, unauthorized: 0, refreshes: 0 }]),
);
/** @typedef {NonNullable<ReturnType<typeof sessions.get>>} Session */

/** @type {Map<string, string>} folder by first segment of the path */
let folders = new Map();
/** @type {Map<string, Buffer>} */
const cache = new Map();

/** @param {string} path */
const file = (path) => {
  let bytes = cache.get(path);
  if (!bytes) cache.set(path, (bytes = readFileSync(path)));
  return bytes;
};

/**
 * A page: `real`, with the `stub` before the variant, or as a user starts it, with the times taken (`start`).
 * @param {import("./variants.mjs").Variant} variant
 * @param {string} kind
 */
const page = (variant, kind) => {
  const path = `/${variant.name}/`;
  const subject = variant.tag?.(path, (name) => file(join(folders.get(`dist/${variant.dist}`) ?? "", name)).toString()) ?? (variant.entry ? `<script src="/bundles/${variant.name}.js"></script>` : "");
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${variant.name}</title><link rel="icon" href="data:,">`;
  const client = `<script src="/page/client.js" data-adapter="${variant.adapter}"></script>`;
  if (kind === "start") {
    return `${head}<script>
const long = [];
new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask", buffered: true });
</script>
${subject}
<script>
const times = { protected: performance.now() };
Promise.resolve(window.fetch401?.ready).then(() => { times.ready = performance.now(); });
</script></head><body></body></html>`;
  }
  return `${head}${kind === "stub" ? '<script src="/page/stub.js"></script>' : ""}
${subject}
${client}</head><body></body></html>`;
};

/**
 * @param {http.ServerResponse} response
 * @param {number} status
 * @param {object} body
 * @param {http.OutgoingHttpHeaders} [headers]
 */
const json = (response, status, body, headers) => {
  const text = JSON.stringify(body);
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text), ...headers });
  response.end(text);
};

/**
 * @param {string} name
 * @param {number} generation
 */
const cookie = (name, generation) => `session=${generation}; Path=/${name}/; HttpOnly; SameSite=Lax`;

/**
 * @param {Session} session
 * @param {http.IncomingMessage} request
 */
const generation = (session, request) => {
  const bearer = /^Bearer (\d+)$/.exec(request.headers.authorization ?? "");
  const found = bearer ?? /(?:^|; )session=(\d+)/.exec(request.headers.cookie ?? "");
  return found ? Number(found[1]) : 0;
};

/**
 * @param {string} name
 * @param {Session} session
 * @param {string} path below the variant's folder
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
const answer = (name, session, path, request, response) => {
  if (path.startsWith("api/")) {
    session.calls++;
    // Answers to one same URL say nothing of caching, as most APIs do not: Chromium then serialises identical GETs.
    const headers = path === "api/same" ? {} : { "Cache-Control": "no-store" };
    const ok = generation(session, request) >= session.oldest;
    if (ok) return json(response, 200, { ok, path }, headers);
    session.unauthorized++;
    const challenge = request.headers.authorization ? { "WWW-Authenticate": 'Bearer error="invalid_token"' } : {};
    return json(response, 401, { ok, error: "the session has expired" }, { ...headers, ...challenge });
  }
  if (request.method === "POST" && path.startsWith("auth/")) {
    const number = ++session.latest;
    const token = { access_token: String(number), refresh_token: "r" + number, token_type: "Bearer", expires_in: 3600 };
    const headers = { "Cache-Control": "no-store" };
    switch (path) {
      case "auth/login":
        return json(response, 200, token, headers);
      case "auth/token":
        session.refreshes++;
        return json(response, 200, token, headers);
      case "auth/refresh":
        session.refreshes++;
        return json(response, 200, { expires_in: 3600 }, { ...headers, "Set-Cookie": cookie(name, number) });
      case "auth/session/refresh": {
        // The protocol of supertokens-website, cookie mode: it knows its session by the header front-token.
        session.refreshes++;
        const front = { uid: "bench", ate: Date.now() + 3_600_000, up: { iat: Math.floor(Date.now() / 1000) } };
        return json(response, 200, {}, {
          ...headers,
          "Set-Cookie": cookie(name, number),
          "front-token": Buffer.from(JSON.stringify(front)).toString("base64"),
        });
      }
    }
  }
  json(response, 404, { error: "nothing here" });
};

const server = http.createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const [, first, ...rest] = url.pathname.split("/");
  const path = rest.join("/");
  const session = sessions.get(first);
  const variant = variants.get(first);
  if (session && variant) {
    if (path === "") {
      response.writeHead(200, {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Set-Cookie": cookie(first, session.latest),
        ...ISOLATED,
      });
      return response.end(page(variant, url.searchParams.get("kind") ?? "real"));
    }
    const { delay } = session;
    request.resume();
    const reply = () => answer(first, session, path, request, response);
    return delay ? setTimeout(reply, delay) : reply();
  }
  const folder = folders.get(first === "dist" ? `dist/${rest[0]}` : first);
  try {
    if (!folder) throw new Error("no such folder");
    const target = join(folder, first === "dist" ? rest.slice(1).join("/") : path);
    const headers = {
      "Content-Type": TYPES[extname(target)] ?? "application/octet-stream",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Cache-Control": "max-age=3600",
    };
    // Compressed as a server would have it, and ready made: compressing is no part of the time.
    const packed = first === "page" ? undefined : file(target + ".br");
    const bytes = packed ?? file(target);
    response.writeHead(200, { ...headers, "Content-Length": bytes.length, ...(packed && { "Content-Encoding": "br" }) });
    response.end(bytes);
  } catch {
    json(response, 404, { error: "nothing here" });
  }
});
server.keepAliveTimeout = 300_000;

/** @type {Record<string, (message: any) => unknown>} */
const orders = {
  listen: ({ paths, port }) => {
    folders = new Map(Object.entries(paths));
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve(/** @type {import("node:net").AddressInfo} */ (server.address()).port));
    });
  },
  expire: ({ name }) => {
    const session = /** @type {Session} */ (sessions.get(name));
    session.oldest = ++session.latest;
    session.calls = session.unauthorized = session.refreshes = 0;
  },
  delay: ({ name, delay }) => {
    /** @type {Session} */ (sessions.get(name)).delay = delay;
  },
  counts: ({ name }) => ({ ...sessions.get(name) }),
};

process.on("message", async (/** @type {any} */ message) => {
  try {
    process.send?.({ id: message.id, value: await orders[message.order](message) });
  } catch (/** @type {any} */ error) {
    process.send?.({ id: message.id, error: error.message });
  }
});
process.on("disconnect", () => process.exit(0));
