/** What a report's numbers are compared by, the class in rows and as CSV, and what it predicted. */
import { describe, expect, test } from 'vitest';
import { classAnswers } from '../src/components/reports/classAnswers.ts';
import { classCsv, replayOf, rowOf, sortedRows, studentName, summaryOf, type SortColumn } from '../src/components/reports/classRows.ts';
import { comparisonOf, distance, pairsOf, policyName, TOLERANCE, topWords, verdictOf, verdictWords, withinOf, type NumberPair } from '../src/components/reports/compare.ts';
import { jobKey, jobsOf } from '../src/components/reports/jobs.ts';
import type { OpenReport } from '../src/components/reports/openReports.ts';
import type { Replayed } from '../src/components/reports/replay.ts';
import type { Report } from '../src/components/student/report.ts';
import { hashOf } from '../src/components/student/reportFile.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { theTheThe } from '../src/sim/presets/the-the-the.ts';
import { exampleReport, exampleTask, EXAMPLE_EVIDENCE, EXAMPLE_PREDICTION } from './fixtures/exampleReport.ts';

const { experiment } = theTheThe;
const pair = (reported: number, here: number, policy = 0): NumberPair => ({ metric: 'mass/ood', policy, reported, here });

function opened(change: Partial<Report> = {}): OpenReport {
  const report = exampleReport(change);
  return { id: hashOf(report), file: 'report.json', size: 1, report, intact: true };
}

/** What a replay of some numbers came to. */
function compared(pairs: NumberPair[], topApart: string | null = null): Replayed {
  return { kind: 'compared', comparison: comparisonOf(pairs), pairs, experiments: [experiment], backend: 'wasm', headline: '', top: [], topApart };
}

