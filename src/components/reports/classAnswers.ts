/** What a class predicted: of every question the distribution of its answers, with the outcome beside. Pure. */
import type { Experiment } from '../../sim/experiment.ts';
import { readExperiment } from '../../sim/experimentSchema.ts';
import { msg } from '../../sim/msg.ts';
import { massOf, rangeWords, type Answer, type Asked, type Question, type Range } from '../../sim/question.ts';
import { QUESTIONS } from '../../sim/questions.ts';
import type { Group } from '../../sim/world.ts';
import { formatProbability } from '../format.ts';
import type { PredictionRecord } from '../predict/records.ts';
import type { Report } from '../student/report.ts';
import { canonicalJson } from '../student/reportHash.ts';

/** One possible answer, and how much of the class gave it. */
export interface AnswerBar {
  label: string;
  /** Its colour role, where it is a group. */
  group: Group | null;
  /** In [0, 1]: the share of the answers, or the mean of what they give to this group. */
  share: number;
  /** Of masses: what each answer gives to this group, in [0, 1]; else empty. */
  each: readonly number[];
  /** The same in words: "7 of 23", "mean 41 %". */
  text: string;
  /** Whether it is what happened, of choices and numbers; how much it was, in [0, 1], of masses. */
  was: boolean | number;
}

/** The answers to one question about one run. */
export interface ClassAnswers {
  title: string;
  words: string;
  rule: string;
  /** How many students answered. */
  students: number;
  /** Mean score in [0, 1]; NaN where none was scored. */
  score: number;
  bars: readonly AnswerBar[];
  /** What happened, with how often it did where it was not always the same. */
  outcomes: readonly { sentence: string; count: number }[];
}

/** At most this many bars of a number; more values than that are put together. */
const MOST_BARS = 10;

/** By question, the most answered first. Of each student the first answer that was scored counts, or the first. */
export function classAnswers(reports: readonly Pick<Report, 'predictions'>[]): ClassAnswers[] {
  const groups = new Map<string, PredictionRecord[]>();
  for (const { predictions } of reports) {
    for (const [key, record] of firstAnswers(predictions)) {
      const group = groups.get(key);
      if (group) group.push(record);
      else groups.set(key, [record]);
    }
  }
  return [...groups.values()].map(answersOf).toSorted((a, b) => b.students - a.students);
}

/** By question. Once seen, an outcome is no prediction any more. */
function firstAnswers(predictions: readonly PredictionRecord[]): Map<string, PredictionRecord> {
  const kept = new Map<string, PredictionRecord>();
  for (const record of predictions.filter(({ answer }) => answer !== null)) {
    const key = keyOf(record);
    const before = kept.get(key);
    if (!before || (before.outcome === null && record.outcome !== null)) kept.set(key, record);
  }
  return kept;
}

/** The same for the same question about the same runs, whatever they are called. */
function keyOf({ question, experiments, shownSeed }: PredictionRecord): string {
  return canonicalJson({ question, shownSeed, experiments: experiments.map(({ name: _name, ...rest }) => rest) });
}

function answersOf(records: readonly PredictionRecord[]): ClassAnswers {
  const [first] = records;
  const question = QUESTIONS.find(({ id }) => id === first.question) ?? null;
  const asked = question && askedIn(first, question);
  const scores = records.flatMap(({ score }) => (score === null ? [] : [score]));
  return {
    title: question?.title ?? first.question, words: first.words, rule: first.rule, students: records.length,
    score: scores.length === 0 ? NaN : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    bars: barsOf(records, question, asked), outcomes: outcomesOf(records),
  };
}

/** What a record was asked about; null where its experiments cannot be read, or where the question is none of them. */
function askedIn({ experiments, shownSeed }: PredictionRecord, question: Question): Asked | null {
  const read = experiments.map((file) => readExperiment(file));
  const [experiment, ...others] = read.flatMap((one): Experiment[] => (one.ok ? [one.experiment] : []));
  if (!experiment || others.length + 1 < read.length) return null;
  const seedIndex = experiment.seeds.findIndex((seed) => seed === shownSeed);
  const asked: Asked = { experiment, others, focus: { seedIndex: seedIndex < 0 ? null : seedIndex, sweepIndex: 0 } };
  return question.appliesTo(asked) ? asked : null;
}

