/**
 * A process of its own: many clients, each with a session that it knows all about, so that every answer can be judged.
 * `node soak.js URL CLIENTS SECONDS` prints one JSON line at the end.
 */

import { client } from "./client.js";

const [url = "", clients = "64", seconds = "60"] = process.argv.slice(2);
const end = performance.now() + Number(seconds) * 1000;
/** @type {string[]} */
const wrong = [];
let answers = 0;
let rotations = 0;
let away = 0;

/**
 * @param {string} what
 * @param {boolean} right
 * @param {unknown} got
 */
const must = (what, right, got) => {
  answers++;
  if (!right) wrong.push(`${what}: ${JSON.stringify(got)}`.slice(0, 200));
};

/** @param {number} number */
const one = async (number) => {
  const c = client(url);
  const first = await c.signIn();
  must("sign-in", first.status === 200, first.status);
  let access = first.json.access_token;
  let token = first.json.refresh_token;
  let mine = 0;
  for (let turn = number; performance.now() < end; turn++) {
    const headers = { Authorization: "Bearer " + access };
    const got = await c.exchange(token);
    if (got.status === 503) {
      away++;
      continue;
    }
    must("rotation", got.status === 200 && got.json.refresh_token !== token, [got.status, got.json.error ?? got.json.detail]);
    if (got.status !== 200) break;
    mine++;
    if (turn % 4 === 0) {
      const again = await c.exchange(token);
      must("grace", again.status === 200 && again.json.refresh_token === got.json.refresh_token, again.status);
    }
    ({ access_token: access, refresh_token: token } = got.json);
    const hello = await c.ask("GET", "/api/hello", undefined, { Authorization: "Bearer " + access });
    must("hello", hello.status === 200 && hello.json.generation === mine, [hello.status, hello.json]);
    if (turn % 8 === 0) {
      const bad = await c.ask("GET", "/api/me", undefined, { Authorization: headers.Authorization + "x" });
      must("malformed", bad.status === 401 && /error="invalid_token"/.test(String(bad.headers["www-authenticate"])), bad.status);
      const bytes = "x".repeat(20_000 + turn);
      const echo = await c.ask("POST", "/api/echo", { bytes }, { Authorization: "Bearer " + access });
      must("echo", echo.status === 200 && echo.json.bytes === bytes.length + 6, [echo.status, echo.json]);
    }
  }
  const counts = await c.ask("GET", "/demo/counts", undefined, { Authorization: "Bearer " + access });
  must("counts", counts.json.refreshes === mine && counts.json.generation === mine && counts.json.reuse === 0, [mine, counts.json]);
  rotations += mine;
  c.close();
};

await Promise.all(Array.from({ length: Number(clients) }, (_, number) => one(number).catch((error) => must("request", false, String(error)))));
console.log(JSON.stringify({ answers, rotations, away, wrong: wrong.length, first: wrong.slice(0, 5) }));
