/**
 * The gold reward r(x, y) of every response: the truth that judges and evaluation use.
 */
import type { GoldSpec } from './experiment.ts';
import { nodeOf, wordsOf, type World } from './world.ts';

/**
 * r(x,y) = listed reward or `otherwise`, + Σ perWord (per occurrence) + Σ containsWord (once) + perToken·|y|.
 *
 * Summed in the order of the vocabulary, not of the response: the same words give the same number to the last bit.
 *
 * @returns [Y], reward units
 */
export function goldRewards(world: World, gold: GoldSpec): Float64Array {
  const rewards = new Float64Array(world.responseCount).fill(gold.otherwise);
  for (const entry of gold.responses) rewards[nodeOf(world, entry.prompt, entry.response)] = entry.reward;
  const perWord = world.words.map((word) => gold.perWord[word] ?? 0);
  const contains = world.words.map((word) => gold.containsWord[word] ?? 0);
  for (let y = 0; y < rewards.length; y++) {
    const words = wordsOf(world, y).sort((a, b) => a - b);
    for (const w of words) rewards[y] += perWord[w];
    for (const w of new Set(words)) rewards[y] += contains[w];
    rewards[y] += gold.perToken * words.length;
  }
  return rewards;
}
