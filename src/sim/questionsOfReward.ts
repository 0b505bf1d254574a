/** Questions about rewards, lengths and optima: what is learned, what is hacked, how near a run comes to π*. */
import { usesRewardModel } from './experimentDefaults.ts';
import { optimalPolicy } from './exact/optimal.ts';
import type { Experiment } from './experiment.ts';
import { goldRewards } from './gold.ts';
import { msg } from './msg.ts';
import { formatAmong, formatNumber } from './numbers.ts';
import { givenPairs } from './preferences.ts';
import { atSwept, endsOf, whoseMedian, type Asked, type Option, type Question, type Range } from './question.ts';
import { courseQuestion, hasGroups } from './questionParts.ts';
import { referenceTarget } from './reference.ts';
import { shareWords } from './sentences.ts';
import { buildWorld, promptOf, type World } from './world.ts';

const trainsAlone = ({ others }: Asked) => others.length === 0;
/** A policy that is trained, and not derived from a reward. */
const trainsPolicy = (asked: Asked) => trainsAlone(asked) && asked.experiment.algorithm.kind !== 'reward-model';
const updates = ({ experiment }: Asked) => msg`${experiment.steps} updates`;

/** A mean reward that changes by less stays. */
const LEAST_REWARD = 0.1;
const LEAST_LENGTH = 0.2;

export const earned: Question = courseQuestion({
  id: 'earned', title: msg`Will the true reward rise?`, metric: 'goldReward', least: LEAST_REWARD, leastWords: `${LEAST_REWARD}`,
  subject: msg`The mean true reward`, format: formatNumber,
  appliesTo: (asked) => trainsPolicy(asked) && asked.experiment.gold !== undefined,
  words: (asked) => msg`What will the true (gold) reward of the policy’s responses do over ${updates(asked)}${atSwept(asked)}?`,
});

export const hacked: Question = {
  id: 'hacked', kind: 'choice', title: msg`Will the true reward rise with the one it is given?`,
  appliesTo: (asked) => trainsPolicy(asked) && asked.experiment.gold !== undefined && usesRewardModel(asked.experiment),
  words: (asked) => msg`Training sees a learned reward only. What will it and the true reward do over ${updates(asked)}${atSwept(asked)}?`,
  rule: (asked) => msg`Counted: mean rewards at the end against the beginning, ${whoseMedian(asked)}. Up to ${LEAST_REWARD} is no change.`,
  options: () => [
    { id: 'both', text: msg`Both rise` }, { id: 'given', text: msg`The learned one rises, the true one falls` },
    { id: 'flat', text: msg`The learned one rises, the true one stays` }, { id: 'neither', text: msg`The learned one does not rise` },
  ],
  outcome(asked, history) {
    const given = endsOf(asked, history, 'proxyReward');
    const gold = endsOf(asked, history, 'goldReward');
    if (![given.start, given.end, gold.start, gold.end].every(Number.isFinite)) return null;
    const change = gold.end - gold.start;
    let option = 'flat';
    if (given.end <= given.start + LEAST_REWARD) option = 'neither';
    else if (change > LEAST_REWARD) option = 'both';
    else if (change < -LEAST_REWARD) option = 'given';
    const among = (x: number, { start, end }: typeof given) => formatAmong(x, Math.max(Math.abs(start), Math.abs(end)));
    const way = (ends: typeof given) => msg`from ${among(ends.start, ends)} to ${among(ends.end, ends)}`;
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`The reward it was given went ${way(given)}, the true one ${way(gold)} (${whoseMedian(asked)}).` };
  },
};

export const longer: Question = courseQuestion({
  id: 'longer', title: msg`Will the responses become longer?`, metric: 'meanLength', least: LEAST_LENGTH, leastWords: msg`${LEAST_LENGTH} words`,
  subject: msg`The mean length`, format: (words) => msg`${formatNumber(words)} words`,
  appliesTo: (asked) => trainsPolicy(asked) && asked.experiment.world.maxLength > 1,
  words: (asked) => msg`What will the mean length of the responses do over ${updates(asked)}${atSwept(asked)}?`,
});

/** Four parts of a range, on which a class votes. */
function quarters({ low, high, unit }: Range): Option[] {
  const at = (i: number) => formatNumber(low + (i * (high - low)) / 4);
  return [0, 1, 2, 3].map((i) => ({ id: String(i), text: msg`${at(i)} to ${at(i + 1)} ${unit}`.trim() }));
}

