/** What came in at a server, for a test to look at and to wait for. */

import { noteRequest } from "./ledger.js";
import { WAIT } from "./paths.js";

/** @typedef {{ method: string, path: string, query: string, headers: import("node:http").IncomingHttpHeaders, body: Buffer, text: string, socket: import("node:net").Socket }} Received */

/** @param {string} scheme of the server */
export const keepReceived = (scheme) => {
  /** @type {Received[]} */
  const received = [];
  const waiting = new Set();
  const got = (route) => received.filter(({ method, path }) => `${method} ${path}` === route);
  return {
    received,
    /** What came in for a route. */
    got,
    /**
     * @param {import("node:http").IncomingMessage} request
     * @param {Buffer} body
     * @returns {Received}
     */
    receive({ method, url, headers, socket }, body) {
      const { pathname, search } = new URL(url, "http://localhost");
      const entry = { method, path: pathname, query: search, headers, body, text: body.toString(), socket };
      received.push(entry);
      // Cookies are sent where the browser says; what fetch401 answers for is the rest.
      const { cookie, ...rest } = headers;
      noteRequest({ url: `${scheme}://${rest.host}${url}`, headers: JSON.stringify(rest), body: entry.text, test: "a server" });
      for (const look of [...waiting]) look();
      return entry;
    },
    /** Waits until the route has come in so many times. */
    reached: (route, times = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (got(route).length < times) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(got(route)[times - 1]);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${route} came ${got(route).length} times, not ${times}`));
        }, WAIT);
        waiting.add(look);
        look();
      }),
  };
};
