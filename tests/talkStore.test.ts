/** The talk: a step shows its scene whatever was shown before, and starts nothing anew that is already there. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLabStore } from '../src/components/labStore.ts';
import { findSteps } from '../src/components/lecture/findSteps.ts';
import { neighbourStep, rowsOf } from '../src/components/lecture/Overview.tsx';
import { stageOf } from '../src/components/lecture/scene.ts';
import { TALK, type Scene, type TalkStep } from '../src/components/lecture/talk.ts';
import { createTalkStore } from '../src/components/lecture/talkStore.ts';
import { setParam } from '../src/sim/params.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { createRunStore, type RunClient } from '../src/sim/runStore.ts';
import type { Command } from '../src/sim/worker/protocol.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** Time in which every fake run has ended. */
const LONG = 120_000;

function setUp(talk: readonly TalkStep[] = TALK) {
  const engine = createFakeClient();
  const sent: Command[] = [];
  // As over a worker's port: nothing is answered at once.
  const client: RunClient = {
    send(command) { sent.push(command); setTimeout(() => engine.send(command), 3); },
    restart: () => engine.restart(), onEvent: () => undefined, onCrash: () => undefined,
  };
  engine.onEvent = (event) => { setTimeout(() => client.onEvent(event), 3); };
  const run = createRunStore(client);
  const lab = createLabStore(run, { origin: PRESETS[0] });
  run.getState().load(PRESETS[0].experiment);
  run.getState().setSpeed(Infinity);
  vi.advanceTimersByTime(100);
  const store = createTalkStore(run, lab, {}, talk);
  const starts = () => sent.filter(({ type }) => type === 'start').length;
  return { run, lab, sent, store, starts, talk: store.getState };
}

/** All of the page that a scene decides. */
function pageOf({ run, lab }: Pick<ReturnType<typeof setUp>, 'run' | 'lab'>) {
  const { origin, base, methods, panel, draft, notices, opening, asked } = lab.getState();
  const { experiment, others, state, step, focus, branches, forkedFrom } = run.getState();
  return { origin, base, methods, panel, draft, notices, opening, asked, experiment, others, state, step, focus, branches, forkedFrom };
}

let known: ReturnType<typeof pageOf>[] | undefined;

/** The page of every step, gone to first. */
function firstPages() {
  known ??= TALK.map((_, at) => {
    const fresh = setUp();
    fresh.talk().start(at);
    vi.advanceTimersByTime(LONG);
    return pageOf(fresh);
  });
  return known;
}

const scene = (change: Partial<Scene>): Scene => ({ chapter: 5, preset: 'the-the-the', run: 'ready', ...change });
const step = (id: string, change: Partial<Scene>): TalkStep => ({ id, chapter: 5, title: id, scene: scene(change), notes: { say: [], seen: '' }, minutes: 1 });

describe('the scenes of the talk', () => {
  test('all of them can be shown', () => {
    for (const each of TALK) expect(stageOf(each), each.id).toHaveProperty('stage');
  });

  test('a step shows the same however it was reached, with whatever was going on', () => {
    const pages = firstPages();
    const lecture = setUp();
    const random = randomAt(1, STREAM.batch);
    lecture.talk().start(0);
    for (let i = 0; i < 72; i++) {
      const at = Math.floor(random.uniform() * TALK.length);
      // Sometimes at once, sometimes in the middle of a run, sometimes at its end.
      vi.advanceTimersByTime([0, 30, 400, LONG][i % 4]);
      const way = random.index([0.5, 0.25, 0.25]);
      if (way === 0) lecture.talk().go(at);
      else if (way === 1) lecture.talk().next();
      else lecture.talk().previous();
      if (i % 4 !== 3) continue;
      vi.advanceTimersByTime(LONG);
      expect(pageOf(lecture), TALK[lecture.talk().at].id).toEqual(pages[lecture.talk().at]);
    }
  }, 60_000);

  test('there and back again, the whole talk', () => {
    const pages = firstPages();
    const lecture = setUp();
    lecture.talk().start(0);
    for (let at = 1; at < TALK.length; at++) {
      lecture.talk().next();
      vi.advanceTimersByTime(LONG);
      expect(pageOf(lecture), TALK[at].id).toEqual(pages[at]);
    }
    lecture.talk().next();
    expect(lecture.talk().at, 'there is nothing after the last').toBe(TALK.length - 1);
    for (let at = TALK.length - 2; at >= 0; at--) {
      lecture.talk().previous();
      vi.advanceTimersByTime(LONG);
      expect(pageOf(lecture), TALK[at].id).toEqual(pages[at]);
    }
    lecture.talk().previous();
    expect(lecture.talk().at).toBe(0);
  }, 60_000);
});

