import assert from "node:assert/strict";
import { test } from "node:test";

import { misspellings } from "../src/program/advice.js";
import { RULES, attribute, check, fromDataset } from "../src/gate/config.js";
import { headerValue } from "../src/program/exchange.js";

const PAGE = { base: "https://app.example.com/shop/cart", origin: "https://app.example.com", script: "https://cdn.example.net/f/fetch401.js" };
const PLAIN_PAGE = { base: "http://app.example.com/", origin: "http://app.example.com", script: "http://app.example.com/fetch401.js" };
const LOCAL_PAGE = { base: "http://localhost:8401/", origin: "http://localhost:8401", script: "http://localhost:8401/fetch401.js" };

const SESSION = { refreshUrl: "/auth/refresh" };
const BEARER = { tokenUrl: "https://id.example.com/token", clientId: "app", protect: ["https://api.example.com"] };

/** @param {Record<string, unknown>} options */
const config = (options, page = PAGE) => ({ ...check(options, page) });

/**
 * The lines of the error after its first, or [] without one.
 * @param {any} options
 * @param {typeof PAGE} [page]
 * @param {(name: string) => string} [spell]
 * @returns {string[]}
 */
const problems = (options, page = PAGE, spell) => {
  try {
    check(options, page, spell);
    return [];
  } catch (/** @type {any} */ error) {
    assert.equal(error.code, "FETCH401_CONFIG");
    assert.ok(error instanceof Error);
    const [first, ...lines] = error.message.split("\n");
    assert.equal(first, "fetch401: wrong configuration");
    assert.ok(lines.length > 0);
    return lines;
  }
};

/**
 * That exactly these options are wrong, one line each.
 * @param {any} options
 * @param {string[]} starts
 * @param {typeof PAGE} [page]
 */
const wrong = (options, starts, page) => {
  const lines = problems(options, page);
  assert.equal(lines.length, starts.length, `${JSON.stringify(options)}: ${JSON.stringify(lines)}`);
  lines.forEach((line, i) => assert.ok(line.startsWith(starts[i] + " "), `${JSON.stringify(options)}: ${line}`));
};

/** @param {Record<string, string>} dataset */
const warnings = (dataset) => misspellings(Object.keys(dataset).filter((name) => !RULES[name]), Object.keys(RULES), attribute);

test("the least tag: everything else by default", () => {
  assert.deepEqual(config(SESSION), {
    mode: "session",
    refreshUrl: "https://app.example.com/auth/refresh",
    protect: ["https://app.example.com/"],
    except: [],
    loginExcept: [],
    exempt: ["https://app.example.com/auth/refresh"],
    returnParam: "return_to",
    reasonParam: "reason",
    refreshTimeout: 10000,
    status: [401],
    wasmUrl: "https://cdn.example.net/f/fetch401.wasm",
  });
  assert.ok(Object.isFrozen(check(SESSION, PAGE)));
});

test("every attribute of a tag", () => {
  const dataset = {
    refreshUrl: "refresh?x=1",
    attach: "bearer",
    share: "tabs",
    refreshHeader: "X-CSRF:  cookie(XSRF-TOKEN)",
    protect: " /api\n https://API.example.com:443/v1/../v2 ",
    except: "/api/login /api/logout",
    loginExcept: "/api/me",
    status: " 401\n419 ",
    loginUrl: "https://login.example.com/in?tenant=7",
    returnParam: "next",
    reasonParam: "why",
    unauthorized: "reject",
    refreshTimeout: "2500",
    early: "2.5",
    wasmUrl: "/w.wasm",
    debug: "",
    xhr: "off",
    storage: "anything",
  };
  const made = { ...check(fromDataset(dataset), PAGE, attribute) };
  assert.deepEqual(warnings(dataset), []);
  const expected = {
    mode: "session",
    attach: "bearer",
    share: "tabs",
    xhr: "off",
    refreshUrl: "https://app.example.com/shop/refresh?x=1",
    refreshHeader: { name: "X-CSRF", value: "cookie(XSRF-TOKEN)" },
    protect: ["https://app.example.com/api", "https://api.example.com/v2"],
    except: ["https://app.example.com/api/login", "https://app.example.com/api/logout"],
    loginExcept: ["https://app.example.com/api/me"],
    loginUrl: "https://login.example.com/in?tenant=7",
    exempt: ["https://app.example.com/shop/refresh", "https://login.example.com/in"],
    returnParam: "next",
    reasonParam: "why",
    status: [401, 401, 419],
    unauthorized: "reject",
    refreshTimeout: 2500,
    early: 2.5,
    wasmUrl: "https://app.example.com/w.wasm",
    debug: true,
  };
  assert.deepEqual({ ...made, ...expected }, made);
});

