/**
 * A real OpenID provider (npm oidc-provider): a public client, refresh tokens that rotate, and a grant that is revoked when a
 * used one comes back; no grace window. Whoever comes is signed in as demo.
 */

import { createHash, randomBytes } from "node:crypto";
import { engine } from "./engine.js";
import { issue } from "./ledger.js";
import { listen } from "./listen.js";
import { json, no } from "./site.js";

const SCOPE = "openid";

/** It says on the console that it is not set up for production. */
const quietly = async (work) => {
  const { warn, info } = console;
  console.warn = console.info = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, info });
  }
};

/**
 * The provider on an origin of its own, and on the site a page with the tag, and an API under /api/ that takes its tokens.
 * @param {Awaited<ReturnType<typeof import("./site.js").startSite>>} site
 * @param {object} options
 * @param {number} options.lifetime seconds of an access token
 * @param {Record<string, string>} [options.attrs] more of the tag's
 */
export const startOpenId = async (site, { lifetime, attrs = {} }) => {
  let handle = (_request, response) => response.end();
  const server = await listen((request, response) => handle(request, response), engine.secure);
  const page = site.page({
    attrs: { "data-token-url": server.origin + "/token", "data-client-id": "spa", "data-protect": `/api ${server.origin}/me`, "data-login-url": "/login", ...attrs },
    before: ["window.__stay = true"],
    path: "/app",
  });
  const provider = await quietly(async () => {
    const { default: Provider } = await import("oidc-provider");
    return new Provider(server.origin, {
      clients: [{ client_id: "spa", token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"], response_types: ["code"], redirect_uris: [page], scope: SCOPE }],
      clientAuthMethods: ["none"],
      pkce: { required: () => true },
      rotateRefreshToken: () => true,
      issueRefreshToken: async () => true,
      expiresWithSession: async () => false,
      clientBasedCORS: (_, origin) => origin === site.origin,
      ttl: { AccessToken: () => lifetime, RefreshToken: () => 3600, Grant: () => 3600, IdToken: () => 3600, Interaction: () => 60, Session: () => 3600, AuthorizationCode: () => 60 },
      findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => "/interaction/" + uid },
      async loadExistingGrant({ oidc }) {
        const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope(SCOPE);
        await grant.save();
        return grant;
      },
      cookies: { keys: [randomBytes(16).toString("hex")] },
    });
  });
  /** The newest access token. */
  let present = "";
  const counts = { exchanges: 0, renewals: 0, revoked: 0 };
  provider.on("grant.revoked", () => counts.revoked++);
  provider.use(async (ctx, next) => {
    if (ctx.path !== "/token" || ctx.method !== "POST") return next();
    const first = !present;
    if (!first) counts.exchanges++;
    const lost = !first && (await openid.before(ctx));
    if (!lost) await next();
    const { access_token, refresh_token } = ctx.body ?? {};
    if (access_token) {
      present = issue(access_token, server.origin, site.origin);
      issue(refresh_token, server.origin, site.origin);
      if (!first) counts.renewals++;
    }
    if (lost || (await openid.after(ctx))) ctx.respond = false;
  });
  const callback = provider.callback();
  handle = (request, response) =>
    request.url.startsWith("/interaction/") ? provider.interactionFinished(request, response, { login: { accountId: "demo" } }) : callback(request, response);

  for (const method of ["GET", "POST"]) {
    site.on(`${method} /api/*`, async ({ path, headers }) => {
      const token = await provider.AccessToken.find(headers.authorization?.replace("Bearer ", "") ?? "");
      return token?.isValid ? json({ path, sub: token.accountId }) : no();
    });
  }

  const openid = {
    page,
    /** OpenID Connect Core §5.3: it takes the same tokens. */
    userinfo: server.origin + "/me",
    counts: () => ({ ...counts }),
    /** Before an exchange is looked at, and after it has been carried out: true where nobody is to hear of it. */
    before: async (_ctx) => false,
    after: async (_ctx) => false,
    /** Makes the newest access token worthless before its time. */
    revoke: async () => (await provider.AccessToken.find(present))?.destroy(),
    /** Opens the page by way of a sign-in: authorization code with PKCE, by the page's own calls. */
    async signIn(tab) {
      const verifier = randomBytes(32).toString("base64url");
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      const query = { client_id: "spa", response_type: "code", redirect_uri: page, scope: SCOPE, code_challenge: challenge, code_challenge_method: "S256" };
      await tab.open(`${server.origin}/auth?${new URLSearchParams(query)}`);
      await tab.run(
        async (token, page, verifier) => {
          const code = new URLSearchParams(location.search).get("code");
          const body = new URLSearchParams({ grant_type: "authorization_code", client_id: "spa", redirect_uri: page, code_verifier: verifier, code });
          const response = await fetch(token, { method: "POST", body });
          if (!response.ok) throw new Error(`sign-in answered ${response.status} ${await response.text()}`);
          window.fetch401.setTokens(await response.json());
        },
        server.origin + "/token",
        page,
        verifier,
      );
      return tab;
    },
    close: server.close,
  };
  return openid;
};
