/** The facts behind chapter 3: which reward a policy implies, and how it compares with the true one. Pure. */
import { concordance } from './exact/concordance.ts';
import { optimalPolicy } from './exact/optimal.ts';
import { forEachResponse } from './exact/forest.ts';
import type { Experiment } from './experiment.ts';
import type { KnobChange } from './runStore.ts';
import { storyOf, type Story } from './story.ts';
import { nodeOf, OOD, responseText, type World } from './world.ts';
import type { Focus, Frame, View } from './worker/protocol.ts';

/** A pair, and how much more its chosen response is worth. */
export interface Gap {
  chosen: string;
  rejected: string;
  /** r(x, y₊) − r(x, y₋), reward units. */
  truly: number;
  /** r̂(x, y₊) − r̂(x, y₋), reward units. */
  implied: number;
}

export interface ImpliedStory extends Story {
  responseCount: number;
  /** Different pairs that are given; 0 where pairs are drawn. */
  pairCount: number;
  /** The only pair; null where there are more, or none is given. */
  gap: Gap | null;
  /** Chance that of two responses to a prompt with different true rewards the implicit reward puts the better one higher, mean over prompts; NaN where no rewards differ. */
  agreement: number;
  /** β·log Z(x) of every prompt, reward units. */
  offsets: number[];
  /** The farthest that a response is from the line r = r̂ + β·log Z, reward units. */
  farthest: number;
  /** The lowest and the highest true reward. */
  rewards: readonly [number, number];
  /** The response with the highest implicit reward, where no pair speaks of it; null where one does, or nothing has moved yet. */
  topUnseen: { text: string; isOod: boolean } | null;
}

/**
 * The implicit rewards of a policy.
 *
 *   r̂(x, y) = β·log π(y|x)/π_ref(y|x)
 *
 * Source: Rafailov et al. 2023, section 4. Derivation step: `implicit-reward`.
 *
 * @param beta  > 0, reward units per nat
 * @param logps, refLogps  log-probabilities, [Y], nats
 * @returns  [Y], reward units
 */
export function implicitRewardsOf(beta: number, logps: Float64Array, refLogps: Float64Array): Float64Array {
  return logps.map((logp, y) => beta * (logp - refLogps[y]));
}

/** Agreement in order with uniform weights, prompt by prompt, [0, 1]. */
function agreementOf(world: World, implied: Float64Array, rewards: Float64Array): number {
  const own = Array.from({ length: world.promptCount }, () => [] as number[]);
  forEachResponse(world, (y, x) => { own[x].push(y); });
  const shares = own.map((ys) => concordance(ys.map(() => 1), ys.map((y) => implied[y]), ys.map((y) => rewards[y]))).filter((share) => !Number.isNaN(share));
  return shares.length === 0 ? NaN : shares.reduce((a, b) => a + b, 0) / shares.length;
}

/** Different pairs of an experiment, in its order; none where they are drawn. */
export function differentPairs({ preferences }: Experiment): { prompt: number; chosen: string; rejected: string }[] {
  if (!('pairs' in preferences)) return [];
  const seen = new Map(preferences.pairs.map(({ prompt, chosen, rejected }) => [JSON.stringify([prompt, chosen, rejected]), { prompt, chosen, rejected }] as const));
  return [...seen.values()];
}

function topUnseenOf(world: World, { paired, groups }: View, implied: Float64Array): ImpliedStory['topUnseen'] {
  let top = 0;
  implied.forEach((value, y) => { if (value > implied[top]) top = y; });
  return paired[top] === 1 || !(implied[top] > 0) ? null : { text: responseText(world, top), isOod: groups[top] === OOD };
}

/** Collects the facts from what the run store knows; null where there is no gold reward to compare with. */
export function impliedStoryOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; policyCount: number;
  start: Float64Array; schedule: readonly KnobChange[]; still: boolean; diverged: boolean;
}): ImpliedStory | null {
  const { experiment, world, frame, view } = run;
  const rewards = view.gold;
  if (!rewards) return null;
  // What the run trains with: the slider may be ahead of it.
  const { beta } = view;
  const implied = implicitRewardsOf(beta, frame.logps, view.refLogps);
  const pairs = differentPairs(experiment);
  const [pair] = pairs;
  const [chosen, rejected] = pairs.length === 1 ? [nodeOf(world, pair.prompt, pair.chosen), nodeOf(world, pair.prompt, pair.rejected)] : [0, 0];
  const offsets = Array.from(optimalPolicy(world, view.refLogps, rewards, beta).logZ, (logZ) => beta * logZ);
  let farthest = 0;
  forEachResponse(world, (y, x) => { farthest = Math.max(farthest, Math.abs(rewards[y] - implied[y] - offsets[x])); });
  return {
    ...storyOf(run),
    responseCount: world.responseCount,
    pairCount: pairs.length,
    gap: pairs.length === 1 ? { chosen: pair.chosen, rejected: pair.rejected, truly: rewards[chosen] - rewards[rejected], implied: implied[chosen] - implied[rejected] } : null,
    agreement: agreementOf(world, implied, rewards),
    offsets, farthest,
    rewards: [rewards.reduce((a, b) => Math.min(a, b)), rewards.reduce((a, b) => Math.max(a, b))],
    topUnseen: topUnseenOf(world, view, implied),
  };
}
