/** Commands, as somebody types them. */

import { execFile } from "node:child_process";

/**
 * Resolves with how the command ended and what it printed, both streams together.
 * @param {string} folder
 * @param {string[]} command
 * @param {Record<string, string>} [env] beside the process's own
 * @returns {Promise<{ code: number, text: string }>}
 */
export const run = (folder, [program, ...args], env = {}) =>
  new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) || 1 : 0, text: stdout + stderr }),
    );
  });

/** The same for a command that has to succeed. */
export const succeed = async (...command) => {
  const { code, text } = await run(...command);
  if (code !== 0) throw new Error(`${command[1].join(" ")} ended with ${code}:\n${text}`);
  return text;
};
