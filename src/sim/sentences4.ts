/** The sentences of chapter 4, reading the objective: pure functions from numbers to words. */
import { directionOf, restingGap, type BenchFacts, type BenchReading, type Direction } from './betaBench.ts';
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber, formatProbability } from './numbers.ts';
import { knobWords, shareWords, type Fragment } from './sentences.ts';
import { quoted } from './words.ts';

/** What is read of one response. */
export interface RatioFacts {
  ref: number;
  now: number;
  ratio: number;
  logRatio: number;
}

/** What is read of a pair. */
export interface PairFacts {
  chosen: RatioFacts;
  rejected: RatioFacts;
  /** h, nats. */
  margin: number;
  rewardMargin: number;
  loss: number;
  weight: number;
}

/** Whose numbers they are. */
export type PairSource =
  /** `step` updates of training; `whose`: of which seeds. */
  | { kind: 'run'; step: number; chosen: string; rejected: string; whose: string }
  /** One response of the slide, beside the slide's other one. */
  | { kind: 'risen'; other: PairFacts }
  /** The slide's two log-ratios. */
  | { kind: 'margin' }
  | { kind: 'own' };

/** A margin or log-ratio that is shown as 0 is called 0. */
const SMALL = 5e-4;

/** The headline of chapter 4. */
export function objectiveSentence(facts: PairFacts, source: PairSource, beta: number): Fragment[] {
  switch (source.kind) {
    case 'run': return runWords(facts, source);
    case 'risen': return risenWords(facts, source.other);
    case 'margin': return marginWords(facts, beta);
    case 'own': return ownWords(facts, beta);
  }
}

const chosen = (text: string): Fragment => ({ text, role: 'chosen' });
const rejected = (text: string): Fragment => ({ text, role: 'rejected' });

/** "1.13 times", "a 10⁻⁵th"; what is far below 1 as a number with an exponent. */
const times = (ratio: number) => msg`${formatNumber(ratio)} times`;

function runWords(facts: PairFacts, { step, chosen: won, rejected: lost, whose }: Extract<PairSource, { kind: 'run' }>): Fragment[] {
  if (step === 0 && Math.abs(facts.margin) < SMALL) {
    return [{ text: msg`Before training every ratio is 1: the margin h is 0, the loss is log 2 = ${formatNumber(Math.LN2)}, and the gradient has half its weight, whatever β is. Press Play, or drag a mark.` }];
  }
  return [
    { text: msg`After ${count(step, 'update')}${whose === '' ? '' : ` (${whose})`} ` }, chosen(quoted(won)),
    { text: msg` has ${times(facts.chosen.ratio)} its probability in the reference, ` }, rejected(quoted(lost)), { text: ` ${times(facts.rejected.ratio)}. ` },
    { text: msg`${bothWords(facts)} ${facts.margin < -SMALL ? msg`The` : msg`The margin is ${formatNumber(facts.margin)}, the`} loss ${facts.margin < -SMALL ? msg`is ` : ''}${formatNumber(facts.loss)}.` },
  ];
}

/** What the loss does not say of two ratios: that both went the same way, or that the one that should rise fell. */
function bothWords({ chosen: up, rejected: down, margin }: PairFacts): string {
  const [a, b] = [up.logRatio, down.logRatio];
  if (margin > SMALL && a < -SMALL && b < -SMALL) return msg`Both have fallen; the loss sees only that they are apart.`;
  if (margin > SMALL && a > SMALL && b > SMALL) return msg`Both have risen; the loss sees only that they are apart.`;
  if (margin < -SMALL) return msg`The pair is ranked the wrong way round.`;
  return msg`The loss sees only how far apart the two are.`;
}

/** "0.48", "less than 0.001". */
function shareOfFull(weight: number): string {
  if (weight < 0.001) return msg`less than 0.001`;
  return weight > 0.999 ? msg`more than 0.999` : formatNumber(weight);
}

/** "ten points", "one point", "0.3 points": a difference of probabilities in percentage points. */
function pointsWords(difference: number): string {
  const points = Number((100 * difference).toPrecision(3));
  const words: Record<string, string> = { 1: msg`one point`, 10: msg`ten points` };
  return words[points] ?? msg`${formatNumber(points)} points`;
}

/** 1.125 and 1.1 need four digits to be told apart from 1.13. */
const ratioWords = (ratio: number) => String(Number(ratio.toPrecision(4)));

function risenWords(facts: PairFacts, other: PairFacts): Fragment[] {
  const [own, beside] = [facts.chosen, other.chosen];
  return [
    chosen(msg`From ${shareWords(own.ref)} to ${shareWords(own.now)}`),
    { text: msg` is ${pointsWords(own.now - own.ref)}, a ratio of ${ratioWords(own.ratio)}; from ${shareWords(beside.ref)} to ${shareWords(beside.now)} ${pointsWords(beside.now - beside.ref)}, ${ratioWords(beside.ratio)}. ` },
    { text: msg`On the ruler they stand at ${formatNumber(own.logRatio)} and ${formatNumber(beside.logRatio)}, the losses are ${formatNumber(facts.loss)} and ${formatNumber(other.loss)}: the loss reads ratios, not probabilities.` },
  ];
}

