// The door against the real Go program: numbers and texts mean the same on both sides. What Go decides is tested by the
// stories of wasm/session; here is one case of each kind.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as protocol from "../src/protocol.js";
import * as fake from "./fake.js";
import { openProgram } from "./go-program.js";

const { ADOPT, COMPLAIN, DELIVER, EXCHANGE, LOGIN, NAVIGATE, NO_LOGIN, ORIGIN, REFRESH_FAILED, EARLIER, SEND, SENT, SETTLE, STREAM, WAKE } = fake;
const KEY = ORIGIN + "/api/x";

const { OPAQUE_REDIRECT: REDIRECT, APP_FAILED: FAILED, APP_FINAL: FINAL, PARSED, HAS_TOKEN: TOKEN } = protocol;

const TIMEOUT = 10_000;

const COOKIE = fake.SESSION;
const ATTACH = fake.ATTACH;
const BEARER = { ...fake.BEARER, protect: ["/"], loginUrl: "/login" };
const APP = fake.APP;

/**
 * Both clocks stand still, until they are moved.
 * @param {import("node:test").TestContext} t
 */
const stopClocks = (t) => {
  const clocks = { now: 5_000, calendar: 1_800_000_000_000 };
  t.mock.method(performance, "now", () => clocks.now);
  t.mock.method(Date, "now", () => clocks.calendar);
  return {
    /** @param {number} ms */
    pass(ms) {
      clocks.now += ms;
      clocks.calendar += ms;
    },
    /** The time of day is set. @param {number} ms */
    set: (ms) => void (clocks.calendar += ms),
  };
};

/**
 * @param {Record<string, unknown>} options
 * @param {(window: any) => void} [prepare]
 */
const open = async (options, prepare) => {
  const { door, window } = await openProgram(options, prepare);
  return Object.assign(door, {
    document: window.document,
    /** The effects since the last, without wake-ups and what is told to other pages. */
    effects: () => door.take().flatMap(({ kind, call, number, text }) => (kind === WAKE || kind === protocol.ANNOUNCE ? [] : [[kind, call, number, text]])),
    /** A call, and its 401. */
    refused(id = 0, field = "", flags = 0, bits = 0) {
      door.started(id, flags, KEY);
      door.unauthorized(id, bits, "GET\n" + field);
    },
  });
};

test("a 401 heals: Exchange, Adopt, Send; a stream is delivered", async () => {
  const door = await open(COOKIE);
  assert.equal(door.fact(0), 1);
  assert.equal(door.started(0, 0, KEY), 0);
  assert.equal(door.started(1, STREAM, KEY), 0);
  door.unauthorized(0, 0, "");
  assert.deepEqual(door.take(), [
    { kind: WAKE, call: 0, number: TIMEOUT, text: "" },
    // Version 1 of the messages: exchange 1 has begun.
    { kind: protocol.ANNOUNCE, call: 1, number: 0, text: "1 1 1 0 0 0 0 0 0" },
    { kind: EXCHANGE, call: 0, number: 1, text: "" },
    { kind: WAKE, call: 0, number: 19_000, text: "" },
  ]);
  door.unauthorized(1, 0, "");
  assert.deepEqual([1, 2, 3].map(door.fact), [1, 0, 2], "refreshing, not ended, two held");
  door.exchanged(1, 204, 0, 0, "\n");
  assert.deepEqual(door.effects(), [[ADOPT, 1, 2, ""], [SEND, 0, 0, ""], [DELIVER, 1, 0, "not_replayable"]]);
  assert.deepEqual([0, 1, 3].map(door.fact), [2, 0, 0]);
  assert.equal(door.answered(0, 200), 0);
  assert.deepEqual(door.take(), []);
});

test("refused for good: RefreshFailed, Login, Deliver; leaving: Navigate", async () => {
  const door = await open(COOKIE);
  door.refused();
  door.take();
  door.exchanged(1, 401, 0, 0, "\n");
  assert.deepEqual(door.effects(), [[REFRESH_FAILED, 401, 1, "http_error"], [LOGIN, 0, 1, "session_ended\nGET\n" + KEY], [DELIVER, 0, 0, "session_ended"]]);
  assert.equal(door.fact(2), 1);
  door.tell(protocol.LEAVING, 0, 0, "session_ended");
  assert.deepEqual(door.effects(), [[NAVIGATE, 0, 0, "/shop/cart?x=1\nsession_ended"]]);
});

