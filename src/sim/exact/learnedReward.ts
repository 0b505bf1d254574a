/**
 * What can be said of a learned reward r̂ without looking inside, float64: its scale, and what a word more is worth.
 *
 * Pairs compare answers to one prompt, so a constant added to r̂ of a prompt is not learned and means nothing (π* and
 * every margin are the same without it). All of these statistics leave it out: they centre prompt by prompt.
 */
import type { World } from '../world.ts';
import { forEachResponse } from './forest.ts';

/** Below this standard deviation a reward is constant: the rest is rounding. */
const CONSTANT = 1e-12;
/** Share of a regressor's variance that another does not explain; below it the two say the same. */
const COLLINEAR = 1e-9;

/** Values minus their mean under π_ref(·|x), prompt by prompt, [Y]. */
function centred(world: World, refLogps: Float64Array, values: ArrayLike<number>): Float64Array {
  const means = new Float64Array(world.promptCount);
  const masses = new Float64Array(world.promptCount);
  forEachResponse(world, (y, x) => {
    const p = Math.exp(refLogps[y]);
    means[x] += p * values[y];
    masses[x] += p;
  });
  const result = new Float64Array(values.length);
  forEachResponse(world, (y, x) => { result[y] = values[y] - means[x] / masses[x]; });
  return result;
}

/** Mean over prompts of E_π_ref[f·g]. */
function meanProduct(world: World, refLogps: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let y = 0; y < f.length; y++) sum += Math.exp(refLogps[y]) * f[y] * g[y];
  return sum / world.promptCount;
}

export interface StandardisedReward {
  /** r̂ with mean 0 for every prompt and standard deviation 1 under π_ref, [Y]; a constant r̂ becomes 0. */
  scores: Float64Array;
  /** Standard deviation of r̂ before, reward units. */
  scale: number;
}

/**
 * A reward in units of its own spread.
 *
 *   r̂′(x,y) = (r̂(x,y) − E_π_ref(·|x)[r̂]) / s,   s² = mean over prompts of Var_π_ref(·|x)[r̂]
 *
 * @param refLogps  log π_ref(y|x), [Y], nats
 * @param scores    r̂(x, y), [Y], reward units
 */
export function standardise(world: World, refLogps: Float64Array, scores: Float64Array): StandardisedReward {
  const deviations = centred(world, refLogps, scores);
  const scale = Math.sqrt(meanProduct(world, refLogps, deviations, deviations));
  const divisor = scale < CONSTANT ? 1 : scale;
  return { scores: deviations.map((deviation) => deviation / divisor), scale };
}

/**
 * What a word more is worth to a reward: the coefficient of |y| in the least-squares fit of r̂ on |y|, the gold reward
 * and a constant per prompt, weighted by π_ref; reward units per word.
 *
 * Without gold, or where gold and length say the same, on |y| and a constant alone; NaN where all answers are equally long.
 *
 * @param refLogps  log π_ref(y|x), [Y], nats
 * @param scores    r̂(x, y), [Y], reward units
 * @param gold      r(x, y), [Y]; null without gold
 */
export function lengthCoefficient(world: World, refLogps: Float64Array, scores: Float64Array, gold: Float64Array | null): number {
  const lengths = new Float64Array(scores.length);
  forEachResponse(world, (y, _x, length) => { lengths[y] = length; });
  const l = centred(world, refLogps, lengths);
  const mean = (f: Float64Array, g: Float64Array) => meanProduct(world, refLogps, f, g);
  const ll = mean(l, l);
  if (!(Math.sqrt(ll) >= CONSTANT)) return NaN;
  const r = centred(world, refLogps, scores);
  const lr = mean(l, r);
  if (!gold) return lr / ll;
  const g = centred(world, refLogps, gold);
  const gg = mean(g, g), lg = mean(l, g);
  const determinant = ll * gg - lg * lg;
  if (!(determinant > COLLINEAR * ll * gg)) return lr / ll;
  return (gg * lr - lg * mean(g, r)) / determinant;
}
