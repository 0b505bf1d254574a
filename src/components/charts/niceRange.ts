/** A round axis that holds some values. Pure. */
import { scaleLinear } from 'd3-scale';

export interface NiceRange {
  domain: readonly [number, number];
  ticks: readonly number[];
  /** Distance of neighbouring ticks. */
  step: number;
}

/** A range smaller than this share of its values is no movement worth an axis of its own: it is drawn from 0. */
const LEAST_SHARE = 0.05;
/** An end nearer to 0 than this share of the values is 0 but for rounding: the axis begins there, not a tick below. */
const ROUNDING = 1e-9;
/** Policies compute in float32, whose log-probabilities are this coarse: rewards, nats and words that are all smaller show nothing but that. */
const COARSEST = 1e-6;

/**
 * A round domain with about `count` ticks; values that are not finite are left out.
 *
 * The axis is judged against the size of the values themselves: what differs by less than a twentieth of that size stands
 * on an axis from 0. Where all of it is 0, or rounding, the axis shows one unit. The values are drawn where they are: no
 * number is changed here.
 *
 * @param floor  the least value that the quantity can have, such as 0 for a KL
 */
export function niceRange(values: Iterable<number>, count = 4, floor = -Infinity): NiceRange {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  }
  if (low > high) [low, high] = [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (Math.abs(low) < ROUNDING * size) low = 0;
  if (Math.abs(high) < ROUNDING * size) high = 0;
  if (size < COARSEST) [low, high] = [floor < 0 ? -1 : 0, 1];
  else if (high - low < LEAST_SHARE * size) [low, high] = [Math.min(0, low), Math.max(0, high)];
  const scale = scaleLinear([low, high], [0, 1]).nice(2 * count);
  const [bottom, top] = scale.domain();
  const ticks = scale.ticks(count);
  const [first, second] = ticks;
  return { domain: [bottom, top], ticks, step: second === undefined ? top - bottom : second - first };
}

/** How far from 0 the values of an axis go: what a number beside it is measured against (`formatAmong`). */
export function sizeOf({ domain: [low, high] }: Pick<NiceRange, 'domain'>): number {
  return Math.max(Math.abs(low), Math.abs(high));
}
