import assert from "node:assert/strict";
import { test } from "node:test";

import { scrubbed } from "./sentry.js";

test("a breadcrumb is bare from the start, since others than events take it; what the app logged stays whole", () => {
  const logged = { url: "/x?y=1" };
  const crumb = { category: "console", message: "see /x?y=1", data: { url: "https://a.test/x?y=1", arguments: ["/x?y=1", logged] } };
  assert.deepEqual(scrubbed.beforeBreadcrumb(crumb), { category: "console", message: "see /x", data: { url: "https://a.test/x", arguments: ["/x", logged] } });
  assert.equal(crumb.data.url, "https://a.test/x?y=1");
});

test("the same 401 is not told twice", () => {
  assert.equal(scrubbed.beforeSend({}, { originalException: { code: "FETCH401_UNAUTHORIZED" } }), null);
  assert.deepEqual(scrubbed.beforeSend({ transaction: "/x?y=1" }, {}), { transaction: "/x" });
});
