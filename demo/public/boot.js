"use strict";
// Runs before everything else on both pages. Most apps write the fetch401 tag by hand, first in <head>; here the
// person chooses the mode, so this script writes the very tag that such an app would have.
// document.write is the one way to add a script that still runs before the next line of the page: a script element
// made by the DOM would come later than the page's own first fetch.
(() => {
  /** @type {Record<string, Record<string, string>>} */
  const tags = {
    session: {
      "data-refresh-url": "/auth/refresh",
      "data-protect": "/api",
      "data-login-url": "/login",
    },
    bearer: {
      "data-token-url": "/oauth/token",
      "data-client-id": "demo",
      "data-share": "tabs",
      "data-protect": "/api",
      "data-login-url": "/login",
    },
    pair: {
      "data-refresh-url": "/auth/refresh",
      "data-attach": "bearer",
      "data-share": "tabs",
      "data-protect": "/api",
      "data-login-url": "/login",
    },
  };

  const query = new URLSearchParams(location.search);
  const onLoginPage = location.pathname.replace(/\.html$/, "") === "/login";

  /**
   * The query wins and is remembered for this tab, so that a link can open the page in any state.
   * @param {string} name
   * @param {readonly string[]} allowed the first one is the default
   */
  function setting(name, allowed) {
    let value = query.get(name);
    try {
      if (value !== null && allowed.includes(value)) sessionStorage.setItem("demo." + name, value);
      else value = sessionStorage.getItem("demo." + name);
    } catch {
      // Storage is blocked: the query alone decides.
    }
    return value !== null && allowed.includes(value) ? value : allowed[0];
  }

  const root = document.documentElement;
  root.dataset.mode = setting("mode", Object.keys(tags));
  root.dataset.off = setting("off", ["0", "1"]);
  root.dataset.debug = setting("debug", ["0", "1"]);
  try {
    const theme = localStorage.getItem("demo.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Then the system's choice stays.
  }

  // The login page needs returnTo(), so it has the tag even while fetch401 is switched off for the demo page.
  if (root.dataset.off === "1" && !onLoginPage) return;
  const attributes = { ...tags[root.dataset.mode] };
  if (root.dataset.debug === "1") attributes["data-debug"] = "";
  const text = Object.entries(attributes).map(([name, value]) => (value ? ` ${name}="${value}"` : ` ${name}`)).join("");
  document.write(`<script src="/fetch401/fetch401.js"${text}></scr` + `ipt>`);
})();
