/** One page in a browser context of its own, with all that it says. */

import { issue, note, noteRequest } from "./ledger.js";
import { WAIT } from "./paths.js";

/** Settles like the promise, but not later than the bound. */
export const within = (promise, what, ms = WAIT) => {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** What an access cookie holds. Both cookies of the demo are tokens. */
const cookieTokens = (field) => [...field.matchAll(/^__(?:Host|Secure)-\w+=([^;]{12,})/gm)].map(([, value]) => value);

/**
 * @param {import("puppeteer-core").Page} page
 * @param {string} name of the test
 */
export const watch = async (page, name) => {
  const events = [];
  const lines = [];
  const errors = [];
  const requests = [];
  const responses = [];
  const looks = new Set();
  const again = () => [...looks].forEach((look) => look());

  page.setDefaultTimeout(WAIT);
  page.setDefaultNavigationTimeout(WAIT);
  page.on("console", (message) => {
    lines.push({ type: message.type(), text: message.text() });
    note(`${name}: console`, message.text());
    again();
  });
  page.on("pageerror", (error) => {
    errors.push(String(error?.message ?? error));
    note(`${name}: error`, `${error?.message} ${error?.stack}`);
    again();
  });
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) again();
    note(`${name}: address`, frame.url());
  });
  await page.exposeFunction("__told", (text) => {
    const event = JSON.parse(text);
    events.push(event);
    note(`${name}: event ${event.type}`, text);
    again();
  });

  const network = await page.createCDPSession();
  const known = new Map();
  network.on("Network.requestWillBeSent", ({ requestId, request, redirectResponse }) => {
    known.set(requestId, request.url);
    requests.push({ url: request.url, method: request.method, headers: request.headers, body: request.postData ?? "" });
    // A redirect is reported even where it is not followed; the sites tell themselves what reached them.
    noteRequest({ url: request.url, headers: redirectResponse ? "" : JSON.stringify(request.headers), body: redirectResponse ? "" : request.postData ?? "", test: name });
  });
  network.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) => {
    // A redirect has the number of the request that led to it, so the URL is told by what was really sent.
    const host = headers.Host ?? headers.host;
    const url = host ? `http://${host}/` : known.get(requestId);
    // Cookies are sent where the browser says; what fetch401 answers for is the rest.
    const { cookie, Cookie, ...rest } = headers;
    if (url) noteRequest({ url, headers: JSON.stringify(rest), body: "", test: name });
  });
  network.on("Network.responseReceivedExtraInfo", ({ headers }) => {
    const field = headers["set-cookie"] ?? headers["Set-Cookie"] ?? "";
    for (const token of cookieTokens(field)) issue(token);
  });
  network.on("Network.responseReceived", ({ requestId, response }) => {
    responses.push({ url: response.url, status: response.status });
    again();
    if (/\/auth\/(login|refresh)$|\/oauth\/token$/.test(response.url)) known.set("answer " + requestId, response.url);
  });
  network.on("Network.loadingFinished", async ({ requestId }) => {
    const url = known.get("answer " + requestId);
    if (!url) return;
    const { body } = await network.send("Network.getResponseBody", { requestId }).catch(() => ({ body: "" }));
    for (const [, token] of body.matchAll(/"(?:access|refresh)_token":\s*"([^"]+)"/g)) issue(token, new URL(url).origin);
  });
  await network.send("Network.enable");

  /**
   * Waits until what the test looks for is there.
   * @template T
   * @param {() => T} find
   * @param {string} what
   * @returns {Promise<NonNullable<T>>}
   */
  const until = (find, what, ms = WAIT) => {
    let look;
    const found = new Promise((resolve) => {
      look = () => {
        const result = find();
        if (result) resolve(result);
      };
      looks.add(look);
      look();
    });
    const seen = () =>
      `${what}; events: ${events.map(({ type, detail }) => `${type} ${JSON.stringify(detail)}`).join(", ")}; console: ${lines.map(({ text }) => text).join(" | ")}; at ${page.url()}`;
    return within(found, what, ms)
      .catch(() => {
        throw new Error(`not within ${ms} ms: ${seen()}`);
      })
      .finally(() => looks.delete(look));
  };

  const tab = {
    page,
    events,
    lines,
    errors,
    requests,
    responses,
    until,
    /** Runs a function in the page. */
    run: (fn, ...args) => within(page.evaluate(fn, ...args), "the page's answer", 15_000),
    goto: (url) => page.goto(url, { waitUntil: "load" }),
    /** Opens the page, and waits until Go decides. */
    async open(url) {
      await tab.goto(url);
      await tab.ready();
      return tab;
    },
    ready: () => tab.run(() => globalThis.fetch401.ready.then(() => "ready")),
    all: (type) => events.filter((event) => event.type === type),
    types: () => events.map(({ type }) => type).filter((type) => type !== "ready"),
    /** The nth event of that type. */
    event: (type, nth = 1) => until(() => tab.all(type)[nth - 1], `${type} event ${nth}`),
    /** The page's address once it matches. */
    at: (pattern) => until(() => pattern.test(page.url()) && page.url(), `address ${pattern}`),
    said: (pattern, types = ["error", "warn"]) => lines.filter(({ type, text }) => types.includes(type) && pattern.test(text)),
    line: (pattern) => until(() => tab.said(pattern, ["error", "warn", "debug", "log"])[0], `console ${pattern}`),
    async state() {
      const state = await tab.run(() => globalThis.fetch401.state());
      note(`${name}: state`, state);
      return state;
    },
    /** A fetch of the page, told in plain data. */
    call: (url, init) =>
      tab.run(
        async (url, init) => {
          try {
            const response = await fetch(url, init);
            return { status: response.status, used: response.bodyUsed, url: response.url, text: await response.text() };
          } catch (error) {
            const { name, message, code, status, reason, request } = error;
            return { error: { name, message, code, status, reason, request, response: error.response?.status, unread: error.response?.bodyUsed === false } };
          }
        },
        url,
        init,
      ).then((result) => (result.error && note(`${name}: rejection`, result), result)),
  };
  return tab;
};
