/**
 * What a question before Play is made of, what may be answered, and what an answer is worth. Pure; everything that is
 * kept of it is plain data. The questions themselves: questions.ts.
 */
import type { Experiment } from './experiment.ts';
import { focusMembers, focusValue, metricOf } from './focus.ts';
import { historyPoints, type History } from './history.ts';
import type { MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { formatNumber } from './numbers.ts';
import { sweepLabel } from './words.ts';
import { GROUPS, type Group } from './world.ts';
import type { Focus } from './worker/protocol.ts';

/** Names in links, presets and records; stable. */
export const QUESTION_IDS = [
  'where', 'most', 'chosen', 'loss', 'collapsed', 'ratios', 'gap', 'optimum', 'half',
  'earned', 'hacked', 'longer', 'length', 'unseen', 'word',
  'drift', 'rate', 'beta', 'widest', 'shortest', 'longest', 'method', 'nearest', 'earns', 'holding',
] as const;
export type QuestionId = (typeof QUESTION_IDS)[number];

/** What runs, and which of its policies the question is about: one seed, or all of one swept value. */
export interface Asked {
  experiment: Experiment;
  /** Trained side by side with it. */
  others: readonly Experiment[];
  focus: Focus;
}

/** Probability of each group, in the order of GROUPS; they add up to 1. */
export type Masses = readonly [number, number, number, number];

export type Answer =
  | { kind: 'masses'; masses: Masses }
  | { kind: 'choice'; option: string }
  | { kind: 'count'; count: number }
  | { kind: 'number'; value: number };

/** One of the answers that a class votes on, and that a choice is made of. */
export interface Option {
  id: string;
  text: string;
  /** Its colour role, where it is a group. */
  group?: Group;
}

/** Where counts and numbers lie. */
export interface Range {
  low: number;
  high: number;
  step: number;
  /** "words"; "of 8 seeds" for a count. */
  unit: string;
}

export interface Outcome {
  answer: Answer;
  /** Ids of the options that are right: several where they end alike. */
  right: readonly string[];
  /** What happened, with its numbers. */
  sentence: string;
}

export interface Score {
  /** In [0, 1]. */
  score: number;
  /** What it is, in words. */
  sentence: string;
}

export interface Question {
  id: QuestionId;
  kind: Answer['kind'];
  /** The question in a few words. */
  title: string;
  /** Whether it can be asked of a run: then its outcome is defined on every run with finite numbers. */
  appliesTo(asked: Asked): boolean;
  /** The whole question. */
  words(asked: Asked): string;
  /** What counts, and whose numbers are read. */
  rule(asked: Asked): string;
  /** What a class votes on; of masses: the group that will hold most. */
  options(asked: Asked): readonly Option[];
  /** Of counts and numbers. */
  range?(asked: Asked): Range;
  /** From the record of a run at its last update; null where a number that it needs is not defined. */
  outcome(asked: Asked, history: History): Outcome | null;
}

/** Members of the population that the question is about. */
export function askedMembers({ experiment, focus }: Asked): number[] {
  return focusMembers(experiment, focus);
}

/** Whose numbers are read, where a middle is meant: "the median over 8 seeds", "seed 3". */
export function whoseMedian(asked: Asked): string {
  return whose(asked, msg`median`);
}

/** The same of a sum that only a mean keeps. */
export function whoseMean(asked: Asked): string {
  return whose(asked, msg`mean`);
}

function whose({ experiment: { seeds }, focus }: Asked, middle: string): string {
  if (focus.seedIndex !== null) return msg`seed ${seeds[focus.seedIndex]}`;
  return seeds.length === 1 ? msg`seed ${seeds[0]}` : msg`the ${middle} over ${seeds.length} seeds`;
}

/** " (β = 0.05)" in a sweep; nothing without one. */
export function atSwept({ experiment, others, focus }: Asked): string {
  const label = others.length > 0 ? '' : sweepLabel(experiment, focus.sweepIndex);
  return label === '' ? '' : ` (${label})`;
}

/** One metric over the updates recorded, of the seed or the median over seeds. */
export function lineOf(asked: Asked, history: History, id: MetricId): { step: number; value: number }[] {
  const members = askedMembers(asked);
  const { steps, points } = historyPoints(history);
  return points.map((metrics, i) => ({ step: steps[i], value: focusValue(metrics, history.policyCount, id, members) }));
}

/** One metric at update 0 and at the end. */
export function endsOf(asked: Asked, history: History, id: MetricId): { start: number; end: number } {
  const line = lineOf(asked, history, id);
  return { start: line[0]?.value ?? NaN, end: line.at(-1)?.value ?? NaN };
}

/** One metric of some members at the end. */
export function lastOf(history: History, id: MetricId, members: readonly number[]): number[] {
  return history.last ? metricOf(history.last.metrics, history.policyCount, id, members) : members.map(() => NaN);
}

/** A value of a range, as it is said: "2.4 words", "3 of 8 seeds". */
export function rangeWords(value: number, { step, unit }: Range): string {
  const text = Number.isInteger(value) && step >= 1 ? String(value) : formatNumber(value);
  return unit === '' ? text : `${text} ${unit}`;
}

/** An answer in words. */
export function answerWords(question: Question, asked: Asked, answer: Answer): string {
  const options = question.options(asked);
  switch (answer.kind) {
    case 'masses': return options.map(({ text, group }) => `${Math.round(100 * massOf(answer.masses, group))} % ${text}`).join(', ');
    case 'choice': return options.find(({ id }) => id === answer.option)?.text ?? answer.option;
    case 'count': return question.range ? rangeWords(answer.count, question.range(asked)) : String(answer.count);
    case 'number': return question.range ? rangeWords(answer.value, question.range(asked)) : formatNumber(answer.value);
  }
}

/** Probability of a group; 0 without one. */
export function massOf(masses: Masses, group: Group | undefined): number {
  return group === undefined ? 0 : masses[GROUPS.indexOf(group)];
}

/** Whether an answer may be given to the question: of its kind, and within its bounds. */
export function isAnswer(question: Question, asked: Asked, answer: Answer): boolean {
  if (answer.kind !== question.kind) return false;
  const range = question.range?.(asked);
  const inside = (value: number) => range !== undefined && value >= range.low && value <= range.high;
  switch (answer.kind) {
    case 'masses': return answer.masses.every((p) => p >= 0 && p <= 1) && Math.abs(answer.masses.reduce((a, b) => a + b, 0) - 1) < 1e-9;
    case 'choice': return question.options(asked).some(({ id }) => id === answer.option);
    case 'count': return Number.isInteger(answer.count) && inside(answer.count);
    case 'number': return inside(answer.value);
  }
}

/**
 * What an answer is worth.
 *
 *   masses: 1 − ½·Σ_g |p(g) − q(g)|;   choice: 1 or 0;   count, number: 1 − distance / length of the range
 *
 * @throws RangeError when the answer is not one to this question
 */
export function scoreOf(question: Question, asked: Asked, answer: Answer, outcome: Outcome): Score {
  if (!isAnswer(question, asked, answer)) throw new RangeError(`scoreOf: the answer must be one to the question "${question.id}", got ${JSON.stringify(answer)}`);
  const truth = outcome.answer;
  if (answer.kind === 'masses' && truth.kind === 'masses') {
    const moved = answer.masses.reduce((sum, p, g) => sum + Math.abs(p - truth.masses[g]), 0) / 2;
    const score = Math.max(0, 1 - moved);
    return { score, sentence: msg`${points(score)}: ${Math.round(100 * moved)} % of the probability would have to move to make the prediction the result.` };
  }
  if (answer.kind === 'choice') {
    const right = outcome.right.includes(answer.option);
    return { score: right ? 1 : 0, sentence: right ? msg`Right.` : msg`Wrong.` };
  }
  const range = question.range?.(asked);
  // What is off is so many seeds, not so many of them all.
  return distanceScore(numberOf(answer), numberOf(truth), range && question.kind === 'count' ? { ...range, unit: '' } : range);
}

function numberOf(answer: Answer): number {
  if (answer.kind === 'count') return answer.count;
  return answer.kind === 'number' ? answer.value : NaN;
}

function distanceScore(predicted: number, truth: number, range: Range | undefined): Score {
  const { low, high, step, unit } = range ?? { low: 0, high: 1, step: 1, unit: '' };
  const distance = Math.abs(predicted - truth);
  const score = Math.max(0, 1 - distance / (high - low));
  if (distance < step / 2) return { score, sentence: msg`${points(score)}: exact${distance === 0 ? '' : msg`, to within half a step of the slider`}.` };
  const way = predicted > truth ? msg`too high` : msg`too low`;
  return { score, sentence: `${points(score)}: ${rangeWords(distance, { low, high, step, unit })} ${way}.` };
}

/** A score as it is said: "96 of 100". */
export function points(score: number): string {
  return msg`${Math.round(100 * score)} of 100`;
}
