/** The questions asked before Play: what applies, what a record says, what an answer is worth. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { appendFrame, emptyHistory, type History } from '../src/sim/history.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { metricIndex, METRICS, type MetricId } from '../src/sim/metrics.ts';
import { prepareRun, referenceCache } from '../src/sim/prepare.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { nearPairs } from '../src/sim/presets/near-pairs.ts';
import { ppoLengthBias } from '../src/sim/presets/ppo-length-bias.ts';
import { readingTheObjective } from '../src/sim/presets/reading-the-objective.ts';
import { remediesTheTheThe } from '../src/sim/presets/remedies.ts';
import { resamplingRarely } from '../src/sim/presets/resampling-rarely.ts';
import { resamplingSweep } from '../src/sim/presets/resampling-sweep.ts';
import { sampledPreferences } from '../src/sim/presets/sampled-preferences.ts';
import { theTheThe } from '../src/sim/presets/the-the-the.ts';
import { threeAnswers } from '../src/sim/presets/three-answers.ts';
import { threeSentencesAboutBeta } from '../src/sim/presets/three-sentences-about-beta.ts';
import { answerWords, isAnswer, QUESTION_IDS, scoreOf, type Answer, type Asked, type QuestionId } from '../src/sim/question.ts';
import { courseOf } from '../src/sim/questionParts.ts';
import { questionOf, QUESTIONS, questionsFor } from '../src/sim/questions.ts';
import { createRun, type Run } from '../src/sim/run.ts';
import { combineRuns } from '../src/sim/sideBySide.ts';
import { switchBackend } from './product.ts';

const cache = referenceCache(4);
beforeAll(() => switchBackend('wasm'));

const MEDIAN = { seedIndex: null, sweepIndex: 0 };

function askedOf(experiment: Experiment, methods: readonly string[] = [], focus: Asked['focus'] = MEDIAN): Asked {
  const [first = experiment, ...others] = methodsOf(methods).map((method) => method.apply(experiment));
  return { experiment: first, others, focus };
}

/** A record in which some metrics are given per policy at some updates, and everything else is NaN. */
function recordOf(policies: number, points: readonly { step: number; values: Partial<Record<MetricId, readonly number[]>> }[]): History {
  return points.reduce((history, { step, values }) => {
    const metrics = new Float64Array(METRICS.length * policies).fill(NaN);
    for (const [id, own] of Object.entries(values)) metrics.set(own, metricIndex(id as MetricId) * policies);
    return appendFrame(history, step, metrics);
  }, emptyHistory(METRICS.length, policies));
}

/** The same of one policy: one list per metric, at updates 0, 10, 20, … */
function lineOf(values: Partial<Record<MetricId, readonly number[]>>): History {
  const { length } = Object.values(values)[0];
  return recordOf(1, Array.from({ length }, (_, i) => ({
    step: 10 * i, values: Object.fromEntries(Object.entries(values).map(([id, own]) => [id, [own[i]]])),
  })));
}

const outcome = (id: QuestionId, asked: Asked, history: History) => questionOf(id).outcome(asked, history);
const right = (id: QuestionId, asked: Asked, history: History) => outcome(id, asked, history)?.right;
const one = (experiment: Experiment): Experiment => ({ ...experiment, seeds: [3] });

describe('the table', () => {
  test('has one row per id, and says what it asks', () => {
    expect(QUESTIONS.map(({ id }) => id)).toEqual([...QUESTION_IDS]);
    for (const { title } of QUESTIONS) expect(title).toMatch(/^[A-ZHW].{10,}\?$/);
  });

  test('every question is asked of some preset', () => {
    const asked = new Set(PRESETS.flatMap(({ experiment, methods }) => questionsFor(askedOf(experiment, methods)).map(({ id }) => id)));
    expect(QUESTION_IDS.filter((id) => !asked.has(id))).toEqual([]);
  });

  test('a comparison is not asked of a single run, nor a single run’s question of methods', () => {
    expect(questionsFor(askedOf(theTheThe.experiment)).map(({ id }) => id)).toEqual(['where', 'most', 'chosen', 'loss', 'collapsed', 'ratios', 'gap', 'optimum', 'earned', 'longer', 'length']);
    expect(questionsFor(askedOf(remediesTheTheThe.experiment, remediesTheTheThe.methods)).map(({ id }) => id)).toEqual(['method', 'nearest', 'earns', 'holding']);
  });
});

