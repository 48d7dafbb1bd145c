/**
 * fetch401: every `fetch` and XMLHttpRequest of a page survives a 401. The session is refreshed silently, the call is sent once more, and
 * only where that cannot work does the person meet the login page.
 *
 * As a script, options are attributes of the tag: `refreshUrl` is `data-refresh-url`, lists are separated by spaces.
 * As a module, they are the argument of {@link install}.
 *
 * Every error and warning of fetch401 has one of the codes of {@link Fetch401Code}. The codes are stable, the texts are not.
 * No event, log line, error, URL or {@link Fetch401.state} ever holds a token.
 */

/**
 * Wraps `window.fetch` and `XMLHttpRequest` at once, and loads the decisions (WebAssembly) in the background. Call it before the page's first
 * `fetch`. A second call warns and returns what the first one returned.
 *
 * Where there is no page, on a server or in a worker, it does nothing and throws nothing, whatever the options: the object that
 * it returns does nothing either, and its `ready` rejects with `FETCH401_NO_PAGE`. Importing does nothing anywhere.
 *
 * Clients that take `fetch` when they are made, such as openapi-fetch and Apollo, have taken the native one if their module is
 * imported: `import "fetch401/auto"`, first of all, comes before them. Where somebody has called a protected URL before
 * `install()`, one warning says so (`FETCH401_LATE`).
 *
 * @param options checked as a whole; or an element whose `data-*` attributes they are, spelled as the script tag's
 * @returns the object that is also `window.fetch401`
 * @throws an Error with `code: "FETCH401_CONFIG"` whose message names every wrong option and how to mend it. `fetch` then
 * stays native, and `window.fetch401` exists but does nothing.
 * @example
 * import { install } from "fetch401";
 * install({ refreshUrl: "/auth/refresh", loginUrl: "/login" });
 */
export function install(options: Options | HTMLElement): Fetch401;

/**
 * What {@link install} takes. At least one of `refreshUrl`, `tokenUrl`, `refresh` and `loginUrl` is needed; the first three
 * exclude each other. With `loginUrl` alone a 401 leads to login, once: after a sign-in without a reload, `setTokens({})` tells
 * of the new session.
 *
 * URLs are absolute or relative; relative ones resolve against `document.baseURI`, as the page's own `fetch` resolves them, or
 * against the page where a `base` element is of another origin: that moves neither the session's endpoints nor our files.
 * Where an option says "error", it is part of the one error that {@link install} throws. An unknown option that looks like
 * a known one is a console warning, and an error where it looks like one that renews and nothing else renews.
 */
export interface Options {
  /**
   * Session mode: where a `POST` without a body renews the cookie session (`credentials: "include"`, `keepalive`). Any 2xx
   * means renewed. A JSON answer may carry `expires_in` (seconds) and `subject` (a string that names the person).
   * 401, 403 or a redirect ends the session; a network error, 408, 425, 429 or 5xx keeps it.
   *
   * Default: none. Error: not http(s); plain `http:` on a host that is not loopback; a user name in it; together with
   * `tokenUrl` or `refresh`.
   * @example "/auth/refresh"
   */
  refreshUrl?: string;

  /**
   * With `refreshUrl`: the refresh's JSON answer carries `access_token`, which is attached to protected calls as
   * `Authorization: Bearer` (RFC 6750 §2.1) and kept in memory only. A call without a token waits for one refresh first.
   * Without this option an `access_token` in the answer is ignored.
   *
   * Default: none. Error: any other value; without `refreshUrl`; a protected prefix over plain `http:`.
   * @example "bearer"
   */
  attach?: "bearer";

  /**
   * Pages of the origin give each other their tokens over BroadcastChannel, where tokens live in a page's memory
   * (`attach`, `tokenUrl`, `refresh`): then one exchange an expiry is enough for all of them, and a page that is opened
   * has them at once. Every script of the origin can hear them, and so it is asked for. With cookies alone one exchange
   * is enough anyway.
   *
   * Default: off; pages exchange one after the other. Error: any other value.
   * @example "tabs"
   */
  share?: "tabs";

