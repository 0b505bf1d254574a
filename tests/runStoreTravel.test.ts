/** The page's side of time travel: one seek at a time, a record that stays, and what ends it. */
import { describe, expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { pastOf, upTo } from '../src/sim/history.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { createRunStore, type RunClient } from '../src/sim/runStore.ts';
import type { Command, Event, Fault, Frame, JudgedBatch } from '../src/sim/worker/protocol.ts';

const EXPERIMENT: Experiment = { ...presetExperiment(THE_THE_THE_FILE), seeds: [4, 5, 6] };
const MEAN = { seedIndex: null, sweepIndex: 0 };
const BROKE: Fault = { kind: 'not-finite', sentence: 'It broke.', step: 40, nextBackend: null };

function openStore() {
  const sent: Command[] = [];
  const client: RunClient = { send: (command) => { if (command.type !== 'ack') sent.push(command); }, restart: () => {}, onEvent: () => {}, onCrash: () => {} };
  const store = createRunStore(client);
  store.getState().load(EXPERIMENT);
  const now = () => store.getState();
  const emit = (event: Event) => client.onEvent(event);
  const frame = (step: number, furthest = step, judged: JudgedBatch[] = [], run = now().run) => emit({
    type: 'frame', run, frame: {
      step, furthest, metrics: new Float64Array(METRICS.length * 3).fill(step), logps: new Float64Array(156), focus: MEAN, scores: null,
      between: [], judged, iteration: null, duels: null, updatesPerSecond: 0,
    } satisfies Frame,
  });
  const state = (name: 'paused' | 'running' | 'done', step: number) => emit({ type: 'state', run: now().run, state: name, step });
  /** A run that has been at 100, 20 updates a frame. */
  for (const step of [0, 20, 40, 60, 80, 100]) frame(step);
  state('paused', 100);
  return { sent, client, now, emit, frame, state, seeks: () => sent.flatMap((command) => (command.type === 'seek' ? [command.step] : [])) };
}
const batch = (step: number): JudgedBatch => ({ step, policy: 0, nodes: Int32Array.of(step, 1), scores: Float32Array.of(1, 0) });

describe('scrubbing', () => {
  test('sends one seek at a time; of those meanwhile only the newest', () => {
    const { now, seeks, frame, emit } = openStore();
    for (const step of [70, 71, 72, 73]) now().seek(step);
    expect(seeks()).toEqual([70]);
    expect(now().seeking).toEqual({ target: 73, sent: 70, at: null });
    frame(70, 100);
    emit({ type: 'sought', run: 1, step: 70, target: 70 });
    expect(seeks()).toEqual([70, 73]);
    expect(now().step, 'what is on its way is seen on its way').toBe(70);
    frame(73, 100);
    emit({ type: 'sought', run: 1, step: 73, target: 73 });
    expect(now()).toMatchObject({ seeking: null, step: 73, furthest: 100 });
    expect(seeks()).toEqual([70, 73]);
  });

  test('a fork asked for on the way, while the run still says that it plays, waits for it and does not end it', () => {
    const { now, sent, state, frame, emit } = openStore();
    state('running', 100);
    now().seek(60);
    now().fork({ ...EXPERIMENT, algorithm: { ...EXPERIMENT.algorithm, beta: 0.5 } });
    expect(sent.map(({ type }) => type).slice(1), 'a pause would end the seek').toEqual(['seek']);
    frame(60, 100);
    emit({ type: 'sought', run: 1, step: 60, target: 60 });
    state('paused', 60);
    emit({ type: 'snapshot', run: 1, snapshot: { step: 60 } as never });
    expect(now().forkedFrom?.step).toBe(60);
    expect(now().forking).toEqual([]);
  });

  test('one that takes long gives way to a newer one at once', () => {
    const { now, seeks, emit } = openStore();
    now().seek(90);
    emit({ type: 'seeking', run: 1, step: 15, target: 90 });
    expect(now().seeking).toEqual({ target: 90, sent: 90, at: 15 });
    now().seek(30);
    expect(seeks()).toEqual([90, 30]);
    now().seek(31);
    expect(seeks(), 'not known to take long yet').toEqual([90, 30]);
    emit({ type: 'sought', run: 1, step: 90, target: 90 });
    expect(now().seeking, 'news of a seek that was given up').toEqual({ target: 31, sent: 30, at: null });
    emit({ type: 'seeking', run: 1, step: 8, target: 30 });
    expect(seeks()).toEqual([90, 30, 31]);
  });

  test('play, steps and a change of knobs are meant for where it goes', () => {
    const { now, sent } = openStore();
    now().seek(70);
    now().seek(55);
    now().play();
    expect(sent.slice(1)).toEqual([{ type: 'seek', run: 1, step: 70 }, { type: 'seek', run: 1, step: 55 }, { type: 'play', run: 1 }]);
    now().seek(33);
    now().retune({ beta: 0.5 });
    expect(sent.slice(4)).toEqual([{ type: 'seek', run: 1, step: 33 }, { type: 'retune', run: 1, beta: 0.5 }]);
  });

  test('a pause keeps what is on its way and drops the rest', () => {
    const { now, seeks, emit } = openStore();
    now().seek(70);
    now().seek(55);
    now().pause();
    emit({ type: 'sought', run: 1, step: 12, target: 70 });
    expect(seeks()).toEqual([70]);
    expect(now().seeking).toBeNull();
  });

  test('one step back, as often as it is asked for, down to the earliest', () => {
    const { now, seeks, emit } = openStore();
    now().stepBack();
    now().stepBack();
    now().stepBack();
    expect(seeks()).toEqual([99]);
    expect(now().seeking?.target).toBe(97);
    emit({ type: 'sought', run: 1, step: 99, target: 99 });
    expect(seeks()).toEqual([99, 97]);
    now().seek(0);
    now().stepBack();
    expect(now().seeking?.target).toBe(0);
  });

  test.each<[string, (store: ReturnType<typeof openStore>) => void]>([
    ['a reset', ({ now }) => now().reset()], ['a new run', ({ now }) => now().load({ ...EXPERIMENT, steps: 70 })],
    ['a fault', ({ emit }) => emit({ type: 'fault', run: 1, fault: BROKE })], ['a crash', ({ client }) => client.onCrash('It is dead.')],
  ])('%s ends it', (_, end) => {
    const store = openStore();
    store.now().seek(50);
    end(store);
    expect(store.now().seeking).toBeNull();
  });
});

describe('the record', () => {
  test('stays while the run is before its end, and grows again beyond', () => {
    const { now, frame } = openStore();
    const { history } = now();
    frame(30, 100);
    expect(now()).toMatchObject({ step: 30, furthest: 100, frame: { step: 30 } });
    expect(now().history).toBe(history);
    frame(50, 100);
    expect(now().history).toBe(history);
    frame(120);
    expect(now().history.steps).toEqual([0, 20, 40, 60, 80, 100, 120]);
  });

  test('ends where knobs are changed', () => {
    const { now, frame, emit } = openStore();
    emit({ type: 'retuned', run: 1, step: 60, beta: 0.5 });
    frame(50, 60);
    expect(now().history.steps).toEqual([0, 20, 40, 60]);
    frame(30, 60);
    now().retune({ beta: 0.7 });
    emit({ type: 'retuned', run: 1, step: 30, beta: 0.7 });
    expect(now()).toMatchObject({ furthest: 30, changes: [{ step: 30, beta: 0.7 }], schedule: [{ step: 0, beta: 0.05 }, { step: 30, beta: 0.7 }] });
    expect(now().history.steps).toEqual([0, 20]);
  });

  test('of what was judged is ahead of the present or behind it, each batch once', () => {
    const { now, frame, emit } = openStore();
    const steps = (batches: readonly JudgedBatch[]) => batches.map(({ step }) => step);
    frame(120, 120, [105, 110, 120].map(batch));
    frame(107, 120, [batch(105)]);
    expect([steps(now().judged), steps(now().judgedAhead)]).toEqual([[105], [110, 120]]);
    frame(104, 120);
    expect([steps(now().judged), steps(now().judgedAhead)]).toEqual([[], [105, 110, 120]]);
    frame(111, 120, [batch(110)]);
    expect([steps(now().judged), steps(now().judgedAhead)]).toEqual([[105, 110], [120]]);
    emit({ type: 'retuned', run: 1, step: 111, beta: 1 });
    expect([steps(now().judged), steps(now().judgedAhead)]).toEqual([[105, 110], []]);
  });

  test('knobs in force elsewhere are those of the experiment that is shown, but for what was asked for meanwhile', () => {
    const { now, emit } = openStore();
    now().retune({ beta: 0.5 });
    emit({ type: 'retuned', run: 1, step: 100, beta: 0.5 });
    now().seek(20);
    emit({ type: 'knobs', run: 1, step: 20 });
    expect(now().experiment).toEqual(EXPERIMENT);
    now().retune({ learningRate: 2 });
    emit({ type: 'knobs', run: 1, step: 100, beta: 0.5 });
    expect(now().experiment).toMatchObject({ algorithm: { beta: 0.5 }, optimizer: { learningRate: 2 } });
    emit({ type: 'retuned', run: 1, step: 20, learningRate: 2 });
    emit({ type: 'knobs', run: 1, step: 10 });
    expect(now().experiment).toEqual(EXPERIMENT);
  });

  test('of a run that broke is gone along again, in a new run', () => {
    const { now, sent, emit, frame } = openStore();
    emit({ type: 'retuned', run: 1, step: 20, beta: 0.5 });
    frame(40);
    emit({ type: 'fault', run: 1, fault: BROKE });
    expect(now()).toMatchObject({ state: 'failed', brokeAfter: 40, furthest: 40 });
    now().seek(41);
    expect(now().refused).toBe('This run can be shown from update 0 to update 40; asked for was update 41.');
    now().seek(10);
    expect(sent.at(-1)).toMatchObject({ type: 'start', run: 2, experiment: EXPERIMENT, play: false, to: { step: 10, furthest: 40, changes: [{ step: 20, beta: 0.5 }] } });
    frame(10, 40);
    expect(now().history.steps).toEqual([0, 20, 40]);
    expect(now().brokeAfter).toBe(40);
    emit({ type: 'retuned', run: 2, step: 10, beta: 1 });
    expect(now().brokeAfter).toBeNull();
  });

  test('of a run that stopped otherwise waits for a recovery, and begins there', () => {
    const { now, emit, frame, seeks } = openStore();
    emit({ type: 'snapshot', run: 1, snapshot: { step: 80, tensors: [] } });
    emit({ type: 'fault', run: 1, fault: { ...BROKE, kind: 'device-lost' } });
    now().seek(10);
    expect(now().refused).toBe('The run has stopped; go on from its last good state first.');
    now().recover();
    expect(now()).toMatchObject({ earliest: 80, furthest: 80, step: 80 });
    frame(80);
    expect(now().history.steps).toEqual([0, 20, 40, 60, 80]);
    now().stepBack();
    expect(seeks()).toEqual([]);
  });
});

test('the past of a present leaves out what is recorded beyond', () => {
  const { now, frame } = openStore();
  const { history } = now();
  const metrics = new Float64Array(3);
  expect(pastOf(history, { step: 100, metrics })).toBe(history);
  expect(pastOf(history, { step: 50, metrics })).toMatchObject({ steps: [0, 20, 40], last: { step: 50, metrics } });
  expect(pastOf(history, { step: 40, metrics }).points).toHaveLength(3);
  expect(upTo(history, 19)).toMatchObject({ steps: [0], last: { step: 0 } });
  expect(upTo(history, 100)).toBe(history);
  frame(120);
  expect(history.steps, 'a history is never changed').toHaveLength(6);
});

