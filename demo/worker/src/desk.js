/** Where a request lies for Go to pick up, and where Go puts the answer: few values, each cheap to hand over. */

/** Statuses that have no body (Fetch standard). */
const BODILESS = new Set([204, 205, 304]);

export class Desk {
  /** names and values of the header in turn, each a line */
  fields = "";
  /** bytes of the body */
  size = 0;
  /** @type {Iterator<Uint8Array> | undefined} */
  #chunks;
  /** @type {Uint8Array | undefined} */
  #chunk;
  /** @type {Response | undefined} */
  #response;

  /**
   * @param {Headers} headers
   * @param {{ size: number, chunks: Uint8Array[] }} body
   */
  lay(headers, { size, chunks }) {
    let fields = "";
    for (const [name, value] of headers) fields += name + "\n" + value + "\n";
    this.fields = fields;
    this.size = size;
    this.#chunks = chunks.values();
    this.#chunk = undefined;
    this.#response = undefined;
  }

  /**
   * The next piece of the body, at most so long; null at its end.
   * @param {number} most
   */
  read(most) {
    while (!this.#chunk?.byteLength) {
      const next = this.#chunks?.next();
      if (!next || next.done) return null;
      this.#chunk = next.value;
    }
    const piece = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(most);
    return piece;
  }

  /**
   * @param {number} status
   * @param {string} fields
   * @param {Uint8Array<ArrayBuffer> | null} body
   */
  answer(status, fields, body) {
    /** @type {[string, string][]} */
    const headers = [];
    const lines = fields.split("\n");
    for (let i = 0; i + 1 < lines.length; i += 2) headers.push([lines[i] ?? "", lines[i + 1] ?? ""]);
    this.#response = new Response(BODILESS.has(status) ? null : body, { status, headers });
  }

  /** The answer, and a clear desk. */
  take() {
    const response = this.#response;
    this.#chunks = this.#chunk = this.#response = undefined;
    this.fields = "";
    if (!response) throw new Error("worker: the Go program finished a request without an answer");
    return response;
  }
}
