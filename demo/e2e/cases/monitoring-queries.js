/** What Sentry writes down of URLs, in every kind of item that it sends: no query, no fragment. */

import assert from "node:assert/strict";
import { check } from "../../../js/e2e/harness/check.js";
import { items, monitored } from "../harness/monitor.js";

const SECRET = "S3CRETsecretS3CRETsecret0123";
const QUERY = `?q=${SECRET}&two=words ${SECRET}#${SECRET}`;

/** All that has a part in building them. */
const OPTIONS = `
  tracesSampleRate: 1,
  enableLogs: true,
  replaysSessionSampleRate: 1,
  integrations: (all) => [
    ...all.filter(({ name }) => name !== "Dedupe"),
    Sentry.browserTracingIntegration({ idleTimeout: 200, finalTimeout: 2000 }),
    Sentry.httpClientIntegration({ failedRequestStatusCodes: [[400, 599]] }),
    Sentry.captureConsoleIntegration(),
    Sentry.consoleLoggingIntegration(),
    Sentry.extraErrorDataIntegration(),
    Sentry.contextLinesIntegration(),
    Sentry.replayIntegration(),
    { name: "ForTheTest", setup: () => void (window.Sentry = Sentry) },
  ],
`;
const STATIC = `traceLifecycle: "static", beforeSendSpan: Sentry.withStaticSpan(scrubbed.beforeSendSpan),`;

/** Where the secret is. */
const places = (value, path) =>
  typeof value === "string"
    ? value.includes(SECRET) ? [`${path}: ${value}`] : []
    : Object.entries(value ?? {}).flatMap(([name, member]) => [...places(name, path), ...places(member, `${path}.${name}`)]);

for (const [lifecycle, more, kinds] of [
  ["stream", "", ["span"]],
  ["static", STATIC, ["span", "transaction"]],
]) {
  check(`no query or fragment of any URL is sent to Sentry (traces: ${lifecycle})`, async (e) => {
    const { site, tab } = await monitored(e, { mode: "bearer", options: OPTIONS + more, address: QUERY, referer: "/from" + QUERY, body: `<img src="/picture${QUERY}">` });
    site.on("POST /broken", { status: 500, body: "" });
    site.on("GET /broken", { status: 500, body: "" });
    site.put("/library.js", "window.boom = (text) => { throw new Error(text); };");
    await tab.run(
      async (query, origin) => {
        const { Sentry } = window;
        const script = Object.assign(document.createElement("script"), { src: "/library.js" + query });
        await new Promise((resolve) => document.head.append(Object.assign(script, { onload: resolve })));

        await fetch("/api/healed" + query);
        await fetch(origin + "/broken" + query, { method: "POST", headers: { "X-Link": "/header" + encodeURI(query) }, body: "x" });
        await new Promise((resolve) => {
          const xhr = Object.assign(new XMLHttpRequest(), { onloadend: resolve });
          xhr.open("GET", "/broken" + query);
          xhr.send();
        });
        history.pushState(null, "", "/next" + query);

        const url = origin + "/api/x" + query.split(" ")[0];
        const deep = { list: [{ url }] };
        console.log("loading " + url, deep, new URL(url));
        console.error(`cannot load "${url}", ${JSON.stringify({ url })}`);
        const thrown = new Promise((resolve) => addEventListener("error", resolve, { once: true }));
        setTimeout(() => window.boom(`cannot load ${url}`));
        await thrown;
        window.fail(origin + "/just-a-url" + query);
        Sentry.captureException(Object.assign(new Error("/path" + query, { cause: new Error("because of " + url) }), { url }));
        Sentry.captureException(origin + "/text" + query);
        Sentry.captureMessage("see " + url, { tags: { url }, extra: { deep, url }, contexts: { mine: { deep, url } } });
        Sentry.captureEvent({ message: "asked", request: { url, query_string: query.slice(1), headers: { Referer: url } } });
        Sentry.captureEvent({ message: "asked in pairs", request: { query_string: [["q", query.slice(3, 20)]] } });
        Sentry.addBreadcrumb({ message: "went to " + url, data: { from: "?" + query.slice(3, 40), to: "/next" + query, deep } });
        Sentry.getCurrentScope().setTransactionName("/route" + query);
        Sentry.logger.info("see " + url, { url });
        Sentry.metrics.count("clicks", 1, { attributes: { url } });
        Sentry.startSpan({ name: "GET " + url, attributes: { url, deep: [url] } }, () => {});
        Sentry.startInactiveSpan({ name: "GET " + url, attributes: { url }, experimental: { standalone: true } }).end();
        Sentry.captureFeedback({ message: "look at " + url, url: location.href });
      },
      QUERY,
      site.origin,
    );
    const expected = ["event", "feedback", "log", "replay_event", "trace_metric", ...kinds].sort();
    /** @type {{ type: string, item: any }[]} */
    let all = [];
    const end = Date.now() + 15_000;
    const complete = () => expected.every((kind) => all.some(({ type }) => type === kind)) && JSON.stringify(all).includes("/next");
    while (!complete() && Date.now() < end) {
      await tab.run(() => window.Sentry.flush(500));
      await tab.run(() => window.Sentry.getReplay().flush());
      all = (await items(tab)).filter(({ type }) => type !== "replay_recording");
    }
    assert.deepEqual([...new Set(all.map(({ type }) => type))].filter((type) => type !== "session").sort(), expected);
    const found = all.flatMap(({ type, item }) => places(item, type));
    assert.deepEqual([...new Set(found.map((text) => text.replace(/\.\d+/g, "[]")))], []);
    // What is left says as much as before.
    const text = JSON.stringify(all);
    for (const said of [`${site.origin}/api/healed"`, `${site.origin}/broken"`, `"/next"`, `${site.origin}/picture"`, `${site.origin}/from"`, `${site.origin}/library.js"`, `cannot load ${site.origin}/api/x"`, `GET ${site.origin}/api/x"`, `went to ${site.origin}/api/x"`]) {
      assert.ok(text.includes(said), said);
    }
  });
}
