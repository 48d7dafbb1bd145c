/**
 * Sessions that a rotating refresh token renews, kept in one table of any SQLite (schema.sql): what the samples of Express and Hono
 * have in common. Runs on Node.js 20 or later and on Workers.
 *
 * A refresh token is used once and answered with its successor. For ten seconds it is answered with the same successor
 * again, unless that has been used: browsers send a POST anew when its connection drops, and two tabs may come at once.
 * After that, a used token shows that somebody has a copy, and the session ends (RFC 9700 §4.14.2).
 *
 * Tokens end in an HMAC of what they say. So the table holds nothing that would let its reader in, and what this server
 * did not make never reaches it.
 * @module
 */

export const SESSION_SECONDS = 30 * 24 * 3600;
const GRACE_MS = 10_000;

const BEGIN = "INSERT INTO sessions (id, subject, expires_at) VALUES (?1, ?2, ?3)";

/** The one statement that rotates: of all who present a token, one finds its number still the present one. */
const ROTATE = `UPDATE sessions SET rotation = rotation + 1, rotated_at = ?3
  WHERE id = ?1 AND rotation = ?2 AND ended_at = 0 AND expires_at > ?3 RETURNING subject`;

const GRACE = `SELECT subject FROM sessions
  WHERE id = ?1 AND rotation = ?2 + 1 AND rotated_at > ?3 AND ended_at = 0 AND expires_at > ?4`;

/** Whoever is neither the first nor within grace presents a used token. */
const REUSE = "UPDATE sessions SET ended_at = ?3 WHERE id = ?1 AND rotation > ?2 AND ended_at = 0";

const END = "UPDATE sessions SET ended_at = ?2 WHERE id = ?1 AND ended_at = 0";

const WHOSE = "SELECT subject FROM sessions WHERE id = ?1 AND ended_at = 0 AND expires_at > ?2";

/** @param {string} secret */
const keyOf = (secret) => crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** @param {ArrayBuffer} bytes */
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

/** @param {string} text */
const fromBase64url = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

export class Sessions {
  #one;
  #key;
  #accessSeconds;
  #now;

  /**
   * @param {object} options
   * @param {(sql: string, ...values: (string | number)[]) => any} options.one runs a statement and gives its first row,
   *   or a promise of it
   * @param {string} options.secret of 32 bytes or more, the same on every server; a new one ends all sessions
   * @param {number} [options.accessSeconds] how long an access token lasts
   * @param {() => number} [options.now] Unix milliseconds
   */
  constructor({ one, secret, accessSeconds = 300, now = Date.now }) {
    if (secret.length < 32) throw new Error("the secret of the sessions is too short");
    this.#one = one;
    this.#key = keyOf(secret);
    this.#accessSeconds = accessSeconds;
    this.#now = now;
  }

  /** A new session, after somebody has proved to be the subject. @param {string} subject */
  async begin(subject) {
    const id = crypto.randomUUID();
    await this.#one(BEGIN, id, subject, this.#now() + SESSION_SECONDS * 1000);
    return this.#tokens(id, 0, subject);
  }

  /**
   * The successors of a refresh token and whose they are; undefined when the session has ended. An error is the
   * database's: it says nothing of the session.
   * @param {string | undefined} refreshToken
   */
  async renew(refreshToken) {
    const [id, number] = (await this.#verified("refresh", refreshToken)) ?? [];
    if (!id) return undefined;
    const now = this.#now();
    const rotation = Number(number);
    const row = (await this.#one(ROTATE, id, rotation, now)) ?? (await this.#one(GRACE, id, rotation, now - GRACE_MS, now));
    if (row) return this.#tokens(id, rotation + 1, row.subject);
    await this.#one(REUSE, id, rotation, now);
    return undefined;
  }

  /** Ends the session of a refresh token, an old one too: a renewal that comes late finds it ended. @param {string | undefined} refreshToken */
  async end(refreshToken) {
    const [id] = (await this.#verified("refresh", refreshToken)) ?? [];
    if (id) await this.#one(END, id, this.#now());
  }

  /**
   * Whose an access token is; undefined when it has run out or its session has ended. An API where a sign-out may take
   * effect accessSeconds late puts the subject into the token and does not ask the database.
   * @param {string | undefined} accessToken
   * @returns {Promise<string | undefined>}
   */
  async whose(accessToken) {
    const [id, expires] = (await this.#verified("access", accessToken)) ?? [];
    const now = this.#now();
    if (!id || Number(expires) <= now) return undefined;
    return (await this.#one(WHOSE, id, now))?.subject;
  }

  /** @param {string} id @param {number} rotation @param {string} subject */
  async #tokens(id, rotation, subject) {
    return {
      subject,
      access: await this.#sealed("access", `${id}.${this.#now() + this.#accessSeconds * 1000}`),
      refresh: await this.#sealed("refresh", `${id}.${rotation}`),
      accessSeconds: this.#accessSeconds,
    };
  }

  /** @param {string} kind @param {string} text */
  async #sealed(kind, text) {
    return `${text}.${base64url(await crypto.subtle.sign("HMAC", await this.#key, new TextEncoder().encode(kind + " " + text)))}`;
  }

  /** What a token of ours says, in its parts. @param {string} kind @param {string} [token] */
  async #verified(kind, token) {
    const [, text, mac] = /^([\w-]+\.\d+)\.([\w-]{43})$/.exec(token ?? "") ?? [];
    const ours = mac && (await crypto.subtle.verify("HMAC", await this.#key, fromBase64url(mac), new TextEncoder().encode(kind + " " + text)));
    return ours ? text.split(".") : undefined;
  }
}
