import "zone.js";
import "@angular/compiler";
import { HttpClient, HttpEventType, provideHttpClient, withXhr } from "@angular/common/http";
import { createApplication } from "@angular/platform-browser";
import { provideZoneChangeDetection } from "@angular/core";

window.callers = createApplication({ providers: [provideZoneChangeDetection(), provideHttpClient(withXhr())] }).then(({ injector }) => {
  const http = injector.get(HttpClient);
  return {
    "Angular HttpClient (with zone.js)": {
      call: (method, url, body, signal) =>
        new Promise((resolve) => {
          const asked = http.request(method, url, { body, observe: "response", responseType: "text" }).subscribe({
            next: ({ status, body }) => resolve({ status, text: body }),
            error: ({ status, error, name }) => resolve({ failed: name, status, text: error, is401: status === 401 }),
          });
          signal?.addEventListener("abort", () => (asked.unsubscribe(), resolve({ failed: "unsubscribed" })));
        }),
      upload: (url, body) =>
        new Promise((resolve, reject) => {
          const seen = [];
          http.request("POST", url, { body, observe: "events", reportProgress: true, responseType: "text" }).subscribe({
            next: (event) => {
              if (event.type === HttpEventType.UploadProgress) seen.push([event.loaded, event.total]);
              if (event.type === HttpEventType.Response) resolve({ status: event.status, last: seen.at(-1), rises: seen.every(([loaded], i) => !i || loaded >= seen[i - 1][0]) });
            },
            error: reject,
          });
        }),
    },
  };
});
