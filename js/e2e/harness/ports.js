/** Ports, one at a time, from E2E_PORT upwards: 31 of them are tried. */

const FIRST = Number(process.env.E2E_PORT || 8430);
const SPAN = 31;
let next = 0;

/** A port that this process has not used lately; whoever listens may still find it taken and ask again. */
export const somePort = () => FIRST + next++ % SPAN;
