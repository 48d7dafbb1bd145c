/**
 * XMLHttpRequest as the page sees it. The native objects stay: a proxy of the constructor makes our listeners the first on
 * each object, and proxies of the prototype's members show the page what it is to see.
 * @module
 */

import { cloak } from "./patch.js";
import { copyBody } from "./replay.js";
import { CHANGE, createXhrTransport } from "./xhr-transport.js";

const TYPES = [CHANGE, ..."loadstart progress load loadend error abort timeout".split(" ")];
/** What can be read of an answer, and from which readyState on; of a body that still comes, only text. */
const READERS = ["status", "statusText", "responseURL", "getAllResponseHeaders", "getResponseHeader", "response", "responseText", "responseXML"];
const FROM_HEADERS = 5;

/** @typedef {import("./xhr-transport.js").Call} Call */

/**
 * @param {import("./gate.js").Host} host
 * @param {import("./gate.js").Gate} gate
 * @param {import("./places.js").Places} places
 * @param {import("./patch.js").Patch} patch
 */
export const coverXhr = (host, gate, places, { active, cover }) => {
  const { apply, construct } = Reflect;
  const page = /** @type {any} */ (window);
  const proto = page.XMLHttpRequest?.prototype;
  // Another script has put a class of its own there: nothing of it is native.
  if (!proto || !Object.hasOwn(proto, "responseXML")) return host.advise("foreignXhr");

  /** @type {WeakMap<XMLHttpRequest, Call>} */
  const calls = new WeakMap();
  /** Objects with our listeners. @type {WeakSet<XMLHttpRequest>} */
  const known = new WeakSet();
  /** The uploads that the page has asked for, by their objects, and the other way round. @type {WeakMap<any, any>} */
  const uploads = new WeakMap();
  /** @type {Record<string, Function>} */
  const natives = Object.create(null);

  // Where zone.js came before us: what it has covered. What we do is no task of its zones.
  const beneath = (/** @type {any} */ object, /** @type {string} */ name) => object["__zone_symbol__" + name] ?? object[name];
  const [add, remove, dispatch] = ["addEventListener", "removeEventListener", "dispatchEvent"].map((name) => beneath(EventTarget.prototype, name));

  /** @type {import("./xhr-transport.js").Xhr["native"]} */
  const native = (name, xhr, args = []) => apply(natives[name], xhr, args);
  const transport = createXhrTransport(gate, native, calls, uploads, dispatch);
  const { hold, end, authorize } = transport;

  /**
   * @param {string} name of a method or getter of the prototype
   * @param {(self: any, args: any[], call: Call | undefined, f: any) => any} how
   */
  const wrap = (name, how) => {
    const { get, value } = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(proto, name));
    natives[name] = get ?? beneath(proto, name);
    const covered = cloak(get ?? value, {
      apply: (f, self, args) => (active() || calls.has(self) ? how(self, args, calls.get(self), f) : apply(f, self, args)),
    });
    cover(proto, name, get ? "get" : "value", covered);
  };

  /**
   * @param {EventTarget} target
   * @param {(this: any, event: any) => void} listener
   */
  const listen = (target, listener, how = add) => {
    for (const type of TYPES) apply(how, target, [type, listener, true]);
  };

  /**
   * What an event says of a call that was sent.
   * @param {Call} call
   * @param {string} type
   */
  const arrive = (call, type) => {
    const { xhr } = call;
    if (type === CHANGE) {
      if (native("readyState", xhr) !== 2) return;
      const status = native("status", xhr);
      host.trace?.("answered", call, { status, fields: native("getAllResponseHeaders", xhr) });
      if (!gate.arrived(call, status)) return;
      const url = native("responseURL", xhr);
      if (!gate.refused(status) || (url && !places.ours(url))) return gate.answered(call, status);
      hold(call);
      gate.unauthorized(call, status);
    } else if (/^(error|abort|timeout)$/.test(type) && gate.arrived(call, 0)) gate.drop(call, type);
  };

  /** Each event of an object comes here first. @this {XMLHttpRequest} @param {Event} event */
  const watch = function (event) {
    const call = calls.get(this);
    if (!call || !event.isTrusted) return;
    if (!call.muted && !call.log) {
      arrive(call, event.type);
      // Not held, or handed out at once: the page sees the native events.
      if (!call.log) return;
    }
    event.stopImmediatePropagation();
    call.log?.push([event, native("readyState", this)]);
  };

  /** @this {XMLHttpRequestUpload} @param {Event} event */
  const watchUpload = function (event) {
    const call = calls.get(uploads.get(this));
    if (!call || !event.isTrusted) return;
    // Of an upload the page sees the first that comes to its end.
    if (call.muted || (call.retried && (call.uploaded || event.type === "loadstart"))) event.stopImmediatePropagation();
    else if (event.type === "loadend") call.uploaded = true;
  };

  wrap("open", (self, args, old, open) => {
    /** @type {Call | undefined} */
    let call;
    const [, , async, user, password] = args;
    // Synchronous calls are not ours, nor those with a user of their own.
    if (args.length > 1 && (args.length < 3 || async) && user == null && password == null) {
      args[0] = `${args[0]}`;
      args[1] = `${args[1]}`;
      try {
        const place = places.locate(args[1]);
        if (known.has(self) && place.ours) {
          call = {
            transport,
            id: 0,
            session: 0,
            place,
            flags: place.flags,
            method: args[0].toUpperCase(),
            sent: false,
            unauthorized: 0,
            retried: false,
            closed: false,
            xhr: self,
            opened: args,
            base: places.base,
            headers: [],
            authorization: undefined,
            body: undefined,
            started: false,
            at: 0,
            log: undefined,
            shown: undefined,
            // The page has seen an object that was open, whatever became of it beneath.
            muted: old?.shown === 1,
            uploaded: false,
            late: false,
          };
        }
      } catch {
        // Native open says what is wrong with it.
      }
    }
    const keep = (/** @type {Call | undefined} */ what) => (what ? calls.set(self, what) : calls.delete(self));
    keep(call);
    try {
      apply(open, self, args);
    } catch (error) {
      keep(old);
      throw error;
    }
    if (call) call.muted = false;
    if (old) {
      old.log = undefined;
      if (old.started && !old.closed) gate.drop(old, "abort");
    }
  });

  /** Natively it is not sent yet, so that nothing else would throw. @param {Call | undefined} call */
  const refuse = (call) => {
    if (call?.log && !call.sent) throw new DOMException("The object's state must be OPENED, and send() not called.", "InvalidStateError");
  };

  wrap("setRequestHeader", (self, args, call, set) => {
    refuse(call);
    if (call && !call.started && args.length > 1) {
      if (/^authorization$/i.test(args[0])) {
        // It is known at send() which one the call carries.
        const value = `${args[1]}`;
        if (/^[!-~]([ -~]*[!-~])?$/.test(value)) {
          call.authorization = call.authorization === undefined ? value : `${call.authorization}, ${value}`;
          return;
        }
      }
      apply(set, self, args);
      call.headers.push(args);
    } else apply(set, self, args);
  });

  wrap("send", (self, args, call, send) => {
    refuse(call);
    if (call && !call.started) {
      const { place, authorization, method } = call;
      call.started = true;
      let token;
      if (
        (authorization === undefined || gate.credentials.owns(authorization)) &&
        !(gate.cookies && places.cookieless(place, self.withCredentials))
      ) {
        call.at = performance.now();
        // Whoever listens to an upload only after send() hears nothing of it.
        call.uploaded = !uploads.has(self);
        if (args[0] != null && !/^(GET|HEAD)$/.test(method)) {
          call.body = copyBody(args[0]) ?? (args[0].nodeType === 9 ? args[0].cloneNode(true) : `${args[0]}`);
          if (typeof call.body === "string") args[0] = call.body;
        }
        const generation = gate.start(call);
        if (generation === undefined) {
          if (!call.sent) hold(call);
          transport.loadstart(call);
          return;
        }
        if (generation < 0) {
          gate.close(call);
          calls.delete(self);
        } else {
          token = gate.token(generation);
          gate.sent(call);
        }
      } else calls.delete(self);
      authorize(call, token);
      // A listener on the upload makes a preflight necessary: where the call is not ours, that must not be ours.
      if (!calls.has(self) && uploads.has(self)) listen(uploads.get(self), watchUpload, remove);
    }
    apply(send, self, args);
  });

  wrap("abort", (self, args, call, abort) => {
    if (call?.log && /** @type {number} */ (call.shown) < 4) return end(call, "abort");
    apply(abort, self, args);
    if (call?.shown) {
      call.log = undefined;
      call.shown = 0;
    }
  });

  wrap("upload", (self, args, call, get) => {
    const upload = apply(get, self, args);
    if (!uploads.has(self) && known.has(self)) {
      uploads.set(self, upload);
      uploads.set(upload, self);
      listen(upload, watchUpload);
    }
    return upload;
  });

  wrap("readyState", (self, args, call, get) => call?.shown ?? apply(get, self, args));
  READERS.forEach((name, i) =>
    wrap(name, (self, args, call, get) => {
      // The native one first, so that it throws what it throws.
      const value = apply(get, self, args);
      const text = typeof value === "string";
      if (call?.shown === undefined || call.shown >= (i < FROM_HEADERS ? 2 : text ? 3 : 4)) return value;
      return typeof value === "number" ? 0 : text && name !== "getResponseHeader" ? "" : null;
    }),
  );

  const covered = cloak(page.XMLHttpRequest, {
    construct(target, args, derived) {
      const xhr = construct(target, args, derived);
      if (active()) {
        try {
          listen(xhr, watch);
          known.add(xhr);
        } catch {
          // Another script makes objects of its own: they are left alone.
          host.advise("foreignXhr");
        }
      }
      return xhr;
    },
  });
  cover(page, "XMLHttpRequest", "value", covered);
  cover(proto, "constructor", "value", covered);
};