describe('comparing', () => {
  test('equal bits are the same, one bit less is not', () => {
    expect(verdictOf(comparisonOf([pair(0.1, 0.1), pair(-0, 0)]))).toBe('same');
    const near = comparisonOf([pair(0.1, 0.1), pair(0.3, 0.1 + 0.2)]);
    expect([verdictOf(near), near.unequal, near.apart, near.count]).toEqual(['close', 1, 0, 2]);
    expect(withinOf(near)).toBe(-16);
  });

  test('the largest differences are found, absolute and as a share, wherever they are', () => {
    const found = comparisonOf([pair(-400, -400.004), pair(1e-9, 3e-9), pair(0.5, 0.5)]);
    expect(found).toMatchObject({ count: 3, unequal: 2, apart: 0 });
    expect(found.absolute).toBeCloseTo(0.004, 12);
    expect(found.relative).toBeCloseTo(2 / 3, 12);
    expect(found.worst, 'as a share of −400 it is little').toEqual(pair(-400, -400.004));
    expect(distance(pair(-400, -400.004))).toBeCloseTo(1e-5, 9);
    expect(verdictWords(found, [experiment], null)).toBe('the same within 10⁻⁵ (another browser or graphics card rounds differently)');
  });

  test('at the tolerance it is still the same, beyond it differs', () => {
    expect(verdictOf(comparisonOf([pair(0, TOLERANCE)]))).toBe('close');
    expect(verdictOf(comparisonOf([pair(0, 1.01 * TOLERANCE)]))).toBe('differs');
  });

  test('what is not a finite number here differs from every number', () => {
    for (const here of [NaN, Infinity]) {
      const found = comparisonOf([pair(0.5, here)]);
      expect([verdictOf(found), found.absolute, found.relative]).toEqual(['differs', Infinity, Infinity]);
    }
    expect(verdictWords(comparisonOf([pair(0.5, NaN)]), [experiment], null)).toBe('differs: mass/ood of seed 0 is not defined here, 0.500 in the report');
  });

  test('says the furthest number, how many more, and as many digits as tell them apart', () => {
    const others = { reported: 'WebGPU', here: 'WebAssembly' };
    expect(verdictWords(comparisonOf([pair(0.2, 0.2), pair(0.98, 0.12, 3)]), [experiment], null)).toBe('differs: mass/ood of seed 3 is 0.120 here, 0.980 in the report');
    expect(verdictWords(comparisonOf([pair(0.3, 0.2), pair(0.98, 0.12, 3)]), [experiment], null)).toBe('differs: mass/ood of seed 3 is 0.120 here, 0.980 in the report, and 1 more number differs');
    expect(verdictWords(comparisonOf([pair(0.5002, 0.5004)]), [experiment], others)).toBe('differs: mass/ood of seed 0 is 0.5004 here, 0.5002 in the report; another backend (WebGPU in the report, WebAssembly here) may be why in a long run');
    expect(verdictWords(comparisonOf([pair(0.5, 0.5000003)]), [experiment], others)).toBe('the same within 10⁻⁶ (another backend: WebGPU in the report, WebAssembly here)');
  });

  test('pairs are those of the report, metric by metric; a list of another length is none', () => {
    const metrics = Float64Array.from({ length: 2 * METRICS.length }, (_, i) => i);
    const loss = METRICS.findIndex(({ id }) => id === 'loss');
    expect(pairsOf({ loss: [7, 8], 'mass/ood': [1, 2] }, { metrics, policyCount: 2 })?.slice(2)).toEqual([
      { metric: 'loss', policy: 0, reported: 7, here: 2 * loss }, { metric: 'loss', policy: 1, reported: 8, here: 2 * loss + 1 },
    ]);
    expect(pairsOf({ loss: [7] }, { metrics, policyCount: 2 })).toBeNull();
  });

  test('policies have names: by seed, by what is swept, by method', () => {
    const swept = { ...experiment, seeds: [4, 9], sweep: { beta: [0.1, 0.5] } };
    expect([0, 3].map((policy) => policyName([swept], policy))).toEqual(['seed 4 (β = 0.1)', 'seed 9 (β = 0.5)']);
    const [dpo, ppo] = methodsOf(['dpo', 'ppo']).map((method) => method.apply({ ...experiment, seeds: [4, 9] }));
    expect([1, 2].map((policy) => policyName([dpo, ppo], policy))).toEqual(['seed 9 (Offline DPO)', 'seed 4 (PPO)']);
    expect(policyName([experiment], 99)).toBe('policy 100');
  });

  test('the most probable responses are compared by name, whatever their order', () => {
    const here = [{ response: 'the the the', probability: 0.6 }, { response: 'on the mat', probability: 0.3 }, { response: '', probability: 0.05 }];
    expect(topWords([here[1], here[0]], here)).toBeNull();
    expect(topWords([{ response: 'on the mat', probability: 0.9 }], here)).toBe('“on the mat” has probability 0.300 here, 0.900 in the report');
    expect(topWords([{ response: 'a cat', probability: 0.2 }], here)).toBe('“a cat” is not among the most probable responses here and has probability 0.200 in the report');
    expect(topWords([{ response: 'a cat', probability: 0.05 }], here), 'it may have been the next').toBeNull();
  });
});

