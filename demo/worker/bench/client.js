/** One HTTP client with a connection of its own, and a session of bearer mode. */

import { Agent, request } from "node:http";

const TIMEOUT = 30_000;

/** @param {string} url */
export const client = (url) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} [fields]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, json: any }>}
   */
  const ask = (method, path, fields, headers = {}) =>
    new Promise((resolve, reject) => {
      const body = fields && new URLSearchParams(fields).toString();
      if (body) Object.assign(headers, { "Content-Type": "application/x-www-form-urlencoded", "Content-Length": String(body.length) });
      const asked = request(url + path, { method, agent, headers, timeout: TIMEOUT }, async (response) => {
        let text = "";
        try {
          for await (const chunk of response) text += chunk;
          resolve({ status: Number(response.statusCode), headers: response.headers, json: text && JSON.parse(text) });
        } catch (error) {
          reject(error);
        }
      });
      asked.once("timeout", () => asked.destroy(new Error("no answer in time")));
      asked.once("error", reject);
      asked.end(body);
    });
  return {
    ask,
    signIn: () => ask("POST", "/auth/login", { user: "demo", password: "demo", mode: "bearer", lifetime: "3600" }),
    /** @param {string} token */
    exchange: (token) => ask("POST", "/oauth/token", { grant_type: "refresh_token", client_id: "demo", refresh_token: token }),
    close: () => agent.destroy(),
  };
};
