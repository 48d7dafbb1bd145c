/** A process of its own that loads a backend: `node load.js URL KIND CLIENTS SECONDS` prints one JSON line a second. */

import { client } from "./client.js";

const [url = "", kind = "", clients = "1", seconds = "1"] = process.argv.slice(2);

/** @type {number[]} */
let times = [];
let wrong = 0;
const end = performance.now() + Number(seconds) * 1000;

const one = async () => {
  const c = client(url);
  const { json } = await c.signIn();
  let token = json.refresh_token;
  /** @type {Record<string, () => Promise<boolean>>} */
  const kinds = {
    public: async () => (await c.ask("GET", "/api/public")).status === 200,
    hello: async () => (await c.ask("GET", "/api/hello", undefined, { Authorization: "Bearer " + json.access_token })).status === 200,
    refresh: async () => {
      const got = await c.exchange(token);
      const good = got.status === 200 && got.json.refresh_token !== token;
      token = got.json.refresh_token;
      return good;
    },
  };
  const act = kinds[kind];
  if (!act) throw new Error(`no load "${kind}"`);
  while (performance.now() < end) {
    const began = performance.now();
    if (!(await act())) wrong++;
    times.push(performance.now() - began);
  }
  c.close();
};

const report = () => {
  console.log(JSON.stringify({ times: times.map((t) => Math.round(t * 1000) / 1000), wrong }));
  times = [];
};
const every = setInterval(report, 1000);
await Promise.all(Array.from({ length: Number(clients) }, one));
clearInterval(every);
report();