test("the mode is told by where a renewal comes from", () => {
  assert.equal(config(SESSION).mode, "session");
  assert.equal(config(BEARER).mode, "bearer");
  assert.equal(config({ refresh: "app" }).mode, "app");
  assert.equal(config({ loginUrl: "/login" }).mode, "login");
  assert.equal(config({ ...SESSION, loginUrl: "/login" }).mode, "session");
  assert.deepEqual(
    (({ tokenUrl, clientId, scope, exempt }) => ({ tokenUrl, clientId, scope, exempt }))(config({ ...BEARER, scope: "a b" })),
    { tokenUrl: BEARER.tokenUrl, clientId: "app", scope: "a b", exempt: [BEARER.tokenUrl] },
  );
});

test("one of refresh-url, token-url, refresh, login-url is needed, and the first three exclude each other", () => {
  const all = "refreshUrl, tokenUrl, refresh, loginUrl";
  for (const none of [{}, { protect: ["/api"] }, { debug: true }]) wrong(none, [all]);
  wrong({ ...SESSION, ...BEARER }, ["refreshUrl, tokenUrl"]);
  wrong({ ...SESSION, refresh: "app" }, ["refreshUrl, refresh"]);
  wrong({ ...BEARER, refresh: "app" }, ["tokenUrl, refresh"]);
  wrong({ ...SESSION, ...BEARER, refresh: "app" }, ["refreshUrl, tokenUrl, refresh"]);
});

test("options that belong together", () => {
  wrong({ loginUrl: "/in", attach: "bearer" }, ["attach, refreshUrl"]);
  wrong({ refresh: "app", attach: "bearer" }, ["attach, refreshUrl"]);
  wrong({ refresh: "app", refreshHeader: "X-CSRF: 1" }, ["refreshHeader, refreshUrl"]);
  wrong({ ...SESSION, clientId: "a" }, ["clientId, tokenUrl"]);
  wrong({ ...SESSION, scope: "a" }, ["scope, tokenUrl"]);
  wrong({ ...BEARER, clientId: undefined }, ["tokenUrl, clientId"]);
  wrong({ ...BEARER, protect: undefined }, ["tokenUrl, protect"]);
});

test("an undefined option is one that is not given", () => {
  assert.deepEqual(config({ ...SESSION, tokenUrl: undefined, refreshTimeout: undefined, debug: undefined, protect: undefined }), config(SESSION));
});

test("one error names everything that is wrong, as its reader spells it", () => {
  const options = fromDataset({ refreshUrl: "http://[", attach: "cookie", share: "all", clientId: "a", refreshTimeout: "soon", protect: "*", unauthorized: "throw" });
  const lines = problems(options, PAGE, attribute);
  for (const name of ["data-refresh-url", "data-attach", "data-share", "data-client-id, data-token-url", "data-refresh-timeout", "data-protect", "data-unauthorized"]) {
    assert.equal(lines.filter((line) => line.startsWith(name + " ")).length, 1, `${name} in ${JSON.stringify(lines)}`);
  }
  assert.equal(lines.length, 7);
});

test("no error quotes a value: it may be a secret", () => {
  const SECRET = "s3cr3t";
  const lines = problems({
    refreshUrl: `https://user:${SECRET}@a.test/`,
    tokenUrl: `http://a.test/?${SECRET}`,
    refreshHeader: `Cookie: ${SECRET}\n`,
    protect: [`https://${SECRET}@a.test`, `/a?key=${SECRET}`],
    clientId: `${SECRET}\n`,
    unauthorized: SECRET,
    returnParam: `${SECRET}_token`,
  });
  assert.ok(lines.length >= 7);
  assert.doesNotMatch(lines.join("\n"), /s3cr3t/);
});

