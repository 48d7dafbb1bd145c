// Puts a stub in the place of fetch and XMLHttpRequest before anything else is loaded. While it is off, calls go to the
// real ones, so that a library can sign in and fetch its parts. While it is on, each fetch takes the next of the
// responses prepared beforehand, and making a Response is no part of the time.
(() => {
  const BODY = '{"ok":true}';
  const INIT = { headers: { "Content-Type": "application/json" } };
  const real = window.fetch;
  let on = false;
  /** @type {Response[]} */
  let pool = [];

  window.fetch = function fetch(input, init) {
    return on ? Promise.resolve(pool.pop()) : real(input, init);
  };

  window.XMLHttpRequest = class XMLHttpRequest {
    status = 200;
    statusText = "OK";
    readyState = 4;
    responseURL = "";
    responseText = BODY;
    response = BODY;
    onloadend = null;
    open() {}
    setRequestHeader() {}
    getAllResponseHeaders() {
      return "content-type: application/json\r\n";
    }
    getResponseHeader() {
      return "application/json";
    }
    addEventListener(type, listener) {
      if (type === "loadend" || type === "load") this.onloadend = listener;
    }
    removeEventListener() {}
    send() {
      pool.pop();
      queueMicrotask(() => this.onloadend());
    }
  };

  window.stub = {
    fill(count) {
      pool = Array.from({ length: count }, () => new Response(BODY, INIT));
      on = true;
    },
    /** Ends a sample. A library that asked more or less often than it should is not measured. */
    empty() {
      on = false;
      const { length } = pool;
      pool = [];
      if (length) throw new Error(`${length} of the prepared responses were not asked for`);
    },
  };
})();
