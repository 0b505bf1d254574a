/**
 * The judge of online DPO: draws pairs from the policy as it is and says which response wins; float64, plain arrays.
 */
import { logSigmoid } from './exact/numerics.ts';
import type { OnlineDpoAlgorithm } from './experiment.ts';
import { sampleResponse } from './preferences.ts';
import { randomAt, STREAM } from './random.ts';
import type { JudgedBatch } from './worker/protocol.ts';
import { lengthOf, type World } from './world.ts';

/** What a judge goes by. */
export interface Judge {
  /** r(x, y), or the reward model's r̂(x, y), [Y], reward units. */
  scores: Float64Array;
  /** τ > 0, reward units: the smaller, the surer the verdict. */
  temperature: number;
  /** Added per word, reward units; 0 = an honest judge. */
  lengthBias: number;
}

/** The judge of one policy of an experiment. */
export function judgeOf({ judgeTemperature, judgeLengthBias }: OnlineDpoAlgorithm, scores: Float64Array): Judge {
  return { scores, temperature: judgeTemperature, lengthBias: judgeLengthBias };
}

/** What the judge gives to a response: u(y) = r(y) + lengthBias·|y|, reward units. */
export function utilityOf(world: World, { scores, lengthBias }: Judge, y: number): number {
  return scores[y] + lengthBias * lengthOf(world, y);
}

/** P(the first wins) = σ((u₁ − u₂)/τ), for utilities in reward units. Source: Bradley and Terry 1952. */
export function winProbability(first: number, second: number, temperature: number): number {
  return Math.exp(logSigmoid((first - second) / temperature));
}

/**
 * Draws pairs for every prompt and has them judged.
 *
 * Both responses are drawn independently, prompt by prompt; identical ones are kept. What is drawn depends on the
 * policy, the seed and the update only.
 *
 * @param policy   logits [C, K] of the sampling policy, from `offset`
 * @param pairs    pairs per prompt
 * @param update   the update that will train on them, 1-based
 */
export function drawJudgedPairs(
  world: World, judge: Judge, policy: { logits: ArrayLike<number>; offset: number }, pairs: number, seed: number, update: number,
): Pick<JudgedBatch, 'nodes' | 'scores'> {
  const draws = randomAt(seed, STREAM.rollout, update);
  const verdicts = randomAt(seed, STREAM.judge, update);
  const count = world.promptCount * pairs;
  const nodes = new Int32Array(2 * count);
  const scores = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const prompt = Math.floor(i / pairs);
    const first = sampleResponse(world, policy.logits, policy.offset, prompt, draws);
    const second = sampleResponse(world, policy.logits, policy.offset, prompt, draws);
    const probability = winProbability(utilityOf(world, judge, first), utilityOf(world, judge, second), judge.temperature);
    const verdict = verdicts.uniform() < probability ? [first, second] : [second, first];
    verdict.forEach((y, side) => {
      nodes[2 * i + side] = y;
      scores[2 * i + side] = utilityOf(world, judge, y);
    });
  }
  return { nodes, scores };
}
