import { inputById } from "./dom.js";
import { recall, remember } from "./storage.js";

/** What carries the page's calls; the choice holds until the tab is closed. */
export function startTransport() {
  const xhr = inputById("by-xhr");
  xhr.checked = recall("xhr") === "1";
  for (const id of ["by-fetch", "by-xhr"]) inputById(id).addEventListener("change", () => remember("xhr", xhr.checked ? "1" : "0"));
}

/** Another tab of the demo has no such choice: it does what the one that opened it did. */
function xhrChosen() {
  const input = document.getElementById("by-xhr");
  return input instanceof HTMLInputElement ? input.checked : recall("xhr") === "1";
}

/**
 * A call by what the person has chosen. Rejects with an AbortError, or where there is no answer.
 * @param {string} url
 * @param {RequestInit} init method, headers, body and signal alone
 * @returns {Promise<{ status: number, answer: any }>} the answer's JSON, undefined for any other
 */
export function request(url, init) {
  return xhrChosen() ? byXhr(url, init) : byFetch(url, init);
}

/**
 * @param {string} url
 * @param {RequestInit} init
 */
async function byFetch(url, init) {
  const response = await fetch(url, init);
  return { status: response.status, answer: await response.json().catch(() => undefined) };
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<{ status: number, answer: any }>}
 */
function byXhr(url, { method = "GET", headers, body, signal }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of new Headers(headers)) xhr.setRequestHeader(name, value);
    xhr.responseType = "json";
    xhr.onload = () => resolve({ status: xhr.status, answer: xhr.response ?? undefined });
    xhr.onerror = () => reject(new TypeError("no answer"));
    xhr.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => xhr.abort(), { once: true });
    xhr.send(/** @type {XMLHttpRequestBodyInit | null | undefined} */ (body));
  });
}