test("an empty attribute is an error, but for lists that are empty by default", () => {
  for (const name of ["refreshUrl", "loginUrl", "wasmUrl", "refreshHeader", "protect", "returnParam", "reasonParam", "unauthorized", "refreshTimeout", "attach"]) {
    for (const value of ["", " "]) wrong(fromDataset({ refreshUrl: "/r", [name]: value }), [name]);
  }
  for (const name of ["tokenUrl", "clientId", "scope"]) wrong(fromDataset({ tokenUrl: "/t", clientId: "a", protect: "/", [name]: "" }), [name]);
  wrong(fromDataset({ refresh: "" }), ["refresh"]);
  const { except, loginExcept } = config(fromDataset({ refreshUrl: "/r", except: "", loginExcept: " " }));
  assert.deepEqual([except, loginExcept], [[], []]);
});

test("install takes the right types only", () => {
  for (const value of [null, 1, true, {}, ["/a"]]) {
    for (const name of ["refreshUrl", "loginUrl", "wasmUrl", "refreshHeader", "attach", "unauthorized", "xhr", "returnParam", "reasonParam"]) {
      wrong({ ...SESSION, [name]: value }, [name]);
    }
    for (const name of ["clientId", "scope", "tokenUrl"]) wrong({ ...BEARER, [name]: value }, [name]);
    wrong({ refresh: value }, ["refresh"]);
  }
  for (const value of ["/api", null, 1, {}, [1], [null], [["/a"]], ["/api", undefined]]) {
    for (const name of ["protect", "except", "loginExcept"]) wrong({ ...SESSION, [name]: value }, [name]);
  }
  for (const value of ["true", 0, null, ""]) wrong({ ...SESSION, debug: value }, ["debug"]);
  wrong({ ...SESSION, protect: [] }, ["protect"]);
  assert.deepEqual(config({ ...SESSION, except: [], loginExcept: [] }).except, []);
  assert.equal(config({ ...SESSION, debug: false }).debug, false);
  assert.deepEqual(config({ ...SESSION, storage: "session" }), config(SESSION), "reserved");
});

test("of a few words each is exactly one of them", () => {
  const words = /** @type {const} */ ([["attach", "bearer"], ["unauthorized", "reject"], ["unauthorized", "resolve"], ["share", "tabs"], ["xhr", "on"], ["xhr", "off"]]);
  for (const [name, word] of words) {
    assert.equal(config({ ...SESSION, [name]: word })[name], word);
    for (const other of ["x" + word, word + "x", word.toUpperCase(), word + " "]) wrong({ ...SESSION, [name]: other }, [name]);
  }
  for (const other of ["xapp", "appx"]) wrong({ refresh: other }, ["refresh"]);
});

test("addresses are http(s) without user name", () => {
  for (const value of ["javascript:alert(1)", "javascript:https://a.test/", "data:text/html,x", "ftp://a.test/", "file:///x", "https://", "http://[", "https://user@a.test/", "https://:word@a.test/", "httpx://a.test/"]) {
    wrong({ ...SESSION, loginUrl: value }, ["loginUrl"]);
    wrong({ refreshUrl: value }, ["refreshUrl"]);
    wrong({ ...BEARER, tokenUrl: value }, ["tokenUrl"]);
  }
  wrong({ ...SESSION, wasmUrl: "https://" }, ["wasmUrl"]);
  assert.match(problems({ refreshUrl: "ftp://a.test/https:" })[0], /^refreshUrl must be \/path or https:/);
  assert.equal(config({ ...SESSION, loginUrl: "http://intranet.test/in" }).loginUrl, "http://intranet.test/in");
  assert.equal(config({ ...SESSION, loginUrl: "?page=login" }).loginUrl, "https://app.example.com/shop/cart?page=login");
});

