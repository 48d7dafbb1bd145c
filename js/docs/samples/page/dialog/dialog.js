/** A sign-in within the page, which is not left: the same script for cookies and for tokens; the tag differs. */

const dialog = document.querySelector("dialog");
const form = dialog.querySelector("form");
const say = (selector, text) => (document.querySelector(selector).textContent = text);

/** What the page shows comes by calls that know nothing of all this. */
const load = async () => {
  const response = await fetch("/api/hello");
  say("#answer", response.ok ? `Hello, ${(await response.json()).hello}.` : `${response.status}`);
};

const ask = () => {
  if (!dialog.open) dialog.showModal();
};

window.fetch401.addEventListener("login", (event) => {
  // The page stays. The calls that met the end of the session have their 401, and are not sent again by themselves.
  event.preventDefault();
  ask();
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // Not below data-protect: the 401 of a wrong password is nothing to heal.
  const response = await fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  if (!response.ok) {
    say("[role=alert]", response.status === 401 ? "That name and password do not match." : "That did not work. Try again later.");
    return;
  }
  // The new session begins, in the other tabs of a cookie session, too. With cookies the answer may be { subject, expires_in },
  // with tokens it is { access_token, refresh_token, expires_in }.
  window.fetch401.setTokens(await response.json());
  form.reset();
  say("[role=alert]", "");
  dialog.close();
  load();
});

// `login` comes once in an ended session: whoever closes the dialog opens it again with this.
document.querySelector("#sign-in").addEventListener("click", ask);
document.querySelector("#call").addEventListener("click", load);
load();
