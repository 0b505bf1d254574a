/** The ratio ruler: where π/π_ref of a chosen and of a rejected response stand, and what the DPO loss makes of it. Pure. */
import { logSigmoid } from '../../sim/exact/numerics.ts';
import { msg } from '../../sim/msg.ts';
import { formatNumber } from '../format.ts';

export type Side = 'chosen' | 'rejected';

/** Both, in the order in which they are shown, and what they are called. `term` is what a hover lights up. */
export const SIDES: readonly Side[] = ['chosen', 'rejected'];
export const SYMBOLS: Record<Side, { sub: string; text: string; term: string }> = {
  chosen: { sub: '+', text: 'y₊', term: 'y-plus' },
  rejected: { sub: '−', text: 'y₋', term: 'y-minus' },
};

/** One response of a pair. */
export interface RulerMark {
  /** log π_ref(y|x), nats. */
  refLogp: number;
  /** log π(y|x)/π_ref(y|x), nats: its place on the ruler. */
  logRatio: number;
}

export type RulerMarks = Record<Side, RulerMark>;

export interface MarkReading {
  /** π_ref and π, probabilities. */
  ref: number;
  now: number;
  /** π/π_ref. */
  ratio: number;
  logRatio: number;
}

export interface RulerReading extends Record<Side, MarkReading> {
  /** h, nats. */
  margin: number;
  /** β·h, reward units. */
  rewardMargin: number;
  /** −log σ(β·h), nats. */
  loss: number;
  /** σ(−β·h): 1/2 at h = 0. */
  weight: number;
}

const markReading = ({ refLogp, logRatio }: RulerMark): MarkReading => ({
  ref: Math.exp(refLogp), now: Math.exp(refLogp + logRatio), ratio: Math.exp(logRatio), logRatio,
});

/**
 * Loss and gradient weight of a pair whose log-ratios are h apart.
 *
 *   ℓ = −log σ(β·h),   ∂ℓ/∂h = −β·σ(−β·h)
 *
 * Source: Rafailov et al. 2023, eq. 7, and its gradient in section 4.
 */
export function pushOf(margin: number, beta: number): { loss: number; weight: number } {
  return { loss: -logSigmoid(beta * margin), weight: Math.exp(logSigmoid(-beta * margin)) };
}

/** Everything that is read off the ruler at one β. */
export function readRuler({ chosen, rejected }: RulerMarks, beta: number): RulerReading {
  const margin = chosen.logRatio - rejected.logRatio;
  return { chosen: markReading(chosen), rejected: markReading(rejected), margin, rewardMargin: beta * margin, ...pushOf(margin, beta) };
}

/** The marks of a pair under a policy; [Y] each, nats. */
export function marksOf(refLogps: ArrayLike<number>, logps: ArrayLike<number>, pair: Record<Side, number>): RulerMarks {
  const at = (y: number): RulerMark => ({ refLogp: refLogps[y], logRatio: logps[y] - refLogps[y] });
  return { chosen: at(pair.chosen), rejected: at(pair.rejected) };
}

const other = (side: Side): Side => (side === 'chosen' ? 'rejected' : 'chosen');

/** How far a mark can go: the two probabilities, of responses to one prompt, add up to 1 at most. */
export function farthestLogRatio(marks: RulerMarks, side: Side): number {
  const { refLogp, logRatio } = marks[other(side)];
  return Math.log1p(-Math.min(1, Math.exp(refLogp + logRatio))) - marks[side].refLogp;
}

/** A mark cannot be dragged further down than this: a probability e⁻⁵⁰ of what it was. */
export const LEAST_LOG_RATIO = -50;

/** One mark somewhere else, as near as it can come to the place wanted. A mark that is past its end already does not move further. */
export function moved(marks: RulerMarks, side: Side, wanted: number): RulerMarks {
  const { refLogp, logRatio } = marks[side];
  const most = Math.max(farthestLogRatio(marks, side), Math.min(logRatio, wanted));
  return { ...marks, [side]: { refLogp, logRatio: Math.max(LEAST_LOG_RATIO, Math.min(wanted, most)) } };
}

const ROUND = [0.5, 1, 2, 5];

/** Half the length of a ruler that holds both marks with room beside them: 0.5, 1, 2, 5, 10, 20, 50, … */
export function reachOf({ chosen, rejected }: RulerMarks, least = 0.5): number {
  const needed = 1.15 * Math.max(Math.abs(chosen.logRatio), Math.abs(rejected.logRatio));
  return roundReach(Math.max(least, Number.isFinite(needed) ? needed : 0));
}

/** The next of 0.5, 1, 2, 5, 10, 20, 50, … */
export function roundReach(needed: number): number {
  let scale = 1;
  for (;;) {
    const found = ROUND.find((step) => step * scale >= needed - 1e-12);
    if (found !== undefined) return found * scale;
    scale *= 10;
  }
}

export type ExampleId = 'high' | 'low' | 'margin';

/** Two responses at the same place as in the reference, but for one that has gone from `before` to `after`. */
function risen(before: number, after: number): RulerMarks {
  return { chosen: { refLogp: Math.log(before), logRatio: Math.log(after / before) }, rejected: { refLogp: Math.log(0.1), logRatio: 0 } };
}

/**
 * TABLE of the slides' numbers; `beside` is the one that the slide compares it with.
 *
 * The first two are of one response, so the other of the pair stays where it is. Of the third the slide has only the
 * log-ratios: a reference of 0.4 each is ours, and nothing that the loss reads depends on it.
 */
export const EXAMPLES: Record<ExampleId, { label: string; beside?: ExampleId; short: string; marks: RulerMarks }> = {
  high: { label: msg`0.9 against 0.8`, short: '.9/.8', beside: 'low', marks: risen(0.8, 0.9) },
  low: { label: msg`0.11 against 0.1`, short: '.11/.1', beside: 'high', marks: risen(0.1, 0.11) },
  margin: { label: '0.3, −0.003', short: '0.3, −0.003', marks: { chosen: { refLogp: Math.log(0.4), logRatio: 0.3 }, rejected: { refLogp: Math.log(0.4), logRatio: -0.003 } } },
};

/** A ratio in four significant digits, as the slide needs them to tell 1.125 from 1.10: "1.125", "1.100"; far from 1 "1.93·10⁻²²". */
export function ratioText(logRatio: number): string {
  const ratio = Math.exp(logRatio);
  if (ratio >= 1e4 || ratio < 1e-3) return formatNumber(ratio);
  return ratio.toFixed(Math.max(0, 3 - Math.floor(Math.log10(Number(ratio.toPrecision(4))))));
}

/** A number as short as three digits allow: "0.3", "−0.003", "1.93·10⁻²²". */
export function shortNumber(x: number): string {
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? formatNumber(x) : String(Number(x.toPrecision(3))).replace('-', '−');
}

/** The same with its sign: "+0.118", "−0.003", "0". */
export function signed(x: number): string {
  return x > 0 ? `+${shortNumber(x)}` : shortNumber(x);
}
