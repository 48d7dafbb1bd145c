import $ from "jquery";

window.callers = {
  "jQuery 4": {
    call: (method, url, data, signal) =>
      new Promise((resolve) => {
        const asked = $.ajax({ method, url, data, dataType: "text", contentType: "text/plain" });
        signal?.addEventListener("abort", () => asked.abort());
        asked.then(
          (text, _, { status }) => resolve({ status, text }),
          ({ status, responseText }, why) => resolve({ failed: why, status, text: responseText, is401: status === 401 }),
        );
      }),
  },
};
