// What the caller passed at call time is what is sent again, whatever became of it since. Nothing is shared.
import assert from "node:assert/strict";
import { test } from "node:test";

import { BEARER, SEND, STREAM, createPage } from "./fake.js";

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);

/** @param {Record<string, string | Blob>} fields */
const form = (fields) => {
  const data = new FormData();
  for (const name in fields) data.append(name, fields[name]);
  return data;
};

/** @type {Record<string, { make: () => any, change?: (body: any) => void, text: string | RegExp, type?: string | RegExp }>} */
const KINDS = {
  "a string": { make: () => "a=1", text: "a=1", type: "text/plain;charset=UTF-8" },
  "an empty string": { make: () => "", text: "", type: "text/plain;charset=UTF-8" },
  "a number, as its string": { make: () => 401, text: "401" },
  "URLSearchParams": {
    make: () => new URLSearchParams({ a: "1", b: "ü" }),
    change: (body) => body.set("a", "2"),
    text: "a=1&b=%C3%BC",
    type: "application/x-www-form-urlencoded;charset=UTF-8",
  },
  "FormData": {
    make: () => form({ a: "1", file: new File(["text"], "name.txt", { type: "text/x-test" }) }),
    change: (body) => body.set("a", "2"),
    text: /name="a"\r\n\r\n1\r\n[^]*filename="name.txt"\r\nContent-Type: text\/x-test\r\n\r\ntext\r\n/,
    type: /^multipart\/form-data; boundary=/,
  },
  "a Blob": { make: () => new Blob(["blob"], { type: "text/x-blob" }), text: "blob", type: "text/x-blob" },
  "a File": { make: () => new File(["file"], "name"), text: "file" },
  "an ArrayBuffer": { make: () => bytes("buffer").buffer, change: (body) => new Uint8Array(body).fill(0), text: "buffer" },
  "a transferred ArrayBuffer": { make: () => bytes("buffer").buffer, change: (body) => structuredClone(body, { transfer: [body] }), text: "buffer" },
  "a Uint8Array": { make: () => bytes("array"), change: (body) => body.fill(0), text: "array" },
  "a part of a buffer": { make: () => bytes("--part--").subarray(2, 6), change: (body) => body.fill(0), text: "part" },
  "a Uint16Array": { make: () => Uint16Array.of(0x6261, 0x6463), change: (body) => body.fill(0), text: "abcd" },
  "a DataView": { make: () => new DataView(bytes("--view--").buffer, 2, 4), change: (body) => body.setUint8(0, 0), text: "view" },
};

for (const [name, { make, change, text, type }] of Object.entries(KINDS)) {
  test(`${name} is sent again as it was, twice`, async () => {
    const page = createPage();
    const body = make();
    page.fetch("/x", { method: "POST", body });
    const [first] = page.sent;
    assert.equal(first.args[1].body, body, "native fetch has the caller's own");
    change?.(body);
    await page.refuse(first, SEND, 0);
    const retry = page.sent[1].request();
    if (change) assert.notEqual(page.sent[1].args[1].body, body);
    await page.refuse(page.sent[1], SEND, 0);
    assert.equal(page.sent.length, 3);
    for (const request of [retry, page.sent[2].request()]) {
      const again = await request.text();
      if (typeof text === "string") assert.equal(again, text);
      else assert.match(again, text);
      const sentType = request.headers.get("Content-Type");
      if (typeof type === "string") assert.equal(sentType, type);
      else if (type) assert.match(sentType ?? "", type);
      assert.equal(request.method, "POST");
    }
    assert.equal(page.door.of("started")[0][1], 0, "Go may send it again");
  });
}

test("a body of another realm is known by its kind", async () => {
  const page = createPage();
  // What an instance of a frame's class looks like from here: no instanceof holds.
  const body = new URLSearchParams("a=1");
  Object.setPrototypeOf(body, Object.create(Object.prototype, Object.getOwnPropertyDescriptors(URLSearchParams.prototype)));
  page.fetch("/x", { method: "POST", body });
  assert.equal(page.door.of("started")[0][1], 0);
});

test("no body", async () => {
  for (const body of [undefined, null]) {
    const page = createPage();
    page.fetch("/x", { method: "POST", body });
    assert.equal(page.door.of("started")[0][1], 0);
    await page.refuse(page.sent[0], SEND, 0);
    assert.equal(page.sent[1].request().body, null);
  }
});

test("a stream can be read only once: Go is told so", () => {
  const page = createPage();
  const body = new Blob(["x"]).stream();
  page.fetch("/x", { method: "POST", body, duplex: "half" });
  assert.equal(page.door.of("started")[0][1], STREAM);
  assert.equal(page.sent[0].args[1].body, body, "and it is not touched");
  assert.equal(body.locked, false);
});

test("a stream that waits is sent itself, once Go says so", async () => {
  const page = createPage();
  page.door.token = -1;
  page.fetch("/x", { method: "POST", body: new Blob(["late"]).stream(), duplex: "half" });
  assert.equal(page.sent.length, 0);
  page.door.queue(SEND, 0);
  page.shown(false);
  assert.equal(await page.sent[0].request().text(), "late");
});

test("a body changed while the call waits for Go is sent as it was", async () => {
  const page = createPage();
  page.door.token = -1;
  const body = new URLSearchParams("a=1");
  page.fetch("/x", { method: "POST", body });
  body.set("a", "2");
  page.door.queue(SEND, 0);
  page.shown(false);
  assert.equal(await page.sent[0].request().text(), "a=1");
});

test("with a token too native fetch has the caller's own body", () => {
  const page = createPage(BEARER);
  page.signIn();
  const body = new URLSearchParams("a=1");
  page.fetch("/api/x", { method: "POST", body });
  assert.equal(page.sent[0].args[1].body, body);
});

test("a body that is no object is the text that it had at the call", async () => {
  for (const make of [() => 7, () => Object.assign(() => {}, { toString: () => "before" })]) {
    const page = createPage();
    const body = /** @type {any} */ (make());
    const text = String(body);
    page.fetch("/x", { method: "POST", body });
    if (typeof body === "function") body.toString = () => "after";
    await page.refuse(page.sent[0], SEND, 0);
    assert.equal(page.sent[1].args[1].body, text);
  }
});
