/**
 * The numbers that pass the door to the Go program. Written from wasm/protocol by go generate: change them there.
 * @module
 */

// The effects. Each names the fields of session.Effect that it uses.
/** SEND sends the call, for the first time or again, with the access token of generation Number; 0 means none. */
export const SEND = 1;
/** DELIVER hands the 401 of the call to its caller, for the reason Text. */
export const DELIVER = 2;
/** EXCHANGE begins the exchange numbered Number. Where Call is 1, whose the session is has to be known with its answer. */
export const EXCHANGE = 3;
/** ADOPT makes Number the present generation, and what the exchange in Call brought its credentials; Call 0 means those that the app gave. */
export const ADOPT = 4;
/** REFRESH_FAILED reports an exchange that failed: Number is 1 for good and 0 otherwise, Call the HTTP status (0 without an answer), Text the code. */
export const REFRESH_FAILED = 5;
/** LOGIN fires the login event, and, where Number is 1, leaves for the login URL unless it is prevented. Text is the reason, and a line each what was told of the call for which it is (its method and the status of its answer) and its URL, where there is one, and of a step-up acr_values and max_age. */
export const LOGIN = 6;
/** SETTLE answers those who asked for a refresh with Text: renewed, kept or ended. */
export const SETTLE = 7;
/** WAKE asks for a Tick in Number milliseconds. */
export const WAKE = 8;
/** COMPLAIN prints the coded error Text once; Number is the HTTP status that it speaks of. */
export const COMPLAIN = 9;
/** NAVIGATE leaves for the login URL. Text is the way back, and a line each the reason, and of a step-up acr_values and max_age. */
export const NAVIGATE = 10;
/** ABORT aborts exchange Number. */
export const ABORT = 11;
/** NEW_SESSION begins another session, as another page or an exchange has: with the tokens that came with message or exchange Number, or without any where that is 0. Where Call is 1 it is the same person's. */
export const NEW_SESSION = 12;
/** SESSION_CHANGED tells the app that generation Number is somebody else's. */
export const SESSION_CHANGED = 13;
/** ACQUIRE asks for the lock. */
export const ACQUIRE = 14;
/** RELEASE lets it go, or the wait for it. */
export const RELEASE = 15;
/** MARK_RENEWED takes for a while the shared lock whose name says that exchange Number has renewed the session; Call is whose it is, as a number. */
export const MARK_RENEWED = 16;
/** MARK_FAILED takes the one that says that it has failed. */
export const MARK_FAILED = 17;
/** UNMARK lets these go at once. */
export const UNMARK = 18;
/** ANNOUNCE tells the other pages Text: the numbers of a message, and 1 where the present tokens go along, which last for Number seconds (0: unknown, -1: they have run out). Where Call is 1 the message is kept, too, for pages not yet born. */
export const ANNOUNCE = 19;

// What tell tells of.
export const TICK = 0;
export const SHOWN = 1;
export const ABLE = 2;
export const REFRESH = 3;
export const TOKENS = 4;
export const PROMISED = 5;
export const BROKEN = 6;
export const CLEARED = 7;
export const LOGIN_ASKED = 8;
export const LEAVING = 9;
/** OPENED, Hid, Reachable and LockFailed are those of package tabs. */
export const OPENED = 10;
export const HID = 11;
export const REACHABLE = 12;
export const LOCK_FAILED = 13;

// Flags of a call, as started takes them.
/** STREAM marks a body that cannot be sent again. */
export const STREAM = 1;
/** NO_LOGIN marks a call whose 401 never leads to login. */
export const NO_LOGIN = 2;
/** SENT marks a call that was sent before Go was there, and so with whatever it had. */
export const SENT = 4;
/** EARLIER marks a call that was made in a session before the present one, when nothing could be told of it yet. */
export const EARLIER = 8;
/** ASKS_TOKEN marks what is no call: it asks for an access token as a call does that cannot be sent again, and wants one in any case. It ends as failed. */
export const ASKS_TOKEN = 16;

