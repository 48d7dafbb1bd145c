// The README's fetch wrapper: it attaches a bearer token to each call and renews it by the refresh_token grant.
import { OAuth2Client, OAuth2Fetch } from "@badgateway/oauth2-client";

const client = new OAuth2Client({ server: location.href, clientId: "bench", tokenEndpoint: "auth/token" });

export const api = new OAuth2Fetch({
  client,
  async getNewToken() {
    const response = await fetch("auth/login", { method: "POST" });
    const token = await response.json();
    return {
      accessToken: token.access_token,
      refreshToken: token.refresh_token,
      expiresAt: Date.now() + token.expires_in * 1000,
    };
  },
});