  /**
   * One `Name: value` that is sent with that `POST`, for a CSRF rule. The value `cookie(NAME)` is read from
   * `document.cookie` and URL-decoded at each exchange.
   *
   * Default: none. Error: not one header; a name that scripts may not set (Fetch, "forbidden request-header"); characters
   * that are not printable ASCII; `cookie(NAME)` as a part of the value; without `refreshUrl`.
   * @example "X-CSRF: 1"
   * @example "X-XSRF-TOKEN: cookie(XSRF-TOKEN)"
   */
  refreshHeader?: string;

  /**
   * Bearer mode: the token endpoint of any OAuth 2.0 server (RFC 6749 §3.2), for the `refresh_token` grant of a public
   * client (RFC 6749 §6; `credentials: "omit"`). The page gives the first tokens to {@link Fetch401.setTokens}.
   * `invalid_grant` (RFC 6749 §5.2) ends the session; a network error, 408, 425, 429 or 5xx keeps it.
   *
   * Default: none. Error: as `refreshUrl`; without `clientId` or `protect`.
   * @example "https://id.example.com/oauth/token"
   */
  tokenUrl?: string;

  /**
   * The public client's identifier (RFC 6749 §2.2), sent as `client_id`. Required with `tokenUrl`. There is no client secret:
   * a page cannot keep one.
   *
   * Default: none. Error: empty; not printable ASCII (RFC 6749 appendix A.1); without `tokenUrl`.
   * @example "shop-web"
   */
  clientId?: string;

  /**
   * The revocation endpoint (RFC 7009), to which {@link Fetch401.clearTokens} sends the refresh token: once, `keepalive`, without
   * cookies; what it answers counts for nothing.
   *
   * Default: none. Error: as `refreshUrl`; without `tokenUrl`.
   * @example "https://id.example.com/oauth/revoke"
   */
  revocationUrl?: string;

  /**
   * The scopes to ask for at each exchange, separated by spaces (RFC 6749 §3.3), no more than were granted (§6).
   *
   * Default: none, which means those granted. Error: empty; not printable ASCII; without `tokenUrl`.
   * @example "openid orders"
   */
  scope?: string;

  /**
   * `"app"`: the app renews, by the function that it gives to {@link Fetch401.refreshWith}. 401s that come earlier wait for it.
   *
   * Default: none. Error: any other value; together with `refreshUrl` or `tokenUrl`; a protected prefix over plain `http:`.
   * @example "app"
   */
  refresh?: "app";

  /**
   * URL prefixes of the calls to protect, and the only places that tokens are sent to: exact origin (scheme, host, port) and
   * path prefix on a `/` boundary, so that `/api` covers `/api` and `/api/me` but not `/apis`. A bare path means the page's
   * origin. The refresh, token and login URLs themselves are never protected.
   *
   * Default: the page's origin; required with `tokenUrl`. Error: an empty list; wildcards, query, fragment, user name, no
   * leading `/` or `http(s)://`; plain `http:` where a token is attached, loopback hosts excepted.
   * @example ["/api", "https://api.example.com/v1"]
   */
  protect?: readonly string[];

  /**
   * Prefixes within `protect` that are left alone: sign-in, sign-out, password checks.
   *
   * Default: none. Error: as `protect`, but may be empty and plain `http:`.
   * @example ["/api/login", "/api/logout"]
   */
  except?: readonly string[];

  /**
   * Prefixes whose 401 is healed if possible but never leads to login: "who am I" calls of pages that are also for guests.
   *
   * Default: none. Error: as `except`.
   * @example ["/api/me"]
   */
  loginExcept?: readonly string[];

  /**
   * Where the person signs in. Without it nobody is redirected; the `login` event comes all the same.
   *
   * Default: none. Error: not http(s), `javascript:` for one; a user name in it.
   * @example "/login"
   * @example "/#/login"
   */
  loginUrl?: string;

  /**
   * The query parameter of `loginUrl` that carries the way back. See {@link Fetch401.returnTo}.
   *
   * Default: `"return_to"`. Error: empty; blanks or characters beyond ASCII; `code`, or a name with `token` in it; the same as
   * `reasonParam`.
   */
  returnParam?: string;

  /**
   * The query parameter of `loginUrl` that carries the {@link Reason}.
   *
   * Default: `"reason"`. Error: as `returnParam`.
   */
  reasonParam?: string;

