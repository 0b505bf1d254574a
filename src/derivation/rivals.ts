/** Policies that claim to be better than π*: what a maximum is checked against. */
import { optimalPolicy } from '../sim/exact/optimal.ts';
import { msg } from '../sim/msg.ts';
import { logSumOverResponses, nameOf, type Setting } from './setting.ts';

export interface Rival {
  /** "π_ref", "20% moved to “on the mat”"; x is the prompt it is told for. */
  name(x: number): string;
  /** log π(y|x), [Y], nats; normalised for every prompt. */
  logps: Float64Array;
}

/** Most numbers that all rivals together may have: in a large world there are fewer of them. */
const MOST_NUMBERS = 16_000;
/** At least the policies with a name. */
const FEWEST = 8;
/** Mass that moves towards one response. */
const MOVES = [0.001, 0.2];
/** Steps of gradient ascent, of a length that would reach the end at 1. */
const STEPS = [0.5, 0.1];
const RANDOM_SPREADS = [0.05, 0.5, 3, 20];

/**
 * Rivals of a claimed optimum: π_θ, π_ref, a step of gradient ascent from the claim (better than any claim that is not
 * the optimum), policies halfway, π* at other prices, some of the claim's mass moved towards single responses, and random
 * policies near and far (always the same ones).
 *
 * @param claim  log-probabilities of the claimed optimum, [Y], nats; no rival is the claim itself
 */
export function rivalsOf(setting: Setting, claim: Float64Array): Rival[] {
  const { world, refLogps, rewards, beta, logps, promptOf } = setting;
  const atBeta = (other: number): Float64Array => optimalPolicy(world, refLogps, rewards, other).logps;
  const makers: (() => Rival)[] = [
    () => ({ name: () => 'π_θ', logps }),
    () => ({ name: () => 'π_ref', logps: refLogps }),
    ...STEPS.map((step) => () => ({ name: () => msg`a step of gradient ascent from π* (${step})`, logps: ascended(setting, claim, step) })),
    () => ({ name: () => msg`halfway from π* to π_θ`, logps: mixed(claim, logps, 0.5) }),
    () => ({ name: () => msg`a tenth of the way from π* to π_ref`, logps: mixed(claim, refLogps, 0.1) }),
    () => ({ name: () => msg`π* of a β 10% higher`, logps: atBeta(1.1 * beta) }),
    () => ({ name: () => msg`π* of a β 10% lower`, logps: atBeta(0.9 * beta) }),
    ...RANDOM_SPREADS.map((spread, i) => () => ({ name: () => msg`random policy ${i + 1}`, logps: scattered(setting, claim, spread, i) })),
    ...targetsOf(setting).flatMap((targets) => MOVES.map((mass) => () => ({
      name: (x: number) => msg`π* with ${100 * mass}% moved to ${nameOf(setting, targets[x])}`,
      logps: mixed(claim, claim.map((_, y) => (targets[promptOf[y]] === y ? 0 : -Infinity)), mass),
    }))),
  ];
  return makers.slice(0, Math.max(FEWEST, Math.floor(MOST_NUMBERS / world.responseCount))).map((make) => make());
}

/** One response of every prompt, [X], at a time, so that a move is tried in all prompts at once. */
function targetsOf({ world, promptOf, checked }: Setting): number[][] {
  const own = Array.from({ length: world.promptCount }, (_, x) => [x]); // the empty response, where none is checked
  for (const y of checked) own[promptOf[y]].push(y);
  const most = Math.max(...own.map(({ length }) => length));
  return Array.from({ length: most }, (_, k) => own.map((ys) => ys[k % ys.length]));
}

/** log[(1 − share)·p + share·q], [Y]. */
export function mixed(logP: Float64Array, logQ: Float64Array, share: number): Float64Array {
  return logP.map((p, y) => {
    const [a, b] = [p + Math.log(1 - share), logQ[y] + Math.log(share)];
    const [high, low] = a > b ? [a, b] : [b, a];
    return high === -Infinity ? high : high + Math.log1p(Math.exp(low - high));
  });
}

/** The claim with every log-probability moved by up to ±spread, [Y]; the i-th such policy is always the same. */
function scattered(setting: Setting, claim: Float64Array, spread: number, i: number): Float64Array {
  return normalised(setting, claim.map((logp, y) => logp + spread * (2 * scatter(y, i) - 1)));
}

/** log π + step·(∂J_x/∂π)/β, normalised, [Y]: a step of natural gradient ascent. */
function ascended(setting: Setting, claim: Float64Array, step: number): Float64Array {
  const { rewards, refLogps, beta } = setting;
  return normalised(setting, claim.map((logp, y) => logp + step * (rewards[y] / beta - (logp - refLogps[y]))));
}

function normalised(setting: Setting, logits: Float64Array): Float64Array {
  const totals = logSumOverResponses(setting, (y) => logits[y]);
  return logits.map((logit, y) => logit - totals[setting.promptOf[y]]);
}

/** A number in [0, 1) that looks random and depends on y and i alone. */
function scatter(y: number, i: number): number {
  let z = Math.imul(y + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 15), 0x2c1b3c6d);
  z = Math.imul(z ^ (z >>> 12), 0x297a2d39);
  return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
}
