// sessionStorage throws where the browser blocks it; the demo then forgets between reloads, and goes on.

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return sessionStorage.getItem("demo." + name);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string | null} value null forgets it
 */
export function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem("demo." + name);
    else sessionStorage.setItem("demo." + name, value);
  } catch {
    // Nothing to do.
  }
}

/**
 * Read once: it is gone before the caller has it.
 * @param {string} name
 */
export function take(name) {
  const value = recall(name);
  remember(name, null);
  return value;
}

/** Loads the page again, so that boot.js writes the tag anew; the stored settings count then, not those in the query. */
export function reload() {
  const url = new URL(location.href);
  for (const name of ["mode", "off", "debug"]) url.searchParams.delete(name);
  if (url.href === location.href) location.reload();
  else location.replace(url.href);
}
