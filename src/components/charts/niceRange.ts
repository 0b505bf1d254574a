/** A round axis that holds some values. Pure. */
import { scaleLinear } from 'd3-scale';

export interface NiceRange {
  domain: readonly [number, number];
  ticks: readonly number[];
  /** Distance of neighbouring ticks. */
  step: number;
}

/** A range smaller than this share of its values is widened: rounding is not drawn as movement. */
const LEAST_SHARE = 0.01;

/** A round domain with about `count` ticks; values that are not finite are left out. */
export function niceRange(values: Iterable<number>, count = 4): NiceRange {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  }
  if (low > high) [low, high] = [0, 1];
  const least = LEAST_SHARE * Math.max(Math.abs(low), Math.abs(high), 1e-9);
  if (high - low < least) [low, high] = [low - least / 2, high + least / 2];
  const scale = scaleLinear([low, high], [0, 1]).nice(count);
  const ticks = scale.ticks(count);
  const [first, second] = ticks;
  return { domain: scale.domain() as [number, number], ticks, step: second === undefined ? high - low : second - first };
}
