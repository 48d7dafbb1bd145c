/**
 * XMLHttpRequest as its standard has it (§4.4 to §4.6), with a network under the test's control. Node's events cannot be
 * trusted ones, which is by what the script tells the browser's from its own: so these are of our own making.
 * @module
 */

import { coverXhr } from "../src/gate/xhr.js";
import { createPatch } from "../src/gate/patch.js";
import { ORIGIN, createPage, settled } from "./fake.js";
import { openWindow } from "./window.js";

class Event {
  isTrusted = false;
  stopped = false;
  /** @param {string} type @param {{ loaded?: number, total?: number }} [init] */
  constructor(type, { loaded = 0, total = 0 } = {}) {
    Object.assign(this, { type, loaded, total });
  }
  stopImmediatePropagation() {
    this.stopped = true;
  }
}

class ProgressEvent extends Event {}

/**
 * What happens at an object: first those that capture, each in the order in which they were added; a handler (`onload`) is
 * the last of them.
 */
class Target {
  /** @type {[string, Function, boolean][]} */
  listeners = [];
  /** @param {string} type @param {Function} listener */
  addEventListener(type, listener, capture = false) {
    if (!this.listeners.some(([t, l]) => t === type && l === listener)) this.listeners.push([type, listener, capture]);
  }
  /** @param {string} type @param {Function} listener */
  removeEventListener(type, listener) {
    this.listeners = this.listeners.filter(([t, l]) => t !== type || l !== listener);
  }
  /** @param {any} event */
  dispatchEvent(event) {
    const handler = /** @type {any} */ (this)["on" + event.type];
    const all = [...this.listeners].sort(([, , a], [, , b]) => +b - +a);
    for (const [type, listener] of [...all, ...(handler ? [[event.type, handler]] : [])]) {
      if (type === event.type && !event.stopped) listener.call(this, event);
    }
  }
  /** The browser dispatches it. @param {string} type @param {object} [init] */
  happens(type, init) {
    this.dispatchEvent(Object.assign(type === "readystatechange" ? new Event(type) : new ProgressEvent(type, init), { isTrusted: true }));
  }
}

/** @param {string} member */
const invalidState = (member) => Object.assign(new Error(member), { name: "InvalidStateError" });

