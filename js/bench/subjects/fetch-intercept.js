// fetch-intercept brings the hooks and no refresh: the refresh is the hand-written one, in its response hook.
import { native } from "./native-fetch.js";
import fetchIntercept from "fetch-intercept";

let refreshing;

fetchIntercept.register({
  async response(response) {
    if (response.status !== 401) return response;
    refreshing ??= native("auth/refresh", { method: "POST" }).finally(() => {
      refreshing = undefined;
    });
    const refreshed = await refreshing;
    return refreshed.ok ? native(response.request) : response;
  },
});
