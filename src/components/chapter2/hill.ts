/**
 * J over the shares of three responses, everything else of the policy held: its value, its top, and its contour lines. Pure.
 */
import { objectiveOf } from '../../derivation/objective.ts';
import type { Setting } from '../../derivation/setting.ts';
import { sharesOf, logMass, type Shares, type Three } from './simplex.ts';

export interface Hill {
  three: Three;
  /** What the three have together, and divide. */
  mass: number;
  /** J at shares a, reward units, averaged over prompts; a on the simplex, edges included. */
  value(a: Shares): number;
  /** Shares of π*, which are the top, and of π_ref: they do not depend on what the others have. */
  top: Shares;
  ref: Shares;
  /** J at the top and at the lowest corner: J is concave, so no point is lower. */
  highest: number;
  lowest: number;
}

/**
 * J(a) = c + (1/X)·Σ_i m·a_i·( r_i − β·log(m·a_i/π_ref,i) ),   m = what the three have together
 *
 * @param logps  the policy whose other responses keep their probabilities, [Y], nats
 * @param three  of one prompt
 */
export function hillOf(setting: Setting, logps: Float64Array, three: Three): Hill {
  const { rewards, refLogps, beta, world } = setting;
  const logM = logMass(logps, three);
  const mass = Math.exp(logM);
  const own = (a: Shares) => three.reduce((sum, y, i) => (
    a[i] > 0 ? sum + mass * a[i] * (rewards[y] - beta * (logM + Math.log(a[i]) - refLogps[y])) : sum
  ), 0) / world.promptCount;
  const rest = objectiveOf(setting, logps).value - own(sharesOf(logps, three));
  const value = (a: Shares) => rest + own(a);
  const top = sharesOf(refLogps.map((logp, y) => logp + rewards[y] / beta), three);
  return {
    three, mass, value, top, ref: sharesOf(refLogps, three), highest: value(top),
    lowest: Math.min(value([1, 0, 0]), value([0, 1, 0]), value([0, 0, 1])),
  };
}

/** Points of the triangle's edge, evenly spread, corners included. */
function edge(points: number): Shares[] {
  const corners: Shares[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const perSide = Math.ceil(points / 3);
  return corners.flatMap((from, i) => Array.from({ length: perSide }, (_, k): Shares => between(from, corners[(i + 1) % 3], k / perSide)));
}

export function between(a: Shares, b: Shares, t: number): Shares {
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

/** How far from the top towards `b` the value stays at least `level`: 0 … 1. J falls all the way, so halving finds it. */
export function reachTowards({ value, top }: Pick<Hill, 'value' | 'top'>, b: Shares, level: number): number {
  if (value(b) >= level) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (value(between(top, b, middle)) >= level) low = middle; else high = middle;
  }
  return low;
}

/**
 * The outline of { a : J(a) ≥ level }, which is convex because J is concave: from the top in all directions.
 *
 * @param level   at most J at the top
 * @param points  directions
 */
export function outlineOf(hill: Hill, level: number, points = 240): Shares[] {
  return edge(points).map((b) => between(hill.top, b, reachTowards(hill, b, level)));
}

/** Where shares stand in a triangle of side 1, first corner on top: x to the right, y downwards. */
export const HEIGHT = Math.sqrt(3) / 2;

export function placeOf([a, , c]: Shares): { x: number; y: number } {
  return { x: a / 2 + c, y: HEIGHT * (1 - a) };
}

/** The shares of a place, also outside of the triangle, where some are below 0. */
export function sharesAt(x: number, y: number): Shares {
  const a = 1 - y / HEIGHT;
  const c = x - a / 2;
  return [a, 1 - a - c, c];
}

/** Where an arrow key takes a point: up and down to and from the first corner, sideways between the other two. */
export function sharesByKey(shares: Shares, key: string, step: number): Shares | null {
  const [a, b, c] = shares;
  switch (key) {
    case 'ArrowUp': case 'ArrowDown': {
      const next = Math.min(1, Math.max(0, a + (key === 'ArrowUp' ? step : -step)));
      const others = b + c;
      return others > 0 ? [next, b * (1 - next) / others, c * (1 - next) / others] : [next, (1 - next) / 2, (1 - next) / 2];
    }
    case 'ArrowRight': { const moved = Math.min(step, b); return [a, b - moved, c + moved]; }
    case 'ArrowLeft': { const moved = Math.min(step, c); return [a, b + moved, c - moved]; }
    default: return null;
  }
}
