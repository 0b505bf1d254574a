/** What the page shows of a population: one seed, or the median over the seeds of one swept value. */
import { populationOf, type Experiment } from './experiment.ts';
import { quantile } from './history.ts';
import { metricIndex, type MetricId } from './metrics.ts';
import type { Focus } from './worker/protocol.ts';

/** A policy has collapsed when more than half of its probability is on responses nobody wrote. */
export const COLLAPSE = 0.5;

/** Member indices of all seeds of the focused swept value. */
export function seedMembers(experiment: Experiment, focus: Focus): number[] {
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

/** β of the focused policies: the swept value where β is swept, else the algorithm's. */
export function focusBeta(experiment: Experiment, focus: Focus): number {
  const member = populationOf(experiment)[focus.sweepIndex * experiment.seeds.length];
  return member?.swept.beta ?? experiment.algorithm.beta;
}
