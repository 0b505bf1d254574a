/** The axis of the loss. Pure. */
import { msg } from '../../sim/msg.ts';
import type { YAxis } from '../charts/LineChart.tsx';
import { formatTick } from '../format.ts';
import { isLogTwo } from './lossTrend.ts';

/**
 * From 0 (or the lowest value below it) to the highest value.
 *
 * @param start   the loss at update 0
 * @param values  all that is drawn: of the line, and of its band, which need not hold the line
 */
export function lossAxis(start: number, values: readonly number[]): YAxis {
  const finite = [start, ...values].filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const top = Math.max(0, ...finite);
  // A loss that is 0 throughout has no size of its own.
  const high = top > low ? top : 1;
  // Two digits tell the two ends apart.
  const tick = (value: number) => formatTick(value, 10 ** (Math.floor(Math.log10(Math.max(Math.abs(value), high - low))) - 1));
  const ticks = [{ value: low, text: tick(low) }];
  if (Number.isFinite(start) && (start - low) / (high - low) > 0.3) ticks.push({ value: start, text: isLogTwo(start) ? msg`log 2` : tick(start) });
  else ticks.push({ value: high, text: tick(high) });
  return { kind: 'linear', domain: [low, high], ticks };
}
