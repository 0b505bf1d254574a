/** The facts behind chapter 1: what a reward model has learned of the pairs, and what it says of responses in none. Pure. */
import type { Experiment } from './experiment.ts';
import { focusValue } from './focus.ts';
import { concordance } from './exact/concordance.ts';
import type { MetricId } from './metrics.ts';
import { storyOf, type Story } from './story.ts';
import { OOD, responseText, type World } from './world.ts';
import type { Focus, Frame, View } from './worker/protocol.ts';
import type { KnobChange } from './runStore.ts';

/** A response that stands out, and what is said of it. */
export interface Standout {
  response: number;
  text: string;
  score: number;
  /** Nobody wrote it. */
  isOod: boolean;
}

export interface RewardStory extends Story {
  /** Pairs as the experiment counts them: given ones, or those drawn for each seed. */
  pairCount: number;
  sampled: boolean;
  /** Responses in a pair, and all. */
  pairedCount: number;
  responseCount: number;
  /** Shares of the pairs ranked right: of the training pairs, and of held-out ones (NaN without any). */
  accuracy: number;
  heldOutAccuracy: number;
  /** The highest learned reward of a response in a pair, and of one in none; null where there is no such response. */
  topPaired: Standout | null;
  topUnpaired: Standout | null;
  /** Chance that it ranks two responses of the reference as the gold reward does; NaN without gold. */
  concordance: number;
  /** Mean length of what its optimum writes, and of what π* of the gold reward writes. */
  length: number;
  optimalLength: number;
}

/** The highest-scored response in a pair and the highest-scored one in none; of equals the first. */
export function topScores(world: World, scores: Float64Array, { paired, groups }: Pick<View, 'paired' | 'groups'>): [Standout | null, Standout | null] {
  const best = [-1, -1];
  scores.forEach((score, y) => {
    const side = paired[y] === 1 ? 0 : 1;
    if (Number.isFinite(score) && (best[side] < 0 || score > scores[best[side]])) best[side] = y;
  });
  const [first, second] = best.map((y): Standout | null => (y < 0 ? null : { response: y, text: responseText(world, y), score: scores[y], isOod: groups[y] === OOD }));
  return [first, second];
}

/** Distinct pairs of an experiment that gives them; those of each seed where they are drawn. */
export function pairCountOf({ preferences }: Experiment): number {
  if ('sampled' in preferences) return preferences.sampled.count;
  return new Set(preferences.pairs.map(({ prompt, chosen, rejected }) => JSON.stringify([prompt, chosen, rejected]))).size;
}

/** Collects the facts from what the run store knows; null where the run fits no reward model. */
export function rewardStoryOf(run: {
  experiment: Experiment; world: World; frame: Frame; view: View; focus: Focus; shown: readonly number[]; policyCount: number;
  start: Float64Array; schedule: readonly KnobChange[]; still: boolean; diverged: boolean;
}): RewardStory | null {
  const { world, frame, view, policyCount, shown, experiment } = run;
  const { scores } = frame;
  if (!scores || scores.length !== world.responseCount) return null;
  const metric = (id: MetricId) => focusValue(frame.metrics, policyCount, id, shown);
  const [topPaired, topUnpaired] = topScores(world, scores, view);
  return {
    ...storyOf(run),
    pairCount: pairCountOf(experiment), sampled: 'sampled' in experiment.preferences,
    pairedCount: view.paired.reduce((sum, one) => sum + one, 0), responseCount: world.responseCount,
    accuracy: metric('rm/accuracy'), heldOutAccuracy: metric('rm/heldOutAccuracy'), topPaired, topUnpaired,
    concordance: view.gold && world.promptCount === 1 ? concordance(view.refLogps.map(Math.exp), scores, view.gold) : NaN,
    length: metric('meanLength'), optimalLength: metric('optimal/meanLength'),
  };
}
