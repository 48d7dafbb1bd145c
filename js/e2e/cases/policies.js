/** CONTRACT §1 under Content-Security-Policies, from another origin, and where it cannot be: what js/docs/content-security-policy.md tells. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import helmet from "helmet";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { DIST } from "../harness/paths.js";

const digest = (name) => "sha256-" + createHash("sha256").update(readFileSync(`${DIST}/${name}`)).digest("base64");
const SCRIPT = digest("fetch401.js");
const PROGRAM = digest("fetch401.program.js");

/** What helmet sets, with the one source that the WebAssembly needs. */
const HELMET = {};
helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["'self'", "'wasm-unsafe-eval'"] } } })(
  {},
  { setHeader: (name, value) => void (HELMET[name.toLowerCase()] = value), removeHeader() {} },
  (error) => assert.ifError(error),
);
// A rule for the host from then on, so for the servers of all other tests.
delete HELMET["strict-transport-security"];

const policy = (text) => ({ "content-security-policy": text });
const nonce = { nonce: "abc" };
const hashed = { integrity: SCRIPT, crossorigin: "" };

/** By the name that the table in js/docs has. */
const POLICIES = {
  "default-src 'none'": { headers: policy("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'") },
  "a nonce": { headers: policy("default-src 'none'; script-src 'nonce-abc' 'wasm-unsafe-eval'; connect-src 'self'"), attrs: nonce },
  "strict-dynamic": { headers: policy("default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'"), attrs: nonce },
  "Trusted Types": { headers: policy("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types fetch401") },
  "helmet's default": { headers: HELMET },
  hashes: { headers: policy(`default-src 'none'; script-src '${SCRIPT}' '${PROGRAM}' 'wasm-unsafe-eval'; connect-src 'self'`), attrs: hashed },
  "hashes and strict-dynamic": { headers: policy(`default-src 'none'; script-src '${SCRIPT}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'`), attrs: hashed },
};

const status = () => fetch("/api/x").then((r) => r.status);
const code = () => window.fetch401.ready.then(() => "ready", ({ code, message }) => code + " " + message);

for (const [name, { headers, attrs = {} }] of Object.entries(POLICIES)) {
  check(`§1 under a policy: ${name}`, async (e) => {
    const site = await e.site();
    const g = guard(site, "session");
    const tab = await e.tab();
    await tab.goto(site.page({ attrs: { ...g.attrs, ...attrs }, headers, probe: false }));
    assert.equal(await tab.run(code), "ready");
    assert.equal(await tab.run(status), 200);
    assert.equal(g.exchanges(), 1);
  });
}

check("§1 under Trusted Types whose list leaves fetch401 out: a coded error, calls go on natively", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.goto(site.page({ attrs: g.attrs, headers: policy("require-trusted-types-for 'script'; trusted-types others"), probe: false }));
  if (!(await tab.run(() => !!window.trustedTypes))) return assert.equal(await tab.run(code), "ready", "it knows none");
  assert.match(await tab.run(code), /^FETCH401_WASM_UNAVAILABLE .*(TrustedScriptURL|Sink type mismatch)/);
  assert.equal(await tab.run(status), 401);
});

/** A page whose files lie on another origin. */
const elsewhere = async (e, { cors, attrs = {}, headers = {} }) => {
  const site = await e.site();
  const cdn = await e.site();
  if (cors) cdn.cors = site.origin;
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.goto(site.page({ src: cdn.origin + "/fetch401/fetch401.js", attrs: { ...g.attrs, ...attrs }, headers: headers(cdn), probe: false }));
  return { site, cdn, g, tab };
};

for (const [how, attrs] of Object.entries({ "the tag as make package prints it": hashed, "a tag without crossorigin": {}, "crossorigin=use-credentials": { crossorigin: "use-credentials" } })) {
  check(`§1 from another origin with CORS: ${how}`, async (e) => {
    const { cdn, g, tab } = await elsewhere(e, { cors: true, attrs, headers: (cdn) => policy(`default-src 'none'; script-src 'self' ${cdn.origin} 'wasm-unsafe-eval'; connect-src 'self' ${cdn.origin}`) });
    assert.equal(await tab.run(code), "ready");
    assert.equal(await tab.run(status), 200);
    assert.equal(g.exchanges(), 1);
    for (const name of ["fetch401.program.js", "fetch401.wasm"]) assert.equal(cdn.got("GET /fetch401/" + name).length, 1, name);
  });
}

check("§1 from another origin without CORS: a coded error that says so, calls go on natively", async (e) => {
  const { cdn, g, tab } = await elsewhere(e, { cors: false, headers: () => ({}) });
  const said = await tab.run(code);
  assert.match(said, /^FETCH401_WASM_UNAVAILABLE .* without CORS;/);
  assert.ok(said.includes(cdn.origin + "/fetch401/fetch401."), said);
  assert.equal(await tab.run(status), 401);
  assert.equal(g.exchanges(), 0);
});

check("§1 from file: a coded error", async (e) => {
  const folder = mkdtempSync(join(tmpdir(), "fetch401-file-"));
  try {
    for (const name of ["fetch401.js", "fetch401.program.js", "fetch401.wasm"]) writeFileSync(join(folder, name), readFileSync(`${DIST}/${name}`));
    const tab = await e.tab();
    for (const [url, expected] of [["https://app.example.com/refresh", /^FETCH401_WASM_UNAVAILABLE fetch401: file:.* without CORS;/], ["/refresh", /^FETCH401_CONFIG [^]*\ndata-refresh-url must/]]) {
      writeFileSync(join(folder, "index.html"), `<!doctype html><script src="fetch401.js" data-refresh-url="${url}"></script>`);
      await tab.goto(pathToFileURL(join(folder, "index.html")).href);
      assert.match(await tab.run(code), expected);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, { skip: { firefox: "its driver lets pages of file: read files (security.fileuri.strict_origin_policy)" } });