interface NumberRow extends Pick<Question, 'title' | 'appliesTo' | 'words'> {
  id: Question['id'];
  rangeOf(asked: Asked): Range;
  metric: Parameters<typeof endsOf>[2];
  /** From the metric's unit to the range's. */
  scale?: number;
  said(value: string, asked: Asked): string;
}

/** A question for one number at the end. */
function numberQuestion({ rangeOf, metric, scale = 1, said, ...row }: NumberRow): Question {
  return {
    ...row, kind: 'number', range: rangeOf,
    rule: (asked) => msg`Counted: ${whoseMedian(asked)}, at update ${asked.experiment.steps}.`,
    options: (asked) => quarters(rangeOf(asked)),
    outcome(asked, history) {
      const value = scale * endsOf(asked, history, metric).end;
      if (!Number.isFinite(value)) return null;
      const { low, high } = rangeOf(asked);
      const quarter = Math.min(3, Math.max(0, Math.floor((4 * (value - low)) / (high - low))));
      const beyond = value < low ? msg` It lies below the range asked.` : msg` It lies above the range asked.`;
      return { answer: { kind: 'number', value }, right: [String(quarter)], sentence: `${said(formatNumber(value), asked)} (${whoseMedian(asked)}).${value < low || value > high ? beyond : ''}` };
    },
  };
}

export const length: Question = numberQuestion({
  id: 'length', title: msg`How long will the responses be?`, metric: 'meanLength',
  appliesTo: longer.appliesTo,
  words: (asked) => msg`How many words will a response have on average after ${updates(asked)}${atSwept(asked)}? At most ${asked.experiment.world.maxLength} are possible.`,
  rangeOf: ({ experiment }) => ({ low: 0, high: experiment.world.maxLength, step: 0.1, unit: msg`words` }),
  said: (value) => msg`The mean length ended at ${value} words`,
});

const fitsReward = ({ experiment, others }: Asked) => others.length === 0 && experiment.algorithm.kind === 'reward-model';

export const unseen: Question = numberQuestion({
  id: 'unseen', title: msg`How many unseen pairs will it rank right?`, metric: 'rm/heldOutAccuracy', scale: 100,
  appliesTo: (asked) => fitsReward(asked) && 'sampled' in asked.experiment.preferences,
  words: () => msg`The same annotator judges further pairs, which the reward model has not seen. Of how many in a hundred will the reward model say the same?`,
  rangeOf: () => ({ low: 0, high: 100, step: 1, unit: msg`in 100` }),
  said: (value) => msg`It ranked ${value} in 100 unseen pairs as the annotator did`,
});

export const word: Question = numberQuestion({
  id: 'word', title: msg`What will a word more be worth to the reward model?`, metric: 'rm/lengthCoefficient',
  appliesTo: (asked) => unseen.appliesTo(asked) && asked.experiment.world.maxLength > 1,
  words: ({ experiment: { gold } }) => msg`What will one word more be worth to the reward model${gold?.perToken ? msg`, beyond what the true reward says` : ''}?`,
  rangeOf: () => ({ low: -1, high: 1, step: 0.05, unit: msg`a word` }),
  said: (value) => msg`A word more was worth ${value} to it, at equal true reward`,
});

/** Gold reward of the better response minus that of the worse, of the only pair; null without one. */
function trueGap(experiment: Experiment): number | null {
  if (!experiment.gold || !('pairs' in experiment.preferences) || experiment.preferences.pairs.length !== 1) return null;
  const world = buildWorld(experiment.world);
  const rewards = goldRewards(world, experiment.gold);
  const [pair] = givenPairs(world, experiment);
  return rewards[pair.chosen] - rewards[pair.rejected];
}

export const gap: Question = numberQuestion({
  id: 'gap', title: msg`How much better will the policy hold the chosen one to be?`, metric: 'rewards/margins',
  appliesTo: (asked) => hasGroups(asked) && asked.experiment.algorithm.kind === 'dpo' && (trueGap(asked.experiment) ?? 0) > 0,
  words: (asked) => msg`The chosen response is worth ${formatNumber(trueGap(asked.experiment) ?? NaN)} more than the rejected one, which DPO is not told. What will the gap of their implicit rewards be after ${updates(asked)}${atSwept(asked)}?`,
  rangeOf: ({ experiment }) => ({ low: 0, high: 10 * (trueGap(experiment) ?? 1), step: (trueGap(experiment) ?? 1) / 10, unit: '' }),
  said: (value, { experiment }) => msg`The implicit gap ended at ${value}, the true one is ${formatNumber(trueGap(experiment) ?? NaN)}`,
});

