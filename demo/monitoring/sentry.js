/**
 * Sentry as the monitor of forward.js, and what its init needs so that a 401 is told once and nothing sensitive with it.
 * Another monitor wants the same two functions: for Zipy or LogRocket `event` is their captureMessage or logMessage, and
 * `breadcrumb` their log or track.
 * @module
 */

import { withoutIds } from "./forward.js";

/**
 * @param {Pick<typeof import("@sentry/browser"), "addBreadcrumb" | "captureMessage">} Sentry
 * @returns {import("./forward.js").Monitor}
 */
export const monitor = (Sentry) => ({
  breadcrumb: (message, data) => void Sentry.addBreadcrumb({ category: "fetch401", message, data }),
  event: (message, { level, fingerprint, data }) =>
    void Sentry.captureMessage(message, {
      level,
      fingerprint,
      tags: { "fetch401.reason": String(data.reason) },
      contexts: { fetch401: data },
    }),
});

/** @param {any} url */
const bare = (url) => (typeof url === "string" ? withoutIds(url) : url);

/** @param {Record<string, any> | undefined} object @param {string[]} names */
const scrub = (object, ...names) => {
  for (const name of names) if (object?.[name] !== undefined) object[name] = bare(object[name]);
};

/** For Sentry.init({ dsn, ...scrubbed }). */
export const scrubbed = {
  /** Sentry writes down whole URLs of requests and navigations, with all that is in their query. @param {any} crumb */
  beforeBreadcrumb(crumb) {
    scrub(crumb.data, "url", "from", "to");
    return crumb;
  },

  /** @param {any} event @param {any} hint */
  beforeSend(event, hint) {
    // With data-unauthorized="reject" a rejection that nobody handles is the same 401 once more.
    if (hint?.originalException?.code === "FETCH401_UNAUTHORIZED") return null;

    scrub(event.request, "url", "query_string");
    scrub(event.request?.headers, "Referer");
    return event;
  },
};
