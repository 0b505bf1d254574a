/**
 * PPO's rollouts of one policy: responses drawn from it, their rewards per token, advantages and returns; float64, plain arrays.
 */
import { advantagesOf, whiten } from './advantages.ts';
import { logSumExp } from './exact/numerics.ts';
import type { PpoAlgorithm } from './experiment.ts';
import { sampleResponse } from './preferences.ts';
import { randomAt, STREAM, type Random } from './random.ts';
import type { PpoIteration } from './worker/protocol.ts';
import { pathOf, type World } from './world.ts';

/** What one iteration drew for one policy, before any gradient step. Fields as in PpoIteration, and: */
export interface Rollouts extends Omit<PpoIteration, 'newLogps'> {
  /** KL coefficient β of the rewards. */
  beta: number;
  /** Context of every token, [B·T]; 0 where there is none. */
  contexts: Int32Array;
}

export interface RolloutParts {
  world: World;
  algorithm: PpoAlgorithm;
  beta: number;
  seed: number;
  /** The update, 1-based. */
  step: number;
  /** Logits of π_old and π_ref, [C, K] from `offset` and from `refOffset`. */
  logits: ArrayLike<number>;
  offset: number;
  refLogits: ArrayLike<number>;
  refOffset: number;
  /** V_old of all contexts, [C] from `valueOffset`; null without a critic. */
  values: ArrayLike<number> | null;
  valueOffset: number;
  /** The reward of every response, [Y]. */
  scores: Float64Array;
}

/**
 * Draws `rolloutBatch` responses per prompt, prompt by prompt, and works out what PPO needs of them.
 *
 *   r_t = −β·(log π_old − log π_ref), plus the score at the last token; their sum is score − β·Σ_t log π_old/π_ref
 *
 * Without a critic the advantage is the reward-to-go Σ_k γ^k·r_{t+k}, and λ is not used.
 * Source: Stiennon et al. 2020, section 3.4; TRL's PPOTrainer (kl_estimator k1).
 */
export function drawRollouts(parts: RolloutParts): Rollouts {
  const { world, algorithm, beta, step, scores, values } = parts;
  const nodes = drawNodes(parts);
  const positions = world.maxLength;
  const count = nodes.length * positions;
  const rollouts: Rollouts = {
    step, beta, nodes, positions, rollouts: nodes.length, clipRange: algorithm.clipRange,
    scores: Float64Array.from(nodes, (y) => scores[y]),
    used: new Uint8Array(count), tokens: new Int32Array(count), contexts: new Int32Array(count),
    oldLogps: new Float64Array(count), refLogps: new Float64Array(count),
    rewards: new Float64Array(count), values: new Float64Array(count), returns: new Float64Array(count), advantages: new Float64Array(count),
  };
  nodes.forEach((y, b) => {
    const path = pathOf(world, y);
    path.forEach(({ context, token }, t) => {
      const i = b * positions + t;
      rollouts.used[i] = 1;
      rollouts.tokens[i] = token;
      rollouts.contexts[i] = context;
      rollouts.oldLogps[i] = tokenLogp(world, parts.logits, parts.offset, context, token);
      rollouts.refLogps[i] = tokenLogp(world, parts.refLogits, parts.refOffset, context, token);
      rollouts.rewards[i] = -beta * (rollouts.oldLogps[i] - rollouts.refLogps[i]);
      if (values) rollouts.values[i] = values[parts.valueOffset + context];
    });
    rollouts.rewards[b * positions + path.length - 1] += scores[y];
  });
  const { gamma, gaeLambda, whitenAdvantages } = algorithm;
  const advantages = advantagesOf(rollouts.rewards, rollouts.values, rollouts.used, positions, { gamma, gaeLambda: values ? gaeLambda : 1 });
  rollouts.returns = advantages.map((advantage, i) => advantage + rollouts.values[i]);
  rollouts.advantages = whitenAdvantages ? whiten(advantages, rollouts.used) : advantages;
  return rollouts;
}

function drawNodes({ world, algorithm, seed, step, logits, offset }: RolloutParts): Int32Array {
  const random = randomAt(seed, STREAM.rollout, step);
  return Int32Array.from({ length: world.promptCount * algorithm.rolloutBatch }, (_, b) => (
    sampleResponse(world, logits, offset, Math.floor(b / algorithm.rolloutBatch), random)
  ));
}

/** log π(token|context), nats. */
function tokenLogp({ tokenCount }: World, logits: ArrayLike<number>, offset: number, context: number, token: number): number {
  const row = offset + context * tokenCount;
  return logits[row + token] - logSumExp(logits, row, row + tokenCount);
}

/**
 * Which gradient step sees which token: every epoch deals the rollouts anew into `minibatches` parts of whole rollouts,
 * sizes equal or one apart.
 *
 * @returns  [epochs · minibatches][B·T], 1 where the step sees the token; with one minibatch a single entry for all epochs
 */
export function dealMinibatches({ rollouts, positions, used, step }: Rollouts, seed: number, { epochs, minibatches }: PpoAlgorithm): Uint8Array[] {
  if (minibatches === 1) return [used];
  const random = randomAt(seed, STREAM.minibatch, step);
  return Array.from({ length: epochs }, () => shuffled(rollouts, random)).flatMap((order) => (
    Array.from({ length: minibatches }, (_, m) => {
      const seen = new Uint8Array(used.length);
      for (let i = m; i < rollouts; i += minibatches) {
        const row = order[i] * positions;
        seen.set(used.subarray(row, row + positions), row);
      }
      return seen;
    })
  ));
}

/** 0..count−1 in random order (Fisher–Yates). */
function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