test("plain http: for an endpoint or where tokens go, loopback hosts excepted", () => {
  const loopback = ["http://localhost", "http://localhost:8080", "http://api.localhost:1", "http://127.0.0.1", "http://127.255.3.4:99", "http://127.1/", "http://2130706433/", "http://[::1]:8080"];
  const remote = ["http://a.test", "http://localhost.evil.test", "http://evillocalhost", "http://127.0.0.1.evil.test", "http://128.0.0.1", "http://[::2]", "http://10.0.0.1", "http://a.test:443", "http://127.evil.test", "http://localhost@evil.test", "http://a.test/.localhost", "http://a.test/http://localhost:1", "http://a.test/https:"];
  for (const origin of loopback) {
    assert.equal(config({ refreshUrl: origin }).refreshUrl, new URL(origin).href);
    assert.equal(config({ ...BEARER, tokenUrl: origin, protect: [origin] }).protect[0], new URL(origin).href);
  }
  for (const origin of remote) {
    wrong({ refreshUrl: origin + "/r" }, ["refreshUrl"]);
    wrong({ ...BEARER, tokenUrl: origin }, ["tokenUrl"]);
    for (const options of [BEARER, { refresh: "app" }, { ...SESSION, attach: "bearer" }]) {
      wrong({ ...options, protect: ["/ok", origin + "/v1"] }, ["protect"]);
    }
  }
  const plain = { protect: ["http://a.test/v1"], except: ["http://a.test/v1/x"] };
  assert.deepEqual(config({ ...SESSION, ...plain }).protect, plain.protect, "a session gets no token");
  assert.deepEqual(config({ loginUrl: "/in", ...plain }).protect, plain.protect);
  assert.deepEqual(config({ refresh: "app", except: plain.except }).except, plain.except);
});

test("a page over plain http: gets no tokens by default either", () => {
  wrong({ refresh: "app" }, ["protect"], PLAIN_PAGE);
  wrong({ refreshUrl: "https://a.test/r", attach: "bearer" }, ["protect"], PLAIN_PAGE);
  wrong(SESSION, ["refreshUrl"], PLAIN_PAGE);
  assert.equal(config({ loginUrl: "/in" }, PLAIN_PAGE).mode, "login");
  assert.equal(config({ ...SESSION, attach: "bearer" }, LOCAL_PAGE).attach, "bearer");
  assert.equal(config({ refresh: "app" }, LOCAL_PAGE).mode, "app");
});

test("a prefix is an origin, a path, or both", () => {
  for (const prefix of [
    "*", "/*", "/api/*", "https://*.example.com", "https://*/", // wildcards
    "/a?b", "/a#b", "https://a.test?b", "https://a.test/?", "https://a.test#", // more than a path
    "https://u@a.test/", "https://u:p@a.test", "https://@a.test/", // user names
    "//a.test/", "/\\a.test", "https:\\\\a.test", "https:a.test", "https:///a.test", "/a\\b", // other spellings
    "api", "./api", "a.test", "a.test:443/v1", "https://", "https://a b/", "/a b", "/a\tb", // no prefix at all
    "ftp://a.test/", "wss://a.test/", "javascript:x", "data:x", "file:///a", // other schemes
  ]) {
    for (const name of ["protect", "except", "loginExcept"]) wrong({ ...SESSION, [name]: ["/ok", prefix] }, [name + " must list /path or"]);
  }
  assert.deepEqual(config({ ...SESSION, protect: ["/", "/api/", "/@me", "HTTPS://A.test", "https://a.test:8443/@x/%41", "http://[::1]/v"] }).protect, [
    "https://app.example.com/", "https://app.example.com/api/", "https://app.example.com/@me", "https://a.test/", "https://a.test:8443/@x/%41", "http://[::1]/v",
  ]);
});

test("a bare path means the page's origin, whatever its base is", () => {
  const based = { ...PAGE, base: "https://cdn.example.net/" };
  const made = config({ refreshUrl: "/r", protect: ["/api"] }, based);
  assert.deepEqual(made.protect, ["https://app.example.com/api"]);
  assert.equal(made.refreshUrl, "https://cdn.example.net/r", "as the page's own fetch resolves it");
});

