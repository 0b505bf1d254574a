/** What one PPO iteration did, token by token: ratios, clipping, the critic's fit, the responses it drew. Pure; plain arrays. */
import { msg } from './msg.ts';
import type { PpoIteration } from './worker/protocol.ts';
import type { World } from './world.ts';

/** How the end of a response is written where tokens are listed; a sign that every font has. */
export const END_TOKEN = msg`■ end`;

/** The word of a token; the end token in words. */
export function tokenName({ words }: Pick<World, 'words'>, token: number): string {
  return words[token] ?? END_TOKEN;
}

/**
 * Whether the clipped surrogate has no gradient through ρ: A > 0 and ρ > 1 + ε, or A < 0 and ρ < 1 − ε.
 *
 * Source: Schulman et al. 2017, eq. 7.
 *
 * @param logRatio  log π − log π_old of the token, nats
 */
export function isClipped(logRatio: number, advantage: number, clipRange: number): boolean {
  const ratio = Math.exp(logRatio);
  return (advantage > 0 && ratio > 1 + clipRange) || (advantage < 0 && ratio < 1 - clipRange);
}

/** Places of the tokens in the [B·T] arrays, ascending. */
export function tokenPlaces({ used }: Pick<PpoIteration, 'used'>): number[] {
  return [...used.keys()].filter((i) => used[i] !== 0);
}

/** How the dots of one gradient step stand. */
export interface ClipFacts {
  /** Tokens that the step's minibatch has. */
  seen: number;
  clipped: number;
  /** Smallest and largest ρ of them; NaN without a token. */
  lowest: number;
  highest: number;
}

/** Ratios and clipped tokens as gradient step `pass` (0-based) found them, before it moved the policy. */
export function clipFacts(iteration: PpoIteration, pass: number): ClipFacts {
  const facts: ClipFacts = { seen: 0, clipped: 0, lowest: NaN, highest: NaN };
  for (const { logRatio, clipped } of tokensSeen(iteration, pass)) {
    const ratio = Math.exp(logRatio);
    facts.lowest = facts.seen === 0 ? ratio : Math.min(facts.lowest, ratio);
    facts.highest = facts.seen === 0 ? ratio : Math.max(facts.highest, ratio);
    facts.seen++;
    if (clipped) facts.clipped++;
  }
  return facts;
}

interface SeenToken {
  place: number;
  logRatio: number;
  advantage: number;
  clipped: boolean;
}

/** The tokens of a gradient step's minibatch, ascending. */
function tokensSeen(iteration: PpoIteration, pass: number): SeenToken[] {
  const { newLogps, oldLogps, advantages, clipRange } = iteration;
  const logps = newLogps[pass];
  return tokenPlaces(iteration).filter((i) => !Number.isNaN(logps[i])).map((place) => {
    const logRatio = logps[place] - oldLogps[place];
    return { place, logRatio, advantage: advantages[place], clipped: isClipped(logRatio, advantages[place], clipRange) };
  });
}

/** A mark for all tokens that would stand on the same spot. */
export interface TokenDot {
  x: number;
  y: number;
  /** An outline: nothing is pushed there. */
  hollow: boolean;
  /** Of the tokens, in the [B·T] arrays, ascending. */
  places: number[];
}

/** Digits in which two coordinates must agree to be the same spot: finer than a pixel, coarser than float32's rounding. */
const SPOT_DIGITS = 4;

/** The clip picture of gradient step `pass`: x = log ρ, y = advantage; hollow = clipped. */
export function clipDots(iteration: PpoIteration, pass: number): TokenDot[] {
  return merged(tokensSeen(iteration, pass).map(({ place, logRatio, advantage, clipped }) => ({ x: logRatio, y: advantage, hollow: clipped, places: [place] })));
}

/** The critic's picture: x = value, y = return, reward units. */
export function valueDots(iteration: PpoIteration): TokenDot[] {
  return merged(tokenPlaces(iteration).map((place) => ({ x: iteration.values[place], y: iteration.returns[place], hollow: false, places: [place] })));
}

function merged(dots: readonly TokenDot[]): TokenDot[] {
  const spots = new Map<string, TokenDot>();
  for (const dot of dots) {
    const key = `${dot.x.toFixed(SPOT_DIGITS)} ${dot.y.toFixed(SPOT_DIGITS)} ${dot.hollow}`;
    const known = spots.get(key);
    if (known) known.places.push(...dot.places);
    else spots.set(key, dot);
  }
  return [...spots.values()];
}

/** How far the values are from the returns. */
export interface ValueFacts {
  tokens: number;
  /** 1 − Var(R − V)/Var(R) over the tokens, no unit; NaN where all returns are equal. */
  explained: number;
  /** √(mean of (R − V)²), reward units. */
  error: number;
}