const NEAR = 0.1;
const FAR = 1;

export const optimum: Question = {
  id: 'optimum', kind: 'choice', title: msg`How near will it come to π*?`,
  appliesTo: (asked) => trainsPolicy(asked) && asked.experiment.gold !== undefined,
  words: (asked) => msg`π* is the best policy for the true reward at this β. How near to it will training end, after ${updates(asked)}${atSwept(asked)}?`,
  rule: (asked) => msg`Counted: KL(π‖π*), ${whoseMedian(asked)}, at update ${asked.experiment.steps}. ${NEAR} nats is hardly to be told apart, ${FAR} nat is another policy.`,
  options: () => [
    { id: 'near', text: msg`Within ${NEAR} nats` }, { id: 'between', text: msg`${NEAR} to ${FAR} nat away` }, { id: 'far', text: msg`Farther than ${FAR} nat` },
  ],
  outcome(asked, history) {
    const { start, end } = endsOf(asked, history, 'klToOptimal');
    if (!Number.isFinite(end)) return null;
    const far = end > FAR ? 'far' : 'between';
    const option = end <= NEAR ? 'near' : far;
    return { answer: { kind: 'choice', option }, right: [option], sentence: msg`It began ${formatNumber(start)} nats from π* and ended ${formatAmong(end, start)} nats away (${whoseMedian(asked)}).` };
  },
};

/** Where β lies in the question on π*. */
const BETAS = [0.1, 0.2, 0.5, 1, 2, 10];

/** π_ref(y|x) of a table that is the reference's data itself, [Y]. */
function tabularReference(world: World, experiment: Experiment): Float64Array {
  const { conditionals, reach } = referenceTarget(world, experiment);
  const { contextCount, tokenCount, wordCount, levelStart, maxLength, responseCount } = world;
  return Float64Array.from({ length: responseCount }, (_, y) => {
    if (y < contextCount) return reach[y] * conditionals[y * tokenCount + wordCount];
    const at = y - levelStart[maxLength];
    const parent = levelStart[maxLength - 1] + Math.floor(at / wordCount);
    return reach[parent] * conditionals[parent * tokenCount + (at % wordCount)];
  });
}

/** π*'s probability of the response with the highest reward (of all that have it), of the prompt where that is smallest. */
function bestShare(world: World, ref: Float64Array, rewards: Float64Array, beta: number): number {
  const { logps } = optimalPolicy(world, ref.map(Math.log), rewards, beta);
  const top = new Float64Array(world.promptCount).fill(-Infinity);
  rewards.forEach((reward, y) => { top[promptOf(world, y)] = Math.max(top[promptOf(world, y)], reward); });
  const best = new Float64Array(world.promptCount);
  logps.forEach((logp, y) => { if (rewards[y] === top[promptOf(world, y)]) best[promptOf(world, y)] += Math.exp(logp); });
  return Math.min(...best);
}

export const half: Question = {
  id: 'half', kind: 'choice', title: msg`Up to which β does π* favour the best response?`,
  appliesTo: (asked) => trainsAlone(asked) && asked.experiment.algorithm.kind === 'exact' && asked.experiment.gold !== undefined && asked.experiment.policy.kind === 'tabular',
  words: ({ experiment }) => msg`Which is the largest of these β at which π* still gives the response with the highest reward more than half of the probability${experiment.world.prompts.length > 1 ? msg`, for every prompt` : ''}?`,
  rule: () => msg`Computed from π* = π_ref·exp(r/β)/Z at each of these β, over all responses; the run shows one of them.`,
  options: () => [...BETAS.map((beta) => ({ id: String(beta), text: `β = ${beta}` })), { id: 'none', text: msg`At none of them` }],
  outcome({ experiment }) {
    if (!experiment.gold) return null;
    const world = buildWorld(experiment.world);
    const ref = tabularReference(world, experiment);
    const rewards = goldRewards(world, experiment.gold);
    const shares = BETAS.map((beta) => bestShare(world, ref, rewards, beta));
    const last = shares.findLastIndex((share) => share > 0.5);
    const option = last < 0 ? 'none' : String(BETAS[last]);
    return {
      answer: { kind: 'choice', option }, right: [option],
      sentence: msg`π* gives the response with the highest reward${world.promptCount > 1 ? msg` (of the prompt where that is least)` : ''} ${BETAS.map((beta, i) => msg`${shareWords(shares[i])} at β = ${beta}`).join(', ')}.`,
    };
  },
};