describe.each(PRESETS)('preset $id', ({ ask, experiment, methods }) => {
  test(`“${ask}” applies, and what came of a short run is one of its answers`, async () => {
    const short = { ...experiment, seeds: experiment.seeds.slice(0, 2), steps: 2 };
    const asked = askedOf(short, methods);
    const question = questionOf(ask);
    expect(question.appliesTo(askedOf(experiment, methods))).toBe(true);
    expect(question.appliesTo(asked)).toBe(true);
    const runs: Run[] = [];
    for (const own of [asked.experiment, ...asked.others]) runs.push(await createRun(await prepareRun(own, cache, () => {})));
    const run = combineRuns(runs);
    let history = emptyHistory(METRICS.length, run.prepared.members.length * (asked.others.length + 1));
    for (let step = 0; step <= short.steps; step++) {
      if (step > 0) await run.update();
      history = appendFrame(history, step, (await run.measure()).metrics);
    }
    const found = question.outcome(asked, history);
    expect(found).not.toBeNull();
    if (!found) return;
    const { low = 0, high = 1 } = question.range?.(asked) ?? {};
    if (found.answer.kind === 'number') expect(found.answer.value).toBeGreaterThanOrEqual(low - (high - low));
    else expect(isAnswer(question, asked, found.answer), JSON.stringify(found.answer)).toBe(true);
    const ids = question.options(asked).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(found.right.length).toBeGreaterThan(0);
    for (const id of found.right) expect(ids).toContain(id);
    for (const text of [question.words(asked), question.rule(asked), found.sentence]) expect(text).not.toMatch(/NaN|undefined|Infinity|not defined/);
    expect(question.words(asked)).toMatch(/[?.]$/);
    run.dispose();
  });
});

describe('masses', () => {
  const asked = askedOf({ ...theTheThe.experiment, seeds: [0, 1] });
  const history = recordOf(2, [
    { step: 0, values: { 'mass/chosen': [0.5, 0.5], 'mass/rejected': [0.5, 0.5], 'mass/otherInDistribution': [0, 0], 'mass/ood': [0, 0] } },
    { step: 800, values: { 'mass/chosen': [0.1, 0.3], 'mass/rejected': [0, 0], 'mass/otherInDistribution': [0, 0], 'mass/ood': [0.9, 0.7] } },
  ]);

  test('are the mean over the seeds, or those of the seed shown, and are said largest first', () => {
    const found = outcome('where', asked, history);
    expect(found?.answer.kind === 'masses' && found.answer.masses.map((p) => Number(p.toFixed(12)))).toEqual([0.2, 0, 0, 0.8]);
    expect(found?.sentence).toBe('At the end: 80 % of the probability on responses nobody wrote, 20 % on “on the mat”, less than 0.01 % on “on a mat” (the mean over 2 seeds).');
    const seed = outcome('where', { ...asked, focus: { seedIndex: 1, sweepIndex: 0 } }, history);
    expect(seed?.answer).toEqual({ kind: 'masses', masses: [0.3, 0, 0, 0.7] });
    expect(seed?.sentence).toContain('(seed 1)');
    expect(right('most', asked, history)).toEqual(['ood']);
  });

  test('have no bar for a group without responses', () => {
    expect(questionOf('where').options(asked).map(({ text }) => text)).toEqual(['“on the mat”', '“on a mat”', 'responses nobody wrote']);
  });

  test('score one minus the probability that would have to move', () => {
    const truth = outcome('where', asked, history);
    if (!truth) throw new Error('no outcome');
    const score = (masses: [number, number, number, number]) => scoreOf(questionOf('where'), asked, { kind: 'masses', masses }, truth);
    expect(score([0.2, 0, 0, 0.8]).score).toBeCloseTo(1, 12);
    expect(score([0.5, 0.5, 0, 0])).toEqual({ score: expect.closeTo(0.2, 12) as number, sentence: '20 of 100: 80 % of the probability would have to move to make the prediction the result.' });
    expect(score([0, 1, 0, 0]).score).toBe(0);
    expect(() => score([0.5, 0.6, 0, 0])).toThrow(RangeError);
    expect(() => scoreOf(questionOf('where'), asked, { kind: 'choice', option: 'ood' }, truth)).toThrow(RangeError);
  });
});

