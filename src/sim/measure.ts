/**
 * All metrics of one policy, exact and float64 (the loss is the trainer's own number).
 */
import { entropy, expectation, groupMasses, klDivergence, meanLength } from './exact/estimators.ts';
import { metricIndex, METRICS, type MetricId } from './metrics.ts';
import type { Pair } from './preferences.ts';
import { GROUPS, type World } from './world.ts';

export interface PolicyFacts {
  /** log π(y|x) and log π_ref(y|x), [Y], nats. */
  logps: Float64Array;
  refLogps: Float64Array;
  /** Index into GROUPS per response, [Y]. */
  groups: Uint8Array;
  pairs: readonly Pair[];
  /** Weights of the pairs for this policy, sum 1, [B]. */
  weights: ArrayLike<number>;
  beta: number;
  loss: number;
  /** Gold rewards [Y] and mean over prompts of log Z(x); null without gold. */
  gold: { rewards: Float64Array; meanLogZ: number } | null;
  /** The same of the reward model's scores; log Z is NaN while it is still being fitted. */
  proxy: { rewards: Float64Array; meanLogZ: number } | null;
}

/** One policy's metrics in the order of METRICS, [M]; NaN where a metric does not apply. */
export function measurePolicy(world: World, facts: PolicyFacts): Float64Array {
  const metrics = new Float64Array(METRICS.length).fill(NaN);
  const set = (id: MetricId, value: number) => { metrics[metricIndex(id)] = value; };
  const { logps, refLogps, beta, gold, proxy } = facts;

  groupMasses(world, logps, facts.groups).forEach((mass, g) => set(`mass/${GROUPS[g]}`, mass));
  const kl = klDivergence(world, logps, refLogps);
  set('loss', facts.loss);
  set('kl', kl);
  set('entropy', entropy(world, logps));
  set('meanLength', meanLength(world, logps));
  if (gold) {
    const reward = expectation(world, logps, gold.rewards);
    set('goldReward', reward);
    set('objective', reward - beta * kl);
    set('objective/optimal', beta * gold.meanLogZ);
    // KL(π‖π*) = KL(π‖π_ref) − E_π[r]/β + log Z, from π* = π_ref·exp(r/β)/Z.
    set('klToOptimal', kl - reward / beta + gold.meanLogZ);
  }
  if (proxy) {
    const reward = expectation(world, logps, proxy.rewards);
    set('proxyReward', reward);
    set('klToProxyOptimal', kl - reward / beta + proxy.meanLogZ);
  }
  measurePairs(facts, set);
  return metrics;
}

function measurePairs({ logps, refLogps, pairs, weights, beta }: PolicyFacts, set: (id: MetricId, value: number) => void): void {
  if (pairs.length === 0) return;
  let chosenReward = 0, rejectedReward = 0, accuracy = 0, chosenLogp = 0, rejectedLogp = 0;
  pairs.forEach(({ chosen, rejected }, b) => {
    const weight = weights[b];
    if (weight === 0) return;
    const forChosen = beta * (logps[chosen] - refLogps[chosen]);
    const forRejected = beta * (logps[rejected] - refLogps[rejected]);
    chosenReward += weight * forChosen;
    rejectedReward += weight * forRejected;
    chosenLogp += weight * logps[chosen];
    rejectedLogp += weight * logps[rejected];
    if (forChosen > forRejected) accuracy += weight;
  });
  set('rewards/chosen', chosenReward);
  set('rewards/rejected', rejectedReward);
  set('rewards/margins', chosenReward - rejectedReward);
  set('rewards/accuracies', accuracy);
  set('logps/chosen', chosenLogp);
  set('logps/rejected', rejectedLogp);
}
