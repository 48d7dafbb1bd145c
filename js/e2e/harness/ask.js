/** XMLHttpRequests of a page, told in plain data. */

/** For a page's `before`: defines `ask`, which makes one and tells all that the page sees of it. */
export const ASK = `
window.ask = ({ method = "GET", url, headers = {}, body, type = "", timeout = 0, upload = false, credentials = false, at = {} }) =>
  new Promise((resolve) => {
    const xhr = (window.last = new XMLHttpRequest());
    const seen = [];
    const step = (target, prefix) => (event) => {
      seen.push(prefix + event.type + " " + xhr.readyState + " " + xhr.status);
      at[prefix + event.type + " " + xhr.readyState]?.(xhr);
    };
    const types = "readystatechange loadstart load loadend error abort timeout".split(" ");
    for (const type of types) xhr.addEventListener(type, step(xhr, ""));
    if (upload) for (const type of types) xhr.upload.addEventListener(type, step(xhr.upload, "upload "));
    xhr.open(method, url);
    for (const name in headers) xhr.setRequestHeader(name, headers[name]);
    Object.assign(xhr, { responseType: type, timeout, withCredentials: credentials });
    xhr.addEventListener("loadend", () => setTimeout(() => {
      const { status, statusText, responseURL, response, readyState } = xhr;
      const text = type === "document" ? response?.documentElement?.textContent : type === "arraybuffer" ? response?.byteLength : type === "blob" ? response?.size : response;
      const field = xhr.getResponseHeader("www-authenticate");
      resolve({ seen, status, statusText, url: responseURL, text, field, fields: xhr.getAllResponseHeaders().length > 0, readyState });
    }));
    xhr.send(body);
  });
`;

/** What a page sees of a call that is answered, in the order of the XHR standard; Firefox and WebKit have no third change without a body. */
export const answered = (status) => ["readystatechange 1 0", "loadstart 1 0", ...[2, 3, 4].map((state) => `readystatechange ${state} ${status}`), `load 4 ${status}`, `loadend 4 ${status}`];

/** The page's view of a call. */
export const ask = (tab, call) => tab.run((call) => window.ask(call), call);
