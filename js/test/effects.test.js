// What Go decides is carried out in order, and listeners may do what they like meanwhile: start calls, abort others,
// set tokens. What was decided for a call reaches no other, even one that has its number by then.
import assert from "node:assert/strict";
import { test } from "node:test";

import { LEAVING, NEW_SESSION, TICK } from "../src/protocol.js";
import { ADOPT, APP, ATTACH, BEARER, COMPLAIN, DELIVER, EXCHANGE, LOGIN, NAVIGATE, ORIGIN, REFRESH_FAILED, SEND, SESSION, SETTLE, WAKE, createPage, outcome, settled, unauthorized } from "./fake.js";

/**
 * A page with three held calls, whose effects come at the next event.
 * @param {Record<string, unknown>} [options]
 */
const held = async (options = SESSION) => {
  const page = createPage(options);
  const controllers = [0, 1, 2].map(() => new AbortController());
  const promises = controllers.map(({ signal }, i) => page.fetch("/api/" + i, { signal }));
  for (const call of page.sent.slice()) await call.answer(unauthorized());
  return { page, controllers, promises };
};

test("a refresh token that is refused at its first use is said to have two owners; any other refusal is not", async () => {
  /** @type {(options: Record<string, unknown>, number: number, code: string, renewed?: boolean) => string[][]} */
  const advised = (options, number, code, renewed) => {
    const page = createPage(options);
    page.signIn("one", "refresh");
    if (renewed) page.renew("two");
    page.door.queue(REFRESH_FAILED, 400, number, code);
    page.shown(false);
    return page.complaints;
  };
  assert.deepEqual(advised(BEARER, 1, "invalid_grant"), [["twoOwners", ""]]);
  assert.deepEqual(advised(BEARER, 0, "invalid_grant"), [], "not for good");
  assert.deepEqual(advised(BEARER, 1, "invalid_client"), []);
  assert.deepEqual(advised(BEARER, 1, "invalid_grant", true), [], "an exchange has succeeded before");
  assert.deepEqual(advised(ATTACH, 1, "invalid_grant"), [], "the page has no refresh token");
  assert.deepEqual(advised(APP, 1, "invalid_grant"), []);
});

test("in order, past those of calls that are no more", async () => {
  const { page, controllers, promises } = await held();
  controllers[1].abort();
  for (const id of [2, 1, 0, 7]) page.door.queue(DELIVER, id, 0, "why" + id);
  page.door.queue(SEND, 1);
  page.shown(false);
  assert.deepEqual(page.detail("unauthorized").map(({ reason }) => reason), ["why2", "why0"]);
  assert.equal((await outcome(promises[0])).value.status, 401);
  assert.equal(page.sent.length, 3);
});

test("a call that waits: what Go begins for it is begun at once", () => {
  const page = createPage(BEARER);
  page.door.token = -1;
  page.door.then = (name) => name === "started" && page.door.queue(EXCHANGE, 0, 1);
  page.fetch("/api/x");
  assert.deepEqual(page.sent.map((call) => call.args[0]), ["https://id.example.com/token"]);
});

/** @type {Record<string, Parameters<import("./fake.js").Page["door"]["queue"]>[]>} each event, and the effects that lead to it while three calls are held */
const EVENTS = {
  refreshing: [[EXCHANGE, 0, 1]],
  refreshed: [[ADOPT, 1, 2]],
  refreshfailed: [[REFRESH_FAILED, 1, 0, "http_error"]],
  unauthorized: [[DELIVER, 0, 0, "session_ended"]],
  login: [[LOGIN, 0, 0, "session_ended"]],
};

for (const [type, effects] of Object.entries(EVENTS)) {
  test(`a ${type} listener that starts a call: nothing that was decided for another reaches it`, async () => {
    const { page, promises } = await held();
    let started = 0;
    page.on[type] = () => void (started++ || page.fetch("/new"));
    for (const effect of effects) page.door.queue(...effect);
    for (const id of [0, 1, 2]) page.door.queue(SEND, id);
    page.shown(false);
    assert.equal(started, 1);
    assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 1, 2, type === "unauthorized" ? 0 : 3]);
    assert.equal(page.sent.filter((call) => call.args[0].endsWith("/new")).length, 1);
    const again = page.sent.slice(3).map((call) => call.args[0]).filter((url) => url.includes("/api/"));
    assert.deepEqual(again, (type === "unauthorized" ? [1, 2] : [0, 1, 2]).map((id) => `${ORIGIN}/api/${id}`));
    for (const call of page.sent.slice(3)) await call.answer();
    for (const promise of promises) assert.ok(!(await outcome(promise)).pending);
    page.fetch("/later");
    assert.ok(page.door.of("started").at(-1)?.[0] < 4, "afterwards they are reused");
  });

  test(`a ${type} listener that aborts a call: what was decided for it is not carried out`, async () => {
    const { page, controllers, promises } = await held();
    page.on[type] = () => controllers[2].abort("why");
    for (const effect of effects) page.door.queue(...effect);
    for (const id of [1, 2]) page.door.queue(SEND, id);
    page.shown(false);
    assert.deepEqual(page.door.of("failed"), [[2]]);
    assert.equal((await outcome(promises[2])).reason, "why");
    assert.deepEqual(page.sent.slice(3).map((call) => call.args[0]).filter((url) => url.includes("/api/")), [ORIGIN + "/api/1"]);
  });

  test(`a ${type} listener that gives tokens: Go decides anew, and calls go out with its token`, async () => {
    const { page, promises } = await held({ ...APP, loginUrl: "/login" });
    page.gate.able(() => new Promise(() => {}));
    page.on[type] = () => page.signIn("given");
    for (const effect of effects) page.door.queue(...effect);
    page.door.queue(SEND, 1, 2);
    page.shown(false);
    assert.equal(page.sent.length, 3, "a call of the session before is not sent again");
    assert.deepEqual((await outcome(promises[1])).value?.status, 401);
    assert.deepEqual(page.door.of("failed"), [[1]]);
    page.fetch("/api/x");
    assert.equal(page.sent[3].header("Authorization"), "Bearer given");
  });
}

