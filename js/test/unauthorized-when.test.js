// unauthorizedWhen: the app reads answers that are no 401, and says which of them mean one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { DELIVER, ORIGIN, SEND, SESSION, createPage, outcome, redirected, settled, unauthorized } from "./fake.js";

/** @param {Response} response */
const graphql = async (response) => (await response.json()).errors?.[0].extensions.code === "UNAUTHENTICATED";
const REFUSED = { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] };

/**
 * @param {(response: Response) => any} means
 * @param {Record<string, unknown>} [options]
 */
const reading = (means, options = SESSION) => {
  const page = createPage({ except: ["/open"], ...options });
  page.gate.means = means;
  return page;
};

test("an answer that means 401 is held and healed", async () => {
  const page = reading(graphql);
  const promise = page.fetch("/graphql", { method: "POST", body: "{}" });
  await page.sent[0].answer(Response.json(REFUSED));
  await settled();
  assert.deepEqual(page.door.of("unauthorized"), [[0, 0, "POST 200\n"]]);
  assert.deepEqual(page.door.of("answered"), [], "which would speak for the session");
  page.door.queue(SEND, 0);
  page.shown(false);
  const healed = Response.json({ data: 1 });
  await page.sent[1].answer(healed);
  await settled();
  const { value } = await outcome(promise);
  assert.equal(value, healed, "the very response");
  assert.deepEqual(await value.json(), { data: 1 }, "unread");
  assert.equal(page.door.of("answered").length, 1);
});

test("handed out, it is the very response, unread, with its own status", async () => {
  const page = reading(graphql);
  const promise = page.fetch("/graphql");
  const response = Response.json(REFUSED);
  page.door.queue(DELIVER, 0, 0, "session_ended");
  await page.sent[0].answer(response);
  await settled();
  const { value } = await outcome(promise);
  assert.equal(value, response);
  assert.deepEqual(await value.json(), REFUSED);
  assert.deepEqual(page.detail("unauthorized"), [{ reason: "session_ended", url: ORIGIN + "/graphql", method: "GET", status: 200 }]);
});

test("only true means it", async () => {
  for (const said of [false, undefined, null, 1, "true", {}, Promise.resolve(false)]) {
    const page = reading(() => said);
    const promise = page.fetch("/x");
    const response = new Response("ok");
    await page.sent[0].answer(response);
    assert.equal((await outcome(promise)).value, response);
    assert.equal(page.door.of("unauthorized").length, 0);
    assert.deepEqual(page.complaints, []);
  }
});

test("it is asked about protected answers alone, each once, and never about a 401", async () => {
  /** @type {number[]} */
  const asked = [];
  const page = reading((response) => void asked.push(response.status));
  for (const [i, [url, response]] of /** @type {const} */ ([
    ["/open/x", new Response("")],
    ["https://other.example.com/", new Response("")],
    ["/x", unauthorized()],
    ["/x", redirected(new Response(""), "https://other.example.com/")],
    ["/x", Response.error()],
    ["/x", new Response("", { status: 500 })],
    ["/x", redirected(new Response("", { status: 201 }), ORIGIN + "/y")],
  ]).entries()) {
    page.fetch(url);
    await page.sent[i].answer(response);
  }
  assert.deepEqual(asked, [500, 201]);
});

test("what it does to its copy is nothing to the caller; what it has not read is let go", async () => {
  /** @type {Response[]} */
  const copies = [];
  const page = reading((response) => {
    copies.push(response);
    response.headers.set("x", "y");
    return false;
  });
  const promise = page.fetch("/x");
  await page.sent[0].answer(new Response("text"));
  const { value } = await outcome(promise);
  assert.equal(await value.text(), "text");
  assert.equal(value.headers.get("x"), null);
  assert.notEqual(copies[0], value);
  assert.ok(copies[0].bodyUsed, "cancelled");
});

/** @type {Record<string, () => any>} */
const FAILS = {
  "throws": () => {
    throw new Error("in the app");
  },
  "rejects": async () => {
    throw undefined;
  },
  "gives a thenable that throws": () => ({
    then() {
      throw 1;
    },
  }),
};
for (const [name, fails] of Object.entries(FAILS)) {
  test(`a function that ${name}: the answer is delivered, and the page is told`, async () => {
    const page = reading(fails);
    const promise = page.fetch("/x");
    const response = new Response("ok");
    await page.sent[0].answer(response);
    assert.equal((await outcome(promise)).value, response);
    assert.equal(await response.text(), "ok");
    assert.deepEqual(page.complaints, [["undecided", ""]]);
    assert.equal(page.door.of("answered").length, 1);
  });
}

test("a function that never answers holds the answer up no longer than calls wait, and what it says then is nothing any more", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let say = (/** @type {boolean} */ _) => {};
  const page = reading(() => new Promise((resolve) => (say = resolve)), { ...SESSION, refreshTimeout: 300 });
  const promise = page.fetch("/x");
  const response = new Response("ok");
  await page.sent[0].answer(response);
  t.mock.timers.tick(299);
  assert.ok((await outcome(promise)).pending);
  t.mock.timers.tick(1);
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(page.complaints, [["undecided", ""]]);
  say(true);
  await settled();
  assert.equal(page.door.of("unauthorized").length, 0);
});

test("a response that cannot be copied is delivered", async () => {
  const page = reading(() => true);
  const promise = page.fetch("/x");
  const response = new Response("ok");
  response.body?.getReader();
  await page.sent[0].answer(response);
  assert.equal((await outcome(promise)).value, response);
  assert.deepEqual(page.complaints, [["undecided", ""]]);
});

test("a caller that aborts meanwhile gets that at once, and Go hears of it once", async () => {
  let say = (/** @type {boolean} */ _) => {};
  const page = reading(() => new Promise((resolve) => (say = resolve)));
  const controller = new AbortController();
  const promise = page.fetch("/x", { signal: controller.signal });
  await page.sent[0].answer(new Response("ok"));
  controller.abort("enough");
  assert.equal((await outcome(promise)).reason, "enough");
  say(true);
  await settled();
  assert.deepEqual([page.door.of("failed").length, page.door.of("answered").length, page.door.of("unauthorized").length], [1, 0, 0]);
  assert.equal(page.gate.state().held, 0);
});
