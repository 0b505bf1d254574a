/**
 * The run's past, decimated for charts: at most `CAPACITY` points whatever the run's length.
 *
 * When full, every second point is dropped and the spacing between kept points doubles, so the
 * first point (update 0) is always there and memory is bounded.
 */

export const CAPACITY = 400;

export interface History {
  /** M metrics, R policies. */
  readonly metricCount: number;
  readonly policyCount: number;
  /** Updates at which a point was kept, ascending. */
  readonly steps: readonly number[];
  /** One [M, R] array per kept point. */
  readonly points: readonly Float64Array[];
  /** Smallest distance in updates between kept points. */
  readonly stride: number;
  /** The latest point, always present even if not yet due to be kept. */
  readonly last: { step: number; metrics: Float64Array } | null;
}

export function emptyHistory(metricCount: number, policyCount: number): History {
  return { metricCount, policyCount, steps: [], points: [], stride: 1, last: null };
}

/** The history with one more frame. A frame from before the latest one means that the run went back: what came after it is dropped. */
export function appendFrame(history: History, step: number, metrics: Float64Array): History {
  const last = { step, metrics };
  if (history.last && step < history.last.step) {
    const kept = history.steps.filter((s) => s < step).length;
    history = { ...history, steps: history.steps.slice(0, kept), points: history.points.slice(0, kept) };
  }
  const previous = history.steps.at(-1);
  // The same update again: a retuned β changes what is measured there.
  if (previous === step) return { ...history, points: [...history.points.slice(0, -1), metrics], last };
  if (previous !== undefined && step < previous + history.stride) return { ...history, last };
  let steps = [...history.steps, step];
  let points = [...history.points, metrics];
  let stride = history.stride;
  if (steps.length > CAPACITY) {
    const span = steps[steps.length - 1] - steps[0];
    steps = steps.filter((_, i) => i % 2 === 0);
    points = points.filter((_, i) => i % 2 === 0);
    stride = Math.max(stride * 2, Math.floor(2 * span / CAPACITY));
  }
  return { ...history, steps, points, stride, last };
}

/** The history up to an update, the same object where nothing lies beyond it. */
export function upTo(history: History, step: number): History {
  if (!history.last || history.last.step <= step) return history;
  const kept = history.steps.filter((s) => s <= step).length;
  const steps = history.steps.slice(0, kept);
  const points = history.points.slice(0, kept);
  return { ...history, steps, points, last: kept === 0 ? null : { step: steps[kept - 1], metrics: points[kept - 1] } };
}

/**
 * The history of a run that may have gone back: what it recorded up to `furthest` stays, so a frame from before the
 * latest point changes nothing.
 */
export function visit(history: History, step: number, metrics: Float64Array, furthest: number): History {
  const known = upTo(history, furthest);
  return known.last && step < known.last.step ? known : appendFrame(known, step, metrics);
}

/** What a run had recorded when it was where it is now: the history without its future, the present as its latest point. */
export function pastOf(history: History, present: { step: number; metrics: Float64Array }): History {
  if (!history.last || history.last.step <= present.step) return history;
  return { ...upTo(history, present.step), last: present };
}

/** All points to draw, the latest included: updates and one row per point. */
export function historyPoints(history: History): { steps: number[]; points: Float64Array[] } {
  const steps = [...history.steps];
  const points = [...history.points];
  if (history.last && history.last.step !== steps.at(-1)) {
    steps.push(history.last.step);
    points.push(history.last.metrics);
  }
  return { steps, points };
}

/** One metric of one policy over the kept updates, aligned with `historyPoints(history).steps`. */
export function seriesOf(history: History, metric: number, policy: number): number[] {
  return historyPoints(history).points.map((point) => point[metric * history.policyCount + policy]);
}

/** Linear-interpolation quantile of finite values (type 7); NaN when none is finite. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

export interface BandPoint {
  step: number;
  median: number;
  low: number;
  high: number;
}

/** Median and 10–90 % band of one metric over the given policies, per kept update. */
export function bandOf(history: History, metric: number, policies: readonly number[]): BandPoint[] {
  const { steps, points } = historyPoints(history);
  return points.map((point, i) => {
    const values = policies.map((p) => point[metric * history.policyCount + p]);
    return { step: steps[i], median: quantile(values, 0.5), low: quantile(values, 0.1), high: quantile(values, 0.9) };
  });
}
