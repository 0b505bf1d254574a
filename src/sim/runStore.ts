/**
 * What the page knows of the run: the one place where worker events become state.
 *
 * A zustand vanilla store; components subscribe with selectors. Commands go out through the
 * `RunClient` given to `createRunStore`; no component talks to the worker.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import { same } from './experimentPrint.ts';
import { appendFrame, emptyHistory, type History } from './history.ts';
import { METRICS } from './metrics.ts';
import { buildWorld, type World } from './world.ts';
import type { BackendName, BackendReport, Command, Event, Fault, Focus, Frame, JudgedBatch, Progress, RunState, Snapshot, View } from './worker/protocol.ts';
import { isCurrent } from './worker/protocol.ts';

/** What the store needs of the worker's client; `send` starts a worker when there is none. */
export interface RunClient {
  send(command: Command): void;
  /** Ends the worker at once (a crash, a hang, a new start after a fault). */
  restart(): void;
  onEvent: (event: Event) => void;
  /** The worker died or stopped answering. */
  onCrash: (message: string) => void;
}

export interface RunStatus {
  /** Number of the run; 0 before the first. */
  run: number;
  experiment: Experiment | null;
  /** Trained side by side with it, in the order of the population; usually empty. */
  others: Experiment[];
  world: World | null;
  members: PolicyMember[];
  state: RunState;
  /** Updates made, of `experiment.steps`. */
  step: number;
  backend: BackendReport | null;
  /** Backend asked for by the reader; null = chosen by measurement. */
  pinnedBackend: BackendName | null;
  progress: Progress | null;
  fault: Fault | null;
  /** A refused command or experiment, in one sentence. */
  refused: string | null;
  view: View | null;
  frame: Frame | null;
  history: History;
  focus: Focus;
  /** Wanted updates per second; Infinity = flat out. */
  speed: number;
  snapshot: Snapshot | null;
  /** What online DPO drew and had judged, oldest first, of all policies; at most `JUDGED_KEPT` batches. */
  judged: readonly JudgedBatch[];
  /**
   * Set while a run is replaced by one of the same population on the same reference: what is on
   * screen is the old run's last picture until the new run's first frame is here, so that moving a
   * slider does not blink. `shown` is the experiment that picture belongs to; `view` is the new run's,
   * once it has come.
   */
  replacing: { view: View | null; shown: Experiment } | null;
  /**
   * The knobs this run trained with, ascending by the update from which on: one entry, and one more
   * for every change while it ran. A sentence about the run must name them all.
   */
  schedule: KnobChange[];
}

export interface KnobChange {
  /** Updates made before these knobs. */
  step: number;
  beta: number;
  learningRate: number;
}

export interface RunActions {
  /** Starts a new run of `experiment` from its reference; the current one is dropped. */
  load(experiment: Experiment, options?: { play?: boolean; backend?: BackendName | null; others?: Experiment[] }): void;
  play(): void;
  pause(): void;
  /** Pauses and makes `count` updates. */
  stepBy(count: number): void;
  reset(options?: { play?: boolean }): void;
  setSpeed(updatesPerSecond: number): void;
  retune(knobs: { beta?: number; learningRate?: number }): void;
  setFocus(focus: Focus): void;
  /** After a fault: goes on from the last good snapshot, on `backend` if given. */
  recover(options?: { backend?: BackendName | null }): void;
  dismissRefusal(): void;
}

/** The experiment whose numbers are on screen: the old one while a run is being replaced. */
export function shownExperiment(status: Pick<RunStatus, 'experiment' | 'replacing'>): Experiment | null {
  return status.replacing?.shown ?? status.experiment;
}

export type RunStore = StoreApi<RunStatus & RunActions>;

const START: RunStatus = {
  run: 0, experiment: null, others: [], world: null, members: [], state: 'starting', step: 0,
  backend: null, pinnedBackend: null, progress: null, fault: null, refused: null,
  view: null, frame: null, history: emptyHistory(0, 0), focus: { seedIndex: null, sweepIndex: 0 },
  speed: 120, snapshot: null, judged: [], replacing: null, schedule: [],
};

