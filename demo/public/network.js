/**
 * One line of the browser's network log, as Resource Timing tells it to the page.
 * @typedef {object} Entry
 * @property {number | undefined} call the page's own number of the call; undefined for a refresh
 * @property {string} name path and query
 * @property {number} start milliseconds since the page began
 * @property {number} end
 * @property {number} status 0 where the browser does not say
 */

const refreshPaths = ["/auth/refresh", "/oauth/token"];

/**
 * Reports each request of the API and each refresh when it has ended.
 * @param {(entry: Entry) => void} report
 */
export function watchNetwork(report) {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const url = new URL(entry.name);
      const call = url.searchParams.get("call");
      if (call === null && !refreshPaths.includes(url.pathname)) continue;
      report({
        call: call === null ? undefined : Number(call),
        name: url.pathname + url.search,
        start: entry.startTime,
        end: /** @type {PerformanceResourceTiming} */ (entry).responseEnd,
        status: /** @type {PerformanceResourceTiming} */ (entry).responseStatus ?? 0,
      });
    }
  });
  observer.observe({ type: "resource" });
}