describe('the class in rows', () => {
  const task = exampleTask({ pictures: [] });
  const second = exampleTask({ title: 'Second', evidence: { ...EXAMPLE_EVIDENCE, link: '?preset=the-the-the&backend=wasm&step=799&v=1' } });

  test('a row counts what was done and the mean of the scores that there are', () => {
    const row = rowOf(opened({ predictions: [EXAMPLE_PREDICTION, { ...EXAMPLE_PREDICTION, score: null, ended: 'changed', outcome: null }, { ...EXAMPLE_PREDICTION, score: 0.45 }] }), {}, []);
    expect(row).toMatchObject({ student: 'Ada Example', done: 1, tasks: 2, scored: 2, intact: true, replay: { state: 'waiting', words: 'not yet' } });
    expect(row.score).toBeCloseTo(0.2505, 12);
    expect(rowOf(opened({ student: '  ', predictions: [], tasks: [exampleTask({ evidence: null })] }), {}, [])).toMatchObject({ student: 'no name given', scored: 0, score: NaN, replay: { state: 'none' } });
  });

  test('the replay of a report is that of its worst task', () => {
    const report = opened({ tasks: [task, second] });
    const [a, b] = jobsOf([report]);
    const replays = (first: Replayed | null, next: Replayed | null, waiting = [] as typeof a[]) =>
      replayOf(report, { ...(first ? { [jobKey(a)]: first } : {}), ...(next ? { [jobKey(b)]: next } : {}) }, waiting);
    const same = compared([pair(0.5, 0.5)]);
    const close = compared([pair(0.5, 0.5000003)]);
    const differs = compared([pair(0.98, 0.12)]);
    expect(replays(same, same)).toMatchObject({ state: 'same', words: 'the same to the last digit', detail: '' });
    expect(replays(same, close)).toMatchObject({ state: 'close', words: 'the same within 10⁻⁶' });
    expect(replays(compared([pair(0.5, 0.50003)]), close), 'the larger of the two').toMatchObject({ words: 'the same within 10⁻⁴' });
    expect(replays(differs, close)).toMatchObject({ state: 'differs', words: 'differs (1 of 2 tasks)', detail: `${task.title}: mass/ood of seed 0 is 0.120 here, 0.980 in the report.` });
    expect(replays({ kind: 'failed', sentence: 'It broke.' }, differs)).toMatchObject({ state: 'differs', detail: expect.stringContaining('It broke. Second: ') });
    expect(replays({ kind: 'failed', sentence: 'It broke.' }, same)).toMatchObject({ state: 'failed', words: 'could not be replayed (1 of 2 tasks)' });
    expect(replays(same, null)).toMatchObject({ state: 'waiting', words: '1 of 2 replayed' });
    expect(replays(same, null, [b])).toMatchObject({ state: 'running', words: 'running: 1 of 2' });
    expect(replays(null, null, [{ report: 'other', task: 0 }, a])).toMatchObject({ state: 'waiting', words: 'waiting for its turn' });
    expect(summaryOf(compared([pair(0.5, 0.5)], '“a” has probability 0.1 here, 0.2 in the report'), 'wasm')).toMatchObject({ state: 'differs', words: 'differs: “a” has probability 0.1 here, 0.2 in the report' });
  });

  test('sorts by every column, both ways', () => {
    const students = ['Bo 10', 'Bo 9', 'Ada', 'Émile'];
    const open = students.map((student, i) => opened({
      student, createdAt: `2026-03-0${4 - i}T10:00:00.000Z`, tasks: [exampleTask({ done: i % 2 === 0 })], predictions: i === 0 ? [] : [{ ...EXAMPLE_PREDICTION, score: i / 4 }],
    }));
    const rows = open.map((one) => rowOf(one, {}, []));
    const names = (column: SortColumn, descending = false) => sortedRows(rows, column, descending).map(({ student }) => student);
    expect(names('student')).toEqual(['Ada', 'Bo 9', 'Bo 10', 'Émile']);
    expect(names('student', true)).toEqual(['Émile', 'Bo 10', 'Bo 9', 'Ada']);
    expect(names('createdAt')).toEqual(['Émile', 'Ada', 'Bo 9', 'Bo 10']);
    expect(names('score'), 'without a score first').toEqual(['Bo 10', 'Bo 9', 'Ada', 'Émile']);
    expect(names('done')).toEqual(['Bo 9', 'Émile', 'Bo 10', 'Ada']);
    expect(names('intact')).toEqual(students);
  });

  test('as CSV no cell is a formula, and quotes, commas and line breaks stay in theirs', () => {
    const text = classCsv([rowOf(opened({ student: '\u200b=HYPERLINK("http://x")' }), {}, [])]);
    const [head, row, end] = text.split('\r\n');
    expect(head.startsWith('\uFEFFstudent,file,saved (UTC),')).toBe(true);
    expect(row).toMatch(/^"'\u200b=HYPERLINK\(""http:\/\/x""\)",report\.json,2026-03-01T21:00:00\.000Z,1,2,1,0\.051,intact,not yet,,[0-9a-f]{64}$/);
    expect(end).toBe('');
    expect(classCsv([rowOf(opened({ student: 'Bo', predictions: [] }), {}, [])]), 'no score').toMatch(/^student[^]*\r\nBo,report\.json,[^,]*,1,2,0,,intact,/);
  });
});