test("a call that never leads to login; the next one does", async () => {
  const door = await open(COOKIE);
  door.refused(0, "", NO_LOGIN);
  door.exchanged(1, 401, 0, 0, "\n");
  assert.ok(!door.effects().some(([kind]) => kind === LOGIN));
  door.refused();
  assert.ok(door.effects().some(([kind]) => kind === LOGIN));
});

test("a call aborted while held is heard of no more", async () => {
  const door = await open(COOKIE);
  door.refused();
  door.take();
  door.failed(0);
  door.exchanged(1, 204, 0, 0, "\n");
  assert.deepEqual(door.effects(), [[ADOPT, 1, 2, ""]]);
});

test("TOKENS: an access token, a refresh token, a lifetime", async (t) => {
  const clocks = stopClocks(t);
  const both = await open(BEARER);
  both.tell(protocol.TOKENS, protocol.ACCESS_TOKEN | protocol.REFRESH_TOKEN, 60);
  assert.deepEqual(both.effects(), [[ADOPT, 0, 2, ""]]);
  assert.equal(both.started(0, 0, KEY), 2, "the generation whose token goes along");
  assert.equal(both.started(1, STREAM, KEY), 2);
  clocks.pass(60_000);
  assert.equal(both.started(1, STREAM, KEY), protocol.WAITS, "known to be stale");
  assert.deepEqual(both.effects(), [[EXCHANGE, 0, 2, ""]]);

  const access = await open(BEARER);
  access.tell(protocol.TOKENS, protocol.ACCESS_TOKEN);
  access.refused();
  assert.deepEqual(access.effects().slice(1), [[LOGIN, 0, 1, "no_credentials\nGET\n" + KEY], [DELIVER, 0, 0, "no_credentials"]]);

  const refresh = await open(BEARER);
  refresh.tell(protocol.TOKENS, protocol.REFRESH_TOKEN);
  refresh.take();
  assert.equal(refresh.started(0, 0, KEY), protocol.WAITS);
  assert.equal(refresh.started(1, SENT, KEY), 0, "sent before Go was there");
  assert.deepEqual(refresh.effects(), [[EXCHANGE, 0, 2, ""]]);
  refresh.exchanged(2, 200, PARSED | TOKEN, 60, "\nBearer");
  assert.deepEqual(refresh.effects(), [[ADOPT, 2, 3, ""], [SEND, 0, 3, ""]]);
});

test("a lifetime goes by the time of day too, since the other clock may stand still in sleep; a deadline does not", async (t) => {
  const clocks = stopClocks(t);
  const door = await open(COOKIE);
  door.refused();
  door.exchanged(1, 200, 0, 60, "\n");
  door.take();
  clocks.set(-3_600_000);
  assert.equal(door.started(1, STREAM, KEY), 0);
  clocks.set(3_600_000 + 60_000);
  assert.equal(door.started(2, STREAM, KEY), protocol.WAITS);
  assert.deepEqual(door.take().filter(({ kind }) => kind === WAKE).map(({ number }) => number), [19_000], "for the exchange alone; it is woken as it was before");
  clocks.set(31 * 24 * 3_600_000);
  door.tell(protocol.TICK);
  assert.equal(door.fact(3), 1, "it goes on waiting");
});

test("LOOPING: the guard holds the page", async () => {
  const door = await open(COOKIE);
  door.refused(0, "", 0, protocol.LOOPING);
  door.exchanged(1, 401, protocol.LOOPING, 0, "\n");
  assert.deepEqual(door.effects().slice(-1), [[DELIVER, 0, 0, "login_loop"]]);
  const alone = await open({ loginUrl: "/login" });
  alone.refused(0, "", 0, protocol.LOOPING);
  assert.deepEqual(alone.effects(), [[DELIVER, 0, 0, "login_loop"]]);
});

test("REDIRECTED: not sent again", async () => {
  const door = await open(COOKIE);
  door.refused(0, "", 0, protocol.REDIRECTED);
  door.exchanged(1, 204, 0, 0, "\n");
  assert.deepEqual(door.effects().slice(-1), [[DELIVER, 0, 0, "not_replayable"]]);
});

