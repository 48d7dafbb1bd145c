/**
 * The script's attributes and install()'s options, read and checked in this one place.
 * A wrong configuration is one error that names every wrong attribute and how to mend it. No value is ever quoted:
 * people paste secrets into attributes, and errors end up in logs.
 * @module
 */

import { record } from "./record.js";
import { key } from "./scope.js";

/**
 * @typedef {Record<string, unknown>} Options in camelCase, as they were given; what they should be is in fetch401.d.ts
 *
 * @typedef {object} Page
 * @property {string} base against which single URLs resolve: `document.baseURI`, as the page's own fetch resolves them, unless that is of another origin
 * @property {string} origin `location.origin`, against which bare paths in lists of prefixes resolve
 * @property {string | URL} script the script's URL, or its folder with a slash at the end; fetch401.wasm lies beside it
 *
 * @typedef {object} Config every URL absolute and normalised; lists hold keys (see scope.js)
 * @property {"session" | "bearer" | "app" | "login"} mode
 * @property {string} [attach] the refresh's answer carries an access token to attach
 * @property {string} [share] pages of the origin give each other their tokens
 * @property {string} [refreshUrl]
 * @property {string} [tokenUrl]
 * @property {string} [revocationUrl]
 * @property {string} [loginUrl]
 * @property {string} [clientId]
 * @property {string} [scope]
 * @property {{ name: string, value: string }} [refreshHeader] the value is a template for headerValue of exchange.js
 * @property {readonly string[]} protect
 * @property {readonly string[]} except
 * @property {readonly string[]} loginExcept
 * @property {readonly string[]} exempt keys of our own endpoints, never protected; with the fragment where the login URL
 *   has one: it is exempt in that whole form only
 * @property {string} returnParam
 * @property {string} reasonParam
 * @property {readonly number[]} status that count as 401, which is the first of them
 * @property {string} [unauthorized]
 * @property {number} refreshTimeout milliseconds
 * @property {number} [early] seconds before the known end of the lifetime
 * @property {string} wasmUrl
 * @property {string} [xhr] "off" leaves XMLHttpRequest alone
 * @property {boolean} [debug]
 */

