/**
 * `import "fetch401/auto"`: installs when it is imported, by the attributes of `<meta name="fetch401">` in the page's head,
 * which are those of the script tag. Import it before everything else: clients such as openapi-fetch and Apollo take
 * `fetch` when they are made, and what they take is then protected. The object is `window.fetch401`.
 *
 * A wrong configuration is an error event of `window`, as with the tag, and the app runs on. Where there is no page, nothing
 * is done.
 *
 * @example
 * <meta name="fetch401" data-refresh-url="/auth/refresh" data-login-url="/login">
 * @example
 * import "fetch401/auto";
 * import { client } from "./client.js";
 */
import type {} from "./fetch401.js";

export {};