/** "0.3", "−0.003". */
const short = (x: number) => knobWords(x).replace('-', '−');

function marginWords(facts: PairFacts, beta: number): Fragment[] {
  return [
    { text: msg`Log-ratios of ` }, chosen(short(facts.chosen.logRatio)), { text: msg` and ` }, rejected(short(facts.rejected.logRatio)),
    { text: msg` are ${formatNumber(facts.margin)} apart: that is the margin h. Times β = ${knobWords(beta)} it is ${formatNumber(facts.rewardMargin)}, and the loss is ${formatNumber(facts.loss)}. Any other two marks as far apart have the same loss.` },
  ];
}

function ownWords(facts: PairFacts, beta: number): Fragment[] {
  return [
    { text: msg`With ` }, chosen(msg`y₊ at ${times(facts.chosen.ratio)}`), { text: msg` and ` }, rejected(msg`y₋ at ${times(facts.rejected.ratio)}`),
    { text: msg` the reference the margin h is ${formatNumber(facts.margin)}. Times β = ${knobWords(beta)} it is ${formatNumber(facts.rewardMargin)}: the loss is ${formatNumber(facts.loss)}, the weight of the gradient ${shareOfFull(facts.weight)}. ${bothWords(facts)}` },
  ];
}

/** What moving mass to y₀ has changed. */
export interface IsoFacts {
  /** s. */
  share: number;
  /** What the pairs have of the probability at s = 0. */
  left: number;
  start: { loss: number; value: number; kl: number };
  now: { loss: number; value: number; kl: number };
  /** Text of y₀, and its probability. */
  name: string;
  on: number;
}

/** With less than this the slider has nothing to show. */
const LEAST_LEFT = 0.01;

/** Under the slider of the iso-loss picture. */
export function isoWords({ share, left, start, now, name, on }: IsoFacts): string {
  if (left < LEAST_LEFT) return msg`Training has done it already: the pair has ${shareWords(left)} of the probability left to move. Reset the run, and move it by hand.`;
  if (share === 0) return msg`Move the slider: the pair’s probability goes to ${quoted(name)}. Which of these numbers will change?`;
  const loss = now.loss === start.loss ? msg`the loss is the same to the last digit` : msg`the loss has changed by ${formatNumber(now.loss - start.loss)}`;
  const turned = (from: number, to: number) => msg`${to > from ? msg`risen` : msg`fallen`} from ${formatNumber(from)} to ${formatNumber(to)}`;
  return msg`${quoted(name)} now has ${formatProbability(on)} of the probability, and ${loss}. KL has ${turned(start.kl, now.kl)}, J ${turned(start.value, now.value)}: the loss does not see it.`;
}

/** What is read where the reference gives y₀ the probability q. */
export interface SupportFacts {
  q: number;
  /** Text of y₀. */
  name: string;
  /** π*(y₀) as text. */
  optimal: string;
  /** log π(y₀)/π_ref(y₀) and KL(π‖π_ref) of the fixed policy, nats; null where there is none. */
  logRatio: number | null;
  kl: number | null;
  /** The DPO loss is what it was at the other end of the slider, to the last bit. */
  sameLoss: boolean;
}

/** Beside the slider of π_ref(y₀). */
export function supportWords({ q, name, optimal, logRatio, kl, sameLoss }: SupportFacts): string {
  const loss = sameLoss ? msg`The DPO loss of the pair has not changed in any digit: y₀ is not in it.` : msg`The DPO loss has changed.`;
  if (q === 0 || logRatio === null || kl === null) {
    return msg`At exactly 0 the log-ratio of ${quoted(name)} is undefined: it divides by 0. KL, which averages it, has no finite value, and π* gives it exactly 0, whatever its reward. ${loss}`;
  }
  return msg`The optimum gives ${quoted(name)} ${optimal}: its odds fall as the reference’s do. For the policy that has put its probability there, the log-ratio is ${formatNumber(logRatio)} and KL ${formatNumber(kl)} nats: a tenth of the support adds ${formatNumber(Math.LN10)} to the log-ratio, without end. ${loss}`;
}

/** The three true sentences about β, and the slide's, from what a bench has measured. */
export interface BenchWords {
  first: string;
  after: string;
  noisy: string;
  noiseless: string;
  slide: string;
}

/** How far from proportional the first gaps may be, and how far from rest the noisy ones, to be called so: softmax is not linear, and rest is reached in the limit. */
const PROPORTIONAL = 0.02;
const AT_REST = 0.01;

const valuesOf = ({ cells }: BenchReading, key: 'gap' | 'rewardGap') => cells.map((cell) => cell[key]);

