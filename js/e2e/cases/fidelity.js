/**
 * CONTRACT §4, fidelity: what the Fetch and XHR standards (and WebIDL) say of the wrapped members that a wrapper can break,
 * one rule a test. Each is told by a page with the tag and by one without it, and both must tell the same.
 */

import assert from "node:assert/strict";
import { ASK } from "../harness/ask.js";
import { check } from "../harness/check.js";
import { guard } from "../harness/guard.js";
import { json } from "../harness/site.js";

/**
 * What a function tells in a page without the tag and in one with it, protected and ready.
 * @param {any} e
 * @param {Function} tell
 * @param {(site: any) => void} [prepare]
 * @param {any[]} args of the function
 */
const both = async (e, tell, prepare = () => {}, ...args) => {
  const told = [];
  for (const tagged of [false, true]) {
    const site = await e.site();
    const g = guard(site, "session");
    site.on("GET /open/*", (q) => json({ path: q.path })).on("GET /api/good", json({})).on("POST /api/good", (q) => json({ got: String(q.body).length }));
    prepare(site);
    const tab = await e.tab();
    const page = site.page({ attrs: tagged ? g.attrs : undefined, before: [ASK], probe: false });
    if (tagged) await tab.open(page);
    else await tab.goto(page);
    told.push(JSON.stringify(await tab.run(tell, ...args)).replaceAll(site.origin, "ORIGIN"));
    await tab.goto("about:blank");
  }
  return told.map((text) => JSON.parse(text));
};

/** @param {string} name @param {Function} tell @param {(site: any) => void} [prepare] @param {any[]} args */
const same = (name, tell, prepare, ...args) =>
  check(`§4 fidelity: ${name}`, async (e) => {
    const [plain, tagged] = await both(e, tell, prepare, ...args);
    assert.notEqual(plain, null);
    assert.deepEqual(tagged, plain);
  });

same("WebIDL §3.7.6: descriptors, names, lengths of the members of XMLHttpRequest.prototype", () =>
  Object.entries(Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype)).map(([key, { get, set, value, writable, enumerable, configurable }]) => [
    key, writable, enumerable, configurable, ...[get, set, value].map((part) => (typeof part === "function" ? [part.name, part.length, Object.keys(part)] : typeof part)),
  ]));

same("WebIDL §3.7.1: the interface object, its statics, its descriptor on window", () => {
  const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(window, "XMLHttpRequest");
  return [writable, enumerable, configurable, XMLHttpRequest.name, XMLHttpRequest.length, XMLHttpRequest.DONE, XMLHttpRequest.UNSENT, Object.getOwnPropertyNames(XMLHttpRequest).sort(), XMLHttpRequest.prototype.constructor === XMLHttpRequest, Object.getPrototypeOf(XMLHttpRequest) === XMLHttpRequestEventTarget];
});

same("Function.prototype.toString: source texts say native code", () => {
  const { open, send, abort } = XMLHttpRequest.prototype;
  const { get } = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "status");
  return [XMLHttpRequest, open, send, abort, get, fetch].map((f) => `${f}`);
});

same("new, instanceof, brands, subclasses, calling it as a function", () => {
  class Own extends XMLHttpRequest {
    mine = 1;
  }
  const thrown = (f) => {
    try {
      f();
      return "nothing";
    } catch (error) {
      return error.constructor.name;
    }
  };
  const xhr = new XMLHttpRequest();
  return [xhr instanceof XMLHttpRequest, new Own() instanceof XMLHttpRequest, new Own() instanceof Own, new Own().mine, `${xhr}`, xhr.constructor === XMLHttpRequest, Object.keys(xhr), thrown(() => XMLHttpRequest()), thrown(() => XMLHttpRequest.prototype.open.call({})), thrown(() => XMLHttpRequest.prototype.readyState), thrown(() => new xhr.open())];
});

same("XHR §4.5.1: what open() throws, and what becomes of the object", () => {
  const told = [];
  for (const args of [[], ["GET"], ["GET", "http://["], ["a b", "/api/x"], ["TRACE", "/api/x"], [Symbol(), "/api/x"]]) {
    const xhr = new XMLHttpRequest();
    try {
      xhr.open(...args);
      told.push("opened", xhr.readyState);
    } catch (error) {
      told.push(error.name, xhr.readyState);
    }
  }
  return told;
});