describe('courses', () => {
  const line = (...values: number[]) => values.map((value, i) => ({ step: 10 * i, value }));
  test.each([
    [[0.5, 0.9, 0.1], 'up-down'], [[0.5, 0.1, 0.9], 'down-up'], [[0.5, 0.7, 0.9], 'rises'], [[0.5, 0.3, 0.1], 'falls'],
    [[0.5, 0.52, 0.49], 'stays'], [[0.5, 0.9, 0.1, 0.5], 'up-down'], [[0.5, 0.1, 0.9, 0.5], 'down-up'], [[0.5, 0.55], 'stays'],
  ] as const)('%j: %s', (values, course) => {
    expect(courseOf(line(...values), 0.05).course).toBe(course);
  });

  test('the chosen rises and falls, and its peak is named', () => {
    const asked = askedOf(one(nearPairs.experiment));
    const found = outcome('chosen', asked, lineOf({ 'mass/chosen': [0.5, 0.9, 0.2] }));
    expect(found?.right).toEqual(['up-down']);
    expect(found?.sentence).toBe('The probability of what was chosen began at 50 %, was highest at about update 10 (90 %) and ended at 20 % (seed 3).');
    expect(outcome('chosen', asked, lineOf({ 'mass/chosen': [0.5, NaN] }))).toBeNull();
  });

  test.each([
    [[0.7, 0.4, 0.1], 'falls'], [[0.7, 0.1, 0.4], 'wavers'], [[0.7, 0.1, 0.105], 'falls'], [[0.7, 0.8], 'not'], [[0.7, 0.699], 'not'],
  ] as const)('a loss of %j: %s', (values, option) => {
    expect(right('loss', askedOf(one(theTheThe.experiment)), lineOf({ loss: values }))).toEqual([option]);
  });

  test.each([
    [[0, 1], [0, -1], 'apart'], [[0, -1], [0, -9], 'down'], [[0, 1], [0, 0.5], 'up'], [[0, 0.05], [0, -1], 'other'],
  ] as const)('log-ratios %j and %j: %s', (chosen, rejected, option) => {
    expect(right('ratios', askedOf(readingTheObjective.experiment), lineOf({ 'logps/chosen': chosen, 'logps/rejected': rejected }))).toEqual([option]);
  });

  test.each([
    [[0, 1], [0, 1], 'both'], [[0, 1], [0, -1], 'given'], [[0, 1], [0, 0.05], 'flat'], [[0, 0.05], [0, 1], 'neither'],
  ] as const)('a given reward of %j and a true one of %j: %s', (given, gold, option) => {
    expect(right('hacked', askedOf(one(ppoLengthBias.experiment)), lineOf({ proxyReward: given, goldReward: gold }))).toEqual([option]);
  });

  test.each([
    [[0, 0.05, 0.02], 'away'], [[0, 0.8, 0.1], 'back'], [[0, 0.8, 0.7], 'stay'], [[0, 0.4, 0.9], 'stay'],
  ] as const)('what nobody wrote holds %j: %s', (ood, option) => {
    expect(right('drift', askedOf(one(resamplingRarely.experiment)), lineOf({ 'mass/ood': ood }))).toEqual([option]);
  });
});

describe('counts and numbers', () => {
  test('seeds that collapse are counted whichever is shown, and a miss is said in seeds', () => {
    const asked = askedOf({ ...theTheThe.experiment, seeds: [0, 1, 2] }, [], { seedIndex: 2, sweepIndex: 0 });
    const found = outcome('collapsed', asked, recordOf(3, [{ step: 800, values: { 'mass/ood': [0.9, 0.6, 0.5] } }]));
    expect(found).toMatchObject({ answer: { kind: 'count', count: 2 }, right: ['2'] });
    if (!found) return;
    const score = (count: number) => scoreOf(questionOf('collapsed'), asked, { kind: 'count', count }, found);
    expect(score(2)).toEqual({ score: 1, sentence: '100 of 100: exact.' });
    expect(score(3).score).toBeCloseTo(2 / 3, 12);
    expect(score(3).sentence).toBe('67 of 100: 1 too high.');
    expect(() => score(4)).toThrow(RangeError);
    expect(outcome('collapsed', asked, recordOf(3, [{ step: 800, values: { 'mass/ood': [0.9, NaN, 0.5] } }]))).toBeNull();
  });

  test('unseen pairs in a hundred, with the quarter that a class votes for', () => {
    const asked = askedOf(one(sampledPreferences.experiment));
    const found = outcome('unseen', asked, lineOf({ 'rm/heldOutAccuracy': [0.5, 0.72] }));
    expect(found?.answer).toEqual({ kind: 'number', value: expect.closeTo(72, 9) as number });
    expect(found?.right).toEqual(['2']);
    if (!found) return;
    expect(scoreOf(questionOf('unseen'), asked, { kind: 'number', value: 62 }, found)).toEqual({ score: expect.closeTo(0.9, 12) as number, sentence: '90 of 100: 10 in 100 too low.' });
    expect(answerWords(questionOf('unseen'), asked, { kind: 'number', value: 62 })).toBe('62 in 100');
  });

  test('a gap beyond the range is said to be so, and scores at least 0', () => {
    const asked = askedOf(one(theTheThe.experiment));
    const found = outcome('gap', asked, lineOf({ 'rewards/margins': [0, 25] }));
    expect(found?.sentence).toBe('The implicit gap ended at 25.0, the true one is 1.00 (seed 3). It lies above the range asked.');
    expect(found && scoreOf(questionOf('gap'), asked, { kind: 'number', value: 1 }, found).score).toBe(0);
  });

  test.each([[0.05, 'near'], [0.5, 'between'], [4, 'far']] as const)('%d nats from π*: %s', (kl, option) => {
    expect(right('optimum', askedOf(one(theTheThe.experiment)), lineOf({ klToOptimal: [1, kl] }))).toEqual([option]);
  });
});

