/** A certificate for localhost that signs itself, made once a run by what Go brings along. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** @type {Promise<{ cert: Buffer, key: Buffer }> | undefined} */
let made;

export const certificate = () =>
  (made ??= (async () => {
    const cwd = await mkdtemp(join(tmpdir(), "fetch401-certificate-"));
    try {
      const { stdout } = await run("go", ["env", "GOROOT"]);
      const generator = join(stdout.trim(), "src/crypto/tls/generate_cert.go");
      await run("go", ["run", generator, "--host", "localhost,127.0.0.1,::1", "--ecdsa-curve", "P256"], { cwd, timeout: 120_000 });
      return { cert: await readFile(join(cwd, "cert.pem")), key: await readFile(join(cwd, "key.pem")) };
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  })());
