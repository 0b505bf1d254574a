/** What the page shows of a population: one seed, or the median over the seeds of one swept value. */
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import { quantile } from './history.ts';
import { metricIndex, type MetricId } from './metrics.ts';
import type { Focus } from './worker/protocol.ts';

/** A policy has collapsed when more than half of its probability is on responses nobody wrote. */
export const COLLAPSE = 0.5;

/** Number of combinations of the sweep; 1 without one. */
export function sweepCount(experiment: Experiment): number {
  return populationOf(experiment).length / experiment.seeds.length;
}

/** Member indices of all seeds of one swept value. */
export function seedMembers(experiment: Experiment, focus: Pick<Focus, 'sweepIndex'>): number[] {
  const first = focus.sweepIndex * experiment.seeds.length;
  return experiment.seeds.map((_, i) => first + i);
}

/** Member indices of the focus: one seed, or all of the focused swept value. */
export function focusMembers(experiment: Experiment, focus: Focus): number[] {
  const members = seedMembers(experiment, focus);
  return focus.seedIndex === null ? members : [members[focus.seedIndex]];
}

/** One metric's values of some members, from an [M, R] array. */
export function metricOf(metrics: Float64Array, policyCount: number, id: MetricId, members: readonly number[]): number[] {
  const row = metricIndex(id) * policyCount;
  return members.map((i) => metrics[row + i]);
}

/** One metric of the focus: the seed's value, or the median over seeds of its finite values. */
export function focusValue(metrics: Float64Array, policyCount: number, id: MetricId, members: readonly number[]): number {
  return quantile(metricOf(metrics, policyCount, id, members), 0.5);
}

/** How many of some members have collapsed. */
export function collapsedCount(metrics: Float64Array, policyCount: number, members: readonly number[]): number {
  return metricOf(metrics, policyCount, 'mass/ood', members).filter((mass) => mass > COLLAPSE).length;
}

/** The swept values of the focus by knob; empty without a sweep. */
export function sweptValues(experiment: Experiment, { sweepIndex }: Pick<Focus, 'sweepIndex'>): PolicyMember['swept'] {
  return populationOf(experiment)[sweepIndex * experiment.seeds.length]?.swept ?? {};
}

/** The experiment of the focused policies alone: their swept values in the place of the knobs, and no sweep. */
export function focusedExperiment(experiment: Experiment, focus: Pick<Focus, 'sweepIndex'>): Experiment {
  const { learningRate = experiment.optimizer.learningRate, lengthBias, ...knobs } = sweptValues(experiment, focus);
  const { sweep: _merged, preferences, ...rest } = experiment;
  return {
    ...rest,
    // A length bias is the annotator's, all other knobs are the algorithm's.
    preferences: lengthBias !== undefined && 'sampled' in preferences ? { sampled: { ...preferences.sampled, lengthBias } } : preferences,
    algorithm: { ...experiment.algorithm, ...knobs },
    optimizer: { ...experiment.optimizer, learningRate },
  };
}

/** β of the focused policies: the swept value where β is swept, else the algorithm's. */
export function focusBeta(experiment: Experiment, focus: Pick<Focus, 'sweepIndex'>): number {
  return focusedExperiment(experiment, focus).algorithm.beta;
}
