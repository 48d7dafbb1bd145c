/** What of workerd and of Go's wasm_exec.js the Worker uses. */

declare module "*.wasm" {
  const program: WebAssembly.Module;
  export default program;
}

declare module "*/wasm_exec.js" {}

declare class Go {
  importObject: WebAssembly.Imports;
  env: Record<string, string>;
  exit: (code: number) => void;
  run(instance: WebAssembly.Instance): Promise<void>;
  _resume(): void;
  _scheduledTimeouts: Map<number, number>;
  _values: unknown[];
  _idPool: number[];
}