export function createRunStore(client: RunClient): RunStore {
  const store = createStore<RunStatus & RunActions>()((set, get) => ({
    ...START,
    load(experiment, options = {}) {
      const run = get().run + 1;
      const pinnedBackend = options.backend === undefined ? get().pinnedBackend : options.backend;
      const others = options.others ?? [];
      const members = [experiment, ...others].flatMap(populationOf);
      const focus = clampFocus(get().focus, experiment, members.length);
      const { frame, members: oldMembers } = get();
      const old = shownExperiment(get());
      const keeps = frame !== null && old !== null && sameStart(old, experiment) && oldMembers.length === members.length && sameMethods([old, ...get().others], [experiment, ...others]);
      set({
        run, experiment, others, members, pinnedBackend, focus, judged: [],
        state: 'starting', progress: null, fault: null, refused: null, snapshot: null,
        ...(keeps ? { replacing: { view: null, shown: old } } : {
          world: buildWorld(experiment.world), step: 0, view: null, frame: null, replacing: null,
          history: emptyHistory(METRICS.length, members.length), schedule: [knobsFrom(0, experiment)],
        }),
      });
      client.send({ type: 'start', run, experiment, ...(others.length > 0 ? { others } : {}), backend: pinnedBackend, play: options.play ?? false, updatesPerSecond: get().speed, focus });
    },
    play: () => client.send({ type: 'play', run: get().run }),
    pause: () => client.send({ type: 'pause', run: get().run }),
    stepBy: (count) => client.send({ type: 'step', run: get().run, count }),
    reset(options = {}) {
      const { experiment, others, state } = get();
      if (experiment && state === 'failed') return get().load(experiment, { ...options, others });
      set({
        judged: [], history: emptyHistory(METRICS.length, get().members.length), fault: null, snapshot: null,
        schedule: experiment ? [knobsFrom(0, experiment)] : [],
      });
      client.send({ type: 'reset', run: get().run, play: options.play ?? false });
    },
    setSpeed(updatesPerSecond) {
      set({ speed: updatesPerSecond });
      client.send({ type: 'speed', run: get().run, updatesPerSecond });
    },
    retune(knobs) {
      const { experiment, run } = get();
      if (!experiment) return;
      const refused = (['beta', 'learningRate'] as const).some((key) => knobs[key] !== undefined && experiment.sweep?.[key]);
      if (!refused) set({ experiment: retuned(experiment, knobs), others: get().others.map((other) => retuned(other, knobs)) }); // the engine says why not
      client.send({ type: 'retune', run, ...knobs });
    },
    setFocus(focus) {
      const { experiment, members, run } = get();
      if (!experiment) return;
      const clamped = clampFocus(focus, experiment, members.length);
      set({ focus: clamped });
      client.send({ type: 'focus', run, focus: clamped });
    },
    recover(options = {}) {
      const { experiment, others, snapshot, run: old, focus, speed } = get();
      if (!experiment) return;
      const run = old + 1;
      const backend = options.backend === undefined ? get().pinnedBackend : options.backend;
      client.restart();
      set({ run, fault: null, state: 'starting', progress: null, pinnedBackend: backend, step: snapshot?.step ?? 0, ...(snapshot ? {} : { history: emptyHistory(METRICS.length, get().members.length) }) });
      client.send({ type: 'start', run, experiment, ...(others.length > 0 ? { others } : {}), backend, play: false, updatesPerSecond: speed, focus, ...(snapshot ? { from: snapshot } : {}) });
    },
    dismissRefusal: () => set({ refused: null }),
  }));

  client.onEvent = (event) => {
    if (!isCurrent(event, store.getState().run)) return;
    if (event.type === 'frame') client.send({ type: 'ack', run: event.run });
    store.setState(reduceEvent(store.getState(), event));
  };
  client.onCrash = (message) => {
    const { step } = store.getState();
    store.setState({ ...withoutOldPicture(store.getState()), state: 'failed', fault: { kind: 'worker-crashed', sentence: message, step, nextBackend: null } });
  };
  return store;
}