test("a retried listener that starts a call gets another number", async () => {
  const page = createPage();
  page.fetch("/x");
  await page.refuse(page.sent[0], SEND, 0);
  page.on.retried = () => void page.fetch("/y");
  const response = new Response("ok");
  await page.sent[1].answer(response);
  assert.deepEqual(page.door.of("started").map(([id]) => id), [0, 1]);
  assert.deepEqual(page.door.of("answered"), [[0, 200]]);
});

test("a retried listener that aborts the call and starts another: the other is not taken for it", async () => {
  for (const end of /** @type {const} */ (["answer", "fail"])) {
    const page = createPage();
    const controller = new AbortController();
    const promise = page.fetch("/x", { signal: controller.signal });
    await page.refuse(page.sent[0], SEND, 0);
    /** @type {Promise<Response> | undefined} */
    let other;
    page.on.retried = () => {
      controller.abort("why");
      other = page.fetch("/y");
    };
    await page.sent[1][end](/** @type {any} */ (new Response("ok")));
    assert.equal((await outcome(promise)).reason, "why");
    assert.deepEqual(page.door.told.slice(2), [["failed", 0], ["started", page.door.of("started")[1][0], 0, ORIGIN + "/y"]], end);
    page.fetch("/z");
    const numbers = page.door.of("started").map(([id]) => id);
    assert.notEqual(numbers[1], numbers[2], "each has its own number");
    await page.sent[2].answer();
    assert.equal((await outcome(/** @type {any} */ (other))).value?.status, 200);
  }
});

test("an unauthorized listener sees the call settled: to abort it is too late", async () => {
  const { page, controllers, promises } = await held();
  page.on.unauthorized = () => controllers[0].abort();
  page.door.queue(DELIVER, 0, 0, "x");
  page.shown(false);
  assert.equal((await outcome(promises[0])).value.status, 401);
  assert.deepEqual(page.door.of("failed"), []);
});

test("an exchange goes with the refresh token of the session that Go began it for, whatever a listener gives", async () => {
  const page = createPage(BEARER);
  page.signIn("one", "first");
  page.on.refreshing = () => page.signIn("two", "second");
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  assert.doesNotMatch(String(page.sent[0]?.args[1].body), /second/, "Go discards its answer: a rotating token would be lost");
});

test("login: the event tells of the blamed call, and unless it is prevented Go is told that the page leaves", async () => {
  for (const prevented of [false, true]) {
    const { page } = await held({ ...SESSION, returnParam: "next", reasonParam: "why", loginUrl: "/login?a=1#b" });
    if (prevented) page.on.login = () => false;
    page.door.then = (name, what) => {
      if (name !== "tell" || what !== LEAVING) return;
      page.door.queue(NAVIGATE, 0, 0, "/back?x=1#y\nsession_ended");
    };
    page.door.queue(LOGIN, 0, 1, "session_ended\nGET 419\n" + ORIGIN + "/api/2");
    page.door.queue(DELIVER, 2, 0, "session_ended");
    page.shown(false);
    assert.deepEqual(page.events[0], { type: "login", detail: { reason: "session_ended", url: ORIGIN + "/api/2", method: "GET", status: 419 }, cancelable: true });
    assert.deepEqual(page.left, prevented ? [] : [ORIGIN + "/login?a=1&next=%2Fback%3Fx%3D1%23y&why=session_ended#b"]);
    assert.deepEqual(page.door.of("tell").slice(1).map(([what]) => what), prevented ? [] : [LEAVING]);
    assert.equal(page.gate.state().counters.logins, 1);
  }
});

test("login without a way to leave, in a frame say, is the event alone", () => {
  const page = createPage();
  page.door.queue(LOGIN, 0, 0, "session_ended");
  page.shown(false);
  assert.equal(page.detail("login").length, 1);
  assert.equal(page.door.of("tell").length, 1);
});

test("login() that the app asked for speaks of no call, with Go's reason", () => {
  const page = createPage();
  page.door.queue(LOGIN, 0, 1, "no_credentials");
  page.gate.login("");
  assert.deepEqual(page.detail("login"), [{ reason: "no_credentials", url: "", method: "", status: 0 }]);
});

