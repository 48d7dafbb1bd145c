/**
 * Where a request lies for Go to pick up, and where Go puts the answer. Both cross as bytes, by functions that Go imports
 * (edge/desk_js.go): a value of syscall/js costs far more.
 */

/** Statuses that have no body (Fetch standard). */
const BODILESS = new Set([204, 205, 304]);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @typedef {{ method: string, url: string, headers: Headers }} Asked */

export class Desk {
  #memory;
  #head = new Uint8Array();
  /** @type {Iterator<Uint8Array> | undefined} */
  #chunks;
  /** @type {Uint8Array | undefined} */
  #chunk;
  /** @type {((response: Response) => void) | undefined} */
  #answered;
  /** The program serves. */
  ready = false;

  /** @param {() => ArrayBuffer} memory the program's; it is another one after it has grown */
  constructor(memory) {
    this.#memory = memory;
  }

  /**
   * Lays a request on the desk, and gives the length of its head: method, URL, and names and values of the header in
   * turn, each a line.
   * @param {Asked} asked
   * @param {{ chunks: Uint8Array[] }} body
   * @param {(response: Response) => void} answered
   */
  lay({ method, url, headers }, { chunks }, answered) {
    let head = method + "\n" + url + "\n";
    headers.forEach((value, name) => (head += name + "\n" + value + "\n"));
    this.#head = encoder.encode(head);
    this.#chunks = chunks.values();
    this.#chunk = undefined;
    this.#answered = answered;
    return this.#head.byteLength;
  }

  /** Clears the desk. */
  clear() {
    this.#chunks = this.#chunk = this.#answered = undefined;
  }

  imports = {
    ready: () => {
      this.ready = true;
    },

    /** @param {number} to */
    head: (to) => {
      new Uint8Array(this.#memory()).set(this.#head, to);
    },

    /**
     * @param {number} to
     * @param {number} most
     */
    read: (to, most) => {
      while (!this.#chunk?.byteLength) {
        const next = this.#chunks?.next();
        if (!next || next.done) return 0;
        this.#chunk = next.value;
      }
      const piece = this.#chunk.subarray(0, most);
      this.#chunk = this.#chunk.subarray(most);
      new Uint8Array(this.#memory()).set(piece, to);
      return piece.byteLength;
    },

    /**
     * @param {number} status
     * @param {number} from
     * @param {number} length
     * @param {number} body
     * @param {number} size
     */
    answer: (status, from, length, body, size) => {
      const memory = this.#memory();
      const lines = decoder.decode(new Uint8Array(memory, from, length)).split("\n");
      /** @type {[string, string][]} */
      const headers = [];
      for (let i = 0; i + 1 < lines.length; i += 2) headers.push([lines[i] ?? "", lines[i + 1] ?? ""]);
      const bytes = size > 0 && !BODILESS.has(status) ? new Uint8Array(memory.slice(body, body + size)) : null;
      this.#answered?.(new Response(bytes, { status, headers }));
    },
  };
}
