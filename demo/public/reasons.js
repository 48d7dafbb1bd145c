/**
 * Why somebody has to sign in, and how that helps, for each reason code of fetch401.
 * @type {Record<string, { why: string, how: string }>}
 */
const reasons = {
  session_ended: {
    why: "your session has ended: it ran out or was revoked, and the server refuses to renew it",
    how: "Sign in again and you return to where you were.",
  },
  no_credentials: {
    why: "the call carried no credentials, and the page has nothing to get new ones with",
    how: "Sign in and you return to where you were.",
  },
  refresh_failed: {
    why: "your session could not be renewed",
    how: "Sign in again. If that fails too, wait a minute: the server may be busy.",
  },
  still_unauthorized: {
    why: "the session was renewed, and the server still refuses it",
    how: "A fresh sign-in may help. If it does not, the server has a fault that you cannot mend.",
  },
  not_replayable: {
    why: "the session ran out during an upload that cannot be sent twice",
    how: "Sign in, then start the upload again.",
  },
  insufficient_scope: {
    why: "your session lacks a permission that this action needs",
    how: "Signing in alone does not add it: ask for the permission first.",
  },
  step_up: {
    why: "this action needs a stronger sign-in, such as a second factor",
    how: "A real sign-in page would now ask for it. This demo has no second factor, so it will ask again.",
  },
  foreign_challenge: {
    why: "the server asks for a kind of sign-in that this page cannot give",
    how: "Use the sign-in that the server names in its answer.",
  },
  login_loop: {
    why: "the session has ended again, shortly after you were last sent to sign in",
    how: "So as not to send you round in circles, fetch401 waits for you this time.",
  },
  misconfigured: {
    why: "the page is set up wrongly, so that it cannot renew your session",
    how: "Sign in to go on, and tell whoever runs this page.",
  },
};

/**
 * @param {string | null} code
 * @returns {{ why: string, how: string }}
 */
export function reasonText(code) {
  if (code !== null && Object.hasOwn(reasons, code)) return reasons[code];
  return { why: "this page is for people who are signed in", how: "Sign in and you return to where you were." };
}
