/**
 * Exact enumeration over the prefix forest, float64: from the logits of every context to the
 * log-probability of every response, and sums over responses level by level.
 *
 * Only the (V^T − 1)/(V − 1) contexts of a prompt are evaluated, not V^T · T rows.
 */
import type { World } from '../world.ts';
import { logSumExp } from './numerics.ts';

/**
 * log π(y|x) of every response.
 *
 *   log π(y|x) = Σ_t log softmax(logits(x, y_<t))[y_t], the end token included where there is one
 *
 * @param logits  [C, K] row-major, any finite scale; `offset` = where this policy's block starts
 * @returns       [Y], nats
 */
export function responseLogps(world: World, logits: ArrayLike<number>, offset = 0): Float64Array {
  const { maxLength, wordCount, tokenCount, levelStart, responseCount, promptCount } = world;
  const logps = new Float64Array(responseCount);
  // Until a context is visited, logps[c] holds log Π of its prefix; then the end token's is added.
  for (let x = 0; x < promptCount; x++) logps[x] = 0;
  for (let d = 0; d < maxLength; d++) {
    for (let c = levelStart[d]; c < levelStart[d + 1]; c++) {
      const row = offset + c * tokenCount;
      const normaliser = logSumExp(logits, row, row + tokenCount);
      const prefix = logps[c];
      const firstChild = levelStart[d + 1] + (c - levelStart[d]) * wordCount;
      for (let w = 0; w < wordCount; w++) logps[firstChild + w] = prefix + logits[row + w] - normaliser;
      logps[c] = prefix + logits[row + wordCount] - normaliser;
    }
  }
  return logps;
}

/**
 * Calls `visit(node, prompt, length)` for every response, level by level.
 */
export function forEachResponse(world: World, visit: (node: number, prompt: number, length: number) => void): void {
  let perPrompt = 1;
  for (let d = 0; d <= world.maxLength; d++) {
    let node = world.levelStart[d];
    for (let x = 0; x < world.promptCount; x++) {
      for (let m = 0; m < perPrompt; m++) visit(node++, x, d);
    }
    perPrompt *= world.wordCount;
  }
}
