/**
 * What a TinyGo program imports, and how it is started. TinyGo's own wasm_exec.js does this for every program, in 2.5 KB;
 * ours reads properties of the page and nothing else, and so imports these four functions. The build refuses a program
 * that imports more, and a TinyGo of another version than the one whose encoding of values this is (0.39: a reference is
 * a NaN whose low half is an index into a table).
 * @module
 */

// The first references are fixed by TinyGo. Text is read as soon as it is asked for, so one place for it is enough. After
// it come those that the program takes while it begins, which the build has done for it (js/build/evaluate.go).
const TEXT = 6;
const TRUE = 3;

export const boot = () => {
  /** @type {any} */
  let program;
  const values = /** @type {any[]} */ ([NaN, 0, null, true, false, globalThis, "", Object, Array]);

  /** @param {number} at @param {number} length */
  const bytes = (at, length) => new Uint8Array(program.memory.buffer, at, length);
  /** @param {bigint} reference */
  const value = (reference) => values[Number(reference & 0xffffffffn)];
  /** @param {number} kind 1 object, 2 string, 4 function @param {number} index */
  const reference = (kind, index) => (BigInt(0x7ff80000 | kind) << 32n) | BigInt(index);

  const gojs = {
    /** @param {bigint} object @param {number} at @param {number} length */
    "syscall/js.valueGet"(object, at, length) {
      const target = value(object);
      const name = String.fromCharCode(...bytes(at, length));
      // An element with that name would stand in front of a member of document.
      const found = target === document ? Reflect.get(Document.prototype, name, document) : target[name];
      switch (typeof found) {
        case "undefined":
          return 0n;
        case "boolean":
          return reference(0, found ? TRUE : TRUE + 1);
        case "string":
          values[TEXT] = found;
          return reference(2, TEXT);
      }
      return reference(typeof found === "function" ? 4 : 1, values.push(found) - 1);
    },
    /** @param {number} at @param {bigint} text */
    "syscall/js.valuePrepareString"(at, text) {
      const encoded = (values[TEXT] = new TextEncoder().encode(value(text)));
      const view = new DataView(program.memory.buffer);
      view.setBigUint64(at, reference(1, TEXT), true);
      view.setInt32(at + 8, encoded.length, true);
    },
    /** @param {bigint} text @param {number} at @param {number} length */
    "syscall/js.valueLoadString"(text, at, length) {
      bytes(at, length).set(value(text));
    },
    "syscall/js.finalizeRef"() {},
  };

  return {
    // By the second name a program asks that has been begun at build time.
    imports: { gojs, js: gojs },
    /** @param {WebAssembly.Instance} instance */
    async run(instance) {
      program = instance.exports;
      program._initialize();
    },
  };
};
