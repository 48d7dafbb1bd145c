/** The login page: signs in, and goes back to where the person came from. */

const form = document.querySelector("form");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch("/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  if (response.ok) location.replace(window.fetch401.returnTo("/"));
  else form.querySelector("[role=alert]").textContent = response.status === 401 ? "That name and password do not match." : "That did not work. Try again later.";
});
