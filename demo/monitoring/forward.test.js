import assert from "node:assert/strict";
import { test } from "node:test";

import { forward, withoutIds } from "./forward.js";

const open = () => {
  const fetch401 = new EventTarget();
  /** @type {[string, any][]} */
  const crumbs = [];
  /** @type {[string, any][]} */
  const events = [];
  const stop = forward(fetch401, { breadcrumb: (...told) => void crumbs.push(told), event: (...told) => void events.push(told) });
  /** @param {string} type @param {object} detail */
  const tell = (type, detail) => fetch401.dispatchEvent(new CustomEvent(type, { detail }));
  return { crumbs, events, stop, tell };
};

const CALL = { reason: "session_ended", url: "https://a.test/api/orders/17", method: "GET", status: 401 };

test("only a 401 that is handed out is an event", () => {
  const { crumbs, events, tell } = open();
  tell("refreshing", {});
  tell("refreshfailed", { final: true, code: "invalid_grant", status: 400 });
  tell("login", CALL);
  tell("retried", { ...CALL, reason: "", status: 200 });
  tell("refreshed", { generation: 2 });
  assert.deepEqual(events, []);
  assert.deepEqual(crumbs.map(([message]) => message), ["refreshing", "refreshfailed", "login", "retried", "refreshed"].map((type) => "fetch401 " + type));
  assert.deepEqual(crumbs[1][1], { final: true, code: "invalid_grant", status: 400 });
  tell("unauthorized", CALL);
  assert.deepEqual(events, [
    [
      "401 (session_ended): GET https://a.test/api/orders/:id",
      {
        level: "info",
        fingerprint: ["fetch401", "session_ended", "GET", "https://a.test/api/orders/:id"],
        data: { ...CALL, url: "https://a.test/api/orders/:id" },
      },
    ],
  ]);
});

test("how bad it is goes by the reason, and what nobody knows is bad", () => {
  for (const [reason, level] of [["no_credentials", "info"], ["step_up", "info"], ["refresh_failed", "warning"], ["still_unauthorized", "error"], ["misconfigured", "error"], ["login_loop", "error"], ["something_new", "error"]]) {
    const { events, tell } = open();
    tell("unauthorized", { ...CALL, reason });
    assert.equal(events[0][1].level, level, reason);
  }
});

test("what is not known to be harmless is not forwarded", () => {
  const { events, tell } = open();
  tell("unauthorized", { ...CALL, response: { headers: {} }, token: "secret" });
  assert.deepEqual(Object.keys(events[0][1].data).sort(), ["method", "reason", "status", "url"]);
});

test("after it was ended nothing is forwarded", () => {
  const { crumbs, events, stop, tell } = open();
  stop();
  tell("unauthorized", CALL);
  tell("login", CALL);
  assert.deepEqual([crumbs, events], [[], []]);
});

test("ids and secrets leave the path, words stay", () => {
  for (const [url, bare] of [
    ["https://a.test/api/orders/17/items", "https://a.test/api/orders/:id/items"],
    ["https://a.test/users/0b7e9c1a-5d7b-4f1e-9a53-1f2d3c4b5a69", "https://a.test/users/:id"],
    ["https://a.test/reset/S3CRETsecretS3CRETsecret", "https://a.test/reset/:id"],
    ["https://a.test/reset/onlyletterssecretsecretsecret", "https://a.test/reset/:id"],
    ["https://a.test:8443/v1/reports?token=x#y", "https://a.test:8443/v1/reports"],
    ["/login?return_to=%2F", "/login"],
    ["", ""],
  ]) {
    assert.equal(withoutIds(url), bare);
  }
});