/** A class whose members stand on its prototype, as a browser's do. */
const classOf = (/** @type {any[]} */ sent) => {
  class XMLHttpRequest extends Target {
    timeout = 0;
    withCredentials = false;
    responseType = "";
    #state = 0;
    #sent = false;
    #upload = new Target();
    /** @type {any} */
    #request;
    /** @type {{ status: number, text: string, fields: string, url: string }} */
    #answer = { status: 0, text: "", fields: "", url: "" };

    get upload() {
      return this.#upload;
    }
    get readyState() {
      return this.#state;
    }
    get status() {
      return this.#state > 1 ? this.#answer.status : 0;
    }
    get statusText() {
      return this.#state > 1 && this.#answer.status ? "text of " + this.#answer.status : "";
    }
    get responseURL() {
      return this.#state > 1 ? this.#answer.url : "";
    }
    get responseText() {
      if (this.responseType && this.responseType !== "text") throw invalidState("responseText");
      return this.#text();
    }
    get response() {
      if (!this.responseType || this.responseType === "text") return this.#text();
      return this.#state === 4 && this.#answer.status ? { of: this.#answer.text } : null;
    }
    get responseXML() {
      return this.#state === 4 ? /** @type {any} */ ({ document: this.#answer.text }) : null;
    }
    getAllResponseHeaders() {
      return this.#fields();
    }
    /** @param {string} name */
    getResponseHeader(name) {
      const found = new RegExp(`^${name}: (.*)\r$`, "im").exec(this.#fields());
      return found && found[1];
    }

    /** @param {string} method @param {string} url */
    open(method, url, async = true) {
      if (arguments.length < 2) throw new TypeError("open");
      if (/[^A-Z]/i.test(method)) throw new SyntaxError(method);
      this.#request = { xhr: this, method, url: new URL(url, document.baseURI).href, async, asGiven: url, headers: /** @type {string[][]} */ ([]) };
      this.#sent = false;
      this.#answer = { status: 0, text: "", fields: "", url: "" };
      if (this.#state !== 1) this.#to(1);
    }
    /** @param {string} name @param {string} value */
    setRequestHeader(name, value) {
      if (this.#state !== 1 || this.#sent) throw invalidState("setRequestHeader");
      if (/[^!-~]/.test(name)) throw new SyntaxError(name);
      this.#request.headers.push([name, `${value}`]);
    }
    /** @param {any} [body] */
    send(body = null) {
      if (this.#state !== 1 || this.#sent) throw invalidState("send");
      this.#sent = true;
      const request = this.#request;
      if (/^(GET|HEAD)$/i.test(request.method)) body = null;
      sent.push(Object.assign(request, { body, withCredentials: this.withCredentials, ...this.#network(request, body != null) }));
      this.happens("loadstart");
      if (body != null && this.#current(request)) this.#upload.happens("loadstart");
    }
    abort() {
      const request = this.#request;
      if ((this.#state === 1 && this.#sent) || this.#state === 2 || this.#state === 3) this.#ends("abort", request.uploading);
      if (this.#state === 4 && this.#current(request)) this.#state = 0;
    }

    // The members of the prototype are covered by those of the script.
    #text() {
      return this.#state > 2 ? this.#answer.text : "";
    }
    #fields() {
      return this.#state > 1 ? this.#answer.fields : "";
    }
    /** @param {number} state */
    #to(state) {
      this.#state = state;
      this.happens("readystatechange");
    }
    /** @param {object} request */
    #current(request) {
      return this.#request === request;
    }
    /** @param {string} type @param {boolean} uploading */
    #ends(type, uploading) {
      const request = this.#request;
      this.#sent = false;
      this.#answer = { status: 0, text: "", fields: "", url: "" };
      this.#to(4);
      for (const target of [...(uploading ? [this.#upload] : []), this]) {
        for (const name of [type, "loadend"]) if (this.#current(request)) target.happens(name);
      }
    }

    /** What the network does with a request; nothing once the object is used for another. @param {any} request @param {boolean} has */
    #network(request, has) {
      const still = () => this.#current(request) && this.#sent;
      request.uploading = has;
      return {
        uploaded: () => {
          if (!still() || !request.uploading) return;
          request.uploading = false;
          for (const type of ["progress", "load", "loadend"]) if (still()) this.#upload.happens(type, { loaded: 1, total: 1 });
        },
        /** Status and fields arrive: as a rule when the upload has ended. */
        head: (/** @type {number} */ status, /** @type {Record<string, string>} */ fields = {}, url = request.url, early = false) => {
          if (!early) request.uploaded();
          if (!still()) return;
          this.#answer = { status, text: "", fields: Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join(""), url: url.replace(/#.*/, "") };
          this.#to(2);
        },
        /** Some of the body arrives, or all of it. */
        arrives: (/** @type {string} */ text, all = true) => {
          if (!still()) return settled();
          this.#answer.text = text;
          this.#to(3);
          if (still()) this.happens("progress", { loaded: text.length, total: text.length });
          if (all && still()) {
            this.#sent = false;
            this.#to(4);
            for (const type of ["load", "loadend"]) if (this.#current(request)) this.happens(type, { loaded: text.length, total: text.length });
          }
          return settled();
        },
        /**
         * All of it at once.
         * @param {number} [status]
         * @param {Record<string, string>} [fields]
         * @param {string} [url] in the end
         */
        answer: (status = 200, fields, url) => {
          request.head(status, fields, url);
          return request.arrives(`body of ${status}`);
        },
        fails: (type = "error") => {
          if (still()) this.#ends(type, request.uploading);
          return settled();
        },
      };
    }
  }
  return XMLHttpRequest;
};

const TYPES = "readystatechange loadstart progress load loadend error abort timeout".split(" ");

/**
 * A page with an XMLHttpRequest, covered by the gate.
 * @param {Record<string, unknown>} [options]
 * @param {{ open?: boolean, prepare?: (window: any) => void }} [more]
 */
export const createXhrPage = (options, { prepare = () => {}, ...more } = {}) => {
  /** @type {any[]} */
  const requests = [];
  const { window } = openWindow(ORIGIN + "/shop/cart");
  const native = classOf(requests);
  Object.assign(globalThis, { Event, ProgressEvent, EventTarget: Target });
  Object.assign(window, { XMLHttpRequest: native });
  prepare(window);
  const page = createPage(options, more);
  const { cover, restore, active } = createPatch();
  coverXhr(page.host, page.gate, page.places, { cover, restore, active });
  /** @type {any} */
  const { XMLHttpRequest } = window;
  return Object.assign(page, {
    native,
    requests,
    restore,
    window: /** @type {any} */ (window),
    XMLHttpRequest,
    /**
     * What the page sees of an object: each event, with the readyState.
     * @param {any} xhr
     * @param {string} [prefix]
     */
    watch: (xhr, prefix = "", state = xhr) => {
      /** @type {string[]} */
      const seen = [];
      for (const type of TYPES) xhr.addEventListener(type, () => seen.push(type === "readystatechange" ? `r${state.readyState}` : prefix + type));
      return seen;
    },
    /**
     * A call of the page, and what it sees of it.
     * @param {string} [url]
     * @param {{ method?: string, headers?: Record<string, string>, body?: any, set?: object }} [init]
     */
    ask(url = "/api/x", { method = "GET", headers = {}, body, set } = {}) {
      const xhr = new XMLHttpRequest();
      const seen = this.watch(xhr);
      xhr.open(method, url);
      Object.assign(xhr, set);
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      xhr.send(body);
      return { xhr, seen };
    },
    /** The next request that reached the network. */
    async next() {
      for (let i = 0; i < 20 && !requests.length; i++) await settled();
      return requests.shift();
    },
  });
};
