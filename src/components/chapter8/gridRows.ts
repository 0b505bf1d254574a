/** TABLE of the rows of the small multiples: which metrics stand in one, and how its axis reads. */
import type { MetricId } from '../../sim/metrics.ts';
import { judgeCallsAfter, samplesAfter } from '../../sim/methods.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { formatNumber, formatProbability } from '../format.ts';
import { niceRange } from '../charts/niceRange.ts';

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
  /** Shares have a fixed axis. */
  domain?: readonly [number, number];
  tall?: true;
}

export const GRID_ROWS: readonly GridRow[] = [
  {
    id: 'mass', title: 'Where the probability is', detail: '', format: formatProbability, domain: [0, 1], tall: true,
    lines: [
      { metric: 'mass/otherInDistribution', role: 'otherInDistribution', dash: '1.5 5', name: 'other written' },
      { metric: 'mass/rejected', role: 'rejected', dash: '7 5', name: 'rejected' },
      { metric: 'mass/chosen', role: 'chosen', name: 'chosen' },
      { metric: 'mass/ood', role: 'ood', name: 'nobody wrote' },
    ],
  },
  { id: 'gold', title: 'Gold reward', detail: 'E[r]', format: formatNumber, lines: [{ metric: 'goldReward', role: 'ink' }] },
  { id: 'kl', title: 'KL from the reference', detail: 'nats', format: formatNumber, lines: [{ metric: 'kl', role: 'ink' }] },
  { id: 'optimum', title: 'KL from π*', detail: 'nats, the optimum', format: formatNumber, lines: [{ metric: 'klToOptimal', role: 'optimal' }] },
  { id: 'length', title: 'Mean length', detail: 'words', format: formatNumber, lines: [{ metric: 'meanLength', role: 'ink' }] },
];

/** A range with its lowest and highest round value, from every median and band of a row. */
export function rowScale(row: GridRow, bands: readonly (readonly { step: number; median: number; low: number; high: number }[])[]): readonly [number, number] {
  return row.domain ?? niceRange(bands.flat().flatMap(({ median, low, high }) => [median, low, high])).domain;
}

export type XKind = 'updates' | 'samples' | 'judge';

export const X_KINDS: readonly { value: XKind; text: string }[] = [
  { value: 'updates', text: 'updates' }, { value: 'samples', text: 'responses drawn' }, { value: 'judge', text: 'judge calls' },
];

/** What an update stands for on the axis. */
export function costAt(kind: XKind, experiment: Experiment, step: number): number {
  if (kind === 'updates') return step;
  return kind === 'samples' ? samplesAfter(experiment, step) : judgeCallsAfter(experiment, step);
}
