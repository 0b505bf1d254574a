/**
 * What the mathematics is evaluated on: one experiment's world in float64, and a policy π_θ in it.
 *
 * Axis letters as in src/sim/README.md: X prompts, Y responses of all prompts. Every array is [Y].
 */
import { logSumExp } from '../sim/exact/numerics.ts';
import { forEachResponse } from '../sim/exact/forest.ts';
import { msg } from '../sim/msg.ts';
import { responseText, type World } from '../sim/world.ts';

/** A preference: of two responses to the same prompt, `chosen` won. */
export interface SettingPair {
  chosen: number;
  rejected: number;
  /** Of all pairs these sum to 1. */
  weight: number;
}

export interface Setting {
  world: World;
  /** β > 0, reward units per nat. */
  beta: number;
  /** log π_ref(y|x), nats; normalised for every prompt, finite. */
  refLogps: Float64Array;
  /** r(x, y), reward units, finite. */
  rewards: Float64Array;
  /** log π_θ(y|x) of the policy that trains, or of any other; nats, normalised for every prompt, finite. */
  logps: Float64Array;
  /** At least one. */
  pairs: readonly SettingPair[];
  /** x of every response. */
  promptOf: Int32Array;
  /** The responses that are checked one by one: all, or in a large world some of them, those of pairs included. */
  checked: readonly number[];
  /** y₀, the response whose numbers are shown. */
  shown: number;
}

/** Most responses that are checked one by one. */
const MOST_CHECKED = 200;
/** Largest |r|/β: log π* is a difference of numbers of this size, of which float64 then holds seven decimals. */
export const LARGEST_EXPONENT = 1e9;

/**
 * A setting from its arrays; policies are normalised again, so that float32's rounding does not count as an error of the mathematics.
 *
 * @throws RangeError when beta is not a positive finite number, there is no pair or one across prompts, a log-probability or
 * reward is not finite, or a reward is more than 10⁹ times beta
 */
export function settingOf(given: {
  world: World; beta: number; refLogps: ArrayLike<number>; rewards: ArrayLike<number>; logps: ArrayLike<number>;
  pairs: readonly { chosen: number; rejected: number; weight?: number }[]; shown?: number;
}): Setting {
  const { world, beta, pairs } = given;
  if (!(beta > 0 && Number.isFinite(beta))) throw new RangeError(`settingOf: beta must be a finite number > 0, got ${beta}`);
  if (pairs.length === 0) throw new RangeError('settingOf: pairs must have at least one pair, got none');
  for (const name of ['refLogps', 'rewards', 'logps'] as const) {
    const at = Array.from(given[name]).findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new RangeError(`settingOf: ${name} must be finite, got ${given[name][at]} for response ${at}`);
  }
  const large = Array.from(given.rewards).find((reward) => Math.abs(reward) > LARGEST_EXPONENT * beta);
  if (large !== undefined) throw new RangeError(`settingOf: rewards must be at most 10⁹ times beta (${beta}) in size, got ${large}`);
  const promptOf = new Int32Array(world.responseCount);
  forEachResponse(world, (y, x) => { promptOf[y] = x; });
  for (const { chosen, rejected } of pairs) {
    if (promptOf[chosen] === undefined || promptOf[chosen] !== promptOf[rejected]) throw new RangeError(`settingOf: pairs must be of two responses to one prompt, got ${chosen} and ${rejected}`);
  }
  const total = pairs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return {
    world, beta, promptOf,
    refLogps: normalised(world, promptOf, given.refLogps),
    rewards: Float64Array.from(given.rewards),
    logps: normalised(world, promptOf, given.logps),
    pairs: pairs.map(({ chosen, rejected, weight = 1 }) => ({ chosen, rejected, weight: weight / total })),
    checked: checkedOf(world.responseCount, pairs, given.shown ?? pairs[0].chosen),
    shown: given.shown ?? pairs[0].chosen,
  };
}

/** log p(y|x) − log Σ_y p(y|x). */
function normalised(world: World, promptOf: Int32Array, logps: ArrayLike<number>): Float64Array {
  const totals = Array.from({ length: world.promptCount }, () => [] as number[]);
  for (let y = 0; y < promptOf.length; y++) totals[promptOf[y]].push(logps[y]);
  const logTotals = totals.map((own) => logSumExp(own));
  return Float64Array.from(promptOf, (x, y) => logps[y] - logTotals[x]);
}

function checkedOf(count: number, pairs: readonly { chosen: number; rejected: number }[], shown: number): number[] {
  if (count <= MOST_CHECKED) return Array.from({ length: count }, (_, y) => y);
  const wanted = new Set([shown, ...pairs.flatMap(({ chosen, rejected }) => [chosen, rejected])].slice(0, MOST_CHECKED / 2));
  for (let i = 0; wanted.size < MOST_CHECKED; i++) wanted.add(Math.floor(i * count / MOST_CHECKED));
  return [...wanted].filter((y) => y < count).sort((a, b) => a - b);
}

/** Σ_y f(y) of every prompt, [X]. */
export function sumOverResponses({ world, promptOf }: Setting, f: (y: number) => number): Float64Array {
  const sums = new Float64Array(world.promptCount);
  for (let y = 0; y < promptOf.length; y++) sums[promptOf[y]] += f(y);
  return sums;
}

/** log Σ_y exp f(y) of every prompt, [X], without overflow. */
export function logSumOverResponses({ world, promptOf }: Setting, f: (y: number) => number): Float64Array {
  const max = new Float64Array(world.promptCount).fill(-Infinity);
  const values = Float64Array.from(promptOf, (x, y) => { const v = f(y); if (v > max[x]) max[x] = v; return v; });
  const sums = new Float64Array(world.promptCount);
  values.forEach((v, y) => { sums[promptOf[y]] += Math.exp(v - max[promptOf[y]]); });
  return max.map((m, x) => (m === -Infinity ? m : m + Math.log(sums[x])));
}

/** “on the mat”, as it is named in a check. */
export function nameOf({ world }: Setting, y: number): string {
  const text = responseText(world, y);
  return text === '' ? msg`the empty response` : `“${text}”`;
}
