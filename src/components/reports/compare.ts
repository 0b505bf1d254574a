/** The numbers of a report beside those of the same run made again, and what can be said of the two. Pure. */
import { populationOf, type Experiment } from '../../sim/experiment.ts';
import { methodOf } from '../../sim/methods.ts';
import { metricIndex, METRICS, type MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { quoted, sweepLabel } from '../../sim/words.ts';
import { formatNumber, superscript } from '../format.ts';
import type { Evidence } from '../student/report.ts';

/** Two numbers that are nearer than this, or nearer than this share of the larger one, are taken for the same where rounding may differ. */
export const TOLERANCE = 1e-4;

/** One number of a report and the same of the run made again. */
export interface NumberPair {
  metric: MetricId;
  /** Policy of the population. */
  policy: number;
  reported: number;
  here: number;
}

export interface Comparison {
  /** How many numbers were compared. */
  count: number;
  /** How many of them are not the same to the last bit. */
  unequal: number;
  /** How many are further apart than `TOLERANCE`. */
  apart: number;
  /** Largest |here − reported|, and largest |here − reported| / max(|here|, |reported|); Infinity where one of the two is not finite. */
  absolute: number;
  relative: number;
  /** The pair that is furthest apart by `distance`; null where all are the same. */
  worst: NumberPair | null;
}

/** Metrics of a run at one update, [M, R] row-major in the order of METRICS. */
export interface Measured {
  metrics: Float64Array;
  policyCount: number;
}

/** Numbers of metrics by name, one per policy. */
export type Numbers = Evidence['metrics'];

/** The metrics that a report holds, in the order of METRICS. */
export function recordedMetrics(numbers: Numbers): MetricId[] {
  return METRICS.flatMap(({ id }) => (numbers[id] === undefined ? [] : [id]));
}

/** Every number of a report with the one here. @returns null where a metric has not one number per policy */
export function pairsOf(reported: Numbers, { metrics, policyCount }: Measured): NumberPair[] | null {
  const ids = recordedMetrics(reported);
  if (ids.some((id) => reported[id]?.length !== policyCount)) return null;
  return ids.flatMap((metric) => (reported[metric] ?? []).map((value, policy): NumberPair => ({ metric, policy, reported: value, here: metrics[metricIndex(metric) * policyCount + policy] })));
}

/**
 * How far two numbers are apart: absolutely, or as a share of the larger one, whichever is less.
 *
 *   min(|a − b|, |a − b| / max(|a|, |b|)),   Infinity where one of them is not finite
 */
export function distance({ reported, here }: NumberPair): number {
  const apart = absoluteOf({ reported, here });
  if (apart === 0 || apart === Infinity) return apart;
  return Math.min(apart, apart / Math.max(Math.abs(reported), Math.abs(here)));
}

function absoluteOf({ reported, here }: Pick<NumberPair, 'reported' | 'here'>): number {
  if (reported === here) return 0;
  return Number.isFinite(reported) && Number.isFinite(here) ? Math.abs(here - reported) : Infinity;
}

/** All pairs in a few numbers. */
export function comparisonOf(pairs: readonly NumberPair[]): Comparison {
  const comparison: Comparison = { count: pairs.length, unequal: 0, apart: 0, absolute: 0, relative: 0, worst: null };
  let furthest = 0;
  for (const pair of pairs) {
    const absolute = absoluteOf(pair);
    if (absolute === 0) continue;
    const far = distance(pair);
    comparison.unequal += 1;
    comparison.apart += far > TOLERANCE ? 1 : 0;
    comparison.absolute = Math.max(comparison.absolute, absolute);
    comparison.relative = Math.max(comparison.relative, absolute === Infinity ? Infinity : absolute / Math.max(Math.abs(pair.reported), Math.abs(pair.here)));
    if (comparison.worst === null || far > furthest) comparison.worst = pair;
    furthest = Math.max(furthest, far);
  }
  return comparison;
}

/** What a comparison comes to. */
export type Verdict =
  /** Every number is the same bit for bit. */
  | 'same'
  /** All are within `TOLERANCE`. */
  | 'close'
  | 'differs';

export function verdictOf({ unequal, apart }: Comparison): Verdict {
  if (apart > 0) return 'differs';
  return unequal === 0 ? 'same' : 'close';
}

/** The smallest power of ten that no distance exceeds, as its exponent; −Infinity where there is none. */
export function withinOf({ worst }: Comparison): number {
  const far = worst === null ? 0 : distance(worst);
  const exponent = Math.ceil(Math.log10(far));
  // A logarithm may be rounded down to a whole number.
  return 10 ** exponent < far ? exponent + 1 : exponent;
}

/** Backends by name, where the report was made on another one than the replay. */
export interface OtherBackends {
  reported: string;
  here: string;
}

/** The verdict in words: "the same within 10⁻⁶ (another backend: …)", "differs: mass/ood of seed 3 is 0.12 here, 0.98 in the report". */
export function verdictWords(comparison: Comparison, experiments: readonly Experiment[], others: OtherBackends | null): string {
  const verdict = verdictOf(comparison);
  if (verdict === 'same') return msg`the same to the last digit`;
  if (verdict === 'differs') return msg`differs: ${apartWords(comparison, experiments, others)}`;
  const within = `10${superscript(withinOf(comparison))}`;
  return others
    ? msg`the same within ${within} (another backend: ${others.reported} in the report, ${others.here} here)`
    : msg`the same within ${within} (another browser or graphics card rounds differently)`;
}

/** What is furthest apart, how much more is, and what may be why. */
export function apartWords({ apart, worst }: Comparison, experiments: readonly Experiment[], others: OtherBackends | null): string {
  const more = apart - 1;
  const rest = more === 0 ? '' : more === 1 ? msg`, and 1 more number differs` : msg`, and ${more} more numbers differ`;
  const machine = others ? msg`; another backend (${others.reported} in the report, ${others.here} here) may be why in a long run` : '';
  return `${worst ? pairWords(worst, experiments) : ''}${rest}${machine}`;
}

/** "mass/ood of seed 3 is 0.12 here, 0.98 in the report". */
export function pairWords({ metric, policy, reported, here }: NumberPair, experiments: readonly Experiment[]): string {
  const [own, theirs] = toldApart(here, reported);
  return msg`${metric} of ${policyName(experiments, policy)} is ${own} here, ${theirs} in the report`;
}

/**
 * Which of the most probable responses of a report is not as probable here, in a sentence; null where none.
 *
 * @param reported  descending, as `here`; one that is not among those here counts as the least probable of them at most
 */
export function topWords(reported: Evidence['top'], here: Evidence['top']): string | null {
  const left = [...here];
  for (const { response, probability } of reported) {
    const i = left.findIndex((one) => one.response === response);
    const [found] = i < 0 ? [] : left.splice(i, 1);
    // A world with fewer responses than are listed has no others.
    const most = found?.probability ?? Math.min(probability, here.at(-1)?.probability ?? 0);
    if (Math.abs(most - probability) <= TOLERANCE) continue;
    const [own, theirs] = toldApart(most, probability);
    return found ? msg`${quoted(response)} has probability ${own} here, ${theirs} in the report` : msg`${quoted(response)} is not among the most probable responses here and has probability ${theirs} in the report`;
  }
  return null;
}

/** Two numbers in three digits, or in as many as tell them apart. */
function toldApart(a: number, b: number): [string, string] {
  const short: [string, string] = [formatNumber(a), formatNumber(b)];
  if (short[0] !== short[1]) return short;
  for (let digits = 4; digits < 17; digits += 1) {
    const [x, y] = [a.toPrecision(digits), b.toPrecision(digits)];
    if (x !== y) return [x.replace('-', '−'), y.replace('-', '−')];
  }
  return [String(a), String(b)];
}

/** A policy of the population in words: "seed 3", "seed 3 (β = 0.05)", "seed 3 (PPO)". @param experiments  side by side, in order */
export function policyName(experiments: readonly Experiment[], policy: number): string {
  let first = 0;
  for (const experiment of experiments) {
    const members = populationOf(experiment);
    const member = members[policy - first];
    if (member) {
      const method = experiments.length > 1 ? methodOf(experiment)?.label ?? experiment.algorithm.kind : '';
      const special = [method, sweepLabel(experiment, Math.floor((policy - first) / experiment.seeds.length))].filter((text) => text !== '').join(', ');
      return special === '' ? msg`seed ${member.seed}` : msg`seed ${member.seed} (${special})`;
    }
    first += members.length;
  }
  return msg`policy ${policy + 1}`;
}
