/**
 * A line of the derivation as data: the equation, why it holds, and how it is checked on numbers.
 */
import type { Setting } from './setting.ts';

/** Both sides of a line, as numbers. */
export interface Sides {
  /** What the instance is about: "y₀ = “on the mat”", "x = “Where is the cat?”", "“on the mat” ≻ “on a mat”". */
  at: string;
  /** The response or prompt of `at`, so that the reader's own one can be shown. */
  y?: number;
  x?: number;
  lhs: number;
  rhs: number;
  /** Largest number that was added up on either side [max(|lhs|, |rhs|)]: rounding is relative to it. */
  scale?: number;
  /** Compared relative to the sides themselves, even where both are far below 1: probabilities. */
  relative?: boolean;
}

/**
 * How a line is checked.
 *
 * - `definition`: there is nothing to check, and `why` says so.
 * - `identity`: lhs = rhs, computed by different routes.
 * - `stationary`: lhs, a derivative by finite differences, equals rhs, which mathematics says it is (usually 0).
 * - `maximum`: lhs, a rival's value, is at most rhs, the value at the claimed maximum.
 */
export type Check =
  | { kind: 'definition'; why: string }
  | {
    kind: 'identity' | 'stationary' | 'maximum';
    /** What is computed at the left and at the right, in words: "summed over all responses". */
    left: string;
    right: string;
    /** Every instance that is checked. */
    sides(setting: Setting): Sides[];
  };

export interface Step {
  id: string;
  /** Where it is read: 1 reward model, 2 optimal policy, 3 from policy to reward, 4 reading the objective, 7 PPO. */
  chapter: 1 | 2 | 3 | 4 | 7;
  /** A few words: "The Lagrangian". */
  title: string;
  /** LaTeX; terms are marked `\term{id}{…}` with ids of symbols.ts. */
  tex: string;
  /** Why the line holds, in one sentence. */
  reason: string;
  /** Ids of earlier steps. */
  uses: readonly string[];
  /** Slide and paper equation. */
  source: string;
  check: Check;
}

/** Allowed difference, relative to the largest number on either side (and to 1). */
export const TOLERANCE = 1e-10;

/** A float64 of size 1 is off by up to half of 2⁻⁵²; a few of them are added up. */
const ROUNDING = 2 ** -50;
const tolerances = new WeakMap<Setting, number>();

/**
 * The allowed difference in one setting: 10⁻¹⁰, unless exponents are above 10⁵ (a huge reward at a tiny β), whose own
 * rounding is more than that and is a relative error of everything that is exponentiated.
 */
export function toleranceOf(setting: Setting): number {
  const known = tolerances.get(setting);
  if (known !== undefined) return known;
  const { refLogps, logps, rewards, beta } = setting;
  let largest = 0;
  for (let y = 0; y < rewards.length; y++) largest = Math.max(largest, Math.abs(rewards[y] / beta), -refLogps[y], -logps[y]);
  const tolerance = Math.max(TOLERANCE, ROUNDING * largest);
  tolerances.set(setting, tolerance);
  return tolerance;
}

export type Verdict = 'pass' | 'fail' | 'definition';

export interface Evaluated {
  verdict: Verdict;
  /** The instance of the reader's response or prompt, else the first one; null for definitions. */
  shown: Sides | null;
  /** The instance that is furthest off. */
  worst: Sides | null;
  /** The largest difference (for a maximum: the largest excess of a rival, negative where none is as good), relative to its scale. */
  off: number;
  /** Instances that were checked. */
  count: number;
  /** The largest difference that passes. */
  tolerance: number;
}

/** How far an instance is from being right, relative to its scale; for a maximum negative where the rival is worse. */
export function offOf(kind: 'identity' | 'stationary' | 'maximum', { lhs, rhs, scale = 0, relative = false }: Sides): number {
  const difference = kind === 'maximum' ? lhs - rhs : Math.abs(lhs - rhs);
  return difference === 0 ? 0 : difference / Math.max(relative ? 0 : 1, Math.abs(lhs), Math.abs(rhs), scale);
}

/** A check on a setting's numbers. Numbers that are not finite fail. */
export function evaluate(check: Check, setting: Setting): Evaluated {
  if (check.kind === 'definition') return { verdict: 'definition', shown: null, worst: null, off: 0, count: 0, tolerance: TOLERANCE };
  const { kind } = check;
  const all = check.sides(setting);
  let worst: Sides | null = null;
  let off = -Infinity;
  for (const sides of all) {
    const own = offOf(kind, sides);
    if (worst === null || Number.isNaN(own) || own > off) { worst = sides; off = own; }
    if (Number.isNaN(own)) break;
  }
  const x = setting.promptOf[setting.shown];
  const shown = all.find(({ y }) => y === setting.shown) ?? all.find((sides) => sides.y === undefined && sides.x === x) ?? all[0] ?? null;
  const tolerance = toleranceOf(setting);
  return { verdict: off <= tolerance && all.length > 0 ? 'pass' : 'fail', shown, worst, off, count: all.length, tolerance };
}
