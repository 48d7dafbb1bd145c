// As a subprotocol, since URLs end up in logs.
async function openSocket() {
  const socket = new WebSocket("wss://api.example.com/live", ["live", "bearer." + (await fetch401.accessToken())]);
  socket.addEventListener("close", () => setTimeout(reconnect, 1000 + 4000 * Math.random()));
}

function reconnect() {
  openSocket().catch((error) => {
    if (error.code !== "FETCH401_ENDED") setTimeout(reconnect, 5000);
  });
}

// EventSource has no headers: the token in the query (RFC 6750 §2.3), for a server that logs no queries.
async function openEvents() {
  const events = new EventSource("https://api.example.com/events?access_token=" + (await fetch401.accessToken()));
  // After a refusal it does not connect again by itself.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) openEvents();
  });
}

// socket.io asks for it before each connection.
function openSocketIo() {
  return io("https://api.example.com", { auth: (give) => fetch401.accessToken().then((token) => give({ token })) });
}