  /**
   * Statuses that count as 401, beside 401 itself: Laravel's 419, say. All that is said of a 401 here is then said of them;
   * the caller gets the answer with its own status, and events tell that.
   *
   * Default: `[401]`. Error: an empty list; anything but 400 to 499; 403, 407, 408, 421, 425 and 429, which mean something
   * that a refresh cannot help.
   * @example [401, 419]
   */
  status?: readonly number[];

  /**
   * What a final 401 of a protected call does: `"resolve"` with its Response, as fetch does; `"reject"` with an
   * {@link UnauthorizedError}, as Axios does. Calls that are not protected resolve as ever.
   *
   * Default: `"resolve"`. Error: any other value.
   */
  unauthorized?: "resolve" | "reject";

  /**
   * How long calls wait for a refresh, and for the WebAssembly to be ready. It does not bound the exchange itself: a late
   * answer still counts.
   *
   * Unit: milliseconds. Default: `10000`. Error: not a whole number from 1 to 2147483647.
   */
  refreshTimeout?: number;

  /**
   * How long before the known end of the lifetime (`expires_in`, RFC 6749 §5.1) a call starts a refresh in the background,
   * while it goes out at once with the present credentials: then the end costs no call anything. At most half of the
   * lifetime counts; `0`: never. Past the end, calls wait for the refresh before they are sent. Without a call nothing is
   * refreshed.
   *
   * Unit: seconds. Default: the smaller of 60 and a tenth of the lifetime. Error: not a number from 0 to 999999.
   */
  early?: number;

  /**
   * Where `fetch401.wasm`, of the same build, is. A file whose digest (W3C Subresource Integrity) is another than that of the
   * build counts as missing.
   *
   * Default: beside the script. An inline script needs it, and `fetch401.program.js` lies beside it then. Error: not a URL; a
   * user name in it.
   * @example "/assets/fetch401.wasm"
   */
  wasmUrl?: string;

  /**
   * `"on"`: asynchronous XMLHttpRequests are protected as `fetch` is; `"off"` leaves them alone.
   *
   * Default: `"on"`. Error: any other value.
   */
  xhr?: "on" | "off";

  /**
   * Prints a token-free trace to the console: a group for each call that met a 401 or waited, with its steps and
   * milliseconds. Draws what calls waited for on tracks of Chrome's Performance panel, by `performance.measure` with
   * `detail.devtools`. Loads `fetch401.trace.js` from the script's folder for that; where that is missing there is one
   * warning, and nothing else changes. As an attribute its presence counts, whatever its value.
   *
   * Default: `false`. Error: not a boolean.
   */
  debug?: boolean;
}

/** The person's tokens, in the words of RFC 6749 §5.1. */
export interface Tokens {
  /** Required in bearer mode unless there is a `refresh_token`. Visible ASCII. */
  access_token?: string;
  /** Bearer mode only. Without it no exchange is started: a 401 leads to login (`no_credentials`). */
  refresh_token?: string;
  /** Seconds from now; 0 or less: it has run out. Default: unknown, the token is used until a 401. */
  expires_in?: number;
  /**
   * Names the person, as the answers of the refresh do. Tokens of the subject that the session is known to be of go on with
   * it; all others begin another session. Default: unknown.
   */
  subject?: string | number;
}

/** What a function given to {@link Fetch401.refreshWith} resolves with; nothing at all is a renewed cookie session. */
export interface Renewal {
  /** Attached to protected calls from now on (RFC 6750 §2.1). */
  access_token?: string;
  /** Seconds from now; 0 or less is unknown. Default: unknown. */
  expires_in?: number;
  /** Names the person: another one than before is another session ({@link Fetch401EventMap.sessionchanged}). */
  subject?: string | number;
}

/** `window.fetch401`: facts as events, and what an app needs beyond the tag. */
export interface Fetch401 extends EventTarget {
  /** The version of the script, such as `"0.1.0"`. */
  readonly version: string;

  /**
   * Fulfilled once decisions can be made. Rejected with a coded error ({@link Fetch401Code}) if they never can be: calls
   * then go on natively. Nobody has to handle the rejection.
   */
  readonly ready: Promise<void>;

