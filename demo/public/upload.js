/** A file for those who do not choose one: 300,000 bytes that are not all alike. */
export function sampleFile() {
  const bytes = new Uint8Array(300_000);
  // getRandomValues gives at most 65,536 bytes a call.
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return new File([bytes], "sample.bin", { type: "application/octet-stream" });
}

/**
 * @param {Blob} file
 * @returns {Promise<string>} SHA-256 in lower-case hexadecimal
 */
export async function digest(file) {
  const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