test("a page without an origin protects nothing by default", () => {
  const opaque = { base: "file:///a.html", origin: "null", script: "file:///fetch401.js" };
  assert.deepEqual(config({ refreshUrl: "https://a.test/r" }, opaque).protect, ["null/"]);
  wrong({ refresh: "app" }, ["protect"], opaque);
  wrong({ refreshUrl: "https://a.test/r", protect: ["/api"] }, ["protect"], opaque);
});

test("a login URL with a fragment is exempt in that form only", () => {
  const refresh = "https://app.example.com/auth/refresh";
  assert.deepEqual(config({ ...SESSION, loginUrl: "/?app=1#/login" }).exempt, [refresh, "https://app.example.com/#/login"]);
  assert.deepEqual(config({ ...SESSION, loginUrl: "/login#" }).exempt, [refresh, "https://app.example.com/login"]);
  assert.deepEqual(config({ refreshUrl: "/auth/refresh#x" }).exempt, [refresh], "it is the path that counts");
  assert.deepEqual(config({ loginUrl: "/login?a" }).exempt, ["https://app.example.com/login"]);
});

test("client id and scope are printable ASCII", () => {
  for (const name of ["clientId", "scope"]) {
    for (const value of ["a\nb", "é", "a\0", " a", "a\t"]) wrong({ ...BEARER, [name]: value }, [name]);
  }
  assert.equal(config({ ...BEARER, scope: "openid api://x/read.all" }).scope, "openid api://x/read.all");
});

test("how early is seconds from 0 on", () => {
  for (const value of ["soon", "-1", "NaN", "Infinity", "1000000"]) {
    wrong(fromDataset({ refreshUrl: "/r", early: value }), ["early"]);
    wrong({ ...SESSION, early: Number(value) }, ["early"]);
  }
  for (const value of ["", "5"]) wrong({ ...SESSION, early: value }, ["early"]);
  wrong(fromDataset({ refreshUrl: "/r", early: "" }), ["early"]);
  assert.equal(config(fromDataset({ refreshUrl: "/r", early: "0" })).early, 0);
  assert.equal(config({ ...SESSION, early: 999999 }).early, 999999);
  assert.equal(config(SESSION).early, undefined);
});

test("the timeout is whole milliseconds that setTimeout can wait", () => {
  for (const value of ["10s", "-1", "0", "1.5", "NaN", "Infinity", "2147483648", "99999999999999999999"]) {
    wrong(fromDataset({ refreshUrl: "/r", refreshTimeout: value }), ["refreshTimeout"]);
    wrong({ ...SESSION, refreshTimeout: value }, ["refreshTimeout"]);
    wrong({ ...SESSION, refreshTimeout: Number(value) || NaN }, ["refreshTimeout"]);
  }
  wrong({ ...SESSION, refreshTimeout: "5000" }, ["refreshTimeout"]);
  assert.equal(config({ ...SESSION, refreshTimeout: 1 }).refreshTimeout, 1);
  assert.equal(config({ ...SESSION, refreshTimeout: 2147483647 }).refreshTimeout, 2147483647);
});

test("choices", () => {
  for (const value of ["Bearer", "cookie", "xbearer", "bearerx"]) wrong({ ...SESSION, attach: value }, ["attach"]);
  for (const value of ["/auth/refresh", "xapp", "apps"]) wrong({ refresh: value }, ["refresh"]);
  for (const value of ["all", "xtabs", "tabsx"]) wrong({ ...BEARER, share: value }, ["share"]);
  for (const value of ["throw", "unresolve", "resolved", "rejected"]) wrong({ ...SESSION, unauthorized: value }, ["unauthorized"]);
  assert.equal(config({ ...SESSION, unauthorized: "resolve" }).unauthorized, "resolve");
});

test("the query parameters of the way back differ, and carry no token", () => {
  for (const name of ["returnParam", "reasonParam"]) {
    for (const value of ["code", "CODE", "access_token", "id_token", "refresh_token", "Token", "a b", "é", "a\n"]) wrong({ ...SESSION, [name]: value }, [name]);
  }
  wrong({ ...SESSION, returnParam: "reason" }, ["returnParam, reasonParam"]);
  wrong({ ...SESSION, returnParam: "x", reasonParam: "x" }, ["returnParam, reasonParam"]);
  assert.match(problems({ ...SESSION, returnParam: "x", reasonParam: "x" })[0], / must differ$/);
  assert.equal(config({ ...SESSION, returnParam: "postcode", reasonParam: "return_to" }).returnParam, "postcode");
  assert.equal(config({ ...SESSION, returnParam: "codex" }).returnParam, "codex");
});