same("XHR §4.5.2, §4.5.6: what setRequestHeader() and send() throw before open() and after send()", async () => {
  const told = [];
  const act = (f) => {
    try {
      f();
      told.push("done");
    } catch (error) {
      told.push(error.name);
    }
  };
  const xhr = new XMLHttpRequest();
  act(() => xhr.setRequestHeader("a", "b"));
  act(() => xhr.send());
  xhr.open("GET", "/api/good");
  act(() => xhr.setRequestHeader("a b", "b"));
  act(() => xhr.setRequestHeader("Authorization", "a\nb"));
  act(() => xhr.setRequestHeader("Authorization"));
  act(() => xhr.send());
  act(() => xhr.send());
  act(() => xhr.setRequestHeader("a", "b"));
  act(() => (xhr.withCredentials = true));
  await new Promise((resolve) => (xhr.onloadend = resolve));
  act(() => xhr.send());
  return told;
});

same("WebIDL: open() converts method and URL once each, in this order", () => {
  const told = [];
  const spy = (name, value) => ({ toString: () => (told.push(name), value) });
  const xhr = new XMLHttpRequest();
  xhr.open(spy("method", "get"), spy("url", "/api/good"));
  xhr.abort();
  return told;
});

for (const url of ["/api/good", "/open/x"]) {
  same(`XHR §4.5.6: the events of a call that needs no healing, handlers and listeners in their order (${url})`, async (url) => {
    const xhr = new XMLHttpRequest();
    const told = [];
    for (const type of ["readystatechange", "loadstart", "progress", "load", "loadend"]) {
      xhr["on" + type] = (event) => told.push(["on", type, xhr.readyState, event.isTrusted, event.constructor.name, event.loaded, event.lengthComputable]);
      xhr.addEventListener(type, (event) => told.push(["listener", type, event.eventPhase, event.currentTarget === xhr]));
    }
    xhr.open("GET", url, true);
    xhr.send();
    await new Promise((resolve) => xhr.addEventListener("loadend", () => setTimeout(resolve)));
    return told;
  }, undefined, url);
}

for (const url of ["/api/good", "/open/x"]) {
  same(`XHR §4.6: every member of the answer (${url})`, async (url) => {
    const told = [];
    for (const type of ["", "text", "json", "blob", "arraybuffer", "document"]) {
      const xhr = new XMLHttpRequest();
      xhr.open("GET", url);
      xhr.responseType = type;
      xhr.send();
      await new Promise((resolve) => (xhr.onloadend = resolve));
      const read = (name) => {
        try {
          return String(xhr[name]);
        } catch (error) {
          return error.name;
        }
      };
      told.push(["readyState", "status", "statusText", "responseURL", "response", "responseText", "responseXML", "responseType", "timeout"].map(read), xhr.getResponseHeader("Content-Type"), xhr.getResponseHeader("content-type"), xhr.getResponseHeader("none"), xhr.getAllResponseHeaders().toLowerCase().split("\r\n").filter((line) => /^content/.test(line)));
    }
    return told;
  }, (site) => void site.on("GET /api/good", { headers: { "content-type": "application/json" }, body: '{"a":1}' }).on("GET /open/x", { headers: { "content-type": "application/json" }, body: '{"a":1}' }), url);
}

same("XHR §4.5.7: abort() before, amid and after", async () => {
  const told = [];
  const run = async (when) => {
    const xhr = new XMLHttpRequest();
    for (const type of ["readystatechange", "abort", "load", "loadend"]) xhr.addEventListener(type, () => told.push(`${when} ${type} ${xhr.readyState}`));
    if (when === "unopened") return xhr.abort();
    xhr.open("GET", "/api/good");
    if (when === "unsent") xhr.abort();
    else {
      const done = new Promise((resolve) => xhr.addEventListener("loadend", resolve));
      xhr.send();
      if (when === "sent") xhr.abort();
      await done;
      if (when === "done") xhr.abort();
    }
    told.push(`${when} ${xhr.readyState} ${xhr.status}`);
  };
  for (const when of ["unopened", "unsent", "sent", "done"]) await run(when);
  return told;
});

same("DOM §2.9: removeEventListener, once, an event that the page dispatches itself", async () => {
  const xhr = new XMLHttpRequest();
  const told = [];
  const gone = () => told.push("gone");
  xhr.addEventListener("load", gone);
  xhr.removeEventListener("load", gone);
  xhr.addEventListener("load", () => told.push("once"), { once: true });
  xhr.open("GET", "/api/good");
  xhr.dispatchEvent(new Event("load"));
  xhr.dispatchEvent(new Event("readystatechange"));
  xhr.send();
  await new Promise((resolve) => (xhr.onloadend = resolve));
  return [told, xhr.readyState];
});