  /**
   * Begins another session with these tokens. An exchange under way is aborted; calls of the session before get their own
   * 401, and none is ever sent with these credentials. Calls made before the first session of the page join that; with
   * `refreshUrl` or `refresh: "app"` the first is the one that the page comes with.
   * A promise of tokens begins the session at once, and makes protected calls wait for it, at most `refreshTimeout`.
   *
   * @throws TypeError if there is no usable token; not when given a promise
   * @example fetch401.setTokens(await signIn(user, password))
   */
  setTokens(tokens: Tokens | PromiseLike<Tokens>): void;

  /**
   * Ends the session quietly, at sign-out: an exchange under way is aborted, later 401s are delivered, without an exchange
   * and without `login`, until {@link setTokens} or a reload.
   *
   * The server has to do the rest: end the whole family of refresh tokens, refuse an exchange with any of them, and delete
   * the cookies. Chromium finishes an aborted refresh of a cookie session, whose cookie may then come after the sign-out.
   */
  clearTokens(): void;

  /**
   * With `refresh: "app"`: how to renew. A rejection with `final: true` ends the session; any other keeps it.
   *
   * @throws TypeError if it is no function, or without `refresh: "app"`
   * @example fetch401.refreshWith(async () => ({ access_token: await auth0.getTokenSilently() }))
   */
  refreshWith(renew: () => Renewal | void | PromiseLike<Renewal | void>): void;

  /**
   * An access token that is not known to have run out, for what fetch401 does not send itself: a WebSocket, an EventSource, an
   * upload by another thread. Refreshes first if need be, and waits as calls do, at most `refreshTimeout`. Ask for each
   * connection anew, and keep it nowhere.
   *
   * @returns rejects with an Error: `code` is `FETCH401_ENDED` once the session in which it was asked for has ended,
   * `FETCH401_REFRESH_FAILED` where the token cannot be renewed now; a TypeError in modes that attach no token
   * @example new WebSocket(url, ["live", "bearer." + (await fetch401.accessToken())])
   */
  accessToken(): Promise<string>;

  /**
   * For servers that say 401 in the body of another answer, as GraphQL does by `UNAUTHENTICATED`. The function gets a copy of
   * each answer of a protected `fetch` that counts as no 401; where it says `true`, or a promise of it, the call is one that
   * was answered with 401. XMLHttpRequests are judged by their status alone.
   *
   * The answer waits for it, at most `refreshTimeout`; a function that throws, rejects or takes longer says no, and
   * `FETCH401_UNDECIDED` is printed once. Do not read what may be large, or a stream: look at the copy's headers first. The
   * last function counts.
   *
   * @throws TypeError if it is no function
   * @example
   * fetch401.unauthorizedWhen(async (response) => {
   *   if (!new URL(response.url).pathname.endsWith("/graphql")) return false;
   *   const { errors = [] } = await response.json();
   *   return errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");
   * });
   */
  unauthorizedWhen(means: (response: Response) => boolean | PromiseLike<boolean>): void;

  /**
   * Refreshes now, or waits for the refresh that is under way.
   *
   * @returns `"renewed"`; `"kept"` where it failed but the session goes on; `"ended"` where it was refused for good
   */
  refresh(): Promise<"renewed" | "kept" | "ended">;

  /**
   * Goes to login now: never on the login page, in a hidden page once it is visible, and in a frame only the event comes. A
   * click is no loop, so the guard against loops counts it and does not refuse it.
   *
   * @param reason `[a-z_]{1,32}`, for the login page. Default: none
   * @throws TypeError if the reason is of another form
   */
  login(reason?: string): void;

  /** A snapshot. */
  state(): State;

  /**
   * For a login page on the same origin: the path, query and fragment to go back to, from this page's own query.
   * `//host`, `/\host`, `javascript:`, control characters, other origins and all else that is doubtful give the fallback.
   *
   * @param fallback returned as it is. Default: `"/"`
   * @example location.replace(fetch401.returnTo("/home"))
   */
  returnTo(fallback?: string): string;

  /** Puts the very native `fetch` back. Calls under way are settled as ever. */
  restore(): void;

