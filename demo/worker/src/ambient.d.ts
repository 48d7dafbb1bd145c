/** What of workerd and of Go's wasm_exec.js the Worker uses. */

declare module "*.wasm" {
  const program: WebAssembly.Module;
  export default program;
}

declare module "*/wasm_exec.js" {}

/** The Worker, where another one stands in front of it. */
declare module "*/worker.js" {
  const worker: { fetch(request: Request, env: object, context: object): Promise<Response> };
  export default worker;
}

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
