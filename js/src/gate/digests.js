/**
 * The digests of the files that others load, set by the build (W3C Subresource Integrity). Each is built before what has its
 * digest.
 * @module
 */

// @ts-ignore
export const WASM = __WASM__;
// @ts-ignore
export const PROGRAM = __PROGRAM__;
// @ts-ignore
export const TRACE = __TRACE__;
