/** The facts behind chapter 7: where PPO is between the two optima, and how long its answers are. Pure. */
import type { Experiment } from './experiment.ts';
import { focusValue, metricOf } from './focus.ts';
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
  /** Largest distance to the optimum of what it is given, over the seeds. */
  farthest: number;
}

/** Collects the facts from what the run store knows. */
export function ppoStoryOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; shown: readonly number[]; seeds: readonly number[]; policyCount: number;
  start: Float64Array; schedule: readonly KnobChange[]; still: boolean; diverged: boolean;
}): PpoStory {
  const { frame, policyCount, shown, seeds, start, experiment } = run;
  const { algorithm } = experiment;
  const learned = algorithm.kind === 'ppo' && algorithm.reward === 'reward-model';
  const read = (metrics: Float64Array) => Object.fromEntries(FACTS.map((id) => [id, focusValue(metrics, policyCount, id, shown)])) as Record<PpoFact, number>;
  return {
    ...storyOf(run), learned, hasGold: experiment.gold !== undefined, facts: read(frame.metrics), factsAtStart: read(start),
    farthest: Math.max(...metricOf(frame.metrics, policyCount, learned ? 'klToProxyOptimal' : 'klToOptimal', seeds)),
  };
}
