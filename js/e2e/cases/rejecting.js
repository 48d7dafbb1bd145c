/** CONTRACT §4 `reject`: a final 401 rejects as it does with Axios. */

import assert from "node:assert/strict";
import { check } from "../harness/check.js";
import { guard, guarded } from "../harness/guard.js";
import { opened } from "../harness/modes.js";
import { no } from "../harness/site.js";

const REJECT = { "data-unauthorized": "reject" };

for (const mode of ["session", "bearer"]) {
  check(`§4 reject: UnauthorizedError with name, code, status, reason, response (unread), request, for the Axios pattern (${mode})`, async (e) => {
    const { tab, session } = await opened(e, mode, { attrs: REJECT, page: { before: ["window.__stay = true"] } });
    assert.equal((await tab.call("/api/hello")).status, 200);
    await session.expire();
    assert.equal((await tab.call("/api/hello")).status, 200, "healed calls resolve");
    await session.revoke();
    const caught = await tab.run(() =>
      fetch("/api/echo?secret=1", { method: "POST", body: "x" }).then(
        () => "resolved",
        async (error) => {
          if (error.response.status !== 401) return "not the pattern";
          const { name, code, status, reason, request } = error;
          return { name, code, status, reason, request, real: error instanceof Error, unread: !error.response.bodyUsed, body: (await error.response.json()).status };
        },
      ),
    );
    const url = new URL("/api/echo", await tab.url()).href;
    assert.deepEqual(caught, {
      name: "UnauthorizedError", code: "FETCH401_UNAUTHORIZED", status: 401, reason: "session_ended",
      request: { url, method: "POST" }, real: true, unread: true, body: 401,
    });
    assert.equal((await tab.call("/api/basicless")).status, 404);
  });
}

check("§4 reject: calls that are not ours resolve as ever", async (e) => {
  const { site, tab } = await guarded(e, "session", { attrs: { ...REJECT, "data-except": "/api/sign-in" } });
  site.on("GET /elsewhere", no()).on("GET /api/sign-in", no());
  for (const path of ["/elsewhere", "/api/sign-in"]) assert.equal((await tab.call(path)).status, 401);
  assert.equal((await tab.call("/api/x", { headers: { Authorization: "Bearer own" } })).status, 401);
});

check("§4 reject: every reason a 401 is handed over for", async (e) => {
  const { site, g, tab } = await guarded(e, "session", { attrs: REJECT, page: { before: ["window.__stay = true"] } });
  site.on("GET /api/scope", no('Bearer error="insufficient_scope"')).on("GET /api/step", no('Bearer error="insufficient_user_authentication"'));
  assert.equal((await tab.call("/api/scope")).error.reason, "insufficient_scope");
  assert.equal((await tab.call("/api/step")).error.reason, "step_up");
  g.answer = () => ({ status: 503 });
  assert.equal((await tab.call("/api/down")).error.reason, "refresh_failed");
  g.answer = () => ({ status: 400, body: "{}" });
  await tab.run(() => new Promise((resolve) => setTimeout(resolve, 2100)));
  assert.equal((await tab.call("/api/fault")).error.reason, "misconfigured");
});

for (const mode of ["session", "bearer"]) {
  check(`§4 reject, also when Go is dead (${mode})`, async (e) => {
    const site = await e.site();
    const g = guard(site, mode);
    site.on("GET /fetch401/fetch401.wasm", { status: 404 });
    const tab = await e.tab();
    await tab.goto(site.page({ attrs: { ...g.attrs, ...REJECT } }));
    await tab.line(/FETCH401_WASM_UNAVAILABLE/);
    await g.begin(tab);
    const { error } = await tab.call("/api/x");
    assert.equal(error.code, "FETCH401_UNAUTHORIZED");
    assert.deepEqual([error.status, error.response, error.unread, error.name], [401, 401, true, "UnauthorizedError"]);
    assert.deepEqual(error.request, { url: site.origin + "/api/x", method: "GET" });
    assert.equal((await tab.call("/elsewhere")).status, 404);
  });
}
