import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "../src/desk.js";

/** A desk, and a program's memory with means to use it. */
const set = () => {
  const memory = new ArrayBuffer(256);
  const desk = new Desk(() => memory);
  /** @type {Response | undefined} */
  let response;
  return {
    desk,
    /**
     * @param {Headers} headers
     * @param {Uint8Array[]} [chunks]
     */
    lay: (headers, chunks = []) => desk.lay({ method: "PUT", url: "http://x/?a", headers }, { chunks }, (given) => (response = given)),
    /** @param {number} size */
    text: (size) => new TextDecoder().decode(new Uint8Array(memory, 8, size)),
    /**
     * @param {number} status
     * @param {string} lines
     * @param {string} body
     */
    answer: (status, lines, body) => {
      const bytes = new TextEncoder().encode(lines + body);
      new Uint8Array(memory).set(bytes, 8);
      desk.imports.answer(status, 8, lines.length, 8 + lines.length, body.length);
      // Go may use its memory again at once.
      new Uint8Array(memory).fill(0);
      assert(response);
      return response;
    },
    response: () => response,
  };
};

test("the head is method, URL and fields, a line each", () => {
  const { desk, lay, text } = set();
  const size = lay(new Headers({ cookie: 'a="x,y"', accept: "é" }));
  desk.imports.head(8);
  assert.equal(text(size), 'PUT\nhttp://x/?a\naccept\né\ncookie\na="x,y"\n');
});

test("the body is handed over in pieces no longer than asked", () => {
  const { desk, lay, text } = set();
  lay(new Headers(), [Uint8Array.of(97, 98, 99), Uint8Array.of(), Uint8Array.of(100, 101)]);
  const pieces = [2, 2, 8, 8].map((most) => text(desk.imports.read(8, most)));
  assert.deepEqual(pieces, ["ab", "c", "de", ""]);
});

test("an answer keeps each cookie, and has no body where there is none", async () => {
  const { lay, answer } = set();
  lay(new Headers());
  const full = answer(200, "Set-Cookie\na=1; Expires=Sun, 01 Mar 2026 12:00:00 GMT\nSet-Cookie\nb=2\n", "hi");
  assert.deepEqual(full.headers.getSetCookie(), ["a=1; Expires=Sun, 01 Mar 2026 12:00:00 GMT", "b=2"]);
  assert.equal(await full.text(), "hi");
  assert.equal(answer(204, "", "x").body, null);
  assert.equal(answer(200, "", "").body, null);
});

test("an answer for a desk that was cleared reaches nobody", () => {
  const { desk, lay, response } = set();
  lay(new Headers(), [Uint8Array.of(1)]);
  desk.clear();
  desk.imports.answer(200, 0, 0, 0, 0);
  assert.equal(response(), undefined);
  assert.equal(desk.imports.read(0, 8), 0);
});
