// CONTRACT §2 data-debug: a trace without tokens.
import assert from "node:assert/strict";
import { test } from "node:test";

import { createTrace } from "../src/trace/trace.js";

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.aGVsbG8gd29ybGQ-x_y~z";

const open = () => {
  /** @type {[level: string, text: string][]} */
  const said = [];
  /** @type {{ name: string, start: number, end: number, track: string, trackGroup: string, dataType: string, color: string, properties: [string, string][], tooltipText: string }[]} */
  const drawn = [];
  /** @param {string} level */
  const says = (level) => (/** @type {any} */ text) => void said.push([level, text]);
  const trace = createTrace(
    { debug: says("debug"), info: says("info"), groupCollapsed: says("group"), groupEnd: () => void said.push(["end", ""]) },
    { measure: (/** @type {string} */ name, /** @type {any} */ { start, end, detail }) => /** @type {any} */ (drawn.push({ name, start, end, ...detail.devtools })) },
  );
  /** @param {string} path */
  const call = (path, headers = {}) =>
    /** @type {any} */ ({ method: "GET", place: { key: "https://a.test" + path }, passed: { headers, init: { body: TOKEN } }, response: undefined });
  return { said, drawn, trace, call, all: () => JSON.stringify([said, drawn]) };
};

/** @param {number} status @param {string} [challenge] */
const answer = (status, challenge) => ({ status, headers: new Headers(challenge === undefined ? {} : { "WWW-Authenticate": challenge }) });

/** @param {ReturnType<typeof open>} page @param {any} call @param {number} at */
const unauthorized = ({ trace }, call, at, challenge = 'Bearer error="invalid_token"') => {
  trace(at, "started", call, undefined);
  trace(at, "sent", call, undefined);
  trace(at + 20, "answered", call, answer(401, challenge));
  trace(at + 20, "held", call, undefined);
};

test("a call that needs nothing is one line, for those who look at all levels", () => {
  const { said, drawn, trace, call } = open();
  const one = call("/api/x");
  trace(100, "started", one, undefined);
  trace(100, "sent", one, undefined);
  trace(112.4, "answered", one, answer(200));
  trace(112.4, "closed", one, undefined);
  assert.deepEqual(said, [["debug", "fetch401 GET https://a.test/api/x: 200, 12 ms"]]);
  assert.deepEqual(drawn, []);
});

test("a healed call is one group with its steps, and two entries of tracks", () => {
  const page = open();
  const { said, drawn, trace, call } = page;
  const one = call("/api/x");
  unauthorized(page, one, 100);
  trace(121, "refreshing", undefined, {});
  trace(160, "refreshed", undefined, { generation: 2 });
  trace(160, "sent", one, undefined);
  trace(185, "answered", one, answer(200));
  trace(185, "retried", undefined, { reason: "", url: "https://a.test/api/x", method: "GET", status: 200 });
  trace(186, "closed", one, undefined);
  assert.deepEqual(said, [
    ["info", "fetch401 refresh: renewed, generation 2, 39 ms"],
    ["group", "fetch401 GET https://a.test/api/x: 200, 86 ms"],
    ["info", "0 ms  sent"],
    ["info", '20 ms  answered with 401, WWW-Authenticate: Bearer error="invalid_token"'],
    ["info", "60 ms  waited 40 ms for the refresh"],
    ["info", "60 ms  sent again"],
    ["info", "85 ms  answered with 200"],
    ["info", "86 ms  handed to the caller"],
    ["end", ""],
  ]);
  const of = { dataType: "track-entry", trackGroup: "fetch401" };
  assert.deepEqual(drawn, [
    { ...of, name: "fetch401 refreshing: generation 2", track: "refreshing", start: 121, end: 160, color: "primary", properties: [["outcome", "renewed"]], tooltipText: "generation 2: refreshing, 39 ms" },
    { ...of, name: "fetch401 waiting: GET https://a.test/api/x", track: "waiting", start: 120, end: 160, color: "tertiary", properties: [["for", "the refresh"]], tooltipText: "GET https://a.test/api/x: waiting, 40 ms" },
    { ...of, name: "fetch401 retrying: GET https://a.test/api/x", track: "retrying", start: 160, end: 185, color: "secondary", properties: [["status", "200"]], tooltipText: "GET https://a.test/api/x: retrying, 25 ms" },
  ]);
});

