/**
 * A small scripted server, for what the demo's backend cannot play. It keeps what it received, headers and bodies too.
 */

import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { engine } from "./engine.js";
import { html, PROBE, recorded, RECORDER, RECORDER_PATH } from "./html.js";
import { newToken } from "./ledger.js";
import { listen } from "./listen.js";
import { DIST } from "./paths.js";
import { keepReceived } from "./received.js";

const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".html": "text/html; charset=utf-8" };

/** Answers for handlers to return. A handler that returns nothing leaves the request hanging. */
export const json = (body, status = 200, headers = {}) => ({ status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
export const no = (challenge = 'Bearer realm="test", error="invalid_token"') => ({
  status: 401,
  headers: { "content-type": "application/json", ...(challenge ? { "www-authenticate": challenge } : {}) },
  body: '{"refused":true}',
});
export const RESET = { reset: true };
/** The connection is reset in the middle of that answer. */
export const cut = (answer) => ({ ...answer, headers: { ...answer.headers, "content-length": answer.body.length }, cut: true });

const built = ({ method, path }) => {
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

export const startSite = async () => {
  /** @type {Map<string, Function>} */
  const routes = new Map();
  const { received, got, receive, reached } = keepReceived(engine.secure ? "https" : "http");
  let number = 0;

  const find = (asked) => routes.get(asked) ?? routes.get([...routes.keys()].filter((route) => route.endsWith("*") && asked.startsWith(route.slice(0, -1))).at(-1)) ?? built;

  const { port, origin, close } = await listen(async (request, response) => {
    if (request.url === RECORDER_PATH) return response.writeHead(200, { "content-type": TYPES[".js"], "cache-control": "max-age=600" }).end(RECORDER);
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const entry = receive(request, Buffer.concat(chunks));
    const allowed = site.cors && request.headers.origin === site.cors;
    const cors = allowed
      ? { "access-control-allow-origin": site.cors, "access-control-allow-credentials": "true", "access-control-expose-headers": "WWW-Authenticate", vary: "Origin" }
      : {};
    if (request.method === "OPTIONS" && allowed) {
      response.writeHead(204, { ...cors, "access-control-allow-headers": "authorization, content-type, x-csrf, x-own", "access-control-allow-methods": "*" });
      return response.end();
    }
    const answer = await find(`${entry.method} ${entry.path}`)(entry);
    if (!answer) return;
    if (answer.reset) return request.socket.destroy();
    const headers = { "cache-control": "no-store", ...(answer.cors !== false && cors), ...answer.headers };
    response.writeHead(answer.status ?? 200, headers);
    // Half of it, and then nobody is there any more.
    if (answer.cut) return response.write(answer.body.slice(0, answer.body.length / 2), () => request.socket.destroy());
    response.end(/html/.test(headers["content-type"]) ? recorded(String(answer.body ?? "")) : answer.body ?? "");
  }, engine.secure);

  const site = {
    origin,
    port,
    received,
    got,
    reached,
    close,
    /** The one origin that may read from elsewhere. */
    cors: "",
    /** @param {string} route METHOD /path, or METHOD /prefix* */
    on: (route, handler) => (routes.set(route, typeof handler === "function" ? handler : () => handler), site),
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
  };
  site.put("/probe.js", PROBE);
  site.put("/login", html({ body: "<h1>sign in</h1>" }));
  return site;
};
