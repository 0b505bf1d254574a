/** The lines and bands that panels draw over the kept updates. Pure; no React. */
import { collapsedCount, focusValue, metricOf } from '../../sim/focus.ts';
import { historyPoints, quantile, type BandPoint, type History } from '../../sim/history.ts';
import { metricIndex, type MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { collapseWords } from '../../sim/words.ts';

const CACHE = new WeakMap<Float64Array, Map<string, Omit<BandPoint, 'step'>>>();

/** The policies of a line: the focus, whose median it is (of one seed: its own value), and the seeds of its band. */
export interface LineMembers {
  shown: readonly number[];
  seeds: readonly number[];
}

function bandAt(point: Float64Array, policyCount: number, id: MetricId, { shown, seeds }: LineMembers): Omit<BandPoint, 'step'> {
  let known = CACHE.get(point);
  if (!known) CACHE.set(point, (known = new Map()));
  const key = [id, shown[0], shown.length, seeds[0], seeds.length].join();
  let band = known.get(key);
  if (!band) {
    const values = metricOf(point, policyCount, id, seeds);
    band = { median: focusValue(point, policyCount, id, shown), low: quantile(values, 0.1), high: quantile(values, 0.9) };
    known.set(key, band);
  }
  return band;
}

/** Indices of at most `most` of `length` points, evenly spread, the first and the last always among them. */
export function decimate(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** The line of the focus with the 10–90 % band over its seeds; remembered per kept update. Members are consecutive. */
export function bandsOf(history: History, id: MetricId, members: LineMembers, most = Infinity): BandPoint[] {
  const { steps, points } = historyPoints(history);
  return decimate(steps.length, most).map((i) => ({ step: steps[i], ...bandAt(points[i], history.policyCount, id, members) }));
}

/** What was recorded beyond the end of a history, with that end; nothing where it is all there is. */
export function aheadOf(recorded: History, history: History, id: MetricId, members: LineMembers): BandPoint[] {
  const end = history.last;
  if (recorded === history || !end) return [];
  const now = { step: end.step, ...bandAt(end.metrics, history.policyCount, id, members) };
  return [now, ...bandsOf(recorded, id, members).filter(({ step }) => step > end.step)];
}

export interface SeedPoint { step: number; value: number }

/** One line per member, decimated to `most` points each. */
export function threadsOf(history: History, id: MetricId, members: readonly number[], most = 120): SeedPoint[][] {
  const { steps, points } = historyPoints(history);
  const offset = metricIndex(id) * history.policyCount;
  const kept = decimate(steps.length, most);
  return members.map((r) => kept.map((i) => ({ step: steps[i], value: points[i][offset + r] })));
}

/** A metric of the focus now; NaN before the first frame or where the metric does not apply. */
export function valueNow(history: History, id: MetricId, shown: readonly number[]): number {
  return history.last ? focusValue(history.last.metrics, history.policyCount, id, shown) : NaN;
}

/** How many of these seeds have collapsed, what that means, and how many have diverged. */
export function collapseNote(history: History, seeds: readonly number[]): string {
  if (!history.last) return '';
  const { metrics } = history.last;
  const broken = metricOf(metrics, history.policyCount, 'mass/ood', seeds).filter((mass) => !Number.isFinite(mass)).length;
  const words = collapseWords(collapsedCount(metrics, history.policyCount, seeds), seeds.length, msg`over half of π on what nobody wrote`);
  const tail = broken > 0 ? msg` ${broken} ${broken === 1 ? msg`has` : msg`have`} numbers that are no longer finite.` : '';
  return words + tail;
}