test("EARLIER: a call of a session before the present one, and SAME: no other session begins", async () => {
  const door = await open(COOKIE);
  door.started(0, SENT | EARLIER, KEY);
  door.unauthorized(0, 0, "");
  assert.deepEqual(door.effects(), [[DELIVER, 0, 0, "session_ended"]]);
  for (const what of [protocol.TOKENS, protocol.PROMISED, protocol.CLEARED]) {
    for (const [bits, delivered] of /** @type {const} */ ([[0, true], [protocol.SAME, what === protocol.CLEARED]])) {
      const door = await open(COOKIE);
      door.refused();
      door.tell(what, bits);
      assert.equal(door.effects().some(([kind, , , text]) => kind === DELIVER && text === "session_ended"), delivered, `${what} ${bits}`);
    }
  }
});

test("PROMISED and BROKEN", async () => {
  const door = await open(COOKIE);
  door.tell(protocol.PROMISED);
  assert.equal(door.started(0, 0, KEY), protocol.WAITS);
  door.take();
  door.tell(protocol.BROKEN);
  assert.deepEqual(door.effects(), [[SEND, 0, 0, ""]]);
});

test("CLEARED", async () => {
  const door = await open(COOKIE);
  door.tell(protocol.CLEARED);
  door.take();
  door.refused();
  assert.deepEqual(door.effects(), [[DELIVER, 0, 0, "session_ended"]]);
});

test("ABLE", async () => {
  const door = await open(APP);
  door.refused();
  assert.deepEqual(door.effects(), []);
  door.tell(protocol.ABLE);
  assert.deepEqual(door.effects(), [[EXCHANGE, 0, 1, ""]]);
});

test("REFRESH and Settle", async () => {
  const door = await open(COOKIE);
  door.tell(protocol.REFRESH);
  assert.deepEqual(door.effects(), [[EXCHANGE, 0, 1, ""]]);
  door.exchanged(1, 500, 0, 0, "\n");
  assert.deepEqual(door.effects(), [[REFRESH_FAILED, 500, 0, "http_error"], [SETTLE, 0, 0, "kept"]]);
});

test("TICK", async (t) => {
  const clocks = stopClocks(t);
  const door = await open(COOKIE);
  door.refused();
  door.take();
  clocks.pass(TIMEOUT);
  door.tell(protocol.TICK);
  assert.deepEqual(door.effects(), [[REFRESH_FAILED, 0, 0, "timeout"], [DELIVER, 0, 0, "refresh_failed"]]);
});

test("SHOWN: visible again, and back from the back/forward cache", async () => {
  const door = await open(COOKIE);
  door.document.visibilityState = "hidden";
  door.tell(protocol.LOGIN_ASKED, 0, 0, "why");
  assert.deepEqual(door.effects(), []);
  door.document.visibilityState = "visible";
  door.tell(protocol.SHOWN, 0);
  assert.deepEqual(door.effects(), [[LOGIN, 0, 1, "why"]]);
  door.refused();
  door.exchanged(1, 401, 0, 0, "\n");
  door.tell(protocol.SHOWN, 0);
  assert.equal(door.fact(2), 1);
  door.tell(protocol.SHOWN, protocol.RESTORED);
  assert.equal(door.fact(2), 0);
});

/** @type {Record<string, [options: Record<string, unknown>, status: number, bits: number, text: string, failed: [final: number, code: string] | undefined]>} */
const ANSWERS = {
  "a redirect": [COOKIE, 0, REDIRECT, "\n", [1, "redirect"]],
  "no answer": [COOKIE, 0, 0, "\n", [0, "network_error"]],
  "an error code": [COOKIE, 400, PARSED, "invalid_grant\n", [1, "invalid_grant"]],
  "no JSON": [ATTACH, 200, 0, "\n", [0, "unparsable"]],
  "no access token": [ATTACH, 200, PARSED, "\n", [0, "no_access_token"]],
  "another token type": [ATTACH, 200, PARSED | TOKEN, "\nDPoP", [0, "token_type"]],
  "an access token": [ATTACH, 200, PARSED | TOKEN, "\nbearer", undefined],
  "the app's error": [APP, 0, FAILED, "\n", [0, "app_error"]],
  "the app's last word": [APP, 0, FAILED | FINAL, "\n", [1, "app_error"]],
  "the app's renewal": [APP, 0, 0, "\n", undefined],
};
for (const [name, [options, status, bits, text, failed]] of Object.entries(ANSWERS)) {
  test("an exchange's answer: " + name, async () => {
    const door = await open(options);
    door.tell(protocol.ABLE);
    door.tell(protocol.REFRESH);
    door.take();
    door.exchanged(1, status, bits, 0, text);
    assert.deepEqual(door.effects()[0], failed ? [REFRESH_FAILED, status, ...failed] : [ADOPT, 1, 2, ""]);
  });
}

