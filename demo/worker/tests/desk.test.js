import assert from "node:assert/strict";
import { test } from "node:test";
import { Desk } from "../src/desk.js";

test("the body is handed over in pieces no longer than asked", () => {
  const desk = new Desk();
  desk.lay(new Headers(), { size: 5, chunks: [Uint8Array.of(1, 2, 3), Uint8Array.of(), Uint8Array.of(4, 5)] });
  assert.deepEqual([desk.read(2), desk.read(2), desk.read(8), desk.read(8)].map((piece) => piece && [...piece]), [[1, 2], [3], [4, 5], null]);
});

test("an answer keeps each cookie, and has no body where there is none", async () => {
  const desk = new Desk();
  desk.lay(new Headers({ cookie: 'a="x,y"' }), { size: 0, chunks: [] });
  assert.equal(desk.fields, 'cookie\na="x,y"\n');
  desk.answer(200, "Set-Cookie\na=1; Expires=Sun, 01 Mar 2026 12:00:00 GMT\nSet-Cookie\nb=2\n", Uint8Array.of(104, 105));
  const full = desk.take();
  assert.deepEqual(full.headers.getSetCookie(), ["a=1; Expires=Sun, 01 Mar 2026 12:00:00 GMT", "b=2"]);
  assert.equal(await full.text(), "hi");
  desk.answer(204, "", Uint8Array.of(1));
  assert.equal(desk.take().body, null);
});

test("an answer is taken once, and one that is missing is told", () => {
  const desk = new Desk();
  desk.answer(200, "", null);
  desk.take();
  assert.throws(() => desk.take(), /without an answer/);
});
