/** What is known of methods that train side by side at one update, as numbers: for sentences, charts and tables. */
import type { Experiment } from './experiment.ts';
import { collapsedCount, metricOf } from './focus.ts';
import { quantile } from './history.ts';
import type { MetricId } from './metrics.ts';
import { methodOf } from './methods.ts';

/** A metric over the seeds of one method. */
export interface Spread {
  /** Of every seed, in the order of the seeds. */
  values: number[];
  /** Of the finite values; NaN where there is none. */
  median: number;
  low: number;
  high: number;
}

export interface MethodFacts {
  /** Place in the population: the sweepIndex of a focus. */
  index: number;
  id: string;
  label: string;
  short: string;
  explanation: string;
  experiment: Experiment;
  /** Policies of the population that are trained by it. */
  members: number[];
  now(id: MetricId): Spread;
  /** At update 0. */
  start(id: MetricId): Spread;
  /** Seeds with more than half of the probability on responses nobody wrote. */
  collapsed: number;
  /** Seeds whose numbers are no longer finite. */
  broken: number;
}

export function spreadOf(values: number[]): Spread {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length === 0 ? [NaN, NaN] : [Math.min(...finite), Math.max(...finite)];
  return { values, median: quantile(values, 0.5), low, high };
}

/** A moment of a run of several methods. */
export interface MethodMoment {
  /** The first method's experiment and those of the others. */
  experiment: Experiment;
  others: readonly Experiment[];
  /** [M, R] now and at update 0. */
  metrics: Float64Array;
  start: Float64Array;
  policyCount: number;
}

/** One entry per method, in the order of the population. */
export function methodFacts({ experiment, others, metrics, start, policyCount }: MethodMoment): MethodFacts[] {
  const seeds = experiment.seeds.length;
  return [experiment, ...others].map((own, index) => {
    const members = experiment.seeds.map((_, s) => index * seeds + s);
    const method = methodOf(own);
    const read = (from: Float64Array, id: MetricId) => spreadOf(metricOf(from, policyCount, id, members));
    return {
      index, experiment: own, members,
      id: method?.id ?? own.algorithm.kind,
      label: method?.label ?? own.algorithm.kind,
      short: method?.short ?? own.algorithm.kind,
      explanation: method?.explanation ?? '',
      now: (id) => read(metrics, id),
      start: (id) => read(start, id),
      collapsed: collapsedCount(metrics, policyCount, members),
      broken: metricOf(metrics, policyCount, 'loss', members).filter((loss) => !Number.isFinite(loss)).length,
    };
  });
}
