import { QueryClient } from "@tanstack/query-core";

/** What react-query is made of; the hooks around it send nothing themselves. */
const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
let number = 0;

window.callers = {
  "react-query": {
    call: (method, url, body, signal) => {
      const queryKey = [url, number++];
      signal?.addEventListener("abort", () => client.cancelQueries({ queryKey }));
      return client
        .fetchQuery({
          queryKey,
          queryFn: async ({ signal }) => {
            const response = await fetch(url, { method, body, signal });
            if (!response.ok) throw Object.assign(new Error("not ok"), { response });
            return { status: response.status, text: await response.text() };
          },
        })
        .catch((error) => ({ failed: error.constructor.name, status: error.response?.status, is401: error.response?.status === 401 }));
    },
  },
};
