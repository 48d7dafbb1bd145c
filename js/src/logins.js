/**
 * When this tab was sent to login, as far as its sessionStorage tells.
 * @module
 */

const NAME = "fetch401";

/** The last times, in milliseconds, commas between them; undefined where the storage is blocked. */
export const stored = () => {
  try {
    return sessionStorage.getItem(NAME) ?? "";
  } catch {
    // Then Go's guard goes by the referrer.
  }
};

/** Remembers that it is sent there now. */
export const store = () => {
  try {
    sessionStorage.setItem(NAME, `${stored()},${Date.now()}`.split(",").filter(Boolean).slice(-3).join());
  } catch {
    // Blocked or full.
  }
};