function outcomesOf(records: readonly PredictionRecord[]): ClassAnswers['outcomes'] {
  const counts = new Map<string, number>();
  for (const { outcome } of records) if (outcome) counts.set(outcome.sentence, (counts.get(outcome.sentence) ?? 0) + 1);
  return [...counts].map(([sentence, count]) => ({ sentence, count })).toSorted((a, b) => b.count - a.count);
}

function barsOf(records: readonly PredictionRecord[], question: Question | null, asked: Asked | null): AnswerBar[] {
  const answers = records.flatMap(({ answer }) => (answer ? [answer] : []));
  const kind = question?.kind ?? answers[0]?.kind;
  if (kind === 'masses') return massBars(answers, truthsOf(records), question, asked);
  if (kind === 'choice') return choiceBars(records, question, asked);
  return numberBars(answers, truthsOf(records), asked && (question?.range?.(asked) ?? null));
}

function truthsOf(records: readonly PredictionRecord[]): Answer[] {
  return records.flatMap(({ outcome }) => (outcome ? [outcome.answer] : []));
}

function sharesOf(answers: readonly Answer[], group: Group): number[] {
  return answers.flatMap((answer) => (answer.kind === 'masses' ? [massOf(answer.masses, group)] : []));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function massBars(answers: readonly Answer[], truths: readonly Answer[], question: Question | null, asked: Asked | null): AnswerBar[] {
  const options = question && asked ? question.options(asked) : [];
  return options.flatMap(({ text, group }): AnswerBar[] => {
    if (group === undefined) return [];
    const each = sharesOf(answers, group);
    const share = meanOf(each);
    const was = truths.length > 0 && meanOf(sharesOf(truths, group));
    return [{ label: text, group, share, each, text: msg`mean ${Math.round(100 * share)} %${was === false ? '' : msg`, it was ${formatProbability(was)}`}`, was }];
  });
}

function choiceBars(records: readonly PredictionRecord[], question: Question | null, asked: Asked | null): AnswerBar[] {
  const known = question && asked ? question.options(asked).map(({ id, text, group }) => ({ id, text, group: group ?? null })) : [];
  const given = records.flatMap(({ answer, said }) => (answer?.kind === 'choice' && !known.some(({ id }) => id === answer.option) ? [{ id: answer.option, text: said, group: null }] : []));
  const options = [...known, ...given.filter(({ id }, i) => given.findIndex((other) => other.id === id) === i)];
  const right = new Set(records.flatMap(({ outcome }) => outcome?.right ?? []));
  return options.map(({ id, text, group }) => {
    const n = records.filter(({ answer }) => answer?.kind === 'choice' && answer.option === id).length;
    return { label: text, group, ...counted(n, records.length), was: right.has(id) };
  });
}

function counted(n: number, all: number): Pick<AnswerBar, 'share' | 'text' | 'each'> {
  return { share: n / all, each: [], text: msg`${n} of ${all}` };
}

function valueOf(answer: Answer): number {
  if (answer.kind === 'count') return answer.count;
  return answer.kind === 'number' ? answer.value : NaN;
}

/** A bar for every value, or for equally wide ranges of them. */
function numberBars(answers: readonly Answer[], truths: readonly Answer[], range: Range | null): AnswerBar[] {
  const given = answers.map(valueOf).filter(Number.isFinite);
  const happened = truths.map(valueOf).filter(Number.isFinite);
  const words = (value: number) => rangeWords(value, range ?? { low: 0, high: 1, step: 0.01, unit: '' });
  const values = [...new Set([...given, ...happened])].sort((a, b) => a - b);
  if (values.length <= MOST_BARS) {
    return values.map((value) => ({ label: words(value), group: null, ...counted(given.filter((one) => one === value).length, answers.length), was: happened.includes(value) }));
  }
  const [low, high] = [values[0], values[values.length - 1]];
  const width = (high - low) / MOST_BARS;
  const binOf = (value: number) => Math.min(MOST_BARS - 1, Math.floor((value - low) / width));
  return Array.from({ length: MOST_BARS }, (_, i) => ({
    label: msg`${words(low + i * width)} to ${words(low + (i + 1) * width)}`, group: null,
    ...counted(given.filter((value) => binOf(value) === i).length, answers.length), was: happened.some((value) => binOf(value) === i),
  }));
}
