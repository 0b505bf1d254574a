/** The policies a panel shows, and their bands over the kept updates. Pure; no React. */
import { populationOf, type Experiment } from '../../sim/experiment.ts';
import { historyPoints, quantile, type BandPoint, type History } from '../../sim/history.ts';
import { metricIndex, type MetricId } from '../../sim/metrics.ts';

/** A seed has collapsed when more than this share of its probability is on OOD responses. */
export const COLLAPSE_MASS = 0.5;

/** Members (indices into R) of one sweep value: all its seeds. */
export function membersOf(experiment: Experiment, sweepIndex: number): number[] {
  return experiment.seeds.map((_, seedIndex) => sweepIndex * experiment.seeds.length + seedIndex);
}

/** Number of combinations of the sweep; 1 without one. */
export function sweepCount(experiment: Experiment): number {
  return populationOf(experiment).length / experiment.seeds.length;
}

const SWEPT_NAMES: Record<string, string> = { beta: 'β', learningRate: 'learning rate', labelSmoothing: 'label smoothing' };

/** What is special about one sweep value: "β = 0.05"; without a sweep the β it trains with. */
export function sweepLabel(experiment: Experiment, sweepIndex: number): string {
  const swept = Object.entries(populationOf(experiment)[sweepIndex * experiment.seeds.length]?.swept ?? {});
  if (swept.length === 0) return `β = ${experiment.algorithm.beta}`;
  return swept.map(([key, value]) => `${SWEPT_NAMES[key] ?? key} = ${value}`).join(', ');
}

const CACHE = new WeakMap<Float64Array, Map<string, Omit<BandPoint, 'step'>>>();

function bandAt(point: Float64Array, policyCount: number, metric: number, members: readonly number[]): Omit<BandPoint, 'step'> {
  let known = CACHE.get(point);
  if (!known) CACHE.set(point, (known = new Map()));
  const key = `${metric}:${members[0]}:${members.length}`;
  let band = known.get(key);
  if (!band) {
    const values = members.map((r) => point[metric * policyCount + r]);
    band = { median: quantile(values, 0.5), low: quantile(values, 0.1), high: quantile(values, 0.9) };
    known.set(key, band);
  }
  return band;
}

/** Indices of at most `most` of `length` points, evenly spread, the first and the last always among them. */
export function decimate(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** Median and 10–90 % band of a metric over consecutive members; remembered per kept update. */
export function bandsOf(history: History, id: MetricId, members: readonly number[], most = Infinity): BandPoint[] {
  const { steps, points } = historyPoints(history);
  const metric = metricIndex(id);
  return decimate(steps.length, most).map((i) => ({ step: steps[i], ...bandAt(points[i], history.policyCount, metric, members) }));
}

export interface SeedPoint { step: number; value: number }

/** One line per member, decimated to `most` points each. */
export function threadsOf(history: History, id: MetricId, members: readonly number[], most = 120): SeedPoint[][] {
  const { steps, points } = historyPoints(history);
  const offset = metricIndex(id) * history.policyCount;
  const kept = decimate(steps.length, most);
  return members.map((r) => kept.map((i) => ({ step: steps[i], value: points[i][offset + r] })));
}

/** Values of a metric now, one per member; empty before the first frame. */
export function latestOf(history: History, id: MetricId, members: readonly number[]): number[] {
  const point = history.last?.metrics;
  if (!point) return [];
  const offset = metricIndex(id) * history.policyCount;
  return members.map((r) => point[offset + r]);
}

/** Median over members now; NaN before the first frame or where the metric does not apply. */
export function medianNow(history: History, id: MetricId, members: readonly number[]): number {
  return quantile(latestOf(history, id, members), 0.5);
}

/** "7 of 8 seeds collapsed: more than half of the probability is on OOD responses". */
export function collapseSentence(history: History, members: readonly number[]): string {
  const values = latestOf(history, 'mass/ood', members);
  const finite = values.filter(Number.isFinite);
  const broken = values.length - finite.length;
  const collapsed = finite.filter((v) => v > COLLAPSE_MASS).length;
  const tail = broken > 0 ? ` ${broken} ${broken === 1 ? 'has' : 'have'} numbers that are no longer finite.` : '';
  const half = 'over half of the probability is on what nobody wrote';
  if (members.length === 1) return `${collapsed ? `The only seed collapsed: ${half}` : 'The only seed has not collapsed'}.${tail}`;
  if (collapsed === 0) return `None of ${members.length} seeds collapsed (${half.replace(' is on', ' on')}).${tail}`;
  return `${collapsed === members.length ? `All ${collapsed}` : `${collapsed} of ${members.length}`} seeds collapsed: ${half}.${tail}`;
}
