// In bearer mode and in pair mode the page is handed tokens at sign-in and gives them to fetch401. It keeps the first
// access token in this variable too: the demo's controls (expire, revoke, ...) want to know whose session is meant,
// also when the token has run out, and with fetch401 switched off it is all that the page has.

/** @type {string | undefined} */
let token;

/** @param {string | undefined} value */
export function hold(value) {
  token = value;
}

/** @returns {string | undefined} */
export function heldToken() {
  return token;
}
