/**
 * Stands before a real backend, so that each test has an origin of its own there, over TLS where the engine needs that;
 * keeps what it received and what was answered; and puts the recorder into its pages.
 */

import { Agent, request as ask } from "node:http";
import { engine } from "./engine.js";
import { recorded, RECORDER, RECORDER_PATH } from "./html.js";
import { issue } from "./ledger.js";
import { listen } from "./listen.js";
import { keepReceived } from "./received.js";

const TOKENS = /"(?:access|refresh)_token":\s*"([^"]+)"/g;
/** Both cookies of the demo are tokens. */
const COOKIE_TOKEN = /^__(?:Host|Secure)-\w+=([^;]{12,})/;
const ENDPOINTS = /^\/(auth\/(login|refresh)|oauth\/token)$/;

/** @param {string} backend its origin */
export const startFront = async (backend) => {
  const { hostname, port } = new URL(backend);
  const agent = new Agent({ keepAlive: true });
  const { received, got, receive, reached } = keepReceived(engine.secure ? "https" : "http");
  /** @type {{ path: string, status: number }[]} */
  const answered = [];
  /** @type {Map<string, Function>} */
  const holds = new Map();

  const front = await listen(async (request, response) => {
    if (request.url === RECORDER_PATH) return response.writeHead(200, { "content-type": "text/javascript" }).end(RECORDER);
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const { method, path } = receive(request, body);
    await holds.get(`${method} ${path}`)?.();
    const { "accept-encoding": encodings, ...headers } = request.headers;
    // A page is to be read, and a token endpoint's answer too.
    const plain = request.headers["sec-fetch-dest"] === "document" || ENDPOINTS.test(path);
    const onward = ask({ agent, hostname, port, method, path: request.url, headers: { ...headers, ...(encodings && !plain && { "accept-encoding": encodings }) } });
    onward.on("error", () => request.socket.destroy());
    response.on("close", () => response.writableFinished || onward.destroy());
    onward.on("response", async (answer) => {
      answered.push({ path, status: answer.statusCode });
      for (const field of answer.headers["set-cookie"] ?? []) {
        const [, token] = COOKIE_TOKEN.exec(field) ?? [];
        if (token) issue(token);
      }
      if (!plain) {
        response.writeHead(answer.statusCode, answer.headers);
        return answer.pipe(response);
      }
      let text = "";
      for await (const chunk of answer.setEncoding("utf8")) text += chunk;
      for (const [, token] of text.matchAll(TOKENS)) issue(token, front.origin);
      const { "content-length": length, ...rest } = answer.headers;
      response.writeHead(answer.statusCode, rest);
      response.end(/html/.test(rest["content-type"]) ? recorded(text) : text);
    });
    onward.end(body);
  }, engine.secure);

  return {
    origin: front.origin,
    received,
    answered,
    got,
    reached,
    /** @param {string} route whose requests wait for the promise before they go on */
    hold: (route, wait) => void holds.set(route, wait),
    async close() {
      await front.close();
      agent.destroy();
    },
  };
};