describe('a run that is already there', () => {
  const talk = [step('ready', {}), step('play', { run: 'play' }), step('on', { run: 'keep' }), step('again', {})];

  test('from ready to play it plays, from play to the next it goes on, and back at ready it is at update 0', () => {
    const lecture = setUp(talk);
    lecture.talk().start(0);
    const begun = lecture.starts();
    vi.advanceTimersByTime(500);
    lecture.talk().next();
    vi.advanceTimersByTime(300);
    expect(lecture.run.getState().state).toBe('running');
    const before = lecture.run.getState().step;
    lecture.talk().next();
    vi.advanceTimersByTime(100);
    expect(lecture.run.getState().step).toBeGreaterThan(before);
    lecture.talk().next();
    vi.advanceTimersByTime(100);
    expect(lecture.run.getState()).toMatchObject({ state: 'paused', step: 0 });
    expect(lecture.starts(), 'it is one run').toBe(begun);
  });

  test('back and forth faster than the run can answer', () => {
    const lecture = setUp(talk);
    lecture.talk().start(1);
    const begun = lecture.starts();
    vi.advanceTimersByTime(300);
    lecture.talk().previous();
    lecture.talk().next();
    vi.advanceTimersByTime(300);
    expect(lecture.run.getState().state).toBe('running');
    vi.advanceTimersByTime(LONG);
    lecture.talk().previous();
    vi.advanceTimersByTime(100);
    lecture.talk().next();
    lecture.talk().previous();
    vi.advanceTimersByTime(300);
    expect(lecture.run.getState()).toMatchObject({ state: 'paused', step: 0 });
    expect(lecture.starts()).toBe(begun);
  });

  test('playing while the run is still being prepared', () => {
    const lecture = setUp([step('other', { preset: 'strong-tie' }), ...talk]);
    lecture.talk().start(0);
    vi.advanceTimersByTime(500);
    lecture.talk().next();
    const begun = lecture.starts();
    vi.advanceTimersByTime(10);
    expect(lecture.run.getState().state).toBe('starting');
    lecture.talk().next();
    vi.advanceTimersByTime(LONG);
    expect(lecture.run.getState().state).toBe('done');
    expect(lecture.starts()).toBe(begun);
    lecture.talk().previous();
    vi.advanceTimersByTime(100);
    expect(lecture.run.getState()).toMatchObject({ state: 'paused', step: 0 });
  });

  test('what the lecturer paused stays paused where it goes on, and the seed in focus stays', () => {
    const lecture = setUp(talk);
    lecture.talk().start(1);
    vi.advanceTimersByTime(300);
    lecture.run.getState().setFocus({ seedIndex: 3, sweepIndex: 0 });
    lecture.lab.getState().togglePlay();
    vi.advanceTimersByTime(50);
    const at = lecture.run.getState().step;
    expect(at).toBeGreaterThan(0);
    lecture.talk().next();
    vi.advanceTimersByTime(500);
    expect(lecture.run.getState()).toMatchObject({ state: 'paused', step: at, focus: { seedIndex: 3, sweepIndex: 0 } });
  });

  test('what the lecturer changed is put back: a knob, another chapter, a panel, a fork', () => {
    const lecture = setUp([...talk, step('panel', { panel: 'space' })]);
    lecture.talk().start(0);
    vi.advanceTimersByTime(500);
    const { lab, run } = lecture;
    const ready = pageOf(lecture);
    lab.getState().commit(setParam(lab.getState().base, 'beta', 2));
    lecture.talk().go(0);
    vi.advanceTimersByTime(500);
    expect(pageOf(lecture)).toEqual(ready);
    lab.getState().openChapter(8);
    lecture.talk().go(0);
    vi.advanceTimersByTime(500);
    expect(pageOf(lecture)).toEqual(ready);
    const begun = lecture.starts();
    lecture.talk().go(4);
    expect(lab.getState().panel).toBe('space');
    lecture.talk().go(0);
    expect(lab.getState().panel).toBeNull();
    expect(lecture.starts(), 'a panel needs no new run').toBe(begun);
    run.setState({ branches: [{ id: 1, name: 'β = 1', experiment: ready.base, history: run.getState().history, schedule: [], forkedAt: 0 }] });
    lecture.talk().go(0);
    vi.advanceTimersByTime(500);
    expect(pageOf(lecture)).toEqual(ready);
  });

  test('the talk goes on where it was, without playing again what was played', () => {
    const lecture = setUp(talk);
    lecture.talk().start();
    expect(lecture.talk()).toMatchObject({ on: true, at: 0, startedAt: Date.now(), startedStep: 0 });
    const began = lecture.talk().startedAt;
    lecture.talk().go(1);
    vi.advanceTimersByTime(LONG);
    lecture.talk().stop();
    expect(lecture.talk().on).toBe(false);
    const begun = lecture.starts();
    lecture.talk().start();
    vi.advanceTimersByTime(100);
    expect(lecture.talk()).toMatchObject({ on: true, at: 1, startedAt: began });
    expect(lecture.run.getState().state).toBe('done');
    lecture.talk().stop();
    lecture.lab.getState().openChapter(6);
    lecture.talk().start();
    vi.advanceTimersByTime(LONG);
    expect(lecture.lab.getState().origin.id).toBe('the-the-the');
    expect(lecture.starts()).toBe(begun + 2);
  });
});

