/** Ports, one at a time, from E2E_PORT upwards. So many that none comes back while a browser still knows its pages. */

export const FIRST = Number(process.env.E2E_PORT || 8430);
export const SPAN = 400;
let next = 0;

/** A port that this process has not used lately; whoever listens may still find it taken and ask again. */
export const somePort = () => FIRST + next++ % SPAN;