/** What one worker event changes; nothing else in the page turns events into state. */
export function reduceEvent(status: RunStatus, event: Event): Partial<RunStatus> {
  switch (event.type) {
    case 'backend': return { backend: event.report };
    case 'progress': return { progress: event.progress };
    case 'view': return status.replacing ? { replacing: { ...status.replacing, view: event.view } } : { view: event.view };
    case 'frame': return {
      frame: event.frame,
      step: event.frame.step,
      judged: withJudged(status.judged, event.frame),
      ...(status.replacing
        ? { view: status.replacing.view, replacing: null, schedule: status.experiment ? [knobsFrom(0, status.experiment)] : [], history: withFrame(emptyHistory(METRICS.length, status.members.length), event.frame) }
        : { history: withFrame(status.history, event.frame) }),
    };
    case 'state': return { state: event.state, step: status.replacing ? status.step : event.step, ...(event.state === 'starting' ? {} : { progress: null }) };
    case 'snapshot': return { snapshot: event.snapshot };
    case 'fault': return { ...withoutOldPicture(status), fault: event.fault, state: 'failed' };
    case 'retuned': return { schedule: withChange(status.schedule, event) };
    case 'refused': return { refused: event.message };
  }
}

function knobsFrom(step: number, { algorithm, optimizer }: Experiment): KnobChange {
  return { step, beta: algorithm.beta, learningRate: optimizer.learningRate };
}

/** The schedule with one more change; two changes before the same update are one. */
function withChange(schedule: KnobChange[], { step, beta, learningRate }: { step: number; beta?: number; learningRate?: number }): KnobChange[] {
  const last = schedule.at(-1);
  if (!last) return schedule;
  const change = { step, beta: beta ?? last.beta, learningRate: learningRate ?? last.learningRate };
  if (change.beta === last.beta && change.learningRate === last.learningRate) return schedule;
  return [...schedule.filter((entry) => entry.step < step), change];
}

/** The experiment with new β and/or learning rate: what `retune` makes of it. */
export function retuned(experiment: Experiment, knobs: { beta?: number; learningRate?: number }): Experiment {
  const { beta, learningRate } = knobs;
  return {
    ...experiment,
    algorithm: beta === undefined ? experiment.algorithm : { ...experiment.algorithm, beta },
    optimizer: learningRate === undefined ? experiment.optimizer : { ...experiment.optimizer, learningRate },
  };
}

/** A run that failed before its first frame has no picture: its predecessor's would be taken for its own. */
function withoutOldPicture(status: RunStatus): Partial<RunStatus> {
  if (!status.replacing) return {};
  return {
    replacing: null, view: null, frame: null, step: 0, history: emptyHistory(METRICS.length, status.members.length),
    schedule: status.experiment ? [knobsFrom(0, status.experiment)] : [],
  };
}

/** Most batches kept of what was judged: about 20,000 updates of one seed, or 2,500 of eight. */
export const JUDGED_KEPT = 20_000;

/** The log with a frame's batches; what lies after them belongs to a future that was undone. */
function withJudged(judged: readonly JudgedBatch[], { step, judged: fresh }: Frame): readonly JudgedBatch[] {
  const limit = fresh.length > 0 ? Math.min(step, fresh[0].step - 1) : step;
  const past = (judged.at(-1)?.step ?? 0) > limit ? judged.filter((batch) => batch.step <= limit) : judged;
  return fresh.length === 0 ? past : [...past, ...fresh].slice(-JUDGED_KEPT);
}

function withFrame(history: History, frame: Frame): History {
  return [...frame.between, frame].reduce((past, { step, metrics }) => appendFrame(past, step, metrics), history);
}

/** True when two runs have the same policies on the same references, so that one's picture fits the other's axes. */
function sameStart(a: Experiment, b: Experiment): boolean {
  const start = ({ world, reference, policy, seeds, sweep, steps, preferences }: Experiment) =>
    ({ world, reference, policy, seeds, sweep: sweep ?? null, steps, preferences });
  return same(start(a), start(b));
}

/** True when two runs train the same methods side by side, whatever their β: a picture must not stand under another method's name. */
function sameMethods(a: readonly Experiment[], b: readonly Experiment[]): boolean {
  if (a.length !== b.length) return false;
  return a.length === 1 || a.every(({ algorithm }, i) => same({ ...algorithm, beta: 0 }, { ...b[i].algorithm, beta: 0 }));
}

function clampFocus(focus: Focus, experiment: Experiment, policyCount: number): Focus {
  const seeds = experiment.seeds.length;
  return {
    seedIndex: focus.seedIndex !== null && focus.seedIndex < seeds ? focus.seedIndex : null,
    sweepIndex: focus.sweepIndex < policyCount / seeds ? focus.sweepIndex : 0,
  };
}
