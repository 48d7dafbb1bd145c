/**
 * An error as fetch401 prints, throws and rejects with it.
 * @param {string} code
 * @param {string} text
 * @param {unknown} [cause]
 */
export const coded = (code, text, cause) => Object.assign(new Error(`fetch401: ${text} (${code})`, { cause }), { code });