describe('the clock', () => {
  const talk = [step('a', {}), step('b', {}), step('c', {})];

  test('runs from when and where the talk began, until it is started by hand', () => {
    const lecture = setUp(talk);
    expect(lecture.talk()).toMatchObject({ begun: false, startedAt: null });
    lecture.talk().start(1);
    const began = { startedAt: Date.now(), startedStep: 1 };
    expect(lecture.talk()).toMatchObject({ begun: true, ...began });
    vi.advanceTimersByTime(LONG);
    lecture.talk().next();
    lecture.talk().start(0);
    expect(lecture.talk()).toMatchObject(began);
    lecture.talk().startClock(2);
    expect(lecture.talk()).toMatchObject({ at: 0, startedAt: Date.now(), startedStep: 2 });
  });

  test('that ran before the talk begins anew with it; a step that cannot be shown begins nothing', () => {
    const lecture = setUp([...talk, step('bad', { preset: 'nothing' })]);
    lecture.talk().startClock(0);
    lecture.talk().start(3);
    const early = Date.now();
    expect(lecture.talk()).toMatchObject({ on: false, begun: false, startedAt: early });
    vi.advanceTimersByTime(LONG);
    lecture.talk().start(1);
    expect(lecture.talk()).toMatchObject({ startedAt: early + LONG, startedStep: 1 });
  });
});

describe('a scene that cannot be shown is refused in a sentence, and nothing changes', () => {
  test.each([
    [{ knobs: [['beta', -1]] }, 'The step “bad” was not shown: beta must be a number in [0.000001, 1000], got -1.'],
    [{ knobs: [['resampleEvery', 5]] }, /^The step “bad” was not shown: .*resampl/i],
    [{ preset: 'nothing' }, 'The step “bad” was not shown: there is no preset “nothing”.'],
    [{ chapter: 8 }, 'The step “bad” was not shown: chapter 8 does not take the preset “the-the-the”.'],
    [{ panel: 'bench' }, 'The step “bad” was not shown: chapter 5 has no panel “bench”.'],
  ] satisfies [Partial<Scene>, string | RegExp][])('%j', (change, sentence) => {
    const lecture = setUp([step('good', {}), step('bad', change)]);
    lecture.talk().start(0);
    vi.advanceTimersByTime(100);
    const before = pageOf(lecture);
    lecture.talk().go(1);
    vi.advanceTimersByTime(100);
    const { notices, ...after } = pageOf(lecture);
    expect({ ...after, notices: [] }).toEqual(before);
    expect(lecture.talk().at).toBe(0);
    expect(notices).toHaveLength(1);
    if (typeof sentence === 'string') expect(notices[0]).toBe(sentence);
    else expect(notices[0]).toMatch(sentence);
  });
});

describe('finding a step', () => {
  test('by its number, by its chapter, by words of its title before words of its notes', () => {
    expect(findSteps(TALK, '7')[0]).toBe(6);
    expect(findSteps(TALK, '3').map((index) => index === 2 || TALK[index].chapter === 3)).not.toContain(false);
    expect(findSteps(TALK, 'chapter 4').map((index) => TALK[index].chapter)).toEqual(TALK.filter(({ chapter }) => chapter === 4).map(() => 4));
    TALK.forEach(({ title }, index) => expect(findSteps(TALK, title)[0], title).toBe(index));
    const [first] = findSteps(TALK, 'LOSS look');
    expect(TALK[first].title).toMatch(/loss look/);
    expect(findSteps(TALK, 'xylophone')).toEqual([]);
    expect(findSteps(TALK, '999')).toEqual([]);
    expect(findSteps(TALK, ' ')).toHaveLength(TALK.length);
  });

  test('the overview has every step once, and its arrow keys reach all of them', () => {
    const rows = rowsOf(TALK);
    expect(rows.flatMap(({ steps }) => steps.map(({ index }) => index))).toEqual(TALK.map((_, index) => index));
    expect(rows.every(({ chapter, steps }) => steps.every((each) => each.step.chapter === chapter))).toBe(true);
    let at = 0;
    for (let i = 0; i < TALK.length - 1; i++) at = neighbourStep(rows, at, 'ArrowRight');
    expect(at).toBe(TALK.length - 1);
    expect(neighbourStep(rows, at, 'ArrowRight')).toBe(at);
    expect(neighbourStep(rows, at, 'Home')).toBe(0);
    const down = [0];
    for (let i = 1; i < rows.length; i++) down.push(neighbourStep(rows, down[i - 1], 'ArrowDown'));
    expect(down).toEqual(rows.map(({ steps }) => steps[0].index));
    expect(neighbourStep(rows, rows[1].steps[1].index, 'ArrowUp')).toBe(rows[0].steps[1].index);
  });
});
