/** The facts behind chapter 7: where PPO is between the two optima, and how long its answers are. Pure. */
import type { Experiment } from './experiment.ts';
import { focusValue, metricOf } from './focus.ts';
import { quantile } from './history.ts';
import type { MetricId } from './metrics.ts';
import { storyOf, type Story } from './story.ts';
import type { World } from './world.ts';
import type { Focus, Frame, View } from './worker/protocol.ts';
import type { KnobChange } from './runStore.ts';

const FACTS = [
  'goldReward', 'proxyReward', 'klToOptimal', 'klToProxyOptimal', 'meanLength',
  'optimal/goldReward', 'optimal/meanLength', 'proxyOptimal/proxyReward', 'proxyOptimal/goldReward', 'proxyOptimal/meanLength',
] as const satisfies readonly MetricId[];
export type PpoFact = (typeof FACTS)[number];

export interface PpoStory extends Story {
  /** It is given a reward model, not the gold reward. */
  learned: boolean;
  hasGold: boolean;
  /** Of the focused seed, or the median over seeds; NaN where there is none. */
  facts: Record<PpoFact, number>;
  factsAtStart: Record<PpoFact, number>;
  /** What the policy earns and pays beside the optimum of what it is given. */
  bargain: Bargain;
  /** Largest distance to the optimum of what it is given, over the seeds. */
  farthest: number;
}

/**
 * Reward and KL beside those of the optimum π* of the reward that is given. π* maximises J = E[r] − β·KL(π‖π_ref), not E[r]:
 * a policy may earn more, at a higher KL. How far its J stays below follows from the distance,
 *
 *   J(π*) − J(π) = β·KL(π‖π*),   so   KL(π*‖π_ref) = (E_π*[r] − E_π[r])/β + KL(π‖π_ref) − KL(π‖π*)
 *
 * Source: Rafailov et al. 2023, appendix A.1. Of the focused seed, or medians over seeds of these differences.
 */
export interface Bargain {
  /** E[r] of the policy minus that of the optimum, reward units. */
  more: number;
  reward: number;
  optimalReward: number;
  /** KL from the reference of the policy and of the optimum, nats. */
  kl: number;
  optimalKl: number;
  /** J of the optimum minus J of the policy, reward units; at least 0. */
  below: number;
}

/** Whether it is a reward model that PPO is given. */
export const isLearned = ({ algorithm }: Experiment) => algorithm.kind === 'ppo' && algorithm.reward === 'reward-model';

/** The bargain of the shown policies. */
export function bargainOf({ experiment, frame, view, policyCount, shown }: {
  experiment: Experiment; frame: Frame; view: View; policyCount: number; shown: readonly number[];
}): Bargain {
  const learned = isLearned(experiment);
  const own = (id: MetricId) => metricOf(frame.metrics, policyCount, id, shown);
  const [reward, optimalReward] = learned ? [own('proxyReward'), own('proxyOptimal/proxyReward')] : [own('goldReward'), own('optimal/goldReward')];
  const [kl, distance] = [own('kl'), own(learned ? 'klToProxyOptimal' : 'klToOptimal')];
  const median = (values: readonly number[]) => quantile(values, 0.5);
  return {
    more: median(reward.map((value, s) => value - optimalReward[s])), reward: median(reward), optimalReward: median(optimalReward), kl: median(kl),
    optimalKl: median(reward.map((value, s) => (optimalReward[s] - value) / view.beta + kl[s] - distance[s])), below: view.beta * median(distance),
  };
}

/** Collects the facts from what the run store knows. */
export function ppoStoryOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; shown: readonly number[]; seeds: readonly number[]; policyCount: number;
  start: Float64Array; schedule: readonly KnobChange[]; still: boolean; diverged: boolean;
}): PpoStory {
  const { frame, policyCount, shown, seeds, start, experiment } = run;
  const learned = isLearned(experiment);
  const read = (metrics: Float64Array) => Object.fromEntries(FACTS.map((id) => [id, focusValue(metrics, policyCount, id, shown)])) as Record<PpoFact, number>;
  return {
    ...storyOf(run), learned, bargain: bargainOf(run), hasGold: experiment.gold !== undefined,
    facts: read(frame.metrics), factsAtStart: read(start),
    farthest: Math.max(...metricOf(frame.metrics, policyCount, learned ? 'klToProxyOptimal' : 'klToOptimal', seeds)),
  };
}
