/** How far a student has come: kept on this machine, read back with care; what is entered; and that every task can be rendered and set up. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLabStore } from '../src/components/labStore.ts';
import { isPlain } from '../src/components/lecture/sync/plain.ts';
import { createPredictStore } from '../src/components/predict/predictStore.ts';
import { readNumber } from '../src/components/student/entries.ts';
import { keepWalk, mergedWalk, printWalk, readWalk } from '../src/components/student/keptWalk.ts';
import type { Facts } from '../src/components/student/looked.ts';
import { makeReport } from '../src/components/student/makeReport.ts';
import { createPathStore, FRESH_WALK, isComplete, nextTask, type PathStore, type Walk, type Walks } from '../src/components/student/pathStore.ts';
import { readReport, reportHtml } from '../src/components/student/reportFile.ts';
import { TASK_IDS, type TaskId } from '../src/components/student/taskIds.ts';
import { taskOf, TASKS } from '../src/components/student/tasks.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import { EXAMPLE_EVIDENCE } from './fixtures/exampleReport.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function freshPath(): PathStore {
  const run = createRunStore(createFakeClient());
  const lab = createLabStore(run, {});
  return createPathStore(run, lab, createPredictStore(run, lab), { pictures: () => Promise.resolve([]) });
}

/** A storage that may be blocked or full. */
function storageWith(entries: Record<string, string> = {}, room = Infinity) {
  return {
    entries,
    storage: () => ({ getItem: (key: string) => entries[key] ?? null, setItem(key: string, value: string) { if (value.length > room) throw new Error('full'); entries[key] = value; } }) as unknown as Storage,
  };
}

const KEY = 'dpo-lab/path/ood';
const SVG = `<svg>${'x'.repeat(2000)}</svg>`;

/** The second task done, the third begun. */
function someWalk(): Walk {
  const tasks: Walks = {
    ...FRESH_WALK.tasks,
    run: {
      since: null, at: '2026-03-01T20:00:00.000Z', answers: { ood: { said: '99.9', before: 1 }, loss: { said: '0.015', before: 0 } },
      found: { sentence: 'It stands.', facts: { ood: 0.999, loss: 0.0151, lossStart: 0.69, oodStart: 0.002, seeds: 8, collapsed: 8, rankedRight: 8, updates: 800 }, evidence: EXAMPLE_EVIDENCE, pictures: [{ title: 'a', svg: SVG }] },
    },
    explain: { since: null, at: null, answers: { own: { said: 'Half a', before: 0 } }, found: null },
  };
  return { startedAt: '2026-03-01T19:00:00.000Z', open: 'explain', expanded: false, student: 'Ada', tasks };
}

describe('what is kept', () => {
  test('is taken up again as it was, and follows what is done', () => {
    const walk = someWalk();
    expect(readWalk(printWalk(walk))).toEqual(walk);
    const { entries, storage } = storageWith({ [KEY]: printWalk(walk) });
    const path = freshPath();
    keepWalk(path, storage);
    expect(path.getState()).toMatchObject(walk);
    expect(isPlain(path.getState().tasks)).toBe(true);
    path.getState().write('explain', 'own', 'Half a sentence more');
    vi.advanceTimersByTime(1000);
    expect(readWalk(entries[KEY])?.tasks.explain.answers.own.said).toBe('Half a sentence more');
  });

  test('gives up the pictures where there is no room, and nothing where storage is blocked', () => {
    const walk = someWalk();
    const { entries, storage } = storageWith({}, printWalk(walk).length - 1000);
    const path = freshPath();
    keepWalk(path, storage);
    path.getState().restore(walk);
    vi.advanceTimersByTime(1000);
    expect(readWalk(entries[KEY])?.tasks.run.found).toMatchObject({ sentence: 'It stands.', pictures: [] });
    const blocked = freshPath();
    keepWalk(blocked, () => { throw new Error('blocked'); });
    blocked.getState().setStudent('Eve');
    vi.advanceTimersByTime(1000);
    expect(blocked.getState().student).toBe('Eve');
  });

  test.each([null, '', 'null', '3', '[]', '{', '{"version":2,"tasks":{}}', '{"version":1}', '{"version":1,"tasks":[]}'])('is none of ours: %s', (text) => {
    expect(readWalk(text)).toBeNull();
  });

  test('is read as far as it is whole: what is not is to be done again', () => {
    const walk = JSON.parse(printWalk(someWalk())) as { tasks: Record<string, { found: Record<string, unknown> | null; at: unknown; answers: unknown }>; open: unknown };
    const change = (what: (kept: typeof walk) => void) => {
      const kept = structuredClone(walk);
      what(kept);
      return readWalk(JSON.stringify(kept));
    };
    const found = (kept: typeof walk) => kept.tasks.run.found as Record<string, unknown>;
    expect(change((kept) => { found(kept).evidence = { link: 'https://example.org' }; })?.tasks.run).toMatchObject({ found: null, at: null, answers: { ood: { said: '99.9' } } });
    expect(change((kept) => { (found(kept).facts as Record<string, number>).ood = 0.2; })?.tasks.run.at, 'the number entered is not that of the run').toBeNull();
    expect(change((kept) => { found(kept).pictures = [{ title: 'a', svg: '<p>' }, 7]; })?.tasks.run.found?.pictures).toEqual([]);
    expect(change((kept) => { kept.tasks.run.answers = [1]; })?.tasks.run).toMatchObject({ answers: {}, at: null });
    expect(change((kept) => { kept.open = 'elsewhere'; })?.open).toBe('predict');
    expect(change((kept) => { kept.tasks.predict.at = '2026-03-01T20:00:00.000Z'; })?.tasks.predict.at, 'nothing was found').toBeNull();
    expect(change((kept) => { delete kept.tasks.say; })?.tasks.say.at).toBeNull();
  });
});

