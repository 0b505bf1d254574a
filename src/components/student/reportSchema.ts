/** What a report must look like (valibot), field by field: it comes from somebody else's machine. */
import * as v from 'valibot';
import { choice, flag, list, number, oneOfKinds, fields, problemOf, reservedKeys, shape, text } from '../../sim/experimentFields.ts';
import { RANGES } from '../../sim/experimentRanges.ts';
import { readExperiment } from '../../sim/experimentSchema.ts';
import { METRICS } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { QUESTION_IDS } from '../../sim/question.ts';
import { PATH_IDS } from './paths.ts';
import { isPlainSvg } from './plainSvg.ts';
import { REPORT_LIMITS as LIMIT, type Evidence, type Report, type ReportPicture } from './report.ts';

const METRIC_IDS: ReadonlySet<string> = new Set(METRICS.map(({ id }) => id));

const prose = text(msg`a text of at most ${LIMIT.text} characters`, (value) => value.length <= LIMIT.text);
const short = text(msg`a text of at most 200 characters`, (value) => value.length <= 200);
/** A query string of the lab: nothing that leads elsewhere. */
const link = text(msg`a query string that begins with "?", or an empty text`, (value) => value.length <= LIMIT.text && /^(\?[^\s#]*)?$/u.test(value));
const date = text(msg`a date and time as in "2026-03-01T20:15:00.000Z"`, (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && Number.isFinite(Date.parse(value)));
const finite = number({ min: -Number.MAX_VALUE, max: Number.MAX_VALUE });
const wholeNumber = number({ min: 0, max: 1e6, integer: true });
const share = number(RANGES.unitInterval);
const seeds = list(number(RANGES.seed), 1, LIMIT.policies, 'seeds');
/** Read one by one afterwards, so that a sentence can say what is wrong with one. */
const experiments = list(v.unknown(), 1, LIMIT.experiments, 'experiments');

const measured = v.custom<number>((input) => Number.isFinite(input), msg`a finite number`);
/** Sums of float64 may be off by their rounding. */
const ROUNDING = 1e-6;
const sharesMeasured = v.pipe(measured, v.check((value) => value >= -ROUNDING && value <= 1 + ROUNDING, msg`a share in [0, 1]`));
const isShareOf = (id: string) => id.startsWith('mass/') || id === 'rewards/accuracies';

const metricsWords = msg`an object of lists of numbers by the name of a metric`;
const metrics = v.pipe(
  v.custom<Record<string, number[] | undefined>>((input) => typeof input === 'object' && input !== null && !Array.isArray(input) && Object.keys(input).every((id) => METRIC_IDS.has(id)), metricsWords),
  v.object(Object.fromEntries(METRICS.map(({ id }) => [id, v.optional(list(isShareOf(id) ? sharesMeasured : measured, 1, LIMIT.policies, 'numbers'))])), metricsWords),
);

const evidence = shape({
  link, experiments, seeds,
  backend: short,
  step: number(RANGES.steps),
  headline: prose,
  metrics,
  top: list(shape({ response: prose, probability: share }), 0, LIMIT.responses, 'responses'),
});

const picture = shape({
  title: prose,
  svg: text(msg`an SVG document of at most ${LIMIT.picture} characters, of nothing but shapes, text and PNG images`, (value) => value.length <= LIMIT.picture && /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(value) && isPlainSvg(value)),
});

const task = shape({
  id: text(msg`a name of letters, digits and hyphens`, (value) => /^[\w-]{1,40}$/.test(value)),
  title: prose, asked: prose,
  done: flag,
  at: v.nullable(date),
  answers: list(shape({ label: prose, said: prose, found: prose, right: v.nullable(flag), before: wholeNumber }), 0, LIMIT.answers, 'answers'),
  found: prose,
  evidence: v.nullable(evidence),
  pictures: list(picture, 0, LIMIT.pictures, 'pictures'),
});

const answer = oneOfKinds(['masses', 'choice', 'count', 'number'], [
  fields({ kind: v.literal('masses'), masses: list(share, 4, 4, 'probabilities') }),
  fields({ kind: v.literal('choice'), option: short }),
  fields({ kind: v.literal('count'), count: wholeNumber }),
  fields({ kind: v.literal('number'), value: finite }),
]);

const prediction = shape({
  version: v.literal(1, '1'),
  question: choice(QUESTION_IDS),
  words: prose, rule: prose, experiments, link, seeds,
  shownSeed: v.nullable(number(RANGES.seed)),
  backend: v.nullable(short),
  answer: v.nullable(answer),
  said: prose,
  votes: list(shape({ option: short, text: prose, count: wholeNumber }), 0, LIMIT.responses, 'votes'),
  ended: choice(['scored', 'changed', 'over', 'stopped', 'undefined']),
  outcome: v.nullable(shape({ answer, right: list(short, 0, LIMIT.policies, 'options'), sentence: prose })),
  score: v.nullable(share),
  committedAt: date, endedAt: date,
});

const report = shape({
  format: v.literal('dpo-lab-report', '"dpo-lab-report"'),
  version: v.literal(1, msg`1, the only version there is`),
  path: choice(PATH_IDS),
  lab: short,
  address: text(msg`an address that begins with http:// or https://, or an empty text`, (value) => value.length <= 2000 && /^(https?:\/\/[^\s?#]+)?$/u.test(value)),
  student: short,
  createdAt: date,
  tasks: list(task, 1, LIMIT.tasks, 'tasks'),
  predictions: list(prediction, 0, LIMIT.predictions, 'predictions'),
});

/** Why something is no report, in one sentence; null where it is one. */
export function reportProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return msg`The report must be an object.`;
  const [reserved] = reservedKeys(value);
  if (reserved) return reserved.message;
  const read = v.safeParse(report, value, { abortEarly: true, abortPipeEarly: true });
  if (!read.success) return problemOf(read.issues[0]).message;
  const { tasks, predictions } = value as Report;
  for (const [i, { evidence: seen }] of tasks.entries()) {
    const problem = seen && experimentProblem(seen.experiments, `tasks[${i}].evidence`);
    if (problem) return problem;
  }
  for (const [i, one] of predictions.entries()) {
    const problem = experimentProblem(one.experiments, `predictions[${i}]`);
    if (problem) return problem;
  }
  return null;
}

function experimentProblem(files: readonly unknown[], where: string): string | null {
  for (const [i, file] of files.entries()) {
    const read = readExperiment(file);
    if (!read.ok) return msg`${where}.experiments[${i}] is no experiment: ${read.problems[0].message}`;
  }
  return null;
}

/** Whether something that was kept is evidence, or a picture, of this version. */
export function isEvidence(value: unknown): value is Evidence {
  return v.is(evidence, value) && experimentProblem((value as Evidence).experiments, '') === null;
}

/** What else was kept keeps to the bounds of the report that it will stand in. */
export const isDate = (value: unknown): value is string => v.is(date, value);
export const isShort = (value: unknown): value is string => v.is(short, value);
export const isProse = (value: unknown): value is string => v.is(prose, value);
export const isCount = (value: unknown): value is number => v.is(wholeNumber, value);

export function isPicture(value: unknown): value is ReportPicture {
  return v.is(picture, value);
}
