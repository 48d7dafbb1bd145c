// In the place of whatwg-fetch, the polyfill that fetch-intercept takes where a browser has no fetch: none has none.