test("Complain: the endpoint's answer shows a wrong configuration", async () => {
  const door = await open(ATTACH);
  door.tell(protocol.REFRESH);
  door.exchanged(1, 404, 0, 0, "\n");
  assert.deepEqual(door.effects().filter(([kind]) => kind === COMPLAIN), [[COMPLAIN, 0, 404, "FETCH401_REFRESH_MISCONFIGURED"]]);
});

for (const [refreshUrl, expected] of /** @type {const} */ ([["/auth/refresh", 0], ["https://id.example.com/refresh", 1]])) {
  test("Complain: three network errors at " + refreshUrl, async (t) => {
    const clocks = stopClocks(t);
    const door = await open({ refreshUrl });
    for (let i = 1; i <= 3; i++) {
      door.tell(protocol.REFRESH);
      // Where nobody knows what became of the one before, there is time to tell it.
      clocks.pass(1000);
      door.tell(protocol.TICK);
      door.exchanged(i, 0, 0, 0, "\n");
    }
    assert.equal(door.effects().filter(([kind, , , text]) => kind === COMPLAIN && text === "FETCH401_REFRESH_UNREADABLE").length, expected);
  });
}

test("with a login URL alone there is no exchange", async () => {
  const door = await open({ loginUrl: "/login" });
  door.refused();
  assert.deepEqual(door.effects(), [[LOGIN, 0, 1, "session_ended\nGET\n" + KEY], [DELIVER, 0, 0, "session_ended"]]);
});

test("in a frame, or without a login URL, login is the event alone", async () => {
  for (const door of [await open(COOKIE, (window) => (window.top = {})), await open({ refreshUrl: "/r" })]) {
    door.tell(protocol.LOGIN_ASKED, 0, 0, "why");
    assert.deepEqual(door.effects(), [[LOGIN, 0, 0, "why"]]);
  }
});

test("on the login page, known by path and by fragment, nothing leads there", async () => {
  for (const loginUrl of ["/shop/cart", "/shop/cart#/login"]) {
    const door = await open({ loginUrl }, (window) => (window.location.hash = "#/login"));
    door.refused();
    assert.deepEqual(door.effects(), [[DELIVER, 0, 0, "session_ended"]], loginUrl);
  }
  const elsewhere = await open({ loginUrl: "/shop/cart#/login" });
  elsewhere.refused();
  assert.equal(elsewhere.effects().length, 2);
});

test("text of any length goes in and out whole", async () => {
  const door = await open(BEARER);
  door.refused(0, 'Negotiate x="' + "y".repeat(9000) + '", Bearer error="insufficient_scope"');
  assert.deepEqual(door.effects(), [[DELIVER, 0, 0, "insufficient_scope"]]);
  for (const length of [4000, 4095, 4096, 4097, 40_000, 100]) {
    const key = KEY + "/" + "z".repeat(length - KEY.length - 1);
    assert.equal(door.started(0, 0, key), 0, String(length));
    assert.equal(door.started(0, 0, "https://evil.example.com/" + "z".repeat(length)), -2);
    const reason = "why".repeat(length);
    door.tell(protocol.LOGIN_ASKED, 0, 0, reason);
    assert.ok(door.effects()[0][3] === reason, String(length));
  }
});

test("every Latin-1 character goes in and out as itself", async () => {
  const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
  const door = await open(BEARER);
  door.tell(protocol.LOGIN_ASKED, 0, 0, all);
  assert.equal(door.effects()[0][3], all);
  door.refused(0, 'Digest realm="caf\xe9\xff"');
  assert.deepEqual(door.effects(), [[DELIVER, 0, 0, "foreign_challenge"]]);
});