describe('comparisons', () => {
  test('the rarest rate that keeps the probability home', () => {
    const asked = askedOf(one(resamplingSweep.experiment));
    const at = (...peaks: number[]) => recordOf(6, [{ step: 0, values: { 'mass/ood': [0, 0, 0, 0, 0, 0] } }, { step: 10, values: { 'mass/ood': peaks } }, { step: 800, values: { 'mass/ood': [0, 0, 0, 0, 0, 0] } }]);
    expect(right('rate', asked, at(0.001, 0.004, 0.2, 0.4, 0.5, 0.9))).toEqual(['10']);
    expect(right('rate', asked, at(0.1, 0.2, 0.2, 0.4, 0.5, 0.9))).toEqual(['none']);
    expect(right('rate', asked, at(0, 0, 0, 0, 0, 0.01))).toEqual(['1000000']);
    expect(questionOf('rate').options(asked).map(({ text }) => text)).toEqual(['every update', 'every 10 updates', 'every 50 updates', 'every 100 updates', 'every 200 updates', 'never drawn', 'Not even the most often']);
  });

  test('the best of swept values; those that end alike are right too', () => {
    const asked = askedOf({ ...theTheThe.experiment, seeds: [0], sweep: { beta: [0.05, 0.2, 0.5] } });
    const found = outcome('beta', asked, recordOf(3, [{ step: 800, values: { 'mass/ood': [0.9, 0.012, 0.004] } }]));
    expect(found?.answer).toEqual({ kind: 'choice', option: '0.5' });
    expect(found?.right).toEqual(['0.2', '0.5']);
    expect(found && scoreOf(questionOf('beta'), asked, { kind: 'choice', option: '0.2' }, found)).toEqual({ score: 1, sentence: 'Right.' });
    expect(found && scoreOf(questionOf('beta'), asked, { kind: 'choice', option: '0.05' }, found)).toEqual({ score: 0, sentence: 'Wrong.' });
    expect(found?.sentence).toBe('Probability on responses nobody wrote: 0.4 % at β = 0.5, 1.2 % at β = 0.2, 90 % at β = 0.05.');
  });

  test('the widest gap is of log-ratios, so the margin is divided by β, without the noisy half', () => {
    const asked = askedOf(threeSentencesAboutBeta.experiment);
    // β outermost: each without and with noise.
    const margins = [4, 90, 5, 90, 6, 90, 7, 90, 8, 90];
    const found = outcome('widest', asked, recordOf(10, [{ step: 3000, values: { 'rewards/margins': margins } }]));
    expect(found?.right).toEqual(['0.05']);
    expect(found?.sentence).toContain('80.0 nats at β = 0.05, 50.0 nats at β = 0.1');
  });

  test('methods: the least, and how many hold in every seed', () => {
    const asked = askedOf({ ...theTheThe.experiment, seeds: [0, 1] }, ['dpo', 'ipo', 'hinge']);
    const history = recordOf(6, [{ step: 800, values: { 'mass/ood': [0.9, 0.8, 0.01, 0.02, 0.04, 0.3] } }]);
    expect(right('method', asked, history)).toEqual(['ipo']);
    expect(outcome('holding', asked, history)).toMatchObject({ answer: { kind: 'count', count: 1 }, sentence: '1 of 3 held: IPO.' });
  });

  test('π* is enumerated: at β = 0.5 “yes” has 73 %, at β = 1 nobody has half', () => {
    const found = outcome('half', askedOf(threeAnswers.experiment), emptyHistory(METRICS.length, 8));
    expect(found?.right).toEqual(['0.5']);
    expect(found?.sentence).toContain('73 % at β = 0.5, 47 % at β = 1');
  });
});

test('an answer must be one to its question', () => {
  const asked = askedOf(theTheThe.experiment);
  const is = (id: QuestionId, answer: Answer) => isAnswer(questionOf(id), asked, answer);
  expect(is('most', { kind: 'choice', option: 'ood' })).toBe(true);
  expect(is('most', { kind: 'choice', option: 'otherInDistribution' })).toBe(false);
  expect(is('collapsed', { kind: 'count', count: 8 })).toBe(true);
  expect(is('collapsed', { kind: 'count', count: 8.5 })).toBe(false);
  expect(is('length', { kind: 'number', value: 3.5 })).toBe(false);
  expect(is('where', { kind: 'masses', masses: [0.5, 0.5, 0.1, -0.1] })).toBe(false);
});