test("a refresh header is one name and one value", () => {
  for (const value of ["X-CSRF", "X-CSRF:", "X-CSRF: ", ": 1", ":X-CSRF: 1", "X CSRF: 1", "X-CSRF : 1", "X-CSRF: 1\nX-B: 2", "X-CSRF: 1\r\nX-B: 2", "X-CSRF: 1\n", "X-CSRF: é", "X-CSRF: \u{1f600}", "X-CSRF: cookie()", "X-CSRF: Bearer cookie(a)", "X-CSRF: cookie(a) b", "é: 1"]) {
    wrong({ ...SESSION, refreshHeader: value }, ["refreshHeader must be one settable"]);
  }
  assert.deepEqual(config({ ...SESSION, refreshHeader: "X-CSRF:1" }).refreshHeader, { name: "X-CSRF", value: "1" });
  assert.deepEqual(config({ ...SESSION, refreshHeader: "X-Time: 12:30, a=b" }).refreshHeader, { name: "X-Time", value: "12:30, a=b" });
  assert.deepEqual(config({ ...SESSION, refreshHeader: "X-CSRF: cookie(__Host-csrf)" }).refreshHeader, { name: "X-CSRF", value: "cookie(__Host-csrf)" });
});

test("a header that the browser drops is an error", (t) => {
  // Node's Request keeps the forbidden names; a browser's does not.
  const { Request } = globalThis;
  t.after(() => Object.assign(globalThis, { Request }));
  class Dropping extends Request {
    /** @param {any} input @param {any} init */
    constructor(input, init) {
      super(input, { headers: init.headers.filter((/** @type {string[]} */ [name]) => !/^(cookie|host|origin|sec-.*)$/i.test(name)) });
    }
  }
  Object.assign(globalThis, { Request: Dropping });
  for (const name of ["Cookie", "host", "ORIGIN", "Sec-Fetch-Site"]) wrong({ ...SESSION, refreshHeader: name + ": x" }, ["refreshHeader"]);
  assert.equal(config({ ...SESSION, refreshHeader: "X-CSRF: 1" }).refreshHeader?.name, "X-CSRF");
});

test("cookie(NAME) is read and decoded when it is needed", () => {
  const cookies = "ba=0; a=1; XSRF-TOKEN=x%2By%3D; b.c=2; empty=; bad=%E0%A4%A; line=a%0D%0AX-B:1; wide=%E2%82%AC; eq=k=v; xa=9";
  assert.equal(headerValue("1", cookies), "1");
  assert.equal(headerValue("cookie(a)", cookies), "1");
  assert.equal(headerValue("cookie(XSRF-TOKEN)", cookies), "x+y=");
  assert.equal(headerValue("cookie(b.c)", cookies), "2");
  assert.equal(headerValue("cookie(bXc)", cookies), "", "a name is no pattern");
  assert.equal(headerValue("cookie(eq)", cookies), "k=v");
  assert.equal(headerValue("cookie(xa)", cookies), "9");
  for (const name of ["empty", "bad", "line", "wide", "none", "A", "1"]) assert.equal(headerValue(`cookie(${name})`, cookies), "", name);
  assert.equal(headerValue("cookie(a)", ""), "");
});

test("statuses that count as 401: a 4xx that a refresh may help, beside 401", () => {
  assert.deepEqual(config({ ...SESSION, status: [419, "440"] }).status, [401, 419, 440]);
  for (const good of [400, 401, 402, 404, 418, 419, 420, 422, 440, 498, 499]) config({ ...SESSION, status: [good] });
  for (const bad of [403, 407, 408, 421, 425, 429, 200, 302, 399, 500, 503, 41, 4190, "4x9", "", " 419", null, undefined, {}]) wrong({ ...SESSION, status: [401, bad] }, ["status"]);
  for (const bad of [[], "419", 419, null, true]) wrong({ ...SESSION, status: bad }, ["status"]);
  assert.deepEqual(problems(fromDataset({ refreshUrl: "/r", status: "" }), PAGE, attribute).length, 1);
  assert.match(problems(fromDataset({ refreshUrl: "/r", status: "401, 419" }), PAGE, attribute)[0], /^data-status must list/);
});

