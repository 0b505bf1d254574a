/**
 * The β bench: one pair at several β, with and without noise, trained side by side. Log-ratio gap h and reward gap β·h
 * after the first update, after n updates, and at the end.
 */
import { populationOf, type Experiment } from './experiment.ts';
import { metricOf } from './focus.ts';
import { historyPoints, quantile, type History } from './history.ts';

/** The two gaps at one β: medians over the seeds. */
export interface BenchCell {
  beta: number;
  /** h, nats. */
  gap: number;
  /** β·h, reward units. */
  rewardGap: number;
}

export interface BenchReading {
  /** Updates made. */
  step: number;
  /** β ascending. */
  cells: readonly BenchCell[];
}

export interface BenchFacts {
  /** Share of the comparisons that go the other way round, in the noisy half of the population. */
  epsilon: number;
  /** Updates of the whole run. */
  steps: number;
  /** After the first update, of noiseless pairs; null where it was not kept. */
  first: BenchReading | null;
  /** After n updates, of noiseless pairs. */
  after: BenchReading;
  /** Now: of noisy and of noiseless pairs. */
  noisy: BenchReading;
  noiseless: BenchReading;
  /** Noiseless pairs a tenth of the updates earlier; null before there is such a moment. */
  earlier: BenchReading | null;
}

/** The noise of an experiment that is a β bench: DPO, swept over β and over label smoothing 0 and one ε; else null. */
export function benchNoise({ algorithm, sweep }: Experiment): number | null {
  if (algorithm.kind !== 'dpo' || algorithm.loss !== 'sigmoid' || !sweep?.beta || sweep.beta.length < 2) return null;
  const smoothing = sweep.labelSmoothing ?? [];
  const noise = smoothing.find((epsilon) => epsilon > 0 && epsilon < 0.5);
  return smoothing.includes(0) ? noise ?? null : null;
}

/** The gaps of one kind of pairs at one moment. */
function reading(experiment: Experiment, step: number, metrics: Float64Array, labelSmoothing: number): BenchReading {
  const members = populationOf(experiment);
  const betas = [...experiment.sweep?.beta ?? []].sort((a, b) => a - b);
  return {
    step,
    cells: betas.map((beta) => {
      const own = members.flatMap(({ swept }, r) => (swept.beta === beta && swept.labelSmoothing === labelSmoothing ? [r] : []));
      const rewardGap = quantile(metricOf(metrics, members.length, 'rewards/margins', own), 0.5);
      return { beta, gap: rewardGap / beta, rewardGap };
    }),
  };
}

/**
 * The bench as it stands; null where the experiment is none, or has no update yet.
 *
 * @param first  [M, R] after the first update, where it was kept
 * @param n      "after n updates": the kept moment nearest to it is read
 */
export function benchFacts(experiment: Experiment, history: History, first: Float64Array | null, n: number): BenchFacts | null {
  const epsilon = benchNoise(experiment);
  const { steps, points } = historyPoints(history);
  const last = steps.length - 1;
  if (epsilon === null || last < 1) return null;
  const nearest = (wanted: number) => {
    let best = 1;
    for (let i = 1; i <= last; i++) if (Math.abs(steps[i] - wanted) < Math.abs(steps[best] - wanted)) best = i;
    return best;
  };
  const at = (i: number, labelSmoothing = 0) => reading(experiment, steps[i], points[i], labelSmoothing);
  const kept = first ?? (steps[1] === 1 ? points[1] : null);
  const before = nearest(0.9 * steps[last]);
  return {
    epsilon, steps: experiment.steps,
    first: kept && reading(experiment, 1, kept, 0),
    after: at(nearest(n)),
    noisy: at(last, epsilon), noiseless: at(last),
    earlier: before < last ? at(before) : null,
  };
}

/** Where the reward gap of noisy pairs is at rest: β·h = logit(1 − ε), where the pull of both kinds of comparison is the same. */
export function restingGap(epsilon: number): number {
  return Math.log((1 - epsilon) / epsilon);
}

export type Direction = 'rises' | 'falls' | 'same' | 'mixed';

/** Values closer than this share of the largest are the same. */
const SAME = 0.01;

/** How a value goes as β goes up. */
export function directionOf(values: readonly number[]): Direction {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high - low <= SAME * Math.max(Math.abs(low), Math.abs(high))) return 'same';
  const steps = values.slice(1).map((value, i) => value - values[i]);
  if (steps.every((step) => step > 0)) return 'rises';
  return steps.every((step) => step < 0) ? 'falls' : 'mixed';
}