/** The critic's fit before the update, as TRL and others report it. */
export function valueFacts(iteration: PpoIteration): ValueFacts {
  const { values, returns } = iteration;
  const places = tokenPlaces(iteration);
  const mean = (of: (i: number) => number) => places.reduce((sum, i) => sum + of(i), 0) / places.length;
  const variance = (of: (i: number) => number) => {
    const middle = mean(of);
    return mean((i) => (of(i) - middle) ** 2);
  };
  const total = variance((i) => returns[i]);
  return {
    tokens: places.length,
    explained: total > 0 ? 1 - variance((i) => returns[i] - values[i]) / total : NaN,
    error: Math.sqrt(mean((i) => (returns[i] - values[i]) ** 2)),
  };
}

/** One response of the batch, however often it was drawn. */
export interface DrawnResponse {
  /** Node of the world. */
  response: number;
  /** Its score, reward units. */
  score: number;
  /** Which rollouts it is, ascending. */
  rollouts: number[];
}

/** The responses of an iteration by score, highest first; equal scores: the more often drawn first. */
export function drawnResponses({ nodes, scores }: PpoIteration): DrawnResponse[] {
  const responses = new Map<number, DrawnResponse>();
  nodes.forEach((response, b) => {
    const known = responses.get(response);
    if (known) known.rollouts.push(b);
    else responses.set(response, { response, score: scores[b], rollouts: [b] });
  });
  return [...responses.values()].sort((a, b) => b.score - a.score || b.rollouts.length - a.rollouts.length || a.response - b.response);
}

/** A token of one rollout with every number that its update made of it. */
export interface TokenRow {
  /** Place in the [B·T] arrays. */
  place: number;
  /** The word; END_TOKEN at the end. */
  name: string;
  /** Nats. */
  oldLogp: number;
  refLogp: number;
  /** −β·(log π_old − log π_ref): the reward without the score. */
  klReward: number;
  /** The response's score at its last token, 0 before. */
  score: number;
  reward: number;
  value: number;
  return: number;
  advantage: number;
  /** ρ as each gradient step found it, [passes]; NaN where its minibatch did not have the rollout. */
  ratios: number[];
  /** Whether that step was clipped there, [passes]. */
  clipped: boolean[];
}

/** The tokens of rollout `b` in reading order. */
export function tokenRows(world: World, iteration: PpoIteration, b: number): TokenRow[] {
  const { positions, used, tokens, scores, oldLogps, refLogps, rewards, values, returns, advantages, newLogps, clipRange } = iteration;
  const places = Array.from({ length: positions }, (_, t) => b * positions + t).filter((i) => used[i] !== 0);
  return places.map((place, t) => {
    const score = t === places.length - 1 ? scores[b] : 0;
    const logRatios = newLogps.map((logps) => logps[place] - oldLogps[place]);
    return {
      place, name: tokenName(world, tokens[place]), oldLogp: oldLogps[place], refLogp: refLogps[place],
      klReward: rewards[place] - score, score, reward: rewards[place],
      value: values[place], return: returns[place], advantage: advantages[place],
      ratios: logRatios.map(Math.exp), clipped: logRatios.map((logRatio) => isClipped(logRatio, advantages[place], clipRange)),
    };
  });
}

/** An iteration as a whole. */
export interface BatchFacts {
  rollouts: number;
  /** Different responses among them. */
  distinct: number;
  tokens: number;
  lowestScore: number;
  highestScore: number;
  meanScore: number;
  /** Mean over rollouts of Σ_t log π_old/π_ref, nats: TRL's objective/kl. */
  kl: number;
  /** Mean over gradient steps of the mean over their tokens of ½(log π − log π_old)², nats: TRL's policy/approxkl_avg. */
  approxKl: number;
}

/** What the sentences say of a whole iteration. */
export function batchFacts(iteration: PpoIteration): BatchFacts {
  const { rollouts, nodes, scores, oldLogps, refLogps, newLogps } = iteration;
  const places = tokenPlaces(iteration);
  const stepKl = newLogps.map((_, pass) => {
    const seen = tokensSeen(iteration, pass);
    return seen.reduce((sum, { logRatio }) => sum + 0.5 * logRatio ** 2, 0) / seen.length;
  });
  return {
    rollouts, distinct: new Set(nodes).size, tokens: places.length,
    lowestScore: scores.reduce((a, b) => Math.min(a, b), Infinity), highestScore: scores.reduce((a, b) => Math.max(a, b), -Infinity), meanScore: scores.reduce((a, b) => a + b, 0) / rollouts,
    kl: places.reduce((sum, i) => sum + oldLogps[i] - refLogps[i], 0) / rollouts,
    approxKl: stepKl.reduce((a, b) => a + b, 0) / newLogps.length,
  };
}
