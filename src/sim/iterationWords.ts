/** The sentences about one PPO iteration: pure functions from its numbers to words. */
import type { PpoAlgorithm } from './experiment.ts';
import type { BatchFacts, ClipFacts, TokenRow, ValueFacts } from './iteration.ts';
import { count, formatNumber } from './numbers.ts';
import { knobWords, shareWords } from './sentences.ts';
import { quoted } from './words.ts';

/** The stages of one iteration, in order. */
export const STAGES = ['sample', 'score', 'kl', 'advantage', 'epochs', 'refresh'] as const;
export type Stage = (typeof STAGES)[number];
export const STAGE_NAMES: Record<Stage, string> = { sample: 'sample', score: 'score', kl: 'KL', advantage: 'advantage', epochs: 'epochs', refresh: 'refresh' };

/** A ratio nearer to 1 than this has not moved: float32 rounds log-probabilities this coarsely. */
const UNMOVED = 1e-5;

/** "9 of 240 tokens are clipped …": what gradient step `pass` (0-based) of `passes` found. */
export function clipWords({ seen, clipped, lowest, highest }: ClipFacts, pass: number, passes: number): string {
  const step = passes === 1 ? 'the gradient step' : `gradient step ${pass + 1} of ${passes}`;
  if (seen === 0) return `No token is in the minibatch of ${step}.`;
  if (Math.max(Math.abs(lowest - 1), Math.abs(highest - 1)) < UNMOVED) return `Before ${step} nothing has moved: every ratio is 1, and none of ${count(seen, 'token')} is clipped.`;
  const pushed = clipped === 0 ? 'it pushes all of them' : `it pushes ${clipped === 1 ? 'that one' : 'those'} no further`;
  return `When ${step} comes, ${clippedWords(clipped, seen)}: ${pushed}.`;
}

/** "9 of 240 tokens are clipped", "none of 240 tokens is clipped". */
function clippedWords(clipped: number, seen: number): string {
  if (clipped === 0) return `none of ${count(seen, 'token')} is clipped`;
  return `${clipped.toLocaleString('en')} of ${count(seen, 'token')} ${clipped === 1 ? 'is' : 'are'} clipped`;
}

/** How well the critic knew the returns, in one sentence. */
export function valueWords({ tokens, explained, error }: ValueFacts): string {
  if (Number.isNaN(explained)) return `The returns of all ${count(tokens, 'token')} are equal: there is nothing to explain.`;
  const rest = `1 − Var(R − V)/Var(R) is ${formatNumber(explained)}; a value misses its return by ${formatNumber(error)} (root mean square)`;
  if (explained <= 0) return `The critic explains nothing of the returns yet: ${rest}.`;
  return `The critic explains ${shareWords(explained)} of the variance of the returns: ${rest}.`;
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

const WORDS: Record<Stage, (facts: StageFacts) => string> = {
  sample: ({ step, batch: { rollouts, distinct }, text, times, rows }) => (
    `Before update ${step.toLocaleString('en')} the policy is called π_old. It writes ${count(rollouts, 'response')}, ${distinct.toLocaleString('en')} different. `
    + `${quoted(text).replace(/^the/, 'The')} came ${times === 1 ? 'once' : `${times.toLocaleString('en')} times`}: ${count(rows.length, 'token')}, probability ${shareWords(probabilityOf(rows))}.`
  ),
  score: ({ algorithm, batch: { lowestScore, highestScore, meanScore }, text, rows }) => (
    `${algorithm.reward === 'gold' ? 'The gold reward' : 'The reward model'} scores whole responses, here from ${formatNumber(lowestScore)} to ${formatNumber(highestScore)}, on average ${formatNumber(meanScore)}. `
    + `${quoted(text).replace(/^the/, 'The')} gets ${formatNumber(rows[rows.length - 1].score)}, all of it at the last token.`
  ),
  kl: ({ beta, batch: { kl }, rows }) => (
    `Where π_old gives a token more than π_ref did, the token pays β = ${knobWords(beta)} per nat; where it gives less, the token is paid. Here that adds ${formatNumber(sumOf(rows, ({ klReward }) => klReward))} to the score: the rewards sum to ${formatNumber(sumOf(rows, ({ reward }) => reward))}. `
    + `Over all responses the KL is ${formatNumber(kl)} nats on average.`
  ),
  advantage: advantageWords,
  epochs: epochWords,
  refresh: ({ passes, batch: { approxKl, rollouts }, text, rows, after }) => (
    `The ${rollouts === 1 ? 'response is' : `${rollouts.toLocaleString('en')} responses are`} thrown away; the next update draws from the policy as it is now. `
    + `${passes === 1 ? 'The gradient step found the policy' : `The ${passes} gradient steps found the policy, on average,`} an approximate KL of ${formatNumber(approxKl)} nats per token from π_old.`
    + (after === null ? '' : ` It now gives ${quoted(text)} ${shareWords(after)}; π_old gave it ${shareWords(probabilityOf(rows))}.`)
  ),
};

function advantageWords({ algorithm, batch: { tokens }, rows }: StageFacts): string {
  const white = algorithm.whitenAdvantages ? ` Then the advantages of all ${count(tokens, 'token')} are shifted and scaled to mean 0 and variance 1.` : '';
  const [first] = rows;
  if (algorithm.valueCoef === 0) return `There is no critic: the advantage of a token is the sum of the rewards from there on${algorithm.gamma === 1 ? '' : ', discounted'}, ${formatNumber(first.return)} at the first token.${white}`;
  const gap = first.return - first.value;
  const verdict = gap === 0 ? 'just as expected' : `${formatNumber(Math.abs(gap))} ${gap > 0 ? 'better' : 'worse'} than expected`;
  return `At the first token the critic expected ${formatNumber(first.value)}, and the return is ${formatNumber(first.return)}: ${verdict}.${white}`;
}

function epochWords({ algorithm, passes, lastPass, batch: { rollouts }, rows }: StageFacts): string {
  const { epochs, minibatches, clipRange } = algorithm;
  const parts = minibatches === 1 ? count(epochs, 'epoch') : `${count(epochs, 'epoch')} of ${minibatches} minibatches`;
  const range = `${knobWords(Math.max(0, 1 - clipRange))} … ${knobWords(1 + clipRange)}`;
  const own = rows.filter(({ clipped }) => clipped.some(Boolean)).length;
  const ownWords = own === 0 ? 'and none of this response ever was' : `and ${own} of the ${count(rows.length, 'token')} of this response ${own === 1 ? 'was' : 'were'} at some step`;
  return `${count(passes, 'gradient step')} on the same ${count(rollouts, 'response')} (${parts}). A ratio ρ starts at 1 and is pushed no further once it has left ${range} on its advantage’s side. `
    + `The last step found ρ from ${formatNumber(lastPass.lowest)} to ${formatNumber(lastPass.highest)}; ${clippedWords(lastPass.clipped, lastPass.seen)}, ${ownWords}.`;
}
