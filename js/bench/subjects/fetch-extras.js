// The README's withTokenRefresh. It renews a bearer token of its own, which the cookie of this server's session makes needless.
import { withTokenRefresh } from "fetch-extras";

const refreshToken = async () => {
  await fetch("auth/refresh", { method: "POST" });
  return "none";
};

export const api = { fetch: withTokenRefresh({ refreshToken })(fetch) };
