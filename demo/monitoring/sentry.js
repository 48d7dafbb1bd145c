/**
 * Sentry as the monitor of forward.js, and what its init needs so that a 401 is told once and nothing sensitive with it.
 * Another monitor wants the same two functions: for Zipy or LogRocket `event` is their captureMessage or logMessage, and
 * `breadcrumb` their log or track.
 * @module
 */

import { withoutQueries } from "./scrub.js";

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

/**
 * What an event carries for Sentry's own use is not sent, and is no plain data.
 * @template {{ sdkProcessingMetadata?: unknown }} T
 * @param {T} event
 * @returns {T}
 */
const bareEvent = ({ sdkProcessingMetadata, ...event }) => /** @type {any} */ ({ ...withoutQueries(event), ...(sdkProcessingMetadata ? { sdkProcessingMetadata } : {}) });

/**
 * For Sentry.init({ dsn, ...scrubbed }). Whoever has one of these functions already calls it from theirs.
 *
 * Not reached from here: attributes that the app sets on a scope, and the recordings of Session Replay, which has settings
 * of its own. With `traceLifecycle: "static"` Sentry 11 wants `Sentry.withStaticSpan(scrubbed.beforeSendSpan)`.
 */
export const scrubbed = {
  /**
   * For transactions, feedback and replays, which have no function of their own in every version of Sentry.
   * @param {import("@sentry/browser").Scope} scope
   */
  initialScope: (scope) => scope.addEventProcessor((event) => (event.type ? bareEvent(event) : event)),

  /**
   * Its data may be all that the app passed to its console: what is deep in there is for the event, into which Sentry
   * takes but a part of it.
   * @param {any} crumb
   */
  beforeBreadcrumb: (crumb) => ({ ...crumb, ...withoutQueries({ message: crumb.message, data: crumb.data }, 3) }),

  /**
   * For errors and messages, after all that other processors put into them.
   * @param {any} event @param {any} hint
   */
  beforeSend: (event, hint) =>
    // With data-unauthorized="reject" a rejection that nobody handles is the same 401 once more.
    hint?.originalException?.code === "FETCH401_UNAUTHORIZED" ? null : bareEvent(event),

  /** @param {any} span */
  beforeSendSpan: (span) => withoutQueries(span),
  /** @param {any} log */
  beforeSendLog: (log) => withoutQueries(log),
  /** @param {any} metric */
  beforeSendMetric: (metric) => withoutQueries(metric),
};
