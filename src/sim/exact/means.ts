/** Means over policies, elementwise, float64. */
import { logSumExp } from './numerics.ts';

/** log of the mean of exp over several arrays, elementwise. */
export function logMeanExp(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0];
  const column = new Float64Array(arrays.length);
  return arrays[0].map((_, y) => {
    for (let i = 0; i < arrays.length; i++) column[i] = arrays[i][y];
    return logSumExp(column) - Math.log(arrays.length);
  });
}

/** Mean of several arrays, elementwise. */
export function meanOf(arrays: readonly Float64Array[]): Float64Array {
  return arrays[0].map((_, y) => arrays.reduce((sum, array) => sum + array[y], 0) / arrays.length);
}
