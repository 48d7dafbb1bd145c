/** Tells the test of every event of fetch401, from the first one on. */
for (const type of ["refreshing", "refreshed", "refreshfailed", "retried", "unauthorized", "login", "sessionchanged"]) {
  window.fetch401?.addEventListener(type, (event) => {
    if (type === "login" && window.__stay) event.preventDefault();
    window.__e2e?.say("event", { type, detail: event.detail, cancelable: event.cancelable, state: window.fetch401.state() });
  });
}
window.fetch401?.ready.then(
  () => window.__e2e?.say("event", { type: "ready" }),
  (error) => window.__e2e?.say("event", { type: "unready", code: error.code, message: String(error) }),
);
