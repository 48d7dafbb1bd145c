/** What the samples promise, asked of each of them over HTTP. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { seal, startExpress, startGo, startHono } from "./servers.js";

/** A browser's part: it keeps the cookies, and says where its requests come from. */
const client = (url) => {
  const jar = new Map();
  const call = async (method, path, { headers = {}, body, cookies = jar } = {}) => {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url + path, {
      method,
      headers: { "Sec-Fetch-Site": "same-origin", ...(cookie && { Cookie: cookie }), ...(body && { "Content-Type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
    const set = response.headers.getSetCookie();
    for (const field of set) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(field);
      if (value && !/Max-Age=0|1970/.test(field)) jar.set(name, value);
      else jar.delete(name);
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers, set, body: text && JSON.parse(text) };
  };
  return {
    jar,
    call,
    signIn: () => call("POST", "/auth/login", { body: { name: "demo", password: "demo" } }),
    refresh: (token) => call("POST", "/auth/refresh", token && { cookies: [["__Host-refresh", token]] }),
    hello: () => call("GET", "/api/hello"),
    get token() {
      return jar.get("__Host-refresh");
    },
  };
};

/** @param {{ set: string[] }} answer */
const successor = ({ set }) => set.map((field) => /^__Host-refresh=([^;]+)/.exec(field)?.[1]).find(Boolean);

const isRefused = (answer, challenge = 'Bearer realm="app", error="invalid_token"') => {
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get("WWW-Authenticate"), challenge);
  assert.equal(answer.headers.get("Cache-Control"), "no-store");
};

for (const [name, start] of [
  ["Express", startExpress],
  ["Hono on workerd, D1", startHono],
  ["Go", startGo],
]) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof startExpress>>} */
    let server;
    before(async () => {
      server = await start();
    });
    after(() => server?.stop());

    const signedIn = async () => {
      const c = client(server.url);
      await c.signIn();
      return c;
    };
    const idOf = (token) => token.split(".")[0];
    const ended = async (token) => (await server.one("SELECT ended_at FROM sessions WHERE id = ?1", idOf(token))).ended_at > 0;

    test("a sign-in gives two __Host- cookies, and says whose session it is and how long it lasts", async () => {
      const answer = await client(server.url).signIn();
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, { subject: "demo", expires_in: 300 });
      assert.equal(answer.headers.get("Cache-Control"), "no-store");
      assert.equal(answer.set.length, 2);
      for (const [i, [cookie, seconds, site]] of [["access", 300, "lax"], ["refresh", 30 * 24 * 3600, "strict"]].entries()) {
        const field = answer.set[i].toLowerCase();
        assert.match(field, new RegExp(`^__host-${cookie}=`));
        const parts = field.split("; ");
        for (const part of ["path=/", "httponly", "secure", `samesite=${site}`, `max-age=${seconds}`]) assert.ok(parts.includes(part), field);
        assert.doesNotMatch(field, /domain/);
      }
    });

    test("the API answers a session, and 401 with a challenge to everything else", async () => {
      const c = await signedIn();
      assert.deepEqual((await c.hello()).body, { hello: "demo" });
      isRefused(await client(server.url).hello(), 'Bearer realm="app"');
      isRefused(await client(server.url).call("POST", "/auth/login", { body: { name: "demo", password: "wrong" } }), 'Bearer realm="app"');
      const id = idOf(c.token);
      for (const token of ["x", seal("access", `${id}.${Date.now() - 1}`), seal("refresh", `${id}.${Date.now() + 1e6}`), seal("access", `${id}.${Date.now() + 1e6}`).replace(/.$/, (last) => (last === "A" ? "E" : "A"))]) {
        isRefused(await c.call("GET", "/api/hello", { cookies: [["__Host-access", token]] }));
      }
      assert.equal((await c.call("GET", "/api/hello", { cookies: [["__Host-access", seal("access", `${id}.${Date.now() + 1e6}`)]] })).status, 200);
    });

    test("a refresh gives both cookies anew", async () => {
      const c = await signedIn();
      const old = c.token;
      const answer = await c.refresh();
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, { subject: "demo", expires_in: 300 });
      assert.equal(answer.headers.get("Cache-Control"), "no-store");
      assert.deepEqual(answer.set.map((field) => field.split("=")[0]), ["__Host-access", "__Host-refresh"]);
      assert.notEqual(c.token, old);
      assert.equal((await c.hello()).status, 200);
    });

    test("twenty at once with one token get one successor", async () => {
      const c = await signedIn();
      const { token } = c;
      const answers = await Promise.all(Array.from({ length: 20 }, () => c.refresh(token)));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal(new Set(answers.map(successor)).size, 1);
      assert.equal((await server.one("SELECT rotation FROM sessions WHERE id = ?1", idOf(token))).rotation, 1);
    });

    test("for ten seconds a used token gives the same successor, then it ends the session", async () => {
      const c = await signedIn();
      const used = c.token;
      const first = successor(await c.refresh(used));
      const age = (seconds) => server.one("UPDATE sessions SET rotated_at = ?2 WHERE id = ?1", idOf(used), Date.now() - seconds * 1000);
      await age(9);
      assert.equal(successor(await c.refresh(used)), first);
      await age(10.5);
      const answer = await c.refresh(used);
      isRefused(answer);
      assert.equal(answer.set.length, 2);
      assert.equal(c.jar.size, 0);
      isRefused(await c.refresh(first));
      isRefused(await c.call("GET", "/api/hello", { cookies: [["__Host-access", seal("access", `${idOf(used)}.${Date.now() + 1e6}`)]] }));
      assert.ok(await ended(used));
    });

    test("a token whose successor has been used ends the session at once", async () => {
      const c = await signedIn();
      const used = c.token;
      await c.refresh();
      await c.refresh();
      const last = c.token;
      isRefused(await c.refresh(used));
      isRefused(await c.refresh(last));
    });

    test("what this server did not make is refused and ends nothing", async () => {
      const c = await signedIn();
      const { token } = c;
      const id = idOf(token);
      for (const foreign of ["x", `${id}.0.${"A".repeat(43)}`, token.replace(".0.", ".1."), seal("access", `${id}.0`), token + "A"]) isRefused(await c.refresh(foreign));
      assert.equal(await ended(token), false);
      assert.equal((await c.refresh(token)).status, 200);
    });

    test("a session past its end is not renewed", async () => {
      const c = await signedIn();
      await server.one("UPDATE sessions SET expires_at = ?2 WHERE id = ?1", idOf(c.token), Date.now() - 1);
      isRefused(await c.hello());
      isRefused(await c.refresh());
    });

    test("no other site signs in, renews or signs out", async () => {
      const c = await signedIn();
      const { origin } = new URL(server.url);
      for (const path of ["/auth/login", "/auth/refresh", "/auth/logout"]) {
        for (const headers of [
          { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
          { "Sec-Fetch-Site": "same-site", Origin: origin },
          { "Sec-Fetch-Site": "", Origin: "https://evil.example" },
          { "Sec-Fetch-Site": "", Origin: "null" },
          { "Sec-Fetch-Site": "" },
        ]) {
          const answer = await c.call("POST", path, { headers });
          assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
          assert.deepEqual(answer.set, []);
        }
      }
      assert.equal((await c.call("POST", "/auth/refresh", { headers: { "Sec-Fetch-Site": "", Origin: origin } })).status, 200);
    });

    test("a sign-out ends the session, also with an old token and for a renewal that comes late", async () => {
      const c = await signedIn();
      const old = c.token;
      await c.refresh();
      const { token } = c;
      const answer = await c.call("POST", "/auth/logout", { cookies: [["__Host-refresh", old]] });
      assert.equal(answer.status, 204);
      assert.equal(c.jar.size, 0);
      isRefused(await c.refresh(token));
      isRefused(await c.call("GET", "/api/hello", { cookies: [["__Host-access", seal("access", `${idOf(old)}.${Date.now() + 1e6}`)]] }));
      assert.equal((await client(server.url).call("POST", "/auth/logout")).status, 204);
    });

    test("a database that fails is 503, and nobody is signed out", async () => {
      const c = await signedIn();
      const { token } = c;
      await server.one("ALTER TABLE sessions RENAME TO elsewhere");
      for (const answer of [await c.refresh(), await c.hello(), await c.call("POST", "/auth/logout")]) {
        assert.equal(answer.status, 503);
        assert.equal(answer.headers.get("Retry-After"), "5");
        assert.equal(answer.headers.get("Cache-Control"), "no-store");
        assert.deepEqual(answer.set, []);
      }
      await server.one("ALTER TABLE elsewhere RENAME TO sessions");
      assert.equal((await c.refresh(token)).status, 200);
    });
  });
}

test("Express without the built library starts, and says what is missing", async () => {
  const server = await startExpress({ FETCH401: "/nowhere" });
  await server.stop();
  assert.match(server.said(), /^\/nowhere is missing, so no 401 will be healed: npm install the package/);
});
