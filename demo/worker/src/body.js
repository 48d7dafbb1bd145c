/**
 * Reads request bodies before an instance is taken, so that a slow upload holds none. All bodies in hand together have a
 * bound, and each has to arrive in time. Uploads and what is as small as a form have bounds of their own: a few uploads
 * that nobody finishes must not keep people from signing in.
 */

/** One byte more than the backend takes at most: it then says itself what is too much. */
export const BODY = (8 << 20) + 1;
/** What the backend takes at most where it takes fields, as a form or as JSON. */
export const FORM = 64 << 10;

/**
 * @typedef {object} Bounds
 * @property {number} forms what all small bodies may hold together
 * @property {number} uploads what all others may, of the 128 MB that Workers allow
 * @property {number} time milliseconds until a body must be there; the native demo has the same (demo/server.go)
 */

/** @type {Bounds} */
export const BOUNDS = { forms: 6 << 20, uploads: 18 << 20, time: 30_000 };

export class TooMuch extends Error {}
export class TooLate extends Error {}

/** Room for the bodies of one kind. */
class Room {
  held = 0;
  #most;

  /** @param {number} most */
  constructor(most) {
    this.#most = most;
  }

  /** @param {number} size */
  take(size) {
    if (this.held + size > this.#most) throw new TooMuch("worker: too many bodies at once");
    this.held += size;
  }
}

export class Bodies {
  #forms;
  #uploads;
  #time;

  /** @param {Partial<Bounds>} [bounds] */
  constructor(bounds) {
    const { forms, uploads, time } = { ...BOUNDS, ...bounds };
    this.#forms = new Room(forms);
    this.#uploads = new Room(uploads);
    this.#time = time;
  }

  /**
   * The body as far as the backend can want it. Rejects with TooMuch when too many are in hand, and with TooLate.
   * @param {ReadableStream<Uint8Array> | null} stream
   */
  async read(stream) {
    const body = new Body(this.#forms, this.#uploads);
    if (!stream) return body;
    const reader = stream.getReader();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @type {Promise<never>} */
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new TooLate("worker: a body did not arrive in time")), this.#time);
    });
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), late]);
        if (done) return body;
        if (body.add(value) >= BODY) {
          await reader.cancel();
          return body;
        }
      }
    } catch (error) {
      body.free();
      reader.cancel(error).catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get held() {
    return { forms: this.#forms.held, uploads: this.#uploads.held };
  }
}

/** A body that has been read. */
export class Body {
  #room;
  #uploads;
  size = 0;
  /** @type {Uint8Array[]} */
  chunks = [];

  /**
   * @param {Room} forms where it begins
   * @param {Room} uploads where it goes when it grows
   */
  constructor(forms, uploads) {
    this.#room = forms;
    this.#uploads = uploads;
  }

  /** @param {Uint8Array} chunk */
  add(chunk) {
    const size = this.size + chunk.byteLength;
    if (size > FORM && this.#room !== this.#uploads) {
      this.#uploads.take(size);
      this.#room.held -= this.size;
      this.#room = this.#uploads;
    } else {
      this.#room.take(chunk.byteLength);
    }
    this.chunks.push(chunk);
    return (this.size = size);
  }

  free() {
    this.#room.held -= this.size;
    this.size = 0;
    this.chunks = [];
  }
}
