/** The page behind the sign-in: its calls know nothing of sessions. */

const show = (/** @type {string} */ text) => {
  document.querySelector("#answer").textContent = text;
};

const call = async () => {
  const response = await fetch("/api/hello");
  show(response.ok ? `Hello, ${(await response.json()).hello}.` : `${response.status}`);
};

document.querySelector("#call").addEventListener("click", call);

document.querySelector("#sign-out").addEventListener("click", async () => {
  // First here, so that no renewal is begun any more; then at the server, which ends the session.
  window.fetch401.clearTokens();
  await fetch("/auth/logout", { method: "POST" });
  location.assign("/login/");
});

call();
