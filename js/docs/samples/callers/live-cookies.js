// With cookies there is no token to ask for: the session is renewed, and the connection opened anew.
function openEvents(url, heard, wait = 1000) {
  const events = new EventSource(url);
  events.addEventListener("open", () => (wait = 1000));
  events.addEventListener("message", heard);
  events.addEventListener("error", async () => {
    // It connects again by itself after a lost connection, and not after a refusal, whose status it tells nobody.
    if (events.readyState !== EventSource.CLOSED) return;
    if ((await fetch401.refresh()) !== "ended") setTimeout(openEvents, wait * Math.random(), url, heard, Math.min(2 * wait, 60_000));
  });
}

// The same with a WebSocket, which tells no status either.
function openSocket(url, heard, wait = 1000) {
  const socket = new WebSocket(url);
  let opened = false;
  socket.addEventListener("open", () => (opened = true));
  socket.addEventListener("message", heard);
  socket.addEventListener("close", async () => {
    if (opened) return setTimeout(openSocket, 1000 * Math.random(), url, heard);
    if ((await fetch401.refresh()) !== "ended") setTimeout(openSocket, wait * Math.random(), url, heard, Math.min(2 * wait, 60_000));
  });
}
