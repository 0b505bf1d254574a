/** The different values of a list of rewards, float64: values that only rounding tells apart are one. */

/** Relative and absolute distance up to which two values are the same: the absolute one in units of the largest value. */
const RELATIVE = 1e-9;
const ABSOLUTE = 1e-13;

export interface Levels {
  /** The different values, ascending, each the smallest of those it stands for. */
  levels: Float64Array;
  /** Level of every value of the list, [n]. */
  indexOf: Int32Array;
}

/**
 * Sorts values into levels. A level begins at the smallest value above the one before it, and takes in what is at most
 * 10⁻⁹ of itself above that, so it does not grow along a chain of small steps; near 0, 10⁻¹³ of the largest value.
 *
 * @param values  reward units, [n]; ±∞ are levels of their own, and so is what is not a number, above all others
 */
export function levelsOf(values: ArrayLike<number>): Levels {
  const sorted = Float64Array.from(values).sort();
  let largest = 0;
  for (const value of sorted) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  const levels: number[] = [];
  for (const value of sorted) {
    const first = levels.at(-1);
    if (first === undefined || !isSame(first, value, largest)) levels.push(value);
  }
  return { levels: Float64Array.from(levels), indexOf: Int32Array.from(values, (value) => lastAtMost(levels, value)) };
}

/** @param value  not below `first` */
function isSame(first: number, value: number, largest: number): boolean {
  if (Object.is(first, value) || first === value) return true;
  const distance = value - first;
  return Number.isFinite(distance) && distance <= Math.max(RELATIVE * Math.max(Math.abs(first), Math.abs(value)), ABSOLUTE * largest);
}

/** Index of the last of some ascending numbers, NaN last, that is not above the value. */
function lastAtMost(ascending: readonly number[], value: number): number {
  if (Number.isNaN(value)) return ascending.length - 1;
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ascending[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
