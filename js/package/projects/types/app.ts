import "fetch401/auto";
import { UnauthorizedError, install } from "fetch401";
import type { Fetch401, Options } from "fetch401";

const options: Options = { refreshUrl: "/auth/refresh", loginUrl: "/login", protect: ["/api"], refreshTimeout: 5000 };
const fetch401: Fetch401 = install(options);

fetch401.addEventListener("unauthorized", ({ detail }) => {
  const { reason, url, status }: { reason: string; url: string; status: number } = detail;
  console.log(reason, url, status);
});
fetch401.ready.catch((error: unknown) => console.log(error));
// The page's own object, too.
window.fetch401.setTokens({ access_token: "a", expires_in: 60 });

export const told = (error: unknown): string => (error instanceof UnauthorizedError ? error.reason : "");

// An element with the attributes of the tag.
install(document.head.querySelector("meta") ?? options);

// @ts-expect-error a misspelt option
install({ refreshURL: "/auth/refresh" });
// @ts-expect-error no such mode
install({ refreshUrl: "/auth/refresh", attach: "cookie" });
