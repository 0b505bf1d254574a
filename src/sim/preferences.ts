/**
 * Preference pairs: given in the file, or drawn from a policy and labelled by an annotator.
 */
import type { Experiment, SampledPreferences } from './experiment.ts';
import { logSigmoid, logSumExp } from './exact/numerics.ts';
import { randomAt, STREAM, type Random, type Stream } from './random.ts';
import type { DrawnTraining } from './worker/protocol.ts';
import { lengthOf, nodeOf, type World } from './world.ts';

/** One preference pair as nodes of the forest. */
export interface Pair {
  prompt: number;
  chosen: number;
  rejected: number;
  weight: number;
}

/** The pairs written in an experiment. */
export function givenPairs(world: World, experiment: Experiment): Pair[] {
  if (!('pairs' in experiment.preferences)) return [];
  return experiment.preferences.pairs.map((pair) => ({
    prompt: pair.prompt,
    chosen: nodeOf(world, pair.prompt, pair.chosen),
    rejected: nodeOf(world, pair.prompt, pair.rejected),
    weight: pair.weight,
  }));
}

/**
 * Draws one response token by token.
 *
 * @param logits  [C, K] of the sampling policy, `offset` = start of its block
 * @returns       the response's node
 */
export function sampleResponse(world: World, logits: ArrayLike<number>, offset: number, prompt: number, random: Random): number {
  const { tokenCount, wordCount, maxLength, levelStart } = world;
  let m = prompt;
  const probabilities = new Float64Array(tokenCount);
  for (let d = 0; d < maxLength; d++) {
    const row = offset + (levelStart[d] + m) * tokenCount;
    const normaliser = logSumExp(logits, row, row + tokenCount);
    for (let k = 0; k < tokenCount; k++) probabilities[k] = Math.exp(logits[row + k] - normaliser);
    const token = random.index(probabilities);
    if (token === wordCount) return levelStart[d] + m;
    m = m * wordCount + token;
  }
  return levelStart[maxLength] + m;
}

export interface PairStreams {
  responses: Stream;
  labels: Stream;
}
export const TRAINING: PairStreams = { responses: STREAM.preferences, labels: STREAM.labels };
export const HELD_OUT: PairStreams = { responses: STREAM.heldOut, labels: STREAM.heldOutLabels };

/**
 * Pairs drawn from a policy, both responses independently, prompts uniformly, labelled by an annotator.
 *
 *   utility u = gold + lengthBias·|y|;  'bradley-terry': P(first wins) = σ(Δu/temperature);  'argmax': higher u wins, the first on a tie
 *
 * Two identical responses are kept: they teach nothing, and a mean over pairs counts them.
 *
 * @param logits   [C, K] of the sampling policy, `offset` = start of its block
 * @param rewards  gold rewards, [Y]
 * @param streams  of the responses and of the labels: TRAINING, or HELD_OUT for pairs that no training sees
 */
export function samplePairs(
  world: World, spec: SampledPreferences, logits: ArrayLike<number>, offset: number, rewards: Float64Array, seed: number,
  streams: PairStreams = TRAINING,
): Pair[] {
  const draws = randomAt(seed, streams.responses);
  const labels = randomAt(seed, streams.labels);
  return Array.from({ length: spec.count }, () => {
    const prompt = Math.floor(draws.uniform() * world.promptCount);
    const first = sampleResponse(world, logits, offset, prompt, draws);
    const second = sampleResponse(world, logits, offset, prompt, draws);
    const utility = (y: number) => rewards[y] + spec.lengthBias * lengthOf(world, y);
    const difference = utility(first) - utility(second);
    const u = labels.uniform();
    const firstWins = spec.labels === 'argmax' ? difference >= 0 : u < Math.exp(logSigmoid(difference / spec.temperature));
    return { prompt, chosen: firstWins ? first : second, rejected: firstWins ? second : first, weight: 1 };
  });
}

/** The pairs of every policy of a population over one list of distinct pairs. */
export interface PairTable {
  /** Distinct pairs, [B] (their own `weight` is not used). */
  pairs: Pair[];
  /** Weight of each pair for each policy, normalised to sum 1 per policy, [R, B]; 0 = not this policy's pair. */
  weights: Float64Array;
}

/** Merges the lists of all policies; equal pairs are one entry with the sum of their weights. Policies may share a list. */
export function pairTable(lists: readonly (readonly Pair[])[]): PairTable {
  const index = new Map<string, number>();
  const pairs: Pair[] = [];
  const firstOf = new Map<readonly Pair[], number>();
  lists.forEach((list, r) => {
    if (firstOf.has(list)) return;
    firstOf.set(list, r);
    for (const pair of list) {
      const key = `${pair.chosen},${pair.rejected}`;
      if (!index.has(key)) {
        index.set(key, pairs.length);
        pairs.push(pair);
      }
    }
  });
  const weights = new Float64Array(lists.length * pairs.length);
  lists.forEach((list, r) => {
    const first = firstOf.get(list)!;
    if (first < r) {
      weights.copyWithin(r * pairs.length, first * pairs.length, (first + 1) * pairs.length);
      return;
    }
    const total = list.reduce((sum, pair) => sum + pair.weight, 0);
    for (const pair of list) weights[r * pairs.length + index.get(`${pair.chosen},${pair.rejected}`)!] += pair.weight / total;
  });
  return { pairs, weights };
}

/** 1 where a response is in a pair of one of these policies, [Y]; a pair of a response with itself counts. */
export function pairedResponses({ pairs, weights }: PairTable, { responseCount }: World, policies: readonly number[]): Uint8Array {
  const paired = new Uint8Array(responseCount);
  pairs.forEach(({ chosen, rejected }, b) => {
    if (policies.some((r) => weights[r * pairs.length + b] > 0)) paired[chosen] = paired[rejected] = 1;
  });
  return paired;
}

/** What one policy of a table drew, `count` pairs in all. */
export function drawnTraining({ pairs, weights }: PairTable, policy: number, count: number, seed: number): DrawnTraining {
  const own = pairs.map((pair, b) => ({ ...pair, times: Math.round(weights[policy * pairs.length + b] * count) })).filter(({ times }) => times > 0);
  return { seed, nodes: Int32Array.from(own.flatMap(({ chosen, rejected }) => [chosen, rejected])), times: Int32Array.from(own, ({ times }) => times) };
}
