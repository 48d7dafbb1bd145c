/** Which of many tokens a text holds, in one pass: thousands of tokens are looked for in megabytes of what was said. */

/** No token is shorter; the ends of so many first characters tell nearly all other places of a text apart. */
export const SHORTEST = 12;
const FILTER = 1 << 20;
/** Of the four characters that end there. */
const place = (code) => (Math.imul(code, 0x9e3779b1) >>> 12) % FILTER;

/**
 * @param {Iterable<string>} tokens
 * @returns {(text: string) => string[]} those that the text holds, wherever they begin
 */
export const searcher = (tokens) => {
  const ends = new Uint8Array(FILTER);
  /** @type {Map<string, string[]>} */
  const beginnings = new Map();
  for (const token of tokens) {
    const beginning = token.slice(0, SHORTEST);
    beginnings.set(beginning, [...(beginnings.get(beginning) ?? []), token]);
    let code = 0;
    for (let i = 0; i < SHORTEST; i++) code = (code << 8) | (beginning.charCodeAt(i) & 0xff);
    ends[place(code)] = 1;
  }
  return (text) => {
    const found = [];
    let code = 0;
    for (let i = 0; i < text.length; i++) {
      code = (code << 8) | (text.charCodeAt(i) & 0xff);
      if (!ends[place(code)]) continue;
      const from = i - SHORTEST + 1;
      for (const token of beginnings.get(text.slice(Math.max(from, 0), i + 1)) ?? []) if (text.startsWith(token, from)) found.push(token);
    }
    return found;
  };
};