describe('what is entered', () => {
  test.each([['12.5', 12.5], [' 12,5 % ', 12.5], ['99.9%', 99.9], ['1e-3', 0.001], ['.5', 0.5], ['−2', -2], ['', NaN], ['12 34', NaN], ['all', NaN], ['1,234.5', NaN], ['Infinity', NaN], ['0x10', NaN]])('%j is read as %d', (said, number) => {
    expect(readNumber(said)).toEqual(number);
  });

  const FACTS: Readonly<Record<string, Facts>> = { run: someWalk().tasks.run.found?.facts ?? {} };

  test('without the numbers of a run nothing that needs them is right', () => {
    for (const entry of taskOf('run').entries) expect(entry.judge('99.9', () => null).right).toBe(false);
    for (const id of ['rewind', 'fork', 'online'] as const) {
      for (const entry of taskOf(id).entries) if (entry.kind === 'choice') for (const option of entry.options) expect(entry.judge(option.id, () => null).right, `${id} ${option.id}`).toBe(false);
    }
  });

  test('every choice has one right answer, every wrong one is explained, and anything else is no answer', () => {
    const facts: Record<string, Facts> = {
      ...FACTS, rewind: { lossBefore: 0.4, lossAt: 0.2, lossAfter: 0.1, stepBefore: 78, stepAt: 128, stepAfter: 178 }, fork: { oodFork: 0.52, oodEnd: 0.51, step: 128, lossFork: 1e-9, lossStep: 129 },
      control: { chosen: 0.99 }, online: { pairs: 5120, twice: 5000 },
    };
    const all = (id: TaskId) => facts[id] ?? null;
    for (const { id, entries } of TASKS) {
      for (const entry of entries) {
        if (entry.kind !== 'choice') continue;
        const judged = entry.options.map((option) => entry.judge(option.id, all));
        expect(judged.filter(({ right }) => right), `${id} ${entry.id}`).toHaveLength(1);
        for (const { sentence } of judged) expect(sentence.length).toBeGreaterThan(10);
        expect(entry.judge('something else', all)).toEqual({ right: false, sentence: 'Choose one of the answers.' });
      }
    }
  });

  test('a measured answer follows the numbers, whichever they are', () => {
    const [after] = taskOf('fork').entries;
    const judge = (oodEnd: number, said: string) => after.judge(said, (id) => (id === 'fork' ? { oodFork: 0.5, oodEnd, step: 128, lossFork: 0.1, lossStep: 129 } : null)).right;
    expect([judge(0.52, 'stayed'), judge(0.1, 'back'), judge(0.9, 'on'), judge(0.9, 'stayed'), judge(0.1, 'on')]).toEqual([true, true, true, false, false]);
    const [loss] = taskOf('rewind').entries;
    const around = (lossBefore: number, lossAt: number, lossAfter: number) => loss.kind === 'choice' && loss.options.find(({ id }) => loss.judge(id, () => ({ lossBefore, lossAt, lossAfter, stepBefore: 1, stepAt: 2, stepAfter: 3 })).right)?.id;
    expect([around(0.4, 0.2, 0.1), around(0.4, 0.5, 0.1), around(0.4, 0.4, 0.4), around(0.4, 0.2, 0.2)]).toEqual(['fell', 'jumped', 'still', 'still']);
  });
});

