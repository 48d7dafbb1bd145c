/**
 * The first script of each page: what the page says (console, errors, events of fetch401, addresses) until the test has
 * heard it. No engine tells all of that in the same way, so the page tells it itself. A window's name lives on in the
 * next page of the same origin, and so does what nobody had heard when a page was left. It is written at once: Chromium
 * may show the next page before the old one hears that it is left.
 */
{
  /** More than a page says before it is left. */
  const LAST = 100;
  // Pages of the tests play with the clock.
  const now = performance.now.bind(performance);

  const stored = () => (name.startsWith("[") ? JSON.parse(name) : []);
  /** @type {{ number: number, kind: string, thing: any }[]} */
  let kept = stored();
  let last = 0;
  const store = () => (name = kept.length ? JSON.stringify(kept.slice(-LAST)) : "");

  /** Numbers grow from page to page of a window, back to a page that was kept too. */
  const say = (kind, thing) => {
    last = Math.max(last + 1, Math.floor((performance.timeOrigin + now()) * 1000));
    kept.push({ number: last, kind, thing });
    store();
  };
  const take = (heard) => {
    kept = kept.filter(({ number }) => number > heard);
    store();
    return kept;
  };
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) kept = [...kept, ...stored().filter(({ number }) => !kept.some((own) => own.number === number))];
  });

  const text = (thing) => {
    try {
      return thing instanceof Error ? `${thing}\n${thing.stack}` : String(thing);
    } catch {
      return "something without a text";
    }
  };

  let voice = say;
  try {
    // A frame says it in its page's name.
    if (top !== window) voice = top.__e2e.say;
  } catch {
    // A page of another origin hears nothing of its frames.
  }

  window.__e2e = { say: voice, take };
  voice("address", location.href);
  for (const method of ["debug", "log", "info", "warn", "error", "group", "groupCollapsed", "groupEnd"]) {
    const native = console[method];
    console[method] = (...things) => {
      voice("line", { type: method, text: things.map(text).join(" ") });
      native.apply(console, things);
    };
  }
  addEventListener("error", ({ error, message }) => voice("error", { text: error?.message ?? message, stack: String(error?.stack) }));
  addEventListener("unhandledrejection", (event) => {
    // Whoever comes after may yet handle it.
    setTimeout(() => event.defaultPrevented || voice("error", { text: String(event.reason?.message ?? event.reason), stack: String(event.reason?.stack) }));
  });
}
