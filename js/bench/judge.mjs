/**
 * What was measured of fetch401, against the figures in budget.json.
 * @module
 */

import { readFileSync } from "node:fs";

const { speed } = JSON.parse(readFileSync(new URL("budget.json", import.meta.url), "utf8"));

/** @typedef {{ what: string, value: number, limit: number, met: boolean }} Verdict */

/**
 * @param {Record<string, any>} results
 * @returns {Verdict[]}
 */
export const judge = (results) => {
  /** @type {Verdict[]} */
  const verdicts = [];
  /**
   * @param {string} what
   * @param {number | undefined} value not measured: no verdict
   * @param {number} limit
   */
  const check = (what, value, limit) => {
    if (value !== undefined) verdicts.push({ what, value, limit, met: value <= limit });
  };
  const { stub, expired, burst, tabs, start, long } = results;
  for (const name of ["fetch401-tinygo", "fetch401-go"]) {
    check(`${name}: µs per protected 200 (100 URLs in turn), over native`, stub?.[name]?.sequential?.over?.median, speed.passThroughMicroseconds[name]);
    check(`${name}: µs per out-of-scope call, over native`, stub?.[name]?.outside?.over?.median, speed.outOfScopeMicroseconds);
    for (const delay of [0, 20]) {
      check(`${name}: one expired call at ${delay} ms, × by hand`, expired?.[name]?.[delay]?.ratio?.median, speed.expiredCallRatio);
      check(`${name}: one expired call at ${delay} ms, × the same requests by hand`, expired?.[name]?.[delay]?.ofSame?.median, speed.expiredCallRatio);
    }
    const most = burst?.[name]?.["1000"];
    check(`${name}: burst of 1000, × the floor`, most?.ofFloor?.median, speed.burstOf1000Ratio);
    check(`${name}: burst of 1000, × by hand`, most?.ofByHand?.median, speed.burstOf1000Ratio);
    for (const [key, sample] of Object.entries(burst?.[name] ?? {})) {
      check(`${name}: refreshes in a burst of ${key}, at most`, sample.most, 1);
      check(`${name}: failed calls in a burst of ${key}`, sample.timedOut ? Infinity : sample.failed, 0);
    }
    check(`${name}: refreshes in 5 tabs of 20 calls, at most`, tabs?.[name]?.most, 1);
    check(`${name}: failed calls in 5 tabs of 20 calls`, tabs?.[name]?.failed, 0);
    check(`${name}: ms that the lock between tabs adds to a refresh`, tabs?.[name]?.lock?.median, speed.lockMilliseconds);
    check(`${name}: µs that a page alone pays for other tabs, a protected 200`, tabs?.[name]?.alone?.median, speed.aloneMicroseconds);
    for (const connection of ["loopback", "slow"]) {
      check(`${name}: longest main-thread task at start (${connection}), ms`, start?.[name]?.[connection]?.longestTask?.median, speed.longestTaskMilliseconds);
    }
    const { before, after } = long?.[name] ?? {};
    check(`${name}: growth of WASM memory in the long run, ×`, after && after.memory / before.memory, speed.memoryGrowth[name]);
    check(`${name}: new entries of the _values table in the long run`, after?.values != null ? after.values - before.values : undefined, 0);
    check(`${name}: calls still held after the long run`, after?.calls, 0);
  }
  const { ready, protected: from } = start?.["fetch401-preloaded"]?.slow ?? {};
  check("fetch401-tinygo, preloaded: ready at 1.6 Mbit/s, × protected", ready && ready.median / from.median, speed.readyRatio);
  const xhr = results.xhr?.["fetch401-xhr"];
  check("fetch401-tinygo: a whole protected XMLHttpRequest on loopback, × native", xhr?.whole?.ratio?.median, speed.xhrRatio);
  check("fetch401-tinygo: µs to make and open an XMLHttpRequest out of scope, over native", xhr?.outside?.over?.median, speed.outOfScopeXhrMicroseconds);
  const { "fetch401-xhr": ours, "native-xhr": native } = results.memory ?? {};
  check("fetch401-tinygo: bytes kept a protected XMLHttpRequest, over native", ours && native && ours.bytes - native.bytes, speed.xhrBytesKept);
  check("fetch401-tinygo: XMLHttpRequests held after all of them", ours?.held, 0);
  return verdicts;
};