test("what counts as a 401 is told by its own status", () => {
  const page = open();
  const one = page.call("/api/x");
  page.trace(0, "started", one, undefined);
  page.trace(0, "sent", one, undefined);
  page.trace(20, "answered", one, answer(419, "Bearer"));
  page.trace(20, "held", one, undefined);
  page.trace(60, "sent", one, undefined);
  page.trace(85, "answered", one, answer(419));
  page.trace(85, "held", one, undefined);
  page.trace(86, "closed", one, "still_unauthorized");
  assert.deepEqual(page.said.map(([, text]) => text), [
    "fetch401 GET https://a.test/api/x: 419 (still_unauthorized), 86 ms",
    "0 ms  sent",
    "20 ms  answered with 419",
    "60 ms  waited 40 ms for the refresh",
    "60 ms  sent again",
    "85 ms  answered with 419",
    "86 ms  the caller gets 419 (still_unauthorized)",
    "",
  ]);
});

test("a 401 that is handed out says why", () => {
  const page = open();
  const one = page.call("/api/x");
  unauthorized(page, one, 0);
  page.trace(30, "refreshing", undefined, {});
  page.trace(60, "refreshfailed", undefined, { final: true, code: "invalid_grant", status: 400 });
  page.trace(61, "login", undefined, { reason: "session_ended", url: "https://a.test/api/x", method: "GET", status: 401 });
  page.trace(61, "closed", one, "session_ended");
  assert.match(page.all(), /refresh: refused, the session has ended \(status 400, invalid_grant\), 30 ms/);
  assert.match(page.all(), /login: session_ended, for https:\/\/a\.test\/api\/x/);
  assert.match(page.all(), /GET https:\/\/a\.test\/api\/x: 401 \(session_ended\), 61 ms/);
  assert.deepEqual(page.drawn.map(({ track, color, properties }) => [track, color, properties]), [
    ["refreshing", "error", [["cause", "status 400, invalid_grant"]]],
    ["waiting", "error", [["ended with", "401 (session_ended)"]]],
  ]);
});

test("a refresh that failed for now says so", () => {
  const { trace, all } = open();
  trace(0, "refreshing", undefined, {});
  trace(50, "refreshfailed", undefined, { final: false, code: "", status: 503 });
  assert.match(all(), /refresh: failed for now, the session is kept \(status 503\), 50 ms/);
});

test("a call that ends without an answer names its error, and never what the error says", () => {
  for (const [why, name] of [[new TypeError("Failed to fetch " + TOKEN), "TypeError"], [new DOMException(TOKEN, "AbortError"), "AbortError"], ["tab closed by " + TOKEN, "aborted"], [{ name: TOKEN }, "aborted"], [null, "aborted"]]) {
    const { said, trace, call, all } = open();
    const one = call("/api/x");
    trace(0, "started", one, undefined);
    trace(0, "sent", one, undefined);
    trace(9, "closed", one, why);
    assert.equal(said[0][1], `fetch401 GET https://a.test/api/x: ${name}, 9 ms`);
    assert.ok(!all().includes("eyJ"));
  }
});

test("a call that waits before it is sent says for what", () => {
  const { trace, call, all, drawn } = open();
  const one = call("/api/x");
  trace(0, "started", one, undefined);
  trace(70, "sent", one, undefined);
  trace(90, "answered", one, answer(200));
  trace(90, "closed", one, undefined);
  assert.match(all(), /70 ms {2}waited 70 ms for the session/);
  assert.deepEqual(drawn.map(({ track, start, end }) => [track, start, end]), [["waiting", 0, 70]]);
});

test("no token is shown, wherever one is", () => {
  const page = open();
  const one = page.call("/api/x", { Authorization: "Bearer " + TOKEN });
  unauthorized(page, one, 0, `Bearer realm="the app", error_description="not ${TOKEN}", x=${TOKEN}`);
  page.trace(5, "refreshfailed", undefined, { final: true, code: TOKEN, status: 400 });
  page.trace(9, "closed", one, "refresh_failed");
  assert.ok(!page.all().includes("eyJ"), page.all());
  assert.match(page.all(), /realm=\\"the app\\", error_description=\\"not \[…\]\\", x=\[…\]/);
});

