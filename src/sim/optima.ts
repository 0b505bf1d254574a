/** What the optimum of a reward is like: the values that a run can be compared with while it trains. */
import { expectation, klDivergence, meanLength } from './exact/estimators.ts';
import { optimalPolicy } from './exact/optimal.ts';
import type { MetricId } from './metrics.ts';
import type { FrontierPoint } from './worker/protocol.ts';
import type { World } from './world.ts';

export interface Optimum {
  /** Mean over prompts of log Z(x), nats. */
  meanLogZ: number;
  /** Its metrics, constant while β is. */
  metrics: Partial<Record<MetricId, number>>;
}

/**
 * π* = π_ref·exp(r/β)/Z for the gold reward.
 *
 * @param refLogps  log π_ref(y|x), [Y], nats
 * @param gold      r(x, y), [Y]
 */
export function goldOptimum(world: World, refLogps: Float64Array, gold: Float64Array, beta: number): Optimum {
  const { logps, logZ } = optimalPolicy(world, refLogps, gold, beta);
  return {
    meanLogZ: mean(logZ),
    metrics: { 'optimal/goldReward': expectation(world, logps, gold), 'optimal/meanLength': meanLength(world, logps) },
  };
}

/**
 * π̂* = π_ref·exp(r̂/β)/Ẑ for the reward that training is given.
 *
 * @param scores  r̂(x, y), [Y]
 * @param gold    r(x, y), [Y]; null without gold
 */
export function proxyOptimum(world: World, refLogps: Float64Array, scores: Float64Array, beta: number, gold: Float64Array | null): Optimum {
  const { logps, logZ } = optimalPolicy(world, refLogps, scores, beta);
  return {
    meanLogZ: mean(logZ),
    metrics: {
      'proxyOptimal/proxyReward': expectation(world, logps, scores), 'proxyOptimal/meanLength': meanLength(world, logps),
      ...(gold ? { 'proxyOptimal/goldReward': expectation(world, logps, gold) } : {}),
    },
  };
}

/** β of the exact frontier, from the strongest tie to the weakest. */
const FRONTIER_BETAS = Array.from({ length: 33 }, (_, i) => 10 ** (1.5 - i / 8));
/** Larger spaces get fewer points: a view must not hold up the loop. */
const FRONTIER_WORK = 2_000_000;

/** The best E[r] at every KL: π* over β, averaged over the given references. */
export function frontierOf(world: World, refLogps: readonly Float64Array[], rewards: Float64Array): FrontierPoint[] {
  const stride = Math.max(1, Math.ceil(FRONTIER_BETAS.length * refLogps.length * rewards.length / FRONTIER_WORK));
  return FRONTIER_BETAS.filter((_, i) => i % stride === 0).map((beta) => {
    let kl = 0, reward = 0;
    for (const ref of refLogps) {
      const { logps } = optimalPolicy(world, ref, rewards, beta);
      kl += klDivergence(world, logps, ref) / refLogps.length;
      reward += expectation(world, logps, rewards) / refLogps.length;
    }
    return { beta, kl, reward };
  });
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
