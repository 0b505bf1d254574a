/** What every group and response has gained or lost since the reference: π − π_ref, averaged over prompts. Pure. */
import { GROUPS } from '../../sim/world.ts';

export interface ResponseChange { response: number; delta: number }

export interface MassFlow {
  /** One change per group, in the order of GROUPS. */
  groups: number[];
  /** Number of responses in each group. */
  sizes: number[];
  gainers: ResponseChange[];
  losers: ResponseChange[];
  /** All responses that are not named above, together. */
  rest: number;
  /** Sum of the four group changes as computed in float64: 0 up to rounding. */
  sum: number;
}

/**
 * @param logps     log π, [Y]
 * @param refLogps  log π_ref, [Y]
 * @param groups    index into GROUPS, [Y]
 * @param prompts   number of prompts X; each prompt's changes weigh 1/X
 * @param named     how many gainers and how many losers are named
 */
export function massFlow(logps: Float64Array, refLogps: Float64Array, groups: Uint8Array, prompts: number, named: number): MassFlow {
  const byGroup = new Float64Array(GROUPS.length);
  const sizes = new Array<number>(GROUPS.length).fill(0);
  const gainers: ResponseChange[] = [];
  const losers: ResponseChange[] = [];
  const keep = (list: ResponseChange[], response: number, delta: number) => {
    const size = Math.abs(delta);
    if (list.length === named && size <= Math.abs(list[named - 1].delta)) return;
    let at = list.length;
    while (at > 0 && size > Math.abs(list[at - 1].delta)) at--;
    list.splice(at, 0, { response, delta });
    if (list.length > named) list.pop();
  };
  for (let y = 0; y < logps.length; y++) {
    const delta = (Math.exp(logps[y]) - Math.exp(refLogps[y])) / prompts;
    byGroup[groups[y]] += delta;
    sizes[groups[y]]++;
    if (delta > 0) keep(gainers, y, delta);
    else if (delta < 0) keep(losers, y, delta);
  }
  const total = [...byGroup].reduce((a, b) => a + b, 0);
  const namedSum = [...gainers, ...losers].reduce((a, c) => a + c.delta, 0);
  return { groups: [...byGroup], sizes, gainers, losers, rest: total - namedSum, sum: total };
}

/** The smallest of 1, 2, 5, 10, 20, 50, 100 percent that holds all the changes: the half-width of the axis. */
export function axisReach(flow: MassFlow): number {
  const most = Math.max(...flow.groups.map(Math.abs), ...[...flow.gainers, ...flow.losers].map((c) => Math.abs(c.delta)), 0);
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((reach) => reach >= most - 1e-12) ?? 1;
}
