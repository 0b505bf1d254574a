/**
 * TABLE of the allowed range of every number in an experiment file.
 * The schema, the parameter table, links and error sentences all read it from here.
 */
import type { DpoLossName, SweepKey } from './experiment.ts';
import { msg } from './msg.ts';

/** Allowed values of one number: [min, max], an end excluded where it is marked open. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly minOpen?: boolean;
  readonly maxOpen?: boolean;
  readonly integer?: boolean;
}

/** Sums of finitely many of these stay finite. */
const LARGE = 1e9;

export const RANGES = {
  // Below a millionth, r/β and 1/(2β) leave what float32 can hold.
  beta: { min: 1e-6, max: 1000 },
  labelSmoothing: { min: 0, max: 0.5, maxOpen: true },
  lengthAlpha: { min: -100, max: 100 },
  dpopLambda: { min: 0, max: 1e6 },
  simpoGamma: { min: -1000, max: 1000 },
  nllWeight: { min: 0, max: 1e6 },
  klWeight: { min: 0, max: 1e6 },
  learningRate: { min: 0, max: 1000, minOpen: true },
  steps: { min: 0, max: 1e6, integer: true },
  seed: { min: 0, max: 4294967295, integer: true },
  maxLength: { min: 1, max: 64, integer: true },
  smoothing: { min: 0, max: 1, maxOpen: true },
  stop: { min: 0, max: 1, minOpen: true, maxOpen: true },
  corpusWeight: { min: 0, max: LARGE },
  pairWeight: { min: 0, max: LARGE, minOpen: true },
  reward: { min: -LARGE, max: LARGE },
  hiddenUnits: { min: 1, max: 1024, integer: true },
  width: { min: 1, max: 256, integer: true },
  heads: { min: 1, max: 16, integer: true },
  batch: { min: 0, max: 100000, integer: true },
  resampleEvery: { min: 1, max: 1e6, integer: true },
  pairsPerResample: { min: 1, max: 65536, integer: true },
  rolloutBatch: { min: 1, max: 65536, integer: true },
  epochs: { min: 1, max: 1000, integer: true },
  clipRange: { min: 0, max: 10, minOpen: true },
  unitInterval: { min: 0, max: 1 },
  coefficient: { min: 0, max: 1000 },
  temperature: { min: 0, max: 1000, minOpen: true },
  lengthBias: { min: -1000, max: 1000 },
  sampledCount: { min: 1, max: 100000, integer: true },
} as const satisfies Record<string, Range>;

/** The keys a `sweep` may have, in the order in which the population nests them (first = outermost). */
export const SWEEP_KEYS = [
  'beta', 'learningRate', 'labelSmoothing', 'lengthAlpha', 'dpopLambda', 'simpoGamma', 'nllWeight', 'klWeight',
  'resampleEvery', 'lengthBias',
] as const satisfies readonly SweepKey[];

export const DPO_LOSSES = [
  'sigmoid', 'ipo', 'hinge', 'dpop', 'robust', 'sppo_hard', 'nca_pair', 'exo_pair', 'apo_zero', 'apo_down', 'simpo',
] as const satisfies readonly DpoLossName[];

/** The losses that read a knob; a knob that is not listed is read by every loss. */
export const KNOB_LOSSES: Readonly<Partial<Record<SweepKey, readonly DpoLossName[]>>> = {
  labelSmoothing: ['sigmoid', 'robust', 'exo_pair'],
  lengthAlpha: ['sigmoid'],
  dpopLambda: ['dpop'],
  simpoGamma: ['simpo'],
};

/** ε when a file leaves it out: exo_pair takes log ε, so it needs ε > 0 (TRL uses 1e-3). */
export function defaultLabelSmoothing(loss: DpoLossName): number {
  return loss === 'exo_pair' ? 0.001 : 0;
}

/** The range of ε of one loss: (0, 0.5) for exo_pair, [0, 0.5) otherwise. */
export function labelSmoothingRange(loss: DpoLossName): Range {
  return loss === 'exo_pair' ? { ...RANGES.labelSmoothing, minOpen: true } : RANGES.labelSmoothing;
}

/** Whether `value` is a finite number (an integer, if asked for) inside the range. */
export function inRange(value: unknown, range: Range): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (range.integer === true && !Number.isInteger(value)) return false;
  const aboveMin = range.minOpen === true ? value > range.min : value >= range.min;
  const belowMax = range.maxOpen === true ? value < range.max : value <= range.max;
  return aboveMin && belowMax;
}

/** The range in words: `a number in (0, 1000]`, `an integer in [1, 64]`. */
export function describeRange(range: Range): string {
  const what = range.integer === true ? msg`an integer` : msg`a number`;
  return msg`${what} in ${range.minOpen === true ? '(' : '['}${range.min}, ${range.max}${range.maxOpen === true ? ')' : ']'}`;
}

/** `"a", "b", "c"`; long lists are cut. */
export function quotedList(items: readonly string[], limit = 24): string {
  const shown = items.slice(0, limit).map((item) => JSON.stringify(item)).join(', ');
  return items.length > limit ? msg`${shown}, … (${items.length} in all)` : shown;
}

/** A value as an error sentence shows it: JSON, at most 80 characters, `nothing` where it is missing. */
export function showValue(value: unknown): string {
  if (value === undefined) return msg`nothing`;
  if (typeof value === 'number') return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = typeof value === 'bigint' ? `${value}n` : msg`a value that cannot be printed`;
  }
  return text.length > 80 ? `${text.slice(0, 76)} …` : text;
}
