import { byId, inputById, withCode } from "./dom.js";
import { fetch401 } from "./interceptor.js";
import { reasonText } from "./reasons.js";
import { change, session } from "./session.js";

/**
 * fetch401 wants to send the person to /login. With "stay on this page" ticked, the page says so here instead.
 */
export function startNotice() {
  fetch401()?.addEventListener("login", (event) => {
    const { reason } = /** @type {CustomEvent} */ (event).detail ?? {};
    // A stronger sign-in is asked for while the session goes on.
    if (reason !== "step_up") change({ state: session.state === "in" ? "ended" : session.state });
    if (!inputById("stay").checked) return;
    event.preventDefault();
    show(reason);
  });
  // Past the guard against loops there is no login event any more, and the person still has to know.
  fetch401()?.addEventListener("unauthorized", (event) => {
    const { reason } = /** @type {CustomEvent} */ (event).detail ?? {};
    if (reason !== "login_loop") return;
    change({ state: session.state === "in" ? "ended" : session.state });
    show(reason);
  });
  byId("notice-sign-in").addEventListener("click", () => {
    // In case the session goes on and the form is hidden.
    if (session.state === "in") change({ state: "out" });
    byId("sign-in").scrollIntoView({ block: "center" });
    byId("sign-in").focus();
  });
  byId("notice-login").addEventListener("click", () => {
    const reason = byId("notice").dataset.reason ?? "session_ended";
    inputById("stay").checked = false;
    fetch401()?.login(reason);
  });
  session.addEventListener("change", () => {
    if (session.state === "in" && byId("notice").dataset.reason !== "step_up") hideNotice();
  });
}

export function hideNotice() {
  byId("notice").hidden = true;
}

/** @param {string} reason */
function show(reason) {
  const { why, how } = reasonText(reason);
  byId("notice").dataset.reason = reason;
  byId("notice-why").replaceChildren(`You need to sign in, because ${why}.`);
  byId("notice-how").replaceChildren(...withCode(`${how} fetch401's reason: \`${reason}\`.`));
  byId("notice").hidden = false;
}
