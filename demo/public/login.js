import { byId, inputById } from "./dom.js";
import { fetch401, mode } from "./interceptor.js";
import { reasonText } from "./reasons.js";
import { recall, remember } from "./storage.js";
import { startTheme } from "./theme.js";

// returnTo() judges the way back, so that nobody can be led to a foreign page by a link to this one.
const back = fetch401()?.returnTo?.("/") ?? "/";

async function submit() {
  const button = byId("sign-in");
  const lifetime = Number(recall("lifetime") ?? "30");
  button.setAttribute("aria-busy", "true");
  try {
    const response = await fetch("/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: inputById("user").value, password: inputById("password").value, mode: mode(), lifetime }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? `The server answered ${response.status}.`);
    // Tokens in memory do not survive the way back. An OAuth server would send a code along, good for one use; this
    // page leaves the tokens where the next one takes them away at once.
    if (answer.access_token) remember("handover", JSON.stringify({ tokens: answer, lifetime }));
    else remember("signed-in", JSON.stringify({ mode: mode(), lifetime }));
    location.replace(back);
  } catch (error) {
    byId("sign-in-problem").textContent = error instanceof Error ? error.message : "The server does not answer.";
    byId("sign-in-problem").hidden = false;
    button.removeAttribute("aria-busy");
  }
}

const reason = new URLSearchParams(location.search).get("reason");
const { why, how } = reasonText(reason);
byId("why").textContent = `You need to sign in, because ${why}.`;
byId("how").textContent = how;
byId("reason").textContent = reason && /^[a-z_]{1,32}$/.test(reason) ? reason : "none";
byId("back").textContent = back;
byId("handover").hidden = mode() === "session";
byId("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});
startTheme();
