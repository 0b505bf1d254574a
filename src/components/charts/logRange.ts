/** A logarithmic axis from a floor that is named as one. Pure. */
import { scaleLog } from 'd3-scale';

/** From the floor to the least 1, 2 or 5 times a power of ten that holds every finite value; never less than a decade. */
export function logRange(values: Iterable<number>, floor: number): readonly [number, number] {
  let high = 10 * floor;
  for (const value of values) if (Number.isFinite(value)) high = Math.max(high, value);
  const decade = 10 ** Math.floor(Math.log10(high) + 1e-9);
  const top = [1, 2, 5].map((factor) => factor * decade).find((value) => value >= high * (1 - 1e-9)) ?? 10 * decade;
  return [floor, top];
}

/** Places on it; what is below the floor, 0 among it, stands at the floor, whose label reads "≤". */
export function logScale([floor, top]: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const scale = scaleLog([floor, top], [...range]).clamp(true);
  return (value) => (Number.isNaN(value) ? NaN : scale(Math.max(floor, value)));
}
