/** The demo's real backend, built and started; its pages are those of the test. */

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DIST, ROOT, WAIT } from "./paths.js";
import { html, PROBE } from "./html.js";
import { SPAN, somePort } from "./ports.js";

const folder = mkdtempSync(join(tmpdir(), "fetch401-e2e-"));
const running = new Set();
/** @type {Promise<string> | undefined} */
let built;

const build = () =>
  (built ??= (async () => {
    if (process.env.DEMO) return process.env.DEMO;
    const program = join(folder, "demo");
    await promisify(execFile)("go", ["build", "-o", program, "./demo"], { cwd: ROOT, timeout: 240_000 });
    return program;
  })());

/**
 * @param {string[]} allowOrigins
 * @param {string[]} flags
 */
export const startDemo = async (allowOrigins = [], ...flags) => {
  const pages = mkdtempSync(join(folder, "pages-"));
  return { backend: await serve("-public", pages, "-allow-origins", allowOrigins.join(","), ...flags), ...pagesIn(pages) };
};

/** The demo as people meet it, with its own page. Gives its origin. */
export const startPublicDemo = () => serve();

/** @param {string[]} flags */
const serve = async (...flags) => {
  const program = await build();
  for (let tries = 0; tries < SPAN; tries++) {
    const port = somePort();
    const child = spawn(program, ["-port", String(port), "-dist", DIST, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const started = await new Promise((resolve, reject) => {
      let text = "";
      const timer = setTimeout(() => reject(new Error("the demo does not start: " + text)), WAIT);
      const hear = (data) => {
        text += data;
        if (/http:\/\/localhost:\d+\n/.test(text)) resolve(true), clearTimeout(timer);
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", () => (clearTimeout(timer), /in use/.test(text) ? resolve(false) : reject(new Error(text))));
    });
    if (started) {
      running.add(child);
      return `http://localhost:${port}`;
    }
  }
  throw new Error("no free port for the demo: set E2E_PORT");
};

const pagesIn = (pages) => {
  let number = 0;
  const put = (name, content) => {
    writeFileSync(join(pages, name), content);
    return "/" + name;
  };
  put("probe.js", PROBE);
  put("login.html", html({ body: "<h1>sign in</h1>" }));
  return {
    put,
    /** Writes a page and gives its path; before and after are sources. */
    page({ before = [], after = [], probe = true, ...rest }) {
      const id = ++number;
      const scripts = (list, name) => list.map((source, i) => put(`p${id}-${name}${i}.js`, source));
      const text = html({ ...rest, before: scripts(before, "before"), after: [...(probe ? ["/probe.js"] : []), ...scripts(after, "after")] });
      return put(`p${id}.html`, text);
    },
  };
};

export const stopDemos = async () => {
  for (const child of running) {
    child.removeAllListeners("exit");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
};

/** One backend serves all tests: each signs in to a session of its own. */
let shared;
export const sharedDemo = () => (shared ??= startDemo());