  addEventListener<K extends keyof Fetch401EventMap>(
    type: K,
    listener: ((this: Fetch401, event: Fetch401EventMap[K]) => unknown) | { handleEvent(event: Fetch401EventMap[K]): unknown } | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof Fetch401EventMap>(
    type: K,
    listener: ((this: Fetch401, event: Fetch401EventMap[K]) => unknown) | { handleEvent(event: Fetch401EventMap[K]): unknown } | null,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}

/** The events of {@link Fetch401}. */
export interface Fetch401EventMap {
  /** An exchange has begun. */
  refreshing: CustomEvent<Record<string, never>>;
  /** An exchange has renewed the session. */
  refreshed: CustomEvent<RefreshedDetail>;
  /**
   * The refreshed session is somebody else's than before, as `subject` in the answer, or the `sub` of an id token or of an
   * access token that can be read, has shown. Calls made before get their own 401 (`session_ended`) and are not sent again.
   */
  sessionchanged: CustomEvent<RefreshedDetail>;
  /** An exchange has failed. */
  refreshfailed: CustomEvent<RefreshFailedDetail>;
  /** A call was sent once more. `reason` is `""`; `status` is the retry's, 0 where it failed on the network. */
  retried: CustomEvent<CallDetail>;
  /** A 401 is handed to a caller. `status` is 401, or what counts as that. */
  unauthorized: CustomEvent<CallDetail>;
  /**
   * The session has ended and the page is about to go to `loginUrl`; once per ended session. `preventDefault()` keeps the page.
   * After {@link Fetch401.login} there is no call: `reason` is the one given there, `url` and `method` may be empty.
   */
  login: CustomEvent<CallDetail>;
}

/** The detail of `refreshed` and `sessionchanged`. */
export interface RefreshedDetail {
  /** The number of the renewed session. */
  generation: number;
}

/** The detail of `refreshfailed`. */
export interface RefreshFailedDetail {
  /** Whether it has ended the session. */
  final: boolean;
  /** Why. */
  code: RefreshFailure;
  /** The answer's HTTP status; 0 without a readable answer. */
  status: number;
}

/** The detail of the events about a call. */
export interface CallDetail {
  /** Why the 401 stays. */
  reason: Reason | "" | (string & {});
  /** Origin and path only. */
  url: string;
  method: string;
  /** HTTP status; 0 without an answer. */
  status: number;
}

/**
 * Why a 401 stays a 401.
 *
 * - `session_ended`: the refresh was refused for good
 * - `no_credentials`: there is nothing to renew with
 * - `refresh_failed`: the refresh failed, the session is kept
 * - `still_unauthorized`: 401 again after a refresh, in a session in which other calls got through
 * - `not_replayable`: it cannot be sent twice: its body is a stream, or the 401 came behind the redirect of a write
 * - `insufficient_scope`: more scope is needed (RFC 6750 §3.1)
 * - `step_up`: a stronger sign-in is needed (RFC 9470 §3, `insufficient_user_authentication`); the login URL gets the
 *   challenge's `acr_values` and `max_age` as parameters of the same names
 * - `foreign_challenge`: only authentication schemes that a refresh cannot serve (RFC 9110 §11.6.1)
 * - `login_loop`: too many redirects to login in a short time
 * - `misconfigured`: the refresh endpoint's answer means a wrong configuration
 */
export type Reason =
  | "session_ended"
  | "no_credentials"
  | "refresh_failed"
  | "still_unauthorized"
  | "not_replayable"
  | "insufficient_scope"
  | "step_up"
  | "foreign_challenge"
  | "login_loop"
  | "misconfigured";

/**
 * Why a refresh failed: an RFC 6749 §5.2 error code as the server wrote it (`invalid_grant`, say), or
 *
 * - `network_error`: no answer, or none that the page may read (CORS)
 * - `http_error`: an HTTP status without a §5.2 code
 * - `redirect`: the endpoint redirected
 * - `unparsable`: a 2xx whose body is not JSON
 * - `no_access_token`: a 2xx without the access token that it should carry (RFC 6749 §5.1)
 * - `token_type`: a token that is not Bearer (RFC 6749 §7.1)
 * - `app_error`: the app's own function failed
 * - `timeout`: calls waited for `refreshTimeout`; a late answer still counts
 */
export type RefreshFailure =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "network_error"
  | "http_error"
  | "redirect"
  | "unparsable"
  | "no_access_token"
  | "token_type"
  | "app_error"
  | "timeout"
  | (string & {});

/** What {@link Fetch401.state} gives. */
export interface State {
  /** Where a renewal comes from: `refreshUrl`, `tokenUrl`, the app, nowhere; `off` after a wrong configuration. */
  mode: "session" | "bearer" | "app" | "login" | "off";
  /** Whether decisions are made. While false, calls go on natively or wait. */
  ready: boolean;
  /** Numbers each renewed session; 0 before Go is ready. */
  generation: number;
  /** Whether an exchange is under way. */
  refreshing: boolean;
  /** Whether the session has ended. */
  ended: boolean;
  /** How many calls wait. */
  held: number;
  /** Since the page was loaded. */
  counters: {
    /** Protected calls. */
    calls: number;
    /** 401s handed to callers. */
    unauthorized: number;
    exchanges: number;
    /** Calls that were sent once more. */
    retried: number;
    /** `login` events. */
    logins: number;
  };
}

/** What a final 401 of a protected call rejects with under `unauthorized: "reject"`. */
export class UnauthorizedError extends Error {
  constructor(reason: Reason | (string & {}), response: Response, request: { url: string; method: string });
  readonly name: "UnauthorizedError";
  readonly code: "FETCH401_UNAUTHORIZED";
  /** What it means, whatever the status of `response`. */
  readonly status: 401;
  readonly reason: Reason | (string & {});
  /** The 401 itself, its body unread: `error.response.status === 401`, as with Axios. */
  readonly response: Response;
  /** `url` is origin and path only. */
  readonly request: { readonly url: string; readonly method: string };
}

/**
 * - `FETCH401_CONFIG`: thrown by {@link install}; the configuration is wrong
 * - `FETCH401_UNAUTHORIZED`: {@link UnauthorizedError}
 * - `FETCH401_WASM_UNAVAILABLE`: the WebAssembly, or what meets it, is missing, altered, of another build or blocked, or cannot
 *   start; the text names the file; calls go on natively
 * - `FETCH401_LOAD_TIMEOUT`: it has not arrived within `refreshTimeout`; calls go on natively until it does
 * - `FETCH401_STOPPED`: the Go program has ended; calls go on natively until a reload
 * - `FETCH401_REFRESH_UNREADABLE`: three answers in a row of a cross-origin refresh could not be read; names the CORS headers
 * - `FETCH401_REFRESH_MISCONFIGURED`: the refresh's answer means a wrong configuration; no exchange until `setTokens`,
 *   `refresh()` or a reload
 * - `FETCH401_NO_PAGE`: {@link Fetch401.ready} where there is no page, on a server for one; nothing is printed
 * - `FETCH401_LATE`: a warning; a protected URL was called before {@link install}
 * - `FETCH401_NO_COOKIES`: a warning; a call within `protect` sends no cookies in session mode, so it is left alone
 * - `FETCH401_ENDED`: {@link Fetch401.accessToken}; the session has ended
 * - `FETCH401_REFRESH_FAILED`: {@link Fetch401.accessToken}; the token cannot be renewed now
 * - `FETCH401_TWO_OWNERS`: a warning; `invalid_grant` at the first use of a refresh token of `setTokens`: a library may use it too
 * - `FETCH401_UNDECIDED`: a warning; the function given to {@link Fetch401.unauthorizedWhen} fails or takes too long
 * - `FETCH401_XHR_FOREIGN`: a warning; another script has replaced XMLHttpRequest, and what that makes cannot be protected
 */
export type Fetch401Code =
  | "FETCH401_CONFIG"
  | "FETCH401_UNAUTHORIZED"
  | "FETCH401_WASM_UNAVAILABLE"
  | "FETCH401_LOAD_TIMEOUT"
  | "FETCH401_STOPPED"
  | "FETCH401_REFRESH_UNREADABLE"
  | "FETCH401_REFRESH_MISCONFIGURED"
  | "FETCH401_NO_PAGE"
  | "FETCH401_LATE"
  | "FETCH401_NO_COOKIES"
  | "FETCH401_ENDED"
  | "FETCH401_REFRESH_FAILED"
  | "FETCH401_TWO_OWNERS"
  | "FETCH401_UNDECIDED"
  | "FETCH401_XHR_FOREIGN";

declare global {
  interface Window {
    /** There once {@link install} was called or the script has run. */
    readonly fetch401: Fetch401;
  }
  /** `window.fetch401`. */
  const fetch401: Fetch401;
}
