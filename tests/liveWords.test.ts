/** What a screen reader is told, and how seldom. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAnnouncer, createMarkWatch, happened, newMark, QUIET, type Happening } from '../src/components/frame/liveWords.ts';
import type { Mark } from '../src/sim/marks.ts';
import type { RunStatus } from '../src/sim/runStore.ts';

const REST: Happening = {
  run: 1, state: 'paused', step: 0, steps: 800, seeking: false, chapter: { id: 5, title: 'Why is DPO biased?' },
  talk: { on: false, at: 0, chapter: 5, title: 'Where will the probability go?', count: 36 }, blank: false, frozen: false,
};
const words = (before: Partial<Happening>, now: Partial<Happening>) => happened({ ...REST, ...before }, { ...REST, ...before, ...now }).map(({ sentence }) => sentence);

describe('what is said', () => {
  test('of a run: start, going on, pause, end, stop', () => {
    expect(words({}, { state: 'running' })).toEqual(['The run has started.']);
    expect(words({ step: 40 }, { state: 'running' })).toEqual(['The run goes on from update 40.']);
    expect(words({ state: 'running', step: 40 }, { state: 'paused' })).toEqual(['Paused at update 40 of 800.']);
    expect(words({ state: 'running', step: 800 }, { state: 'done' })).toEqual(['The run is done: 800 updates.']);
    expect(words({ state: 'running', step: 90 }, { state: 'failed' })).toEqual(['The run stopped at update 90.']);
  });

  test('of another update that was gone to, once it is there', () => {
    expect(words({ step: 90 }, { seeking: true })).toEqual([]);
    expect(words({ step: 90, seeking: true }, { step: 40 })).toEqual([]);
    expect(words({ step: 40, seeking: true }, { seeking: false })).toEqual(['At update 40 of 800.']);
  });

  test('nothing of every update, of a new run that is being prepared, or of a run that is ready', () => {
    expect(words({ state: 'running', step: 40 }, { step: 41 })).toEqual([]);
    expect(words({ state: 'done', step: 800 }, { run: 2, state: 'starting', step: 0 })).toEqual([]);
    expect(words({ run: 2, state: 'starting' }, { state: 'paused' })).toEqual([]);
  });

  test('of a chapter; in the talk of the step instead', () => {
    const chapter = { id: 6, title: 'Online DPO' };
    const talk = { ...REST.talk, on: true };
    expect(words({}, { chapter })).toEqual(['Chapter 6: Online DPO.']);
    expect(words({ talk }, { chapter })).toEqual([]);
    expect(words({}, { talk })).toEqual(['Step 1 of 36, chapter 5: Where will the probability go?']);
    // The step's chapter is said, as on the page, also where its scene is in another one.
    expect(words({ talk, chapter }, { talk: { ...talk, at: 35, chapter: 10, title: 'What remains open?' } })).toEqual(['Step 36 of 36, chapter 10: What remains open?']);
    expect(words({ talk }, { talk: REST.talk })).toEqual(['The talk is over; the page is the lab again.']);
  });

  test('of a blank page and a frozen picture', () => {
    expect(words({}, { blank: true })).toEqual(['The page is blank. Any key brings it back.']);
    expect(words({ blank: true }, { blank: false })).toEqual(['The page is shown again.']);
    expect(words({}, { frozen: true })).toEqual(['The picture stands still. Z lets it go on.']);
    expect(words({ frozen: true }, { frozen: false })).toEqual(['The picture goes on.']);
  });

  test('of events: the first collapse and the first catch that has been reached, nothing else', () => {
    const mark = (step: number, kind: Mark['kind']): Mark => ({ step, kind, sentence: `${kind} ${step}` });
    const marks = [mark(10, 'draw'), mark(40, 'collapse'), mark(50, 'recovery'), mark(60, 'catch'), mark(70, 'collapse')];
    expect(newMark(marks, 39, new Set())).toBeNull();
    expect(newMark(marks, 45, new Set())?.step).toBe(40);
    expect(newMark(marks, 65, new Set(['collapse']))?.step).toBe(60);
    expect(newMark(marks, 800, new Set(['collapse', 'catch']))).toBeNull();
  });
});

describe('when a run is searched for events', () => {
  const marks = () => [{ step: 40, kind: 'collapse' as const, sentence: 'It collapsed.' }];
  const done = { run: 1, step: 800, furthest: 800, seeking: null, state: 'done' as const, replacing: null };

  test('an event is said once, and again of another run that ends at the same update between two looks', () => {
    const watch = createMarkWatch();
    expect(watch.look({ ...done, state: 'running', step: 39, furthest: 39 }, marks)).toBeNull();
    expect(watch.look(done, marks)?.kind).toBe('collapse');
    expect(watch.look(done, marks)).toBeNull();
    expect(watch.look({ ...done, run: 2 }, marks)?.kind).toBe('collapse');
    expect(watch.look({ ...done, run: 2 }, marks)).toBeNull();
  });

  test('and of the same run that was put back and played again between two looks', () => {
    const watch = createMarkWatch();
    expect(watch.look(done, marks)?.kind).toBe('collapse');
    watch.note({ ...done, state: 'paused', step: 0, furthest: 0 });
    watch.note(done);
    expect(watch.look(done, marks)?.kind).toBe('collapse');
  });

  test('what its predecessor recorded is no event of a run that has no frame yet', () => {
    const watch = createMarkWatch();
    expect(watch.look(done, marks)?.kind).toBe('collapse');
    expect(watch.look({ ...done, run: 2, state: 'running', replacing: { view: null } as unknown as RunStatus['replacing'] }, marks)).toBeNull();
  });

  test('a run that is looked at in its past has nothing to say', () => {
    const watch = createMarkWatch();
    const past = { ...done, state: 'paused' as const, step: 50 };
    expect(watch.look(past, marks)).toBeNull();
    expect(watch.look({ ...done, seeking: { target: 800, sent: 800, at: null } }, marks)).toBeNull();
    expect(watch.look(done, marks)?.kind).toBe('collapse');
  });
});

describe('how seldom', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  test('what happens together is said together; then it is quiet for a while, and of a kind the newest is kept', () => {
    const said: [number, string][] = [];
    const announcer = createAnnouncer((text) => said.push([Date.now(), text]), Date.now);
    announcer.add([{ kind: 'talk', sentence: 'Step 2.' }]);
    announcer.add([{ kind: 'run', sentence: 'Started.' }]);
    vi.advanceTimersByTime(QUIET - 1);
    expect(said.map(([, text]) => text)).toEqual(['Step 2. Started.']);
    for (let i = 0; i < 100; i++) {
      announcer.add([{ kind: 'run', sentence: `Paused ${i}.` }]);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(QUIET);
    const times = said.map(([time]) => time);
    for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1]).toBeGreaterThanOrEqual(QUIET);
    expect(said.length).toBeLessThanOrEqual(2 + 10_000 / QUIET + 1);
    expect(said.at(-1)?.[1]).toBe('Paused 99.');
    const count = said.length;
    announcer.add([{ kind: 'run', sentence: 'Never.' }]);
    announcer.stop();
    vi.advanceTimersByTime(2 * QUIET);
    expect(said).toHaveLength(count);
  });
});
