/**
 * The program's half of the transport of XMLHttpRequest: what a 401 says, and how its call is opened again.
 * @module
 */

import { baseURI } from "../gate/platform.js";

/** @typedef {import("../gate/xhr-transport.js").Call} Call */

/**
 * The challenge, and whether the 401 came behind a redirect.
 * @param {Call} call
 * @returns {[challenge: string, redirected: boolean]}
 */
const read = ({ xhr, transport: { native }, opened, base }) => {
  // Asked for by its name, a field that is not exposed is an error in Chromium's console.
  const fields = native("getAllResponseHeaders", xhr).matchAll(/^www-authenticate: *(.*?)\r?$/gim);
  const url = new URL(opened[1], base);
  url.hash = "";
  return [[...fields].map(([, value]) => value).join(", "), native("responseURL", xhr) !== url.href];
};

/**
 * Calls back with what opens the call again. Where that happened within the dispatch of a native event, Chromium and
 * WebKit would mix up the two answers: so not before the next task; and not by a timer, which are slow in hidden pages.
 * @param {Call} call
 * @param {boolean} visible
 * @param {(reopen: () => void) => void} then
 */
const again = (call, visible, then) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    if (!call.closed && call.log) then(() => reopen(call));
  };
  port2.postMessage(0);
};

/** @param {Call} call */
const reopen = (call) => {
  const { xhr, transport, opened, base, headers } = call;
  const [method, url, , ...rest] = opened;
  call.muted = true;
  try {
    // As it was passed, since a document's encoding is part of what a URL means; unless its base has changed.
    transport.native("open", xhr, [method, base === baseURI() ? url : new URL(url, base).href, true, ...rest]);
    for (const header of headers) transport.native("setRequestHeader", xhr, header);
  } catch {
    transport.end(call, "error");
  }
};

export const xhr = { read, again };
