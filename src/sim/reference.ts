/**
 * What π_ref is fitted to: the target of the supervised fit, as conditionals of every context.
 */
import { logSumExp } from './exact/numerics.ts';
import type { Experiment } from './experiment.ts';
import { nodeOf, type World } from './world.ts';

export interface Target {
  /** target(token | context), [C, K] row-major; rows of contexts the target never reaches are all 0. */
  conditionals: Float64Array;
  /** Probability that the target passes through a context, given its prompt, [C]. */
  reach: Float64Array;
}

/**
 * The target of the reference fit.
 *
 *   corpus:  target(y|x) = (1 − ε)·corpus(y|x) + ε/N, N = number of responses of a prompt
 *   unigram: every position stops with probability `stop`, else a word by weight
 */
export function referenceTarget(world: World, experiment: Experiment): Target {
  return experiment.reference.kind === 'corpus'
    ? corpusTarget(world, experiment.reference)
    : unigramTarget(world, experiment.reference);
}

function corpusTarget(world: World, reference: Extract<Experiment['reference'], { kind: 'corpus' }>): Target {
  const { responseCount, contextCount, promptCount, wordCount, tokenCount, levelStart, maxLength } = world;
  const uniform = reference.smoothing / (responseCount / promptCount);
  const mass = new Float64Array(responseCount).fill(uniform);
  const totals = new Float64Array(promptCount);
  for (const entry of reference.corpus) totals[entry.prompt] += entry.weight;
  for (const entry of reference.corpus) {
    mass[nodeOf(world, entry.prompt, entry.response)] += (1 - reference.smoothing) * entry.weight / totals[entry.prompt];
  }
  // From the leaves up, reach[c] becomes the mass of c's whole subtree.
  const reach = mass.slice(0, contextCount);
  const conditionals = new Float64Array(contextCount * tokenCount);
  for (let d = maxLength - 1; d >= 0; d--) {
    for (let c = levelStart[d]; c < levelStart[d + 1]; c++) {
      const firstChild = levelStart[d + 1] + (c - levelStart[d]) * wordCount;
      const below = d + 1 < maxLength ? reach : mass;
      for (let w = 0; w < wordCount; w++) reach[c] += below[firstChild + w];
      if (reach[c] === 0) continue;
      for (let w = 0; w < wordCount; w++) conditionals[c * tokenCount + w] = below[firstChild + w] / reach[c];
      conditionals[c * tokenCount + wordCount] = mass[c] / reach[c];
    }
  }
  return { conditionals, reach };
}

function unigramTarget(world: World, reference: Extract<Experiment['reference'], { kind: 'unigram' }>): Target {
  const { contextCount, wordCount, tokenCount, levelStart, maxLength, promptCount } = world;
  const total = reference.wordWeights.reduce((a, b) => a + b, 0);
  const row = [...reference.wordWeights.map((weight) => (1 - reference.stop) * weight / total), reference.stop];
  const conditionals = new Float64Array(contextCount * tokenCount);
  const reach = new Float64Array(contextCount);
  reach.fill(1, 0, promptCount);
  for (let d = 0; d < maxLength; d++) {
    for (let c = levelStart[d]; c < levelStart[d + 1]; c++) {
      conditionals.set(row, c * tokenCount);
      if (d + 1 === maxLength) continue;
      const firstChild = levelStart[d + 1] + (c - levelStart[d]) * wordCount;
      for (let w = 0; w < wordCount; w++) reach[firstChild + w] = reach[c] * row[w];
    }
  }
  return { conditionals, reach };
}

/**
 * KL(target‖π) by the chain rule, mean over prompts, nats.
 *
 * @param logits  [C, K] of π, `offset` = start of this policy's block
 */
export function targetKl(world: World, target: Target, logits: ArrayLike<number>, offset = 0): number {
  const { contextCount, tokenCount, promptCount } = world;
  let sum = 0;
  for (let c = 0; c < contextCount; c++) {
    if (target.reach[c] === 0) continue;
    const row = offset + c * tokenCount;
    const normaliser = logSumExp(logits, row, row + tokenCount);
    for (let k = 0; k < tokenCount; k++) {
      const p = target.conditionals[c * tokenCount + k];
      if (p > 0) sum += target.reach[c] * p * (Math.log(p) - (logits[row + k] - normaliser));
    }
  }
  return sum / promptCount;
}
