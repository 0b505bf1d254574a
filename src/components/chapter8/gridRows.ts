/** TABLE of the rows of the small multiples: which metrics stand in one, and how its axis reads. */
import type { MethodFacts } from '../../sim/methodFacts.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { quantile } from '../../sim/history.ts';
import { judgeCallsAfter, samplesAfter } from '../../sim/methods.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { formatLogTick, formatNumber, formatProbability, formatTick, PROBABILITY_FLOOR } from '../format.ts';
import type { ScaleKind } from '../charts/Choice.tsx';
import { logRange, logScale } from '../charts/logRange.ts';
import { niceRange } from '../charts/niceRange.ts';
import { scaleLinear } from 'd3-scale';

export interface GridLine {
  metric: MetricId;
  role: string;
  dash?: string;
  /** What the line is, where a row has several. */
  name?: string;
}

export interface GridRow {
  id: string;
  title: string;
  /** Second, quieter line of the title. */
  detail: string;
  /** The last one's value is written in the cell. */
  lines: readonly GridLine[];
  format(value: number): string;
  /** Shares have a fixed axis, linear or logarithmic as the reader likes. */
  domain?: readonly [number, number];
  /** The axis is logarithmic, and values up to this one stand at its foot: a quantity of several orders of magnitude. */
  logFrom?: number;
  /** The least value that there can be, on a linear axis. */
  floor?: number;
  /** What π* has: the median over the seeds; NaN where there is none. */
  optimum?(method: MethodFacts, beta: number): number;
  tall?: true;
}

/** KL(π*‖π_ref) = (E_π*[r] − J(π*))/β of every seed, in nats: the median. */
function optimalKl(method: MethodFacts, beta: number): number {
  const [reward, objective] = [method.now('optimal/goldReward').values, method.now('objective/optimal').values];
  return quantile(reward.map((own, s) => (own - objective[s]) / beta), 0.5);
}

/** KL below this is as good as none. */
const KL_FROM = 1e-3;

export const GRID_ROWS: readonly GridRow[] = [
  {
    id: 'mass', title: msg`Where the probability is`, detail: '', format: formatProbability, domain: [0, 1], tall: true,
    lines: [
      { metric: 'mass/otherInDistribution', role: 'otherInDistribution', dash: '1.5 5', name: msg`other written` },
      { metric: 'mass/rejected', role: 'rejected', dash: '7 5', name: msg`rejected` },
      { metric: 'mass/chosen', role: 'chosen', name: msg`chosen` },
      { metric: 'mass/ood', role: 'ood', name: msg`nobody wrote` },
    ],
  },
  { id: 'gold', title: msg`Gold reward`, detail: 'E[r]', format: formatNumber, optimum: (method) => method.now('optimal/goldReward').median, lines: [{ metric: 'goldReward', role: 'ink' }] },
  { id: 'kl', title: msg`KL from the reference`, detail: msg`nats, log axis`, format: formatNumber, logFrom: KL_FROM, optimum: optimalKl, lines: [{ metric: 'kl', role: 'ink' }] },
  { id: 'optimum', title: msg`KL from π*`, detail: msg`nats, log axis`, format: formatNumber, logFrom: KL_FROM, lines: [{ metric: 'klToOptimal', role: 'optimal' }] },
  { id: 'length', title: msg`Mean length`, detail: msg`words`, format: formatNumber, floor: 0, optimum: (method) => method.now('optimal/meanLength').median, lines: [{ metric: 'meanLength', role: 'ink' }] },
];

/** The axis of a row: places between 0 (foot) and 1, and what stands at either end. */
export interface RowAxis {
  place(value: number): number;
  foot: string;
  top: string;
}

/** One axis for all methods, from every median and band of a row and from what π* has. */
export function rowAxis(row: GridRow, values: readonly number[], shares: ScaleKind): RowAxis {
  if (row.domain && shares === 'log') return { place: logScale([PROBABILITY_FLOOR, row.domain[1]], [0, 1]), foot: `≤ ${formatLogTick(PROBABILITY_FLOOR)}`, top: row.format(row.domain[1]) };
  if (row.logFrom !== undefined) {
    const range = logRange(values, row.logFrom);
    return { place: logScale(range, [0, 1]), foot: `≤ ${row.logFrom}`, top: String(range[1]) };
  }
  const [low, high] = row.domain ?? niceRange(values, 4, row.floor).domain;
  const scale = scaleLinear([low, high], [0, 1]);
  // An end of an axis is a round number: it is written with the digits that it has.
  const text = (value: number) => (row.domain ? row.format(value) : formatTick(value, value));
  return { place: (value) => scale(value), foot: text(low), top: text(high) };
}

export type XKind = 'updates' | 'samples' | 'judge';

export const X_KINDS: readonly { value: XKind; text: string }[] = [
  { value: 'updates', text: msg`updates` }, { value: 'samples', text: msg`responses drawn` }, { value: 'judge', text: msg`judge calls` },
];

/** What an update stands for on the axis. */
export function costAt(kind: XKind, experiment: Experiment, step: number): number {
  if (kind === 'updates') return step;
  return kind === 'samples' ? samplesAfter(experiment, step) : judgeCallsAfter(experiment, step);
}