export function benchWords(facts: BenchFacts): BenchWords {
  return { first: firstWords(facts), after: afterWords(facts), noisy: noisyWords(facts), noiseless: noiselessWords(facts), slide: slideWords(facts) };
}

function ends({ cells }: BenchReading) {
  return { low: cells[0], high: cells[cells.length - 1] };
}

function firstWords({ first }: BenchFacts): string {
  if (!first) return msg`The first update was not kept. Start the bench with its button, which stops there.`;
  const { low, high } = ends(first);
  const [grown, betas] = [high.gap / low.gap, high.beta / low.beta];
  const worst = Math.max(...first.cells.map(({ beta, gap }) => Math.abs((gap / low.gap) / (beta / low.beta) - 1)));
  const how = worst <= PROPORTIONAL ? msg`in proportion to β` : msg`not in proportion to β (up to ${shareWords(worst)} off)`;
  return msg`The first update opens the log-ratio gap ${how}: ${knobWords(betas)} times the β, ${knobWords(grown)} times the gap.`;
}

function afterWords({ after }: BenchFacts): string {
  const widest = after.cells.reduce((a, b) => (b.gap > a.gap ? b : a));
  return msg`After ${count(after.step, 'update')} the log-ratio gap is widest at β = ${knobWords(widest.beta)} (${formatNumber(widest.gap)}): it depends on when one looks.`;
}

/** The largest distance from rest, as a share of it. */
export function offRest({ noisy, epsilon }: BenchFacts): number {
  const rest = restingGap(epsilon);
  return Math.max(...valuesOf(noisy, 'rewardGap').map((gap) => Math.abs(gap - rest) / rest));
}

function noisyWords(facts: BenchFacts): string {
  const { noisy, epsilon } = facts;
  const rest = formatNumber(restingGap(epsilon));
  const off = offRest(facts);
  if (off > AT_REST) return msg`With ${shareWords(epsilon)} of the comparisons the other way round, the reward gap has a resting place: log((1 − ε)/ε) = ${rest}. After ${count(noisy.step, 'update')} it is still up to ${shareWords(off)} away.`;
  const { low, high } = ends(noisy);
  return msg`With ${shareWords(epsilon)} of the comparisons the other way round, the reward gap βh comes to rest at ${rest} = log((1 − ε)/ε) at every β. So the log-ratio gap is ${rest}/β: ${formatNumber(low.gap)} at β = ${knobWords(low.beta)}, ${formatNumber(high.gap)} at β = ${knobWords(high.beta)}.`;
}

function noiselessWords({ noiseless, earlier }: BenchFacts): string {
  const furthest = noiseless.cells.reduce((a, b) => (b.gap > a.gap ? b : a));
  const { low } = ends(noiseless);
  const where = furthest === low ? msg`the smallest β has gone furthest: ${formatNumber(low.gap)} at β = ${knobWords(low.beta)}` : msg`the furthest so far is β = ${knobWords(furthest.beta)}, at ${formatNumber(furthest.gap)}`;
  if (!earlier) return msg`Without noise there is no finite optimum; ${where}.`;
  const growth = noiseless.cells.map(({ gap }, i) => gap - earlier.cells[i].gap);
  const least = Math.min(...growth);
  const grows = least > 0 ? msg`at every β the gap still grew by ${formatNumber(least)} or more in the last ${count(noiseless.step - earlier.step, 'update')}` : msg`not at every β has the gap grown in the last ${count(noiseless.step - earlier.step, 'update')}`;
  return msg`Without noise there is no finite optimum: ${grows}, and ${where}.`;
}

const GOES: Record<Direction, string> = { rises: msg`wider the higher β`, falls: msg`narrower the higher β`, same: msg`the same at every β`, mixed: msg`widest in between` };

/** How both gaps go, at one moment. */
function goesWords(when: string, reading: BenchReading): string {
  const [own, reward] = [directionOf(valuesOf(reading, 'gap')), directionOf(valuesOf(reading, 'rewardGap'))];
  return own === reward ? msg`${when} both gaps are ${GOES[own]}.` : msg`${when} the log-ratio gap is ${GOES[own]}, the reward gap ${GOES[reward]}.`;
}

/** The slide's sentence, told apart by which gap and when. */
function slideWords(facts: BenchFacts): string {
  const { first, noisy, noiseless } = facts;
  const parts = [
    ...(first ? [goesWords(msg`After the first update`, first)] : []),
    goesWords(offRest(facts) <= AT_REST ? msg`At convergence with noise` : msg`With noise, so far,`, noisy),
    goesWords(msg`Without noise, so far,`, noiseless),
  ];
  const holds = first !== null && directionOf(valuesOf(first, 'gap')) === 'rises';
  const only = holds && [noisy, noiseless].every((reading) => directionOf(valuesOf(reading, 'gap')) !== 'rises');
  return `${parts.join(' ')} ${only ? msg`Of the log-ratio gap, which is how far the policy itself moves, the sentence is true of the first update only.` : msg`Whether the sentence is true depends on which gap is meant, and when.`}`;
}
