/** The last test: what all others have seen holds no token where none belongs. */

import assert from "node:assert/strict";
import { it } from "node:test";
import { leaks, tally } from "./ledger.js";

it("§3 No event, log line, error or URL ever holds a token; §1 tokens go to their own origins alone (whole suite)", () => {
  const { tokens, said, requests } = tally();
  assert.ok(tokens > 0 && said > 0 && requests > 0, `nothing was recorded: ${JSON.stringify(tally())}`);
  assert.deepEqual(leaks(), []);
});
