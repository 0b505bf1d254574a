/** Few different sizes for tensors whose contents are drawn. */

/** The smallest size there is, below the limit. */
const SMALLEST = 8;

/**
 * The size of a padded tensor: the next of 8, 12, 16, 24, 32, 48, 64, … (powers of two, and what lies half-way between).
 *
 * tfjs-webgpu 4.22 keeps a freed buffer for every size there ever was (bufferManager.ts), and compiles programs per
 * shape, so an axis that follows the luck of the draw must not take every length. At most half as much again is padding.
 *
 * @param count  what must fit
 * @param limit  the most that can ever be needed
 */
export function paddedSize(count: number, limit: number): number {
  let size = SMALLEST;
  while (size < count) size = isPowerOfTwo(size) ? (size * 3) / 2 : (size * 4) / 3;
  return Math.min(size, limit);
}

function isPowerOfTwo(size: number): boolean {
  return (size & (size - 1)) === 0;
}
