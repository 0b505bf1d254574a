/**
 * Moving probability about: what a dragged bar or a dragged point does to a policy. Pure, in logs, float64.
 *
 * What is not dragged keeps its proportions, so that every move stays on the simplex.
 */
import { logSumExp } from '../../sim/exact/numerics.ts';

/** A dragged bar comes this close to 0 and to 1 and never reaches them: log 0 has no number. */
export const LEAST = 1e-6;
export const MOST = 1 - LEAST;
/** The same in per cent, as the page says it. */
export const RANGE_PERCENT = { least: 0.0001, most: 99.9999 };

/** An arrow key moves this much probability, with Shift or by the page keys ten times as much. */
const STEP = 0.01;
const LARGE_STEP = 0.1;

/** log Σ_{y in part} π(y|x). */
export function logMass(logps: Float64Array, part: readonly number[]): number {
  return logSumExp(part.map((y) => logps[y]));
}

/**
 * The policy that gives `part` the probability `mass` and leaves everything else as it was, in proportion.
 *
 *   π'(y) = π(y)·m/π(part) inside,   π(y)·(1 − m)/π(rest) outside
 *
 * @param logps   log π(y|x), [Y], nats, finite
 * @param prompt  all responses of the prompt
 * @param part    some of them: one, or several that keep their proportions too
 * @param mass    m; brought into [LEAST, MOST]
 * @returns       log π'(y|x), [Y]; other prompts unchanged
 * @throws RangeError when mass is not a number, or part or what is left of the prompt is empty
 */
export function withMass(logps: Float64Array, prompt: readonly number[], part: readonly number[], mass: number): Float64Array {
  if (Number.isNaN(mass)) throw new RangeError(`withMass: mass must be a number in [${LEAST}, ${MOST}], got ${mass}`);
  const inside = new Set(part);
  const rest = prompt.filter((y) => !inside.has(y));
  if (part.length === 0 || rest.length === 0) throw new RangeError(`withMass: part must hold some of the prompt's ${prompt.length} responses and not all, got ${part.length}`);
  const m = Math.min(MOST, Math.max(LEAST, mass));
  const next = logps.slice();
  const insideShift = Math.log(m) - logMass(logps, part);
  const restShift = Math.log1p(-m) - logMass(logps, rest);
  for (const y of part) next[y] += insideShift;
  for (const y of rest) next[y] += restShift;
  return next;
}

/** Where a key takes a bar of probability `p`; null for keys that do nothing. */
export function massByKey(p: number, key: string, shift: boolean): number | null {
  const step = shift ? LARGE_STEP : STEP;
  switch (key) {
    case 'ArrowRight': case 'ArrowUp': return p + step;
    case 'ArrowLeft': case 'ArrowDown': return p - step;
    case 'PageUp': return p + LARGE_STEP;
    case 'PageDown': return p - LARGE_STEP;
    case 'Home': return LEAST;
    case 'End': return MOST;
    default: return null;
  }
}

/** Parts of a whole of three; they add up to 1. */
export type Shares = readonly [number, number, number];
export type Three = readonly [number, number, number];

/** How three responses divide their common probability among themselves. */
export function sharesOf(logps: ArrayLike<number>, three: Three): Shares {
  const logs = three.map((y) => logps[y]);
  const total = logSumExp(logs);
  return [Math.exp(logs[0] - total), Math.exp(logs[1] - total), Math.exp(logs[2] - total)];
}

/** Shares with none below LEAST, adding up to 1 again. */
export function insideShares(shares: Shares): Shares {
  const raised = shares.map((share) => Math.max(LEAST, share));
  const total = raised[0] + raised[1] + raised[2];
  return [raised[0] / total, raised[1] / total, raised[2] / total];
}

/** The policy in which three responses divide what they have in common like this; all others keep theirs. */
export function withShares(logps: Float64Array, three: Three, shares: Shares): Float64Array {
  const next = logps.slice();
  const total = logMass(logps, three);
  insideShares(shares).forEach((share, i) => { next[three[i]] = total + Math.log(share); });
  return next;
}