// Where a secret may go: https, and loopback hosts, whose traffic stays on the machine. It is matched against parsed
// URLs only, in which an IPv4 address has one spelling.
const SAFE = /^https:|^http:\/\/(([^/]+\.)?localhost|127[.\d]+|\[::1])[:/]/;
const PREFIX = /^(\/(?!\/)|https?:\/\/[^\s\\*?#/@]+(\/|$))[^\s\\*?#]*$/i;
const STATUS = /^4(?!03|07|08|2[159])\d\d$/;
const HEADER = /^([^:]+): *(cookie\([^()]+\)|(?!.*cookie\()[!-~][ -~]*)$/;

/**
 * What a function returns, or undefined if it throws.
 * @template T
 * @param {() => T} make
 */
const attempt = (make) => {
  try {
    return make();
  } catch {}
};

/** @typedef {[read: (value: any, page?: any) => unknown, mend: string]} Rule what `read` throws at, or has no result for, is wrong */

/**
 * @param {RegExp} pattern
 * @returns {Rule}
 */
const text = (pattern) => [(value) => value.match(pattern)[0], "must match " + pattern];

/**
 * @param {RegExp} allowed what the whole URL has to be like
 * @returns {Rule}
 */
const address = (allowed) => [
  (value, { base }) => {
    const url = value.match(/\S/) && new URL(value, base);
    return allowed.test(url.href) && !url.username && !url.password ? url.href : undefined;
  },
  "must be /path or https://host/path without user name",
];

const endpoint = address(SAFE);
// RFC 6749 appendix A.1 (client id) and §3.3 (scope) stay within it, and so does a header's value.
const ascii = text(/^[!-~][ -~]*$/);
const param = text(/^(?!code$|.*token)[!-~]+$/i);
/** @type {Rule} */
const prefixes = [
  (list, { origin }) => list.map((/** @type {any} */ item) => key(new URL(item.match(PREFIX)[0], origin))),
  "must list /path or https://host/path without user name, * (all below is covered), ? and #",
];

/**
 * Every option but the reserved storage, which is ignored as unknown ones are.
 * @type {Record<string, Rule>}
 */
export const RULES = {
  // @ts-ignore so that an attribute named like a method of Object is unknown too
  __proto__: null,
  refreshUrl: endpoint,
  tokenUrl: endpoint,
  revocationUrl: endpoint,
  loginUrl: address(/^https?:/),
  wasmUrl: address(/^/),
  clientId: ascii,
  scope: ascii,
  attach: text(/^bearer$/),
  refresh: text(/^app$/),
  share: text(/^tabs$/),
  unauthorized: text(/^(resolve|reject)$/),
  returnParam: param,
  reasonParam: param,
  refreshHeader: [
    (value) => {
      const [, name, template] = value.match(HEADER);
      // The browser's own judgement: it throws at what is no header, and drops the forbidden ones without a word
      // (Fetch, "forbidden request-header": Cookie, Origin, Sec-Fetch-Site and so on).
      return new Request("https://host", record({ headers: [[name, template]] })).headers.has(name) ? { name, value: template } : undefined;
    },
    "must be one settable Name: value or Name: cookie(NAME)",
  ],
  protect: prefixes,
  except: prefixes,
  loginExcept: prefixes,
  status: [
    // What says that the server is busy, or the request wrong on its way, is none; nor is 403, as a refresh cannot help.
    (list) => list[0] && [401, ...list.map((/** @type {any} */ item) => +(/** @type {any} */ (`${item}`.match(STATUS))[0]))],
    "must list 4xx but 403, 407, 408, 421, 425, 429",
  ],
  refreshTimeout: [
    // setTimeout takes a signed 32-bit number, and fires at once beyond it.
    (value) => (value === value >> 0 && value > 0 ? value : undefined),
    "must be milliseconds, 1 to 2147483647",
  ],
  early: [(value) => (value === +value && value >= 0 && value < 1e6 ? value : undefined), "must be seconds, 0 to 999999"],
  xhr: text(/^(on|off)$/),
  debug: [(value) => (value === !!value ? value : undefined), "must be true or false"],
};

// One is no use without the other.
const PAIRS = [
  "attach, refreshUrl",
  "refreshHeader, refreshUrl",
  "clientId, tokenUrl",
  "scope, tokenUrl",
  "revocationUrl, tokenUrl",
  "tokenUrl, clientId",
  "tokenUrl, protect",
];
const SOURCES = ["refreshUrl", "tokenUrl", "refresh"];
/** What was meant to be one of them, by its beginning. */
const RENEWS = /^(re?f[re]+[sh](?!.*out$)|to?e?ke?n)/i;

/** Stands among the options where the script has found no tag of its own. No attribute makes this name. */
const NO_TAG = "no tag";

/**
 * An option's name as the script tag spells it: refreshUrl becomes data-refresh-url.
 * @param {string} name
 */
export const attribute = (name) => "data-" + name.replace(/[A-Z]/g, "-$&").toLowerCase();

/**
 * The options that a script tag's attributes amount to, unknown ones included, so that {@link check} can judge them.
 * @param {Readonly<Record<string, string | undefined>> | undefined} dataset `script.dataset`; undefined where there is no tag
 * @returns {Options}
 */
export const fromDataset = (dataset) => {
  const options = record(dataset ?? { [NO_TAG]: "" });
  for (const name in options) if (RULES[name] === prefixes || name === "status") options[name] = options[name].match(/\S+/g) ?? [];
  for (const name of ["refreshTimeout", "early"]) if (options[name]) options[name] = +(/** @type {any} */ (options[name]));
  if ("debug" in options) options.debug = true;
  return options;
};

/**
 * Checks the options and gives the configuration. Throws one Error with `code: "FETCH401_CONFIG"`, its message naming all
 * that is wrong.
 * @param {Options} options
 * @param {Page} page
 * @param {(name: string) => string} [spell] how messages name an option: {@link attribute} for a script tag
 * @returns {Readonly<Config>}
 */
export const check = (options, page, spell = (name) => name) => {
  const config = record({
    protect: [page.origin + "/"],
    except: [],
    loginExcept: [],
    status: [401],
    returnParam: "return_to",
    reasonParam: "reason",
    refreshTimeout: 10000,
    // An inline script lies nowhere.
    wasmUrl: attempt(() => new URL("fetch401.wasm", page.script).href),
  });
  let problems = "";
  /**
   * @param {unknown} wrong
   * @param {string} names
   * @param {string} mend
   */
  const refuse = (wrong, names, mend) => {
    if (wrong) problems += `\n${names.replace(/\w+/g, spell)} ${mend}`;
  };

  /** @param {string} name */
  const has = (name) => options[name] !== undefined;
  const sources = SOURCES.filter(has);
  for (const name of Object.keys(options).filter(has)) {
    const rule = RULES[name];
    if (rule) {
      config[name] = attempt(() => rule[0](options[name], page));
      refuse(config[name] === undefined, name, rule[1]);
    } else refuse(!sources[0] && RENEWS.test(name), name, "is unknown, and nothing else renews");
  }

  refuse(sources[1], sources.join(", "), "exclude each other");
  refuse(!sources[0] && !has("loginUrl"), SOURCES.join(", ") + ", loginUrl", "are missing: give one");
  for (const pair of PAIRS) {
    const [name, other] = pair.split(", ");
    refuse(has(name) && !has(other), pair, "belong together");
  }
  const { loginUrl, protect } = config;
  const tokens = has("attach") || has("tokenUrl") || has("refresh");
  refuse(!config.wasmUrl && !has("wasmUrl"), "wasmUrl", "is needed by an inline script");
  refuse(config.returnParam === config.reasonParam, "returnParam, reasonParam", "must differ");
  refuse(
    protect && !(protect[0] && (!tokens || protect.every((/** @type {string} */ prefix) => SAFE.test(prefix)))),
    "protect",
    "must not be empty, and https where tokens go",
  );
  // Without a tag, nothing else is known to be wrong.
  if (NO_TAG in options) problems = "\nthe script needs a classic script tag of its own: no type=module, no copy run by other code";
  if (problems) throw Object.assign(new Error("fetch401: wrong configuration" + problems), { code: "FETCH401_CONFIG" });

  const { refreshUrl, tokenUrl, revocationUrl } = config;
  config.mode = refreshUrl ? "session" : tokenUrl ? "bearer" : config.refresh ? "app" : "login";
  const endpoints = [refreshUrl, tokenUrl, revocationUrl, loginUrl].filter(Boolean).map((url) => new URL(url));
  config.exempt = endpoints.map((url) => key(url) + (url.href === loginUrl ? url.hash : ""));
  return /** @type {any} */ (Object.freeze(config));
};