describe('what the class predicted', () => {
  const masses = (m: readonly [number, number, number, number], score = 0.5) => ({ ...EXAMPLE_PREDICTION, answer: { kind: 'masses' as const, masses: m }, score });
  const choice = (option: string) => ({
    ...EXAMPLE_PREDICTION, question: 'most' as const, answer: { kind: 'choice' as const, option }, said: option, score: option === 'ood' ? 1 : 0,
    outcome: { answer: { kind: 'choice' as const, option: 'ood' }, right: ['ood'], sentence: 'Responses nobody wrote.' },
  });
  const count = (n: number) => ({ ...EXAMPLE_PREDICTION, question: 'collapsed' as const, answer: { kind: 'count' as const, count: n }, outcome: { answer: { kind: 'count' as const, count: 8 }, right: ['8'], sentence: 'All 8.' } });
  const report = (...predictions: Report['predictions'][number][]) => ({ predictions });

  test('of masses: the mean by group, and how much it was', () => {
    const [answers] = classAnswers([report(masses([1, 0, 0, 0], 0.2)), report(masses([0.5, 0.2, 0, 0.3], 0.4))]);
    expect(answers).toMatchObject({ students: 2, outcomes: [{ count: 2 }] });
    expect(answers.score).toBeCloseTo(0.3, 12);
    const bars = Object.fromEntries(answers.bars.map(({ group, share, was }) => [group, { share, was }]));
    expect(bars.chosen.share).toBeCloseTo(0.75, 12);
    expect(bars.ood.share).toBeCloseTo(0.15, 12);
    expect(answers.bars.find(({ group }) => group === 'chosen')?.each).toEqual([1, 0.5]);
    expect(bars.ood.was).toBeCloseTo(0.999, 12);
  });

  test('of choices: how many took each, also what nobody took, and which was right', () => {
    const [answers] = classAnswers([report(choice('chosen')), report(choice('ood')), report(choice('chosen'))]);
    expect(answers.bars.map(({ text, was }) => [text, was])).toEqual([['2 of 3', false], ['0 of 3', false], ['1 of 3', true]]);
  });

  test('of numbers: a bar each, or equally wide ranges where they are many', () => {
    const few = classAnswers([0, 2, 2].map((n) => report(count(n))))[0];
    expect(few.bars.map(({ label, text, was }) => [label, text, was])).toEqual([['0 of 8 seeds', '1 of 3', false], ['2 of 8 seeds', '2 of 3', false], ['8 of 8 seeds', '0 of 3', true]]);
    const many = classAnswers(Array.from({ length: 30 }, (_, n) => report(count(n))))[0];
    expect(many.bars).toHaveLength(10);
    expect(many.bars.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(many.bars.map(({ was }) => was).filter(Boolean)).toHaveLength(1);
  });

  test('of a student the first scored answer counts, and another experiment is another question', () => {
    const unscored = { ...masses([0, 1, 0, 0]), outcome: null, score: null, ended: 'changed' as const };
    const other = { ...masses([1, 0, 0, 0]), experiments: [{ ...EXAMPLE_PREDICTION.experiments[0], steps: 50 }] };
    const all = classAnswers([report(unscored, masses([0, 0, 0, 1]), masses([1, 0, 0, 0]), other)]);
    expect(all).toHaveLength(2);
    expect(all.map(({ students }) => students)).toEqual([1, 1]);
    expect(all[0].bars.find(({ group }) => group === 'ood')?.share).toBe(1);
    expect(classAnswers([report({ ...EXAMPLE_PREDICTION, answer: null })])).toEqual([]);
  });
});

test('a name of which nothing is seen is none', () => {
  for (const student of ['', '  \t', '\u200B\u2066\u202E', '\u0000\u00A0\u3164']) expect(studentName({ student })).toBe('no name given');
  expect(studentName({ student: ' Ada\u200D ' })).toBe('Ada\u200D');
});

test('tasks that carry the link of one state are said to, however well it replays', () => {
  const copied = opened({ tasks: [exampleTask(), exampleTask({ id: 'vary' }), exampleTask({ id: 'say', evidence: null })] });
  const sentence = 'Tasks 1, 2 carry the link of one and the same state, though each asks for another.';
  expect(replayOf(copied, {}, []).detail).toBe(sentence);
  const same = compared([pair(0.5, 0.5)]);
  expect(replayOf(copied, { [jobKey({ report: copied.id, task: 0 })]: same, [jobKey({ report: copied.id, task: 1 })]: same }, [])).toMatchObject({ state: 'same', detail: sentence });
  expect(replayOf(opened(), {}, []).detail).toBe('');
});
