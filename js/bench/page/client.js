// How a page of the benchmark calls what it measures, and takes the time.
(() => {
  const drained = async (response) => {
    if (!response.ok) throw new Error("status " + response.status);
    return response.json();
  };
  const adapters = {
    fetch: () => ({ get: (url) => fetch(url), json: async (url) => drained(await fetch(url)) }),
    axios: () => ({ get: (url) => app.api.get(url), json: async (url) => (await app.api.get(url)).data }),
    ky: () => ({ get: (url) => app.api.get(url), json: (url) => app.api.get(url).json() }),
    oauth: () => ({ get: (url) => app.api.fetch(url), json: async (url) => drained(await app.api.fetch(url)) }),
  };
  const asked = (url) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("GET", url);
      request.onload = () => (request.status === 200 ? resolve(request) : reject(new Error("status " + request.status)));
      request.onerror = () => reject(new Error("no answer"));
      request.send();
    });
  adapters.xhr = () => ({ get: asked, json: async (url) => JSON.parse((await asked(url)).responseText) });
  const subject = adapters[document.currentScript.dataset.adapter]();

  // What native code does for the same result: a Response, its parsed body, or the parsed body by XMLHttpRequest.
  const natives = {
    fetch: (url) => fetch(url),
    json: async (url) => (await fetch(url)).json(),
    xhr: (url) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open("GET", url);
        request.onloadend = () => resolve(JSON.parse(request.responseText));
        request.send();
      }),
  };

  let fresh = 0;
  const urls = {
    // A page's own few endpoints, over and over.
    sequential: (count) => Array.from({ length: count }, (_, i) => "api/item/" + (i % 100)),
    // A query of its own in each call.
    fresh: (count) => Array.from({ length: count }, () => "api/item?page=" + ++fresh),
    parallel: (count) => Array.from({ length: count }, (_, i) => "api/item/" + (i % 1000)),
    outside: (count) => Array.from({ length: count }, (_, i) => "https://elsewhere.example/item/" + (i % 100)),
  };
  // Strings made by concatenation are flattened at first use: not in the time.
  const flat = (list) => (list.forEach((url) => Number(url)), list);

  window.bench = {
    /** Ready to be measured: Go runs, a session exists, one call has worked. */
    async prime() {
      await window.fetch401?.ready;
      await subject.json("api/item/0").catch(() => subject.json("api/item/0"));
      return { isolated: crossOriginIsolated, visible: document.visibilityState };
    },

    /** Milliseconds of `count` calls over the stub. */
    async stubbed(kind, count, baseline) {
      const list = flat(urls[kind](count));
      const call = baseline ? natives[baseline] : subject.get;
      stub.fill(count);
      gc();
      let start;
      let end;
      if (kind === "parallel") {
        const all = new Array(1000);
        start = performance.now();
        for (let at = 0; at < count; at += 1000) {
          for (let i = 0; i < 1000; i++) all[i] = call(list[at + i]);
          await Promise.all(all);
        }
        end = performance.now();
      } else {
        start = performance.now();
        for (let i = 0; i < count; i++) await call(list[i]);
        end = performance.now();
      }
      stub.empty();
      return end - start;
    },

    /** Milliseconds of `count` real calls, one after the other, bodies read. */
    async real(count) {
      const list = flat(urls.sequential(count));
      gc();
      const start = performance.now();
      for (let i = 0; i < count; i++) await subject.json(list[i]);
      return performance.now() - start;
    },

    /** `count` real calls, twenty at a time, bodies read. */
    async many(count) {
      const list = urls.sequential(count);
      for (let at = 0; at < count; at += 20) await Promise.all(list.slice(at, at + 20).map(subject.json));
    },

    /** Milliseconds in which `count` XMLHttpRequests are made, opened and given two headers. */
    async opened(kind, count) {
      const list = flat(urls[kind](count));
      gc();
      const start = performance.now();
      for (let i = 0; i < count; i++) {
        const request = new XMLHttpRequest();
        request.open("GET", list[i]);
        request.setRequestHeader("Accept", "application/json");
        request.setRequestHeader("X-Own", "1");
      }
      return performance.now() - start;
    },

    /** Milliseconds of one call on an expired session. */
    async expired() {
      gc();
      const start = performance.now();
      await subject.json("api/item/0");
      return performance.now() - start;
    },

    /**
     * The same by hand: the call, the refresh, the call. With `careful`, the refresh outlives the page and the second
     * call goes past the HTTP cache, as fetch401 sends them.
     */
    async ideal(careful) {
      gc();
      const start = performance.now();
      await fetch("api/item/0");
      await fetch("auth/refresh", { method: "POST", ...(careful && { credentials: "include", redirect: "manual", cache: "no-store", keepalive: true }) });
      await drained(await fetch("api/item/0", careful && { cache: "reload", keepalive: false }));
      return performance.now() - start;
    },

    /** A burst on an expired session. */
    async burst(count, same) {
      const list = Array.from({ length: count }, (_, i) => (same ? "api/same" : "api/item/" + i));
      gc();
      const before = performance.memory.usedJSHeapSize;
      const start = performance.now();
      const results = await Promise.allSettled(list.map((url) => subject.json(url)));
      const wall = performance.now() - start;
      return {
        wall,
        // By a clock that all tabs have.
        start: performance.timeOrigin + start,
        end: performance.timeOrigin + start + wall,
        heap: performance.memory.usedJSHeapSize - before,
        failed: results.filter(({ value }) => !value?.ok).length,
      };
    },

    /** The least that a burst can take: one refresh, then the calls. With `twice`, the calls that meet 401 come first. */
    async floor(count, same, twice) {
      const list = Array.from({ length: count }, (_, i) => (same ? "api/same" : "api/item/" + i));
      gc();
      const start = performance.now();
      if (twice) await Promise.all(list.map((url) => fetch(url)));
      await fetch("auth/refresh", { method: "POST" });
      const results = await Promise.allSettled(list.map(async (url) => drained(await fetch(url))));
      const wall = performance.now() - start;
      return { wall, failed: results.filter(({ value }) => !value?.ok).length };
    },
  };
})();