test("refreshfailed: whether for good, the code, and the status of the answer, 0 for a timeout", async () => {
  const page = createPage();
  page.door.queue(EXCHANGE, 0, 1);
  page.gate.refresh();
  page.door.then = (name) => {
    if (name !== "exchanged") return;
    page.door.queue(REFRESH_FAILED, 400, 1, "invalid_grant");
    page.door.queue(REFRESH_FAILED, 0, 0, "timeout");
  };
  await page.sent[0].answer(Response.json({ error: "invalid_grant" }, { status: 400 }));
  assert.deepEqual(page.detail("refreshfailed"), [{ final: true, code: "invalid_grant", status: 400 }, { final: false, code: "timeout", status: 0 }]);
});

test("settle answers all who asked for a refresh, once", async () => {
  const page = createPage();
  const both = [page.gate.refresh(), page.gate.refresh()];
  page.door.queue(SETTLE, 0, 0, "renewed");
  page.shown(false);
  for (const promise of both) assert.equal((await outcome(promise)).value, "renewed");
  assert.ok((await outcome(page.gate.refresh())).pending);
});

test("wake: Go hears what is kept, and the time again, unless it has ended", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = createPage();
  page.door.queue(WAKE, 0, 500);
  page.shown(false);
  const before = page.door.told.length;
  t.mock.timers.tick(499);
  assert.equal(page.door.told.length, before);
  page.door.then = (name, what) => what === TICK && page.door.queue(SETTLE, 0, 0, "kept");
  page.note = () => void page.door.told.push(["note"]);
  t.mock.timers.tick(1);
  assert.deepEqual(page.door.told.slice(before), [["note"], ["tell", TICK, 0]]);
  assert.deepEqual(page.door.take(), [], "and what it decides is carried out");

  page.door.queue(WAKE, 0, 500);
  page.shown(false);
  page.gate.dead();
  const { length } = page.door.told;
  t.mock.timers.tick(500);
  assert.equal(page.door.told.length, length);
});

test("complaints name the endpoint and what it lacks, without query", async () => {
  const page = createPage({ refreshUrl: "https://id.example.com/refresh?key=secret" });
  page.door.queue(COMPLAIN, 0, 0, "FETCH401_REFRESH_UNREADABLE");
  page.door.queue(COMPLAIN, 0, 404, "FETCH401_REFRESH_MISCONFIGURED");
  page.shown(false);
  assert.deepEqual(page.complaints.map(([code]) => code), ["FETCH401_REFRESH_UNREADABLE", "FETCH401_REFRESH_MISCONFIGURED"]);
  const [cors, fault] = page.complaints.map(([, text]) => text);
  assert.match(cors, /https:\/\/id\.example\.com\/refresh\b.*Access-Control-Allow-Origin: https:\/\/app\.example\.com.*Access-Control-Allow-Credentials: true/);
  assert.match(fault, /^https:\/\/id\.example\.com\/refresh gave no usable answer \(status 404\): no further try until setTokens\(\), refresh\(\) or a reload$/);
  assert.doesNotMatch(cors + fault, /secret/);

  const bearer = createPage(BEARER);
  bearer.door.queue(COMPLAIN, 0, 0, "FETCH401_REFRESH_UNREADABLE");
  bearer.shown(false);
  assert.match(bearer.complaints[0][1], /must carry Access-Control-Allow-Origin: https:\/\/app\.example\.com$/);

  const app = createPage(APP);
  app.door.queue(COMPLAIN, 0, 0, "FETCH401_REFRESH_MISCONFIGURED");
  app.shown(false);
  await settled();
  assert.equal(app.complaints.length, 1);
});

test("a step-up goes to login with what its challenge demands (RFC 9470 §3)", () => {
  const page = createPage({ ...SESSION, loginUrl: "/login" });
  page.door.queue(LOGIN, 0, 1, "step_up\nGET 401\n" + ORIGIN + "/api/x\nmfa hwk\n60");
  page.door.then = (name, what) => name === "tell" && what === LEAVING && page.door.queue(NAVIGATE, 0, 0, "/back\n" + page.door.of("tell").at(-1)?.[3]);
  page.shown(false);
  assert.deepEqual(page.events.map(({ detail }) => detail), [{ reason: "step_up", url: ORIGIN + "/api/x", method: "GET", status: 401 }]);
  const { searchParams } = new URL(page.left[0]);
  assert.deepEqual([...searchParams], [["return_to", "/back"], ["reason", "step_up"], ["acr_values", "mfa hwk"], ["max_age", "60"]]);
});

test("CONTRACT §4: what another page has begun is another session here, or goes on with this one", () => {
  for (const same of [true, false]) {
    const page = createPage(BEARER);
    page.signIn("one");
    const before = page.gate.session();
    page.door.queue(NEW_SESSION, +same, 7);
    page.shown(false);
    assert.equal(page.gate.session(), before + +!same);
    page.fetch("/api/x", { headers: { Authorization: "Bearer one" } });
    assert.equal(page.door.of("started").length, +same, "tokens of an earlier session are no longer ours");
  }
});