same("Resource Timing: one entry for a call that needs no healing", async () => {
  await window.ask({ url: "/api/good" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return performance.getEntriesByName(location.origin + "/api/good").map(({ initiatorType }) => initiatorType);
});

same("HTML §8.1.7.3: an exception in a listener reaches window.onerror and stops no other", async () => {
  const told = [];
  window.addEventListener("error", (event) => (told.push(event.message), event.preventDefault()));
  const xhr = new XMLHttpRequest();
  xhr.onload = () => {
    throw new Error("mine");
  };
  xhr.addEventListener("loadend", () => told.push("loadend"));
  xhr.open("GET", "/api/good");
  xhr.send();
  await new Promise((resolve) => xhr.addEventListener("loadend", resolve));
  return told;
});

same("the upload of a call that needs no healing: its events", async () => {
  const xhr = new XMLHttpRequest();
  const told = [];
  xhr.open("POST", "/api/good");
  for (const type of ["loadstart", "progress", "load", "loadend"]) xhr.upload["on" + type] = (event) => told.push([type, event.loaded, event.total, event.isTrusted]);
  xhr.send("x".repeat(1000));
  await new Promise((resolve) => (xhr.onloadend = resolve));
  return [told.filter(([type], i, all) => type !== "progress" || all[i + 1]?.[0] !== "progress"), xhr.upload === xhr.upload, `${xhr.upload}`];
});

check("§3 restore() puts back every native descriptor; under a later wrapper it is inert", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const keep = `window.before = [window, XMLHttpRequest.prototype].map((o) => Object.getOwnPropertyDescriptors(o));`;
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs, before: [keep, ASK] }));
  const changed = await tab.run(async () => {
    window.fetch401.restore();
    const [, proto] = window.before;
    const now = Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype);
    return Object.keys(proto).filter((name) => ["get", "set", "value"].some((part) => proto[name][part] !== now[name][part])).concat(XMLHttpRequest === window.before[0].XMLHttpRequest.value ? [] : "XMLHttpRequest");
  });
  assert.deepEqual(changed, []);
  assert.equal((await tab.run(() => window.ask({ url: "/api/x" }))).status, 401);
  await tab.open(site.page({ attrs: g.attrs, before: [ASK] }));
  const status = await tab.run(async () => {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (...args) {
      return open.apply(this, args);
    };
    const mine = XMLHttpRequest.prototype.open;
    window.fetch401.restore();
    const { status } = await window.ask({ url: "/api/x" });
    return [status, XMLHttpRequest.prototype.open === mine];
  });
  assert.deepEqual(status, [401, true]);
  assert.equal(g.exchanges(), 0);
});

check("§4 XMLHttpRequest replaced by another script before us: it is left alone, and one warning says so", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const facade = `{ const Native = XMLHttpRequest; window.XMLHttpRequest = function () { const xhr = new Native(); return new Proxy({}, { get: (_, name) => typeof xhr[name] === "function" ? xhr[name].bind(xhr) : xhr[name], set: (_, name, value) => ((xhr[name] = value), true) }); }; }`;
  const proxied = `{ const Native = XMLHttpRequest; window.XMLHttpRequest = new Proxy(Native, { construct: (target, args) => new Proxy(new target(...args), { get: (xhr, name) => typeof xhr[name] === "function" ? xhr[name].bind(xhr) : xhr[name], set: (xhr, name, value) => ((xhr[name] = value), true) }) }); }`;
  for (const script of [facade, proxied]) {
    const tab = await e.tab();
    await tab.open(site.page({ attrs: g.attrs, before: [script, ASK] }));
    for (const url of ["/api/x", "/api/y"]) assert.equal((await tab.run((url) => window.ask({ url }), url)).status, 401);
    await tab.line(/FETCH401_XHR_FOREIGN/);
    assert.equal(tab.said(/FETCH401_XHR_FOREIGN/).length, 1);
  }
  assert.equal(g.exchanges(), 0);
});

check("§4 XMLHttpRequest: 100,000 objects leave nothing behind", async (e) => {
  const site = await e.site();
  const g = guard(site, "session");
  const tab = await e.tab();
  await tab.open(site.page({ attrs: g.attrs }));
  const some = () =>
    tab.run(() => {
      for (let i = 0; i < 5000; i++) {
        const xhr = new XMLHttpRequest();
        xhr.open("GET", "/api/x?" + i);
        void xhr.upload;
      }
      return window.fetch401.state();
    });
  for (let i = 0; i < 19; i++) await some();
  const held = await some();
  assert.deepEqual([held.held, held.counters.calls], [0, 0]);
}, { long: true });
