import { byId, inputById } from "./dom.js";
import { isOn, mode } from "./interceptor.js";
import { session, signIn, signOut } from "./session.js";
import { recall, reload, remember } from "./storage.js";

const form = /** @type {HTMLFormElement} */ (byId("sign-in-form"));

const stateNames = { in: "Signed in as demo", out: "Signed out", ended: "Session ended" };

/** What the tokens' whereabouts mean for the person, by mode. */
const whereabouts = /** @type {Record<string, string>} */ ({
  session: "Both tokens are in HttpOnly cookies, out of reach of any script.",
  bearer: "Both tokens are in memory only, that of this page and of other tabs of the demo: a reload of the last one forgets them.",
  pair: "The access token is in this page's memory, the refresh token in an HttpOnly cookie: a reload survives.",
});

/** Step 1 of the page: the form, the session's state and the countdown of the access token. */
export function startSignIn() {
  modeInput(mode()).checked = true;
  inputById("lifetime").value = recall("lifetime") ?? "30";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  byId("sign-out").addEventListener("click", async () => {
    await signOut();
    byId("sign-in").focus();
  });
  session.addEventListener("change", show);
  setInterval(showCountdown, 250);
  show();
}

/** Signs in with what the form says; in another mode than the page's after a reload, as the tag is read once. */
export async function submit() {
  const chosen = /** @type {string} */ (new FormData(form).get("mode"));
  const lifetime = inputById("lifetime");
  showProblem("");
  remember("lifetime", lifetime.value);
  if (chosen !== mode()) {
    await signOut();
    remember("mode", chosen);
    remember("next", "sign-in");
    reload();
    return;
  }
  const button = byId("sign-in");
  button.setAttribute("aria-busy", "true");
  const problem = await signIn({
    user: inputById("user").value,
    password: inputById("password").value,
    lifetime: Number(lifetime.value),
  });
  button.removeAttribute("aria-busy");
  showProblem(problem);
  if (!problem && document.activeElement === document.body) byId("sign-out").focus();
}

/**
 * @param {string} text nothing hides it
 * @param {"bad" | "info"} tone
 */
export function showProblem(text, tone = "bad") {
  const problem = byId("sign-in-problem");
  problem.textContent = text;
  problem.dataset.tone = tone;
  problem.hidden = text === "";
}

/** @param {string} name */
function modeInput(name) {
  return inputById(`mode-${name}`);
}

function show() {
  const { state } = session;
  const badge = byId("session-state");
  badge.textContent = stateNames[state];
  badge.dataset.state = state;
  const hadFocus = form.contains(document.activeElement);
  form.hidden = state === "in";
  byId("signed-in").hidden = state !== "in";
  if (state === "in") {
    byId("whereabouts").textContent = whereabouts[mode()];
    byId("session-mode").textContent = mode() === "pair" ? "pair (both)" : mode();
    byId("session-lifetime").textContent = `${session.lifetime} s`;
    if (hadFocus) byId("sign-out").focus();
  }
  showCountdown();
}

function showCountdown() {
  if (session.state !== "in") return;
  const left = Math.max(0, Math.ceil((session.deadline - performance.now()) / 1000));
  const unknown = session.deadline === 0;
  byId("countdown-bar").style.width = unknown ? "0" : `${Math.min(1, left / session.lifetime) * 100}%`;
  const then = isOn() ? "the next call refreshes it" : "calls now get 401";
  byId("countdown").textContent = unknown ? "age unknown after the reload" : left ? `runs out in ${left} s` : `has run out: ${then}`;
}
