/** What the page knows of the run: commands out, events in, and nothing of a run that is over. */
import { describe, expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { PPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { judgedQueue, JUDGED_PAIRS_KEPT } from '../src/sim/judgedLog.ts';
import { reduceEvent } from '../src/sim/runEvents.ts';
import { createRunStore, shownExperiment, type RunClient } from '../src/sim/runStore.ts';
import { METRICS } from '../src/sim/metrics.ts';
import type { Command, Event, Fault, Frame, JudgedBatch, View } from '../src/sim/worker/protocol.ts';

const EXPERIMENT: Experiment = { ...presetExperiment(THE_THE_THE_FILE), seeds: [4, 5, 6] };
const SWEPT: Experiment = { ...EXPERIMENT, sweep: { beta: [0.05, 0.5] } };
const MEAN = { seedIndex: null, sweepIndex: 0 };
const FAULT: Fault = { kind: 'device-lost', sentence: 'The graphics device was lost.', step: 7, nextBackend: 'wasm' };
const REPORT = { name: 'wasm', reason: 'measured', trials: [] } as const;

function openStore(experiment: Experiment | null = EXPERIMENT) {
  const sent: Command[] = [];
  const calls: string[] = [];
  const client: RunClient = {
    send: (command) => { sent.push(command); calls.push(command.type); },
    restart: () => { calls.push('restart'); },
    onEvent: () => {},
    onCrash: () => {},
  };
  const store = createRunStore(client);
  if (experiment) store.getState().load(experiment);
  return { store, client, sent, calls, now: () => store.getState(), emit: (event: Event) => client.onEvent(event) };
}

function frame(step: number, policies = 3, judged: JudgedBatch[] = []): Frame {
  return {
    step, metrics: new Float64Array(METRICS.length * policies).fill(step), logps: new Float64Array(156), focus: MEAN, scores: null,
    between: [], judged, iteration: null, duels: null, updatesPerSecond: 0,
  };
}
const frameEvent = (step: number, run = 1, judged: JudgedBatch[] = []): Event => ({ type: 'frame', run, frame: frame(step, 3, judged) });
/** What two policies drew for an update. */
const batchesOf = (step: number): JudgedBatch[] => [0, 1].map((policy) => ({ step, policy, nodes: Int32Array.of(step, policy), scores: Float32Array.of(1, 0) }));

describe('load', () => {
  test('starts a new run of the experiment from nothing', () => {
    const { now, sent } = openStore();
    expect(sent).toEqual([{ type: 'start', run: 1, experiment: EXPERIMENT, backend: null, play: false, updatesPerSecond: 120, focus: MEAN }]);
    expect(now()).toMatchObject({ run: 1, experiment: EXPERIMENT, state: 'starting', step: 0, fault: null, frame: null, view: null, snapshot: null });
    expect(now().members.map(({ seed }) => seed)).toEqual([4, 5, 6]);
    expect(now().world?.responseCount).toBe(156);
    expect(now().history).toMatchObject({ metricCount: METRICS.length, policyCount: 3, steps: [] });
  });

  test('a second one drops what was known of the first; speed, focus and a pinned backend stay', () => {
    const { store, now, sent, emit } = openStore();
    now().setSpeed(Infinity);
    now().setFocus({ seedIndex: 2, sweepIndex: 0 });
    emit(frameEvent(3));
    emit({ type: 'snapshot', run: 1, snapshot: { step: 3, tensors: [] } });
    emit({ type: 'fault', run: 1, fault: FAULT });
    emit({ type: 'refused', run: 1, message: 'no' });
    now().load({ ...EXPERIMENT, steps: 300 }, { play: true, backend: 'cpu' });
    expect(now()).toMatchObject({ run: 2, state: 'starting', step: 0, fault: null, refused: null, frame: null, view: null, snapshot: null, progress: null, pinnedBackend: 'cpu' });
    expect(now().history.steps).toEqual([]);
    expect(sent.at(-1)).toMatchObject({ type: 'start', run: 2, play: true, backend: 'cpu', updatesPerSecond: Infinity, focus: { seedIndex: 2, sweepIndex: 0 } });
    now().load(EXPERIMENT);
    expect(sent.at(-1)).toMatchObject({ run: 3, backend: 'cpu' });
    store.getState().load(EXPERIMENT, { backend: null });
    expect(sent.at(-1)).toMatchObject({ run: 4, backend: null });
  });

  test('at another β, the old picture stays until the first frame of the new run', () => {
    const { now, emit } = openStore();
    const old = { beta: 0.05 } as View;
    const fresh = { beta: 0.5 } as View;
    emit({ type: 'view', run: 1, view: old });
    emit(frameEvent(0));
    emit(frameEvent(40));
    now().load({ ...EXPERIMENT, algorithm: { ...EXPERIMENT.algorithm, beta: 0.5 } });
    emit({ type: 'state', run: 2, state: 'starting', step: 0 });
    emit({ type: 'view', run: 2, view: fresh });
    expect(now()).toMatchObject({ run: 2, state: 'starting', step: 40, view: old, frame: { step: 40 } });
    expect(shownExperiment(now())?.algorithm.beta).toBe(0.05);
    expect(now().experiment?.algorithm.beta).toBe(0.5);
    expect(now().history.steps).toEqual([0, 40]);
    emit(frameEvent(0, 2));
    expect(now()).toMatchObject({ step: 0, view: fresh, frame: { step: 0 }, replacing: null });
    expect(now().history.steps).toEqual([0]);
    emit({ type: 'state', run: 2, state: 'paused', step: 0 });
    expect(now()).toMatchObject({ state: 'paused', step: 0 });
    expect(shownExperiment(now())?.algorithm.beta).toBe(0.5);
  });

  test('a run that fails before its first frame does not keep the picture of the one before', () => {
    const { now, emit } = openStore();
    emit({ type: 'view', run: 1, view: {} as View });
    emit(frameEvent(40));
    now().load({ ...EXPERIMENT, algorithm: { ...EXPERIMENT.algorithm, beta: 0.5 } });
    emit({ type: 'fault', run: 2, fault: FAULT });
    expect(now()).toMatchObject({ state: 'failed', fault: FAULT, frame: null, view: null, replacing: null, step: 0 });
    expect(now().history.last).toBeNull();
    // Gone on with from there, the sentence must speak of the new β.
    expect(now().schedule).toEqual([{ step: 0, beta: 0.5, learningRate: 1 }]);
  });

  test('the knobs a run trained with are all remembered, until it starts over', () => {
    const { now, emit } = openStore();
    emit(frameEvent(0));
    expect(now().schedule).toEqual([{ step: 0, beta: 0.05, learningRate: 1 }]);
    now().retune({ beta: 0.5 });
    emit({ type: 'retuned', run: 1, step: 40, beta: 0.5 });
    emit({ type: 'retuned', run: 1, step: 40, beta: 0.6 });
    emit({ type: 'retuned', run: 1, step: 60, learningRate: 0.1 });
    emit({ type: 'retuned', run: 1, step: 80, learningRate: 0.1 });
    expect(now().schedule).toEqual([
      { step: 0, beta: 0.05, learningRate: 1 }, { step: 40, beta: 0.6, learningRate: 1 }, { step: 60, beta: 0.6, learningRate: 0.1 },
    ]);
    now().reset();
    expect(now().schedule).toEqual([{ step: 0, beta: 0.5, learningRate: 1 }]);
    now().load({ ...EXPERIMENT, steps: 7 });
    expect(now().schedule).toEqual([{ step: 0, beta: 0.05, learningRate: 1 }]);
  });

  test('what was measured between two frames is part of the history', () => {
    const { now, emit } = openStore();
    emit(frameEvent(0));
    const point = (step: number) => ({ step, metrics: frame(step).metrics });
    emit({ type: 'frame', run: 1, frame: { ...frame(10), between: [point(4), point(8)] } });
    expect(now().history.steps).toEqual([0, 4, 8, 10]);
    expect(now().history.points.map((metrics) => metrics[0])).toEqual([0, 4, 8, 10]);
    expect(now().step).toBe(10);
  });

  test.each<[string, { seedIndex: number | null; sweepIndex: number }, Experiment, { seedIndex: number | null; sweepIndex: number }]>([
    ['the last seed and value', { seedIndex: 2, sweepIndex: 1 }, SWEPT, { seedIndex: 2, sweepIndex: 1 }],
    ['a seed there is not', { seedIndex: 3, sweepIndex: 1 }, SWEPT, { seedIndex: null, sweepIndex: 1 }],
    ['a swept value there is not', { seedIndex: 1, sweepIndex: 2 }, SWEPT, { seedIndex: 1, sweepIndex: 0 }],
    ['no sweep', { seedIndex: 0, sweepIndex: 1 }, EXPERIMENT, { seedIndex: 0, sweepIndex: 0 }],
  ])('focus on %s', (_, asked, experiment, expected) => {
    const { now, sent } = openStore(experiment);
    now().setFocus(asked);
    expect(now().focus).toEqual(expected);
    expect(sent.at(-1)).toEqual({ type: 'focus', run: 1, focus: expected });
    const wide = openStore({ ...SWEPT, seeds: [1, 2, 3, 4, 5], sweep: { beta: [0.1, 0.2, 0.3] } });
    wide.now().setFocus(asked);
    wide.now().load(experiment);
    expect(wide.now().focus).toEqual(expected);
    expect(wide.sent.at(-1)).toMatchObject({ type: 'start', focus: expected });
  });
});

describe('methods side by side', () => {
  const PPO: Experiment = { ...EXPERIMENT, algorithm: { ...PPO_DEFAULTS, beta: 0.05 } };

  test('are one population, the first experiment’s policies before the others’', () => {
    const { now, sent } = openStore(null);
    now().load(SWEPT, { others: [PPO, EXPERIMENT] });
    expect(sent).toEqual([{ type: 'start', run: 1, experiment: SWEPT, others: [PPO, EXPERIMENT], backend: null, play: false, updatesPerSecond: 120, focus: MEAN }]);
    expect(now().members.map(({ seed, swept }) => [seed, swept.beta])).toEqual([
      ...[0.05, 0.5].flatMap((beta) => [4, 5, 6].map((seed) => [seed, beta])), ...[4, 5, 6, 4, 5, 6].map((seed) => [seed, undefined]),
    ]);
    expect(now().history.policyCount).toBe(12);
    now().setFocus({ seedIndex: 1, sweepIndex: 3 });
    expect(now().focus, 'the last of four').toEqual({ seedIndex: 1, sweepIndex: 3 });
    now().setFocus({ seedIndex: 1, sweepIndex: 4 });
    expect(now().focus.sweepIndex).toBe(0);
  });

  test('stay together through reset, retune and recover, and go with the next load', () => {
    const { now, sent, emit } = openStore(null);
    now().load(EXPERIMENT, { others: [PPO] });
    emit(frameEvent(5));
    now().reset();
    expect(now().others).toEqual([PPO]);
    expect(now().history.policyCount).toBe(6);
    now().retune({ beta: 0.2 });
    expect(now().others).toEqual([{ ...PPO, algorithm: { ...PPO.algorithm, beta: 0.2 } }]);
    now().recover();
    expect(sent.at(-1)).toMatchObject({ type: 'start', run: 2, experiment: { algorithm: { beta: 0.2 } }, others: [{ algorithm: { kind: 'ppo', beta: 0.2 } }] });
    emit({ type: 'fault', run: 2, fault: FAULT });
    now().reset({ play: true });
    expect(sent.at(-1), 'reset after a failure is a new run of all of them').toMatchObject({ type: 'start', run: 3, play: true, others: [{ algorithm: { kind: 'ppo' } }] });
    now().load(EXPERIMENT);
    expect(sent.at(-1)).not.toHaveProperty('others');
    expect(now()).toMatchObject({ others: [], focus: MEAN });
    expect(now().members).toHaveLength(3);
  });

  test('another number of policies does not keep the old picture', () => {
    const { now, emit } = openStore();
    emit(frameEvent(40));
    now().load(EXPERIMENT, { others: [PPO] });
    expect(now()).toMatchObject({ frame: null, replacing: null, step: 0 });
  });
});

describe('what was judged', () => {
  const steps = (judged: readonly JudgedBatch[]) => judged.map(({ step, policy }) => `${step}:${policy}`);

  test('is kept in order, and a frame without news keeps the list itself', () => {
    const { now, emit } = openStore();
    emit(frameEvent(10, 1, [...batchesOf(1), ...batchesOf(10)]));
    const { judged } = now();
    expect(steps(judged)).toEqual(['1:0', '1:1', '10:0', '10:1']);
    emit(frameEvent(12));
    expect(now().judged).toBe(judged);
    emit(frameEvent(25, 1, batchesOf(20)));
    expect(steps(now().judged)).toEqual(['1:0', '1:1', '10:0', '10:1', '20:0', '20:1']);
  });

  test('of a future that was undone is forgotten', () => {
    const { now, emit } = openStore();
    emit(frameEvent(30, 1, [10, 20, 30].flatMap(batchesOf)));
    emit(frameEvent(24));
    expect(steps(now().judged)).toEqual(['10:0', '10:1', '20:0', '20:1']);
    // Replayed from update 9, the same draws come again, once each.
    emit(frameEvent(21, 1, [10, 20].flatMap(batchesOf)));
    expect(steps(now().judged)).toEqual(['10:0', '10:1', '20:0', '20:1']);
  });

  test('of another run, or of before a reset, is forgotten; after a recovery the past stays', () => {
    const { now, emit } = openStore();
    emit(frameEvent(30, 1, [10, 20, 30].flatMap(batchesOf)));
    emit({ type: 'snapshot', run: 1, snapshot: { step: 20, tensors: [] } });
    emit({ type: 'fault', run: 1, fault: FAULT });
    now().recover();
    emit(frameEvent(20, 2));
    expect(steps(now().judged)).toEqual(['10:0', '10:1', '20:0', '20:1']);
    now().reset();
    expect(now().judged).toEqual([]);
    emit(frameEvent(10, 2, batchesOf(10)));
    now().load(EXPERIMENT);
    expect(now().judged).toEqual([]);
  });

  test('is bounded in pairs: the oldest updates go first, whole ones', () => {
    const { now, emit } = openStore();
    const sized = (step: number, pairs: number) => [0, 1].map((policy): JudgedBatch => ({ step, policy, nodes: new Int32Array(2 * pairs), scores: new Float32Array(2 * pairs) }));
    const tenth = JUDGED_PAIRS_KEPT / 20;
    emit(frameEvent(10, 1, Array.from({ length: 10 }, (_, i) => sized(i + 1, tenth)).flat()));
    expect(now().judged).toHaveLength(20);
    emit(frameEvent(11, 1, sized(11, 1)));
    expect(steps(now().judged).slice(0, 3), 'one pair too many costs the whole first update').toEqual(['2:0', '2:1', '3:0']);
    expect(now().judged.at(-1)?.step).toBe(11);
    emit(frameEvent(12, 1, sized(12, JUDGED_PAIRS_KEPT)));
    expect(steps(now().judged), 'the last update stays, however large').toEqual(['12:0', '12:1']);
  });
});

test('judged batches that nobody asks for do not pile up, and the newest are handed out', () => {
  const queue = judgedQueue();
  const batch = (step: number): JudgedBatch => ({ step, policy: 0, nodes: new Int32Array(2000), scores: new Float32Array(2000) });
  for (let step = 1; step <= 1000; step++) queue.add([batch(step)]);
  const kept = JUDGED_PAIRS_KEPT / 1000;
  const taken = queue.take();
  expect([taken.length, taken[0].step, taken.at(-1)?.step]).toEqual([kept, 1001 - kept, 1000]);
  expect(queue.take()).toEqual([]);
  queue.add([batch(1001)]);
  queue.clear();
  expect(queue.take()).toEqual([]);
});

describe('events', () => {
  test('change exactly what they say', () => {
    const { now } = openStore();
    const view = { focus: MEAN } as View;
    const change = (event: Event) => reduceEvent(now(), event);
    expect(change({ type: 'backend', run: 1, report: { ...REPORT, trials: [] } })).toEqual({ backend: REPORT });
    expect(change({ type: 'progress', run: 1, progress: { stage: 'reference', done: 0.5, detail: 'x' } })).toEqual({ progress: { stage: 'reference', done: 0.5, detail: 'x' } });
    expect(change({ type: 'view', run: 1, view })).toEqual({ view });
    expect(change({ type: 'snapshot', run: 1, snapshot: { step: 2, tensors: [] } })).toEqual({ snapshot: { step: 2, tensors: [] } });
    expect(change({ type: 'state', run: 1, state: 'starting', step: 0 })).toEqual({ state: 'starting', step: 0 });
    expect(change({ type: 'state', run: 1, state: 'running', step: 5 })).toEqual({ state: 'running', step: 5, progress: null });
    expect(change({ type: 'fault', run: 1, fault: FAULT })).toEqual({ fault: FAULT, state: 'failed', seeking: null, forking: [] });
    expect(change({ type: 'refused', run: 1, message: 'no' })).toEqual({ refused: 'no', askedKnobs: null });
    const framed = change({ type: 'frame', run: 1, frame: frame(9) });
    expect(framed).toMatchObject({ step: 9, frame: { step: 9 }, history: { steps: [9] } });
    expect(Object.keys(framed).sort()).toEqual(['frame', 'furthest', 'history', 'judged', 'judgedAhead', 'step']);
  });

  test('a frame is acknowledged once it is here', () => {
    const { sent, emit, now } = openStore();
    emit(frameEvent(1));
    emit(frameEvent(2));
    expect(sent.slice(1)).toEqual([{ type: 'ack', run: 1 }, { type: 'ack', run: 1 }]);
    expect(now().history.steps).toEqual([1, 2]);
  });

  test('of a replaced run change nothing and are not answered', () => {
    const { now, sent, emit } = openStore();
    now().load(EXPERIMENT);
    const before = now();
    emit(frameEvent(8, 1));
    emit(frameEvent(8, 3));
    emit({ type: 'fault', run: 1, fault: FAULT });
    emit({ type: 'state', run: 1, state: 'done', step: 8 });
    expect(now()).toBe(before);
    expect(sent.filter(({ type }) => type === 'ack')).toEqual([]);
  });

  test('a crash of the worker is a fault at the update it was at', () => {
    const { client, now, emit } = openStore();
    emit(frameEvent(12));
    client.onCrash("The engine's worker stopped.");
    expect(now()).toMatchObject({ state: 'failed', fault: { kind: 'worker-crashed', sentence: "The engine's worker stopped.", step: 12, nextBackend: null } });
  });

  test('a refusal can be put away', () => {
    const { now, emit } = openStore();
    emit({ type: 'refused', run: 1, message: 'no' });
    expect(now().refused).toBe('no');
    now().dismissRefusal();
    expect(now().refused).toBeNull();
  });
});

describe('commands', () => {
  test('carry the number of the run', () => {
    const { now, sent } = openStore();
    now().load(EXPERIMENT);
    now().play();
    now().pause();
    now().stepBy(10);
    now().setSpeed(30);
    expect(sent.slice(2)).toEqual([
      { type: 'play', run: 2 }, { type: 'pause', run: 2 }, { type: 'step', run: 2, count: 10 }, { type: 'speed', run: 2, updatesPerSecond: 30 },
    ]);
    expect(now().speed).toBe(30);
  });

  test('reset empties the charts, and a frame that was on its way does not stay in them', () => {
    const { now, sent, emit } = openStore();
    for (const step of [0, 100, 200]) emit(frameEvent(step));
    now().reset({ play: true });
    expect(sent.at(-1)).toEqual({ type: 'reset', run: 1, play: true });
    expect(now().history.steps).toEqual([]);
    emit(frameEvent(230));
    emit(frameEvent(0));
    emit(frameEvent(1));
    expect(now().history.steps).toEqual([0, 1]);
  });

  test('reset after a failure is a new run', () => {
    const { now, sent, emit } = openStore();
    emit({ type: 'fault', run: 1, fault: FAULT });
    now().reset({ play: true });
    expect(sent.at(-1)).toMatchObject({ type: 'start', run: 2, play: true });
    expect(now()).toMatchObject({ state: 'starting', fault: null });
  });

  test('retune changes the experiment that is shown, knob by knob', () => {
    const { now, sent } = openStore();
    now().retune({ beta: 0.3 });
    now().retune({ learningRate: 2 });
    expect(now().experiment).toEqual({ ...EXPERIMENT, algorithm: { ...EXPERIMENT.algorithm, beta: 0.3 }, optimizer: { ...EXPERIMENT.optimizer, learningRate: 2 } });
    expect(sent.slice(1)).toEqual([{ type: 'retune', run: 1, beta: 0.3 }, { type: 'retune', run: 1, learningRate: 2 }]);
    expect(EXPERIMENT.algorithm.beta).toBe(0.05);
  });

  test('retune of a swept knob changes nothing here; the engine says why', () => {
    const { now, sent } = openStore(SWEPT);
    now().retune({ beta: 0.3 });
    now().retune({ beta: 0.3, learningRate: 2 });
    expect(now().experiment).toBe(SWEPT);
    expect(sent.slice(1)).toEqual([{ type: 'retune', run: 1, beta: 0.3 }, { type: 'retune', run: 1, beta: 0.3, learningRate: 2 }]);
    now().retune({ learningRate: 2 });
    expect(now().experiment?.optimizer.learningRate).toBe(2);
  });

  test('recover goes on from the last snapshot in a fresh worker, history kept up to it', () => {
    const { now, sent, calls, emit } = openStore();
    now().retune({ beta: 0.2 });
    for (const step of [0, 50, 90, 120]) emit(frameEvent(step));
    emit({ type: 'snapshot', run: 1, snapshot: { step: 90, tensors: [] } });
    emit({ type: 'fault', run: 1, fault: FAULT });
    now().recover({ backend: 'wasm' });
    expect(calls.slice(-2)).toEqual(['restart', 'start']);
    expect(sent.at(-1)).toMatchObject({ run: 2, backend: 'wasm', play: false, from: { step: 90 }, experiment: { algorithm: { beta: 0.2 } } });
    expect(now()).toMatchObject({ run: 2, state: 'starting', fault: null, step: 90, pinnedBackend: 'wasm' });
    emit(frameEvent(90, 2));
    expect(now().history.steps).toEqual([0, 50, 90]);
  });

  test('recover without a snapshot starts over', () => {
    const { now, sent, emit } = openStore();
    emit(frameEvent(40));
    emit({ type: 'fault', run: 1, fault: FAULT });
    now().recover();
    expect(sent.at(-1)).not.toHaveProperty('from');
    expect(now()).toMatchObject({ step: 0, pinnedBackend: null });
    expect(now().history.steps).toEqual([]);
  });

  test('nothing happens before the first experiment', () => {
    const { now, sent } = openStore(null);
    now().retune({ beta: 1 });
    now().setFocus({ seedIndex: 0, sweepIndex: 0 });
    now().recover();
    expect(sent).toEqual([]);
  });
});
