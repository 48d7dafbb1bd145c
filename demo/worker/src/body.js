/**
 * Reads request bodies before an instance is taken, so that a slow upload holds none. All uploads together have a bound.
 */

/** One byte more than the backend takes at most: it then says itself what is too much. */
export const BODY = (8 << 20) + 1;
/** What all bodies in hand may hold together, of the 128 MB that Workers allow. */
export const BODIES = 24 << 20;

export class TooMuch extends Error {}

export class Bodies {
  #held = 0;
  #most;

  /** @param {number} [most] */
  constructor(most = BODIES) {
    this.#most = most;
  }

  /**
   * The body as far as the backend can want it. Rejects with TooMuch when too many are in hand.
   * @param {ReadableStream<Uint8Array> | null} stream
   */
  async read(stream) {
    const body = new Body((size) => (this.#held -= size));
    if (!stream) return body;
    const reader = stream.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return body;
        if (this.#held + value.byteLength > this.#most) throw new TooMuch("worker: too many uploads at once");
        this.#held += value.byteLength;
        if (body.add(value) >= BODY) {
          await reader.cancel();
          return body;
        }
      }
    } catch (error) {
      body.free();
      throw error;
    }
  }

  get held() {
    return this.#held;
  }
}

/** A body that has been read. */
export class Body {
  #free;
  size = 0;
  /** @type {Uint8Array[]} */
  chunks = [];

  /** @param {(size: number) => void} free */
  constructor(free) {
    this.#free = free;
  }

  /** @param {Uint8Array} chunk */
  add(chunk) {
    this.chunks.push(chunk);
    return (this.size += chunk.byteLength);
  }

  free() {
    this.#free(this.size);
    this.size = 0;
    this.chunks = [];
  }
}
