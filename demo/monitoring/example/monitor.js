/**
 * The script that stands before fetch401's: Sentry wraps fetch first, so that to fetch401 native fetch is Sentry's, and
 * Sentry sees each real request once: the first 401, the refresh and the retry.
 * @module
 */

import * as Sentry from "@sentry/browser";
import { forward } from "../forward.js";
import { monitor, scrubbed } from "../sentry.js";

const page = /** @type {any} */ (window);

Sentry.init({ dsn: "https://public@monitor.example/1", ...scrubbed, ...page.monitorOptions?.(Sentry, scrubbed) });

/** To be called right after fetch401's script. */
page.forward401 = () => forward(page.fetch401, monitor(Sentry));