describe('two windows on one path', () => {
  /** Windows share a storage; what one writes, the others are told of. */
  function windows() {
    const { entries, storage } = storageWith({ [KEY]: printWalk(someWalk()) });
    const open = () => { const page = new EventTarget(); const path = freshPath(); keepWalk(path, storage, page); return { path, page }; };
    const tell = (page: EventTarget) => page.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }));
    return { entries, open, tell };
  }

  test('one takes in what the other has written, and writes nothing for it', () => {
    const { entries, open, tell } = windows();
    const [a, b] = [open(), open()];
    a.path.getState().write('say', 'own', 'From A');
    vi.advanceTimersByTime(1000);
    const written = entries[KEY];
    const { run } = b.path.getState().tasks;
    tell(b.page);
    expect(b.path.getState().tasks.run, 'what nobody changed stays the very one').toBe(run);
    expect(b.path.getState().tasks.say.answers.own.said).toBe('From A');
    vi.advanceTimersByTime(1000);
    expect(entries[KEY]).toBe(written);
  });

  test('what is stale overwrites nothing, told of it or not; what is new on either side stays', () => {
    const { entries, open, tell } = windows();
    const [a, b] = [open(), open()];
    b.path.getState().write('explain', 'own', 'From B');
    a.path.getState().write('say', 'own', 'From A');
    a.path.getState().setStudent('Ada A.');
    vi.advanceTimersByTime(1000);
    tell(a.page);
    tell(b.page);
    for (const walk of [readWalk(entries[KEY]), a.path.getState(), b.path.getState()]) {
      expect(walk).toMatchObject({ student: 'Ada A.', tasks: { say: { answers: { own: { said: 'From A' } } }, explain: { answers: { own: { said: 'From B' } } }, run: { at: '2026-03-01T20:00:00.000Z' } } });
    }
  });

  test('of a task that both went on with, the one that is done stays', () => {
    const walk = someWalk();
    const withRun = (part: object): Walk => ({ ...walk, tasks: { ...walk.tasks, run: { ...walk.tasks.run, at: null, ...part } } });
    const [before, own, done] = [withRun({}), withRun({}), withRun({ at: '2026-03-01T20:30:00.000Z' })];
    expect(mergedWalk(before, own, done).tasks.run.at).toBe('2026-03-01T20:30:00.000Z');
    expect(mergedWalk(before, withRun({ since: '2026-03-01T20:40:00.000Z' }), done).tasks.run.at, 'begun anew').toBeNull();
  });
});

test('what was kept beyond the bounds of a report is not taken up', () => {
  const kept = JSON.parse(printWalk(someWalk())) as { startedAt: string; student: string; tasks: { run: { at: string; answers: object } } };
  Object.assign(kept, { student: 'x'.repeat(100_000), startedAt: '2026-01-01' });
  Object.assign(kept.tasks.run, { at: '2026-01-01' });
  Object.assign(kept.tasks, { explain: { answers: { own: { said: 'x'.repeat(30_000), before: 0 }, why: { said: 'seed', before: -0.5 } } } });
  const walk = readWalk(JSON.stringify(kept));
  expect(walk).toMatchObject({ student: '', startedAt: null, tasks: { run: { at: null }, explain: { answers: { why: { said: 'seed', before: 0 } } } } });
  expect(walk?.tasks.explain.answers).not.toHaveProperty('own');
  if (walk) expect(readReport(reportHtml(makeReport(walk, [], { createdAt: '2026-03-01T20:00:00.000Z', address: '' })))).toMatchObject({ ok: true });
});

test('a report with large pictures stays one that can be read', () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${'<path d="M0 0"/>'.repeat(18_000)}</svg>`;
  const walk = someWalk();
  const found = { ...walk.tasks.run.found!, pictures: [{ title: 'a', svg }, { title: 'b', svg }] };
  const tasks = Object.fromEntries(TASK_IDS.map((id) => [id, { ...walk.tasks.run, found }])) as unknown as Walks;
  const report = makeReport({ ...walk, tasks }, [], { createdAt: '2026-03-01T20:00:00.000Z', address: '' });
  expect(report.tasks.flatMap(({ pictures }) => pictures)).toHaveLength(3);
  expect(readReport(reportHtml(report))).toMatchObject({ ok: true, hashMatches: true });
});

test('the path leads on to what is not done, wherever it was left', () => {
  const done = (...ids: TaskId[]): Walks => Object.fromEntries(TASK_IDS.map((id) => [id, { ...FRESH_WALK.tasks[id], at: ids.includes(id) ? '2026-03-01T20:00:00.000Z' : null }])) as unknown as Walks;
  expect(nextTask(done('predict'), 'predict')).toBe('run');
  expect(nextTask(done('predict', 'explain'), 'run')).toBe('vary');
  expect(nextTask(done('say', 'run'), 'say')).toBe('predict');
  expect(nextTask(done(...TASK_IDS), 'say')).toBeNull();
  expect(isComplete(FRESH_WALK.tasks, 'predict')).toBe(false);
  expect(isComplete(FRESH_WALK.tasks, 'say')).toBe(false);
});

test('an answer is one try: the same again is none, and what was right cannot be spoilt', () => {
  const path = freshPath();
  for (const said of ['seed', 'seed', 'judge', 'shared', 'seed']) path.getState().answer('explain', 'why', said);
  expect(path.getState().tasks.explain.answers.why).toEqual({ said: 'shared', before: 2 });
});
