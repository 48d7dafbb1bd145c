/**
 * What the whole suite has seen: every token that a server issued, everything that a page said, every request that left
 * the browser. The last test searches the second and the third for the first.
 */

/** @type {Map<string, Set<string>>} token to the origins that may get it */
const tokens = new Map();
/** @type {{ where: string, text: string }[]} */
const said = [];
/** @type {{ url: string, headers: string, body: string, test: string }[]} */
const requests = [];

/** Notes a token, and who may be sent it. */
export const issue = (token, ...origins) => {
  if (!token || token.length < 12) throw new Error("a token that short would be found by chance");
  if (!tokens.has(token)) tokens.set(token, new Set());
  for (const origin of origins) tokens.get(token).add(origin);
  return token;
};

let number = 0;
/** Makes a token that no text holds by chance. */
export const newToken = (name, ...origins) =>
  issue(`${name}_${++number}_${Math.random().toString(36).slice(2)}secret`, ...origins);

export const note = (where, thing) =>
  said.push({ where, text: typeof thing === "string" ? thing : JSON.stringify(thing) ?? "" });

export const noteRequest = (request) => requests.push(request);

/** Every place where a token was that should hold none. */
export const leaks = () => {
  const found = [];
  for (const [token, origins] of tokens) {
    const name = token.slice(0, 12) + "…";
    for (const { where, text } of said) if (text.includes(token)) found.push(`${where} holds ${name}`);
    for (const { url, headers, body, test } of requests) {
      if (url.includes(token) || encodeURI(url).includes(token)) found.push(`${test}: a URL holds ${name}`);
      if ((headers.includes(token) || body.includes(token)) && !origins.has(new URL(url).origin)) {
        found.push(`${test}: ${name} was sent to ${new URL(url).origin}`);
      }
    }
  }
  return found;
};

export const tally = () => ({ tokens: tokens.size, said: said.length, requests: requests.length });
