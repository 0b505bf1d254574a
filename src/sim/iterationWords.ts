/** The sentences about one PPO iteration: pure functions from its numbers to words. */
import type { PpoAlgorithm } from './experiment.ts';
import type { BatchFacts, ClipFacts, TokenRow, ValueFacts } from './iteration.ts';
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import { knobWords, shareWords } from './sentences.ts';
import { quoted } from './words.ts';

/** The stages of one iteration, in order. */
export const STAGES = ['sample', 'score', 'kl', 'advantage', 'epochs', 'refresh'] as const;
export type Stage = (typeof STAGES)[number];
export const STAGE_NAMES: Record<Stage, string> = { sample: msg`sample`, score: msg`score`, kl: 'KL', advantage: msg`advantage`, epochs: msg`epochs`, refresh: msg`refresh` };

/** A ratio nearer to 1 than this has not moved: float32 rounds log-probabilities this coarsely. */
const UNMOVED = 1e-5;

/** "9 of 240 tokens are clipped …": what gradient step `pass` (0-based) of `passes` found. */
export function clipWords({ seen, clipped, lowest, highest }: ClipFacts, pass: number, passes: number): string {
  const step = passes === 1 ? msg`the gradient step` : msg`gradient step ${pass + 1} of ${passes}`;
  if (seen === 0) return msg`No token is in the minibatch of ${step}.`;
  if (Math.max(Math.abs(lowest - 1), Math.abs(highest - 1)) < UNMOVED) return msg`Before ${step} nothing has moved: every ratio is 1, and none of ${count(seen, 'token')} is clipped.`;
  const pushed = clipped === 0 ? msg`it pushes all of them` : msg`it pushes ${clipped === 1 ? msg`that one` : msg`those`} no further`;
  return msg`When ${step} comes, ${clippedWords(clipped, seen)}: ${pushed}.`;
}

/** "9 of 240 tokens are clipped", "none of 240 tokens is clipped". */
function clippedWords(clipped: number, seen: number): string {
  if (clipped === 0) return msg`none of ${count(seen, 'token')} is clipped`;
  return msg`${clipped.toLocaleString('en')} of ${count(seen, 'token')} ${clipped === 1 ? msg`is` : msg`are`} clipped`;
}

/** How well the critic knew the returns, in one sentence. */
export function valueWords({ tokens, explained, error }: ValueFacts): string {
  if (Number.isNaN(explained)) return msg`The returns of all ${count(tokens, 'token')} are equal: there is nothing to explain.`;
  const rest = msg`1 − Var(R − V)/Var(R) is ${formatNumber(explained)}; a value misses its return by ${formatNumber(error)} (root mean square)`;
  if (explained <= 0) return msg`The critic explains nothing of the returns yet: ${rest}.`;
  return msg`The critic explains ${shareWords(explained)} of the variance of the returns: ${rest}.`;
}

export interface StageFacts {
  algorithm: PpoAlgorithm;
  /** β of the focused policy. */
  beta: number;
  /** The update, 1-based. */
  step: number;
  batch: BatchFacts;
  /** As the last gradient step found it. */
  lastPass: ClipFacts;
  passes: number;
  /** The response that is followed: its text, how often it was drawn, its tokens. */
  text: string;
  times: number;
  rows: readonly TokenRow[];
  /** Its probability under the policy that the update made; null where that policy is not at hand. */
  after: number | null;
}

/** What happens in a stage, in a sentence or two with the numbers of this very update. */
export function stageWords(stage: Stage, facts: StageFacts): string {
  return WORDS[stage](facts);
}