test("calls at the same time have a group each, and none is kept", () => {
  const page = open();
  const calls = ["/a", "/b", "/c"].map((path) => page.call(path));
  for (const one of calls) unauthorized(page, one, 0);
  for (const one of calls) page.trace(50, "sent", one, undefined);
  for (const one of calls) {
    page.trace(70, "answered", one, answer(200));
    page.trace(70, "closed", one, undefined);
  }
  let inside = false;
  for (const [level] of page.said) {
    assert.equal(level === "group", !inside);
    inside = level !== "end";
  }
  assert.equal(page.said.filter(([level]) => level === "group").length, 3);
  page.said.length = 0;
  for (const one of calls) page.trace(90, "closed", one, undefined);
  assert.deepEqual(page.said, [], "a story that has ended is gone");
});

test("a retry that gets another 401, or none, is drawn as an error", () => {
  for (const end of ["again", "error"]) {
    const page = open();
    const one = page.call("/api/x");
    unauthorized(page, one, 0);
    page.trace(50, "sent", one, undefined);
    if (end === "again") {
      page.trace(70, "answered", one, answer(401, "Bearer"));
      page.trace(70, "held", one, undefined);
    }
    page.trace(70, "closed", one, end === "again" ? "still_unauthorized" : new TypeError("Failed to fetch"));
    const { track, start, end: over, color, properties } = page.drawn[1];
    assert.deepEqual([track, start, over, color], ["retrying", 50, 70, "error"]);
    assert.deepEqual(properties, end === "again" ? [["status", "401"]] : [["ended with", "TypeError"]]);
    assert.equal(page.drawn.length, 2, "it has waited for nothing since");
    assert.equal(page.said[0][1], `fetch401 GET https://a.test/api/x: ${end === "again" ? "401 (still_unauthorized)" : "TypeError"}, 70 ms`);
  }
});

test("a call that is aborted while it is held says so", () => {
  const page = open();
  const one = page.call("/api/x");
  unauthorized(page, one, 0);
  page.trace(60, "closed", one, new DOMException("no", "AbortError"));
  assert.equal(page.said[0][1], "fetch401 GET https://a.test/api/x: AbortError, 60 ms");
});

test("a call that is left to native fetch says so", () => {
  const { said, trace, call } = open();
  const one = call("/api/x");
  trace(0, "started", one, undefined);
  trace(0, "closed", one, undefined);
  assert.deepEqual(said, [["debug", "fetch401 GET https://a.test/api/x: left to native fetch, 0 ms"]]);
});

test("10 ms before it is sent are a wait, 9 are the machine's", () => {
  for (const ms of [9, 10]) {
    const { trace, call, drawn } = open();
    const one = call("/api/x");
    trace(0, "started", one, undefined);
    trace(ms, "sent", one, undefined);
    assert.equal(drawn.length, ms - 9);
  }
});

test("what an XMLHttpRequest tells: the field of that name and no other, with or without a blank", () => {
  for (const [fields, line] of [
    ["x-www-authenticate: no\r\nWWW-Authenticate: Bearer realm\r\nb: c\r\n", "answered with 401, WWW-Authenticate: Bearer realm"],
    ["www-authenticate:Bearer\r\n", "answered with 401, WWW-Authenticate: Bearer"],
    ["date: today\r\n", "answered with 401"],
  ]) {
    const { said, trace, call } = open();
    const one = call("/api/x");
    trace(0, "started", one, undefined);
    trace(0, "sent", one, undefined);
    trace(5, "answered", one, { status: 401, fields });
    trace(5, "closed", one, "refresh_failed");
    assert.equal(said[2][1].trim(), "5 ms  " + line);
  }
});

test("of a challenge that is long the beginning is shown", () => {
  const page = open();
  const one = page.call("/api/x");
  unauthorized(page, one, 0, "Bearer " + "so long a realm ".repeat(30));
  page.trace(20, "closed", one, "refresh_failed");
  const line = page.said.map(([, text]) => text).find((text) => text.includes("WWW-Authenticate")) ?? "";
  assert.equal(line.split("WWW-Authenticate: ")[1].length, 300);
  assert.deepEqual(page.drawn, [], "and it has not waited: it was handed out at once");
});
