/**
 * A small scripted server, for what the demo's backend cannot play. It keeps what it received, headers and bodies too.
 */

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { DIST } from "./paths.js";
import { html, PROBE } from "./html.js";
import { newToken, noteRequest } from "./ledger.js";
import { somePort } from "./ports.js";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8" };

const listen = async (server) => {
  for (let tries = 0; tries < 31; tries++) {
    const port = somePort();
    const free = await new Promise((resolve, reject) => {
      server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(false) : reject(error)));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    server.removeAllListeners("error");
    if (free) return port;
  }
  throw new Error("no free port: set E2E_PORT");
};

/** Answers for handlers to return. A handler that returns nothing leaves the request hanging. */
export const json = (body, status = 200, headers = {}) => ({ status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
export const no = (challenge = 'Bearer realm="test", error="invalid_token"') => ({
  status: 401,
  headers: { "content-type": "application/json", ...(challenge ? { "www-authenticate": challenge } : {}) },
  body: '{"refused":true}',
});
export const RESET = { reset: true };

export const startSite = async () => {
  /** @type {Map<string, Function>} */
  const routes = new Map();
  const received = [];
  const waiting = [];
  const sockets = new Set();
  let number = 0;

  const server = createServer(async (request, response) => {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const url = new URL(request.url, "http://localhost");
    const body = Buffer.concat(chunks);
    const entry = { method: request.method, path: url.pathname, query: url.search, headers: request.headers, body, text: body.toString(), socket: request.socket };
    const own = routes.get(`${entry.method} ${entry.path}`);
    const key = own ? undefined : [...routes.keys()].filter((k) => k.endsWith("*") && `${entry.method} ${entry.path}`.startsWith(k.slice(0, -1))).at(-1);
    received.push(entry);
    const { cookie, ...headers } = request.headers;
    noteRequest({ url: `http://${headers.host}${request.url}`, headers: JSON.stringify(headers), body: entry.text, test: "a site" });
    for (const look of [...waiting]) look();
    const allowed = site.cors && request.headers.origin === site.cors;
    const cors = allowed
      ? { "access-control-allow-origin": site.cors, "access-control-allow-credentials": "true", "access-control-expose-headers": "WWW-Authenticate", vary: "Origin" }
      : {};
    if (request.method === "OPTIONS" && allowed) {
      response.writeHead(204, { ...cors, "access-control-allow-headers": "authorization, content-type, x-csrf, x-own", "access-control-allow-methods": "*" });
      return response.end();
    }
    const serve = own ?? routes.get(key) ?? files;
    const answer = await serve(entry);
    if (!answer) return;
    if (answer.reset) return request.socket.destroy();
    response.writeHead(answer.status ?? 200, { "cache-control": "no-store", ...(answer.cors !== false && cors), ...answer.headers });
    response.end(answer.body ?? "");
  });
  server.on("connection", (socket) => (sockets.add(socket), socket.once("close", () => sockets.delete(socket))));

  const files = ({ method, path }) => {
    if (method === "GET" && path.startsWith("/fetch401/")) {
      const name = path.slice("/fetch401/".length);
      try {
        return { headers: { "content-type": TYPES[extname(name)] ?? "text/plain", "cache-control": "max-age=60" }, body: readFileSync(join(DIST, name)) };
      } catch {
        // 404, as any server.
      }
    }
    return { status: 404, body: "no such thing" };
  };

  const port = await listen(server);
  const origin = `http://localhost:${port}`;
  const site = {
    origin,
    port,
    received,
    /** The one origin that may read from elsewhere. */
    cors: "",
    /** @param {string} route METHOD /path, or METHOD /prefix* */
    on: (route, handler) => (routes.set(route, typeof handler === "function" ? handler : () => handler), site),
    /** What came in for a route. */
    got: (route) => received.filter(({ method, path }) => `${method} ${path}` === route),
    /** Waits until the route has come in so many times. */
    reached: (route, times = 1) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${route} came ${site.got(route).length} times, not ${times}`)), 8000);
        const look = () => {
          if (site.got(route).length < times) return;
          clearTimeout(timer);
          waiting.splice(waiting.indexOf(look), 1);
          resolve(site.got(route)[times - 1]);
        };
        waiting.push(look);
        look();
      }),
    token: (name, ...origins) => newToken(name, origin, ...origins),
    put(path, content, headers = {}) {
      site.on("GET " + path, { headers: { "content-type": TYPES[extname(path)] ?? "text/html; charset=utf-8", ...headers }, body: content });
      return path;
    },
    /** Makes a page and gives its address; before and after are sources, headers go with the page. */
    page({ before = [], after = [], probe = true, headers = {}, path = `/p${++number}`, ...rest }) {
      const scripts = (list, name) => list.map((source, i) => site.put(`/s${++number}-${name}${i}.js`, source));
      return origin + site.put(path, html({ ...rest, before: scripts(before, "before"), after: [...(probe ? ["/probe.js"] : []), ...scripts(after, "after")] }), headers);
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(resolve);
      }),
  };
  site.put("/probe.js", PROBE);
  site.put("/login", html({ body: "<h1>sign in</h1>" }));
  return site;
};