test("look-alikes are one warning each", () => {
  /** @type {Record<string, string>} */
  const meant = {
    refreshurl: "data-refresh-url",
    refresh_url: "data-refresh-url",
    refreshUri: "data-refresh-url",
    refershUrl: "data-refresh-url",
    loginUri: "data-login-url",
    loginexcept: "data-login-except",
    token: "data-token-url",
    client: "data-client-id",
    scopes: "data-scope",
    protected: "data-protect",
    expect: "data-except",
    authorized: "data-unauthorized",
    wasm: "data-wasm-url",
  };
  for (const [name, right] of Object.entries(meant)) {
    assert.deepEqual(warnings({ [name]: "/x" }), [`fetch401: unknown ${attribute(name)}: did you mean ${right}?`]);
  }
  assert.equal(warnings({ loginurl: "", refreshurl: "" }).length, 2);
});

test("a look-alike of what renews is wrong where nothing else renews: it would send everybody to login", () => {
  for (const name of ["refreshurl", "refresh_url", "refreshUri", "refreshURL", "refresh-url", "refershUrl", "refehsUrl", "refeshUrl", "refrehUrl", "refreshEndpoint", "Refresh", "tokenurl", "token_url", "token", "toeknUrl", "tknUrl", "TokenURL"]) {
    wrong({ loginUrl: "/login", [name]: "/x" }, [name]);
    wrong({ [name]: "/x" }, [name, "refreshUrl, tokenUrl, refresh, loginUrl"]);
    config({ ...SESSION, [name]: "/x" });
  }
  for (const name of ["refreshtimeout", "refresh_time_out", "referrer", "reload", "redirectUri", "returnparam", "turboTrack", "id", "ref", "to", "toString", "stoken"]) config({ loginUrl: "/login", [name]: "x" });
  config({ loginUrl: "/login", refreshurl: undefined });
  assert.deepEqual(problems(fromDataset({ loginUrl: "/login", token_url: "/secret" }), PAGE, attribute), ["data-token_url is unknown, and nothing else renews"]);
});

test("names that are reserved are no look-alikes", () => {
  const reserved = ["storage", "login", "issuer", "redirectUri", "reload", "dpop", "worker", "replayHeader"];
  assert.deepEqual(warnings(Object.fromEntries(reserved.map((name) => [name, "x"]))), []);
});

test("attributes that resemble nothing are somebody else's", () => {
  for (const name of ["id", "cfasync", "turboTrack", "v-1a2b3c", "websiteId", "domain", "reactHelmet", "nonce", "url", "toString", "constructor", "hasOwnProperty", "__proto__", "", "re"]) {
    assert.deepEqual(warnings(Object.fromEntries([[name, "x"]])), [], name);
  }
});

test("data-refresh and data-refresh-url are two attributes", () => {
  assert.equal(attribute("refresh"), "data-refresh");
  assert.equal(attribute("refreshUrl"), "data-refresh-url");
  assert.equal(check(fromDataset({ refresh: "app" }), PAGE).mode, "app");
  assert.equal(check(fromDataset({ refreshUrl: "/r" }), PAGE).mode, "session");
});

test("an inline script lies nowhere: it needs the program's URL", () => {
  for (const script of ["", "blob:https://app.example.com/1"]) {
    wrong(SESSION, ["wasmUrl"], { ...PAGE, script });
    assert.equal(config({ ...SESSION, loginUrl: "/#/login", wasmUrl: "/w.wasm" }, { ...PAGE, script }).wasmUrl, "https://app.example.com/w.wasm");
  }
});

test("the page's dataset is left as it is", () => {
  const dataset = Object.freeze({ refreshUrl: "/r", protect: "/a /b", debug: "" });
  assert.deepEqual({ ...fromDataset(dataset) }, { refreshUrl: "/r", protect: ["/a", "/b"], debug: true });
});
