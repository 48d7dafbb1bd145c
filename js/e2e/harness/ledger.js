/**
 * What the whole suite has seen: every token that a server issued, everything that a page said, every request that left
 * the browser. The last test searches the second and the third for the first.
 */

import { searcher, SHORTEST } from "./search.js";

/** @type {Map<string, Set<string>>} token to the origins that may get it */
const tokens = new Map();
/** @type {{ where: string, text: string }[]} */
const said = [];
/** @type {{ url: string, headers: string, body: string, test: string }[]} */
const requests = [];

/** Notes a token, and who may be sent it. */
export const issue = (token, ...origins) => {
  if (!token || token.length < SHORTEST) throw new Error("a token that short would be found by chance");
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
  const found = new Set();
  const held = searcher(tokens.keys());
  for (const token of tokens.keys()) if (!held(`"${token}"`).includes(token)) throw new Error("a token that is there is not found");
  const name = (token) => token.slice(0, 12) + "…";
  for (const { where, text } of said) for (const token of held(text)) found.add(`${where} holds ${name(token)}`);
  for (const { url, headers, body, test } of requests) {
    for (const token of [...held(url), ...held(encodeURI(url))]) found.add(`${test}: a URL holds ${name(token)}`);
    for (const token of [...held(headers), ...held(body)]) {
      const { origin } = new URL(url);
      if (!tokens.get(token).has(origin)) found.add(`${test}: ${name(token)} was sent to ${origin}`);
    }
  }
  return [...found];
};

export const tally = () => ({ tokens: tokens.size, said: said.length, requests: requests.length });