const sumOf = (rows: readonly TokenRow[], of: (row: TokenRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
const probabilityOf = (rows: readonly TokenRow[]) => Math.exp(sumOf(rows, ({ oldLogp }) => oldLogp));

/** A response that begins a sentence. */
const opening = (text: string) => (text === '' ? msg`The empty response` : quoted(text));

const WORDS: Record<Stage, (facts: StageFacts) => string> = {
  sample: ({ step, batch: { rollouts, distinct }, text, times, rows }) => (
    msg`While update ${step.toLocaleString('en')} lasts, the policy it began with is called π_old. It writes ${count(rollouts, 'response')}, ${distinct.toLocaleString('en')} different ones. `
    + msg`${opening(text)} came ${times === 1 ? msg`once` : msg`${times.toLocaleString('en')} times`}; π_old gives it ${shareWords(probabilityOf(rows))}. `
    + msg`A token is a word, or the end of the response: the table has the ${count(rows.length, 'token')} of this one.`
  ),
  score: ({ algorithm, batch: { lowestScore, highestScore, meanScore }, text, rows }) => (
    msg`${algorithm.reward === 'gold' ? msg`The gold reward` : msg`The reward model`} reads each response to its end and gives it one number, the score: here from ${formatNumber(lowestScore)} to ${formatNumber(highestScore)}, on average ${formatNumber(meanScore)}. `
    + msg`${opening(text)} gets ${formatNumber(rows[rows.length - 1].score)}. It stands at the last token; the tokens before it get nothing.`
  ),
  kl: klWords,
  advantage: advantageWords,
  epochs: epochWords,
  refresh: ({ passes, batch: { approxKl, rollouts }, text, rows, after }) => (
    msg`The ${rollouts === 1 ? msg`response is` : msg`${rollouts.toLocaleString('en')} responses are`} thrown away, and the policy as it is now becomes the next update’s π_old. `
    + (after === null ? '' : msg`π_old gave ${quoted(text)} ${shareWords(probabilityOf(rows))}, the new policy gives it ${shareWords(after)}. `)
    + msg`How far it has moved from π_old: ${formatNumber(approxKl)} nats per token, an estimate of the KL${passes === 1 ? '' : msg`, mean over the ${passes} gradient steps`}.`
  ),
};

function klWords({ beta, batch: { kl }, rows }: StageFacts): string {
  const [toll, reward] = [sumOf(rows, ({ klReward }) => klReward), sumOf(rows, (row) => row.reward)];
  // In the first update the two policies are one: what is left of their difference is float32's rounding.
  const equal = Math.abs(toll) < UNMOVED * beta * Math.abs(sumOf(rows, ({ oldLogp }) => oldLogp));
  const rule = msg`So that the policy stays near the reference, every token that π_old makes likelier than π_ref pays for it, and one that it makes less likely is paid: `
    + msg`β = ${knobWords(beta)} for each nat of log π_old − log π_ref. `;
  if (equal) return msg`${rule}π_old still gives this response just what π_ref gives it: nothing is paid, and its rewards sum to its score, ${formatNumber(reward)}.`;
  const charged = toll < 0 ? msg`this response pays ${formatNumber(-toll)} in all` : msg`this response is paid ${formatNumber(toll)} in all`;
  return msg`${rule}Here ${charged}: its rewards sum to ${formatNumber(reward)}. `
    + msg`Over the responses drawn, log π_old − log π_ref is ${formatNumber(kl)} nats on average, an estimate of the KL.`;
}

function advantageWords({ algorithm, batch: { tokens }, rows }: StageFacts): string {
  const use = msg` Tokens with A above 0 are about to become likelier, those below 0 less likely.`;
  const white = algorithm.whitenAdvantages ? msg` Then all ${count(tokens, 'advantage')} are shifted and scaled to mean 0 and variance 1.` : '';
  const [first] = rows;
  if (algorithm.valueCoef === 0) return msg`There is no critic: the advantage A of a token is the sum of the rewards from there on${algorithm.gamma === 1 ? '' : msg`, discounted`}, ${formatNumber(first.return)} at the first token.${white}${use}`;
  const gap = first.return - first.value;
  const verdict = gap === 0 ? msg`just as expected` : msg`${formatNumber(Math.abs(gap))} ${gap > 0 ? msg`better` : msg`worse`} than expected`;
  return msg`Did it go better than expected? At every token the critic, which is trained beside the policy, says how much reward it expects from there on: its value V. `
    + msg`At the first token of this response that was ${formatNumber(first.value)}, and the return R${algorithm.gaeLambda < 1 ? msg`, which blends the rewards that came with the critic’s later guesses (λ = ${knobWords(algorithm.gaeLambda)}),` : ''} is ${formatNumber(first.return)}: ${verdict}. That difference is the advantage A.${white}${use}`;
}

function epochWords({ algorithm, passes, lastPass, batch: { rollouts }, rows }: StageFacts): string {
  const { epochs, minibatches, clipRange } = algorithm;
  const parts = minibatches === 1 ? count(epochs, 'epoch') : msg`${count(epochs, 'epoch')} of ${minibatches} minibatches`;
  // A ratio is never below 0.
  const below = clipRange < 1 ? msg`, or below ${knobWords(1 - clipRange)} with A below 0` : '';
  const own = rows.filter(({ clipped }) => clipped.some(Boolean)).length;
  const ownWords = own === 0 ? msg`of this response none ever was` : msg`of this response ${own} of ${count(rows.length, 'token')} ${own === 1 ? msg`was` : msg`were`} at some step`;
  return msg`Now the policy moves: ${count(passes, 'gradientStep')} on the same ${count(rollouts, 'response')} (${parts}). ρ says how many times as likely as under π_old a token has become: it is 1 at the first step. `
    + msg`Once it is above ${knobWords(1 + clipRange)} with A above 0${below}, the token is pushed no further: it is clipped. `
    + msg`The last step found ρ from ${formatNumber(lastPass.lowest)} to ${formatNumber(lastPass.highest)}; ${clippedWords(lastPass.clipped, lastPass.seen)}, and ${ownWords}.`;
}