// What started answers where it is no generation.
/** WAITS says that the call waits. */
export const WAITS = -1;
/** STRAY says that its URL is out of scope, and the call not Go's. */
export const STRAY = -2;
/** AHEAD is added to the generation where Tick is to be told once the call is on its way: it renews the session ahead of the end of its lifetime. */
export const AHEAD = 1073741824;

/** LOOPING is the first bit of unauthorized, exchanged and tell: this tab must not be sent to login now. */
export const LOOPING = 1;

/** REDIRECTED is a bit of unauthorized: the 401 came behind the redirect of a write, so that what the call asked for may have been done. */
export const REDIRECTED = 2;

// Bits of exchanged.
/** OPAQUE_REDIRECT says that the answer was a redirect, not followed. */
export const OPAQUE_REDIRECT = 2;
/** APP_FAILED says that the app's own refresh was rejected. */
export const APP_FAILED = 4;
/** APP_FINAL says that it was for good. */
export const APP_FINAL = 8;
/** PARSED says that the body was a JSON object. */
export const PARSED = 16;
/** HAS_TOKEN says that it has a usable access token. */
export const HAS_TOKEN = 32;

// Bits of tell, the last two also of heard.
/** RESTORED goes with Shown: from the back/forward cache. */
export const RESTORED = 2;
/** SAME goes with Tokens, Promised and Cleared: no other session begins. */
export const SAME = 4;
/** ACCESS_TOKEN goes with Tokens: there is one to attach. */
export const ACCESS_TOKEN = 8;
/** REFRESH_TOKEN goes with Tokens: there is one to exchange. */
export const REFRESH_TOKEN = 16;

// Bits of configure.
/** NO_EXCHANGE says that nothing renews the session. */
export const NO_EXCHANGE = 1;
/** CROSS_ORIGIN says that the refresh goes to another origin than the page's. */
export const CROSS_ORIGIN = 2;
/** FRAMED says that the page is not the top-level one. */
export const FRAMED = 4;
/** ALONE says that there are no locks. */
export const ALONE = 8;
/** SHARE says that pages give each other their tokens. */
export const SHARE = 16;

/** MARK_FOR is how many milliseconds a name of MarkRenewed or MarkFailed is held. Not longer: a page that holds a lock costs the browser energy, and itself the back/forward cache. */
export const MARK_FOR = 2000;

// How a session is renewed, as configure takes it.
/** KIND_COOKIE is a POST that renews a cookie. */
export const KIND_COOKIE = 0;
/** KIND_ATTACH is a POST whose JSON answer carries an access token. */
export const KIND_ATTACH = 1;
/** KIND_TOKEN is the refresh_token grant at a token endpoint. */
export const KIND_TOKEN = 2;
/** KIND_APP is the app's own function. */
export const KIND_APP = 3;

// The lines of the text that configure takes; the rest of it are the prefixes of protected calls.
/** LINE_LOGIN_ORIGIN is the origin of the login URL, empty without one. */
export const LINE_LOGIN_ORIGIN = 0;
/** LINE_LOGIN_PATH is its path. */
export const LINE_LOGIN_PATH = 1;
/** LINE_LOGIN_HASH is its fragment with the "#", empty without one. */
export const LINE_LOGIN_HASH = 2;
/** LINES counts them. */
export const LINES = 3;

// Facts that fact answers with.
/** FACT_GENERATION is the number of the present generation. */
export const FACT_GENERATION = 0;
/** FACT_REFRESHING is 1 while an exchange is under way. */
export const FACT_REFRESHING = 1;
/** FACT_ENDED is 1 once the session has ended. */
export const FACT_ENDED = 2;
/** FACT_HELD counts the calls that wait. */
export const FACT_HELD = 3;

/** EFFECT_NUMBERS is how many numbers an effect is in memory: kind, call, number, and address and length of the text, in 32 bits each. */
export const EFFECT_NUMBERS = 5;
