// The README's "retry with a fresh token on a 401", twice in ky's favour: calls share one refresh, and the retry does
// not wait for ky's default delay of 300 ms.
import ky from "ky";

let refreshing;

export const api = ky.create({
  hooks: {
    afterResponse: [
      async ({ response, retryCount }) => {
        if (response.status !== 401 || retryCount > 0) return;
        refreshing ??= ky.post("auth/refresh").finally(() => {
          refreshing = undefined;
        });
        await refreshing;
        return ky.retry({ code: "TOKEN_REFRESHED", delay: 0 });
      },
    ],
  },
});
