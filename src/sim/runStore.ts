/**
 * What the page knows of the run: the one place where worker events become state.
 *
 * A zustand vanilla store; components subscribe with selectors. Commands go out through the
 * `RunClient` given to `createRunStore`; no component talks to the worker.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { populationOf, type Experiment, type PolicyMember } from './experiment.ts';
import type { Branch, Fork } from './fork.ts';
import { emptyHistory, upTo, type History } from './history.ts';
import { METRICS } from './metrics.ts';
import { knobsFrom, reduceEvent, retuned, withoutOldPicture } from './runEvents.ts';
import { sameMethods, sameStart } from './samePicture.ts';
import { afterEvent, freshRun, sendSeek, timeTravel, type Pending, type Seeking, type TimeTravel } from './timeTravel.ts';
import { buildWorld, type World } from './world.ts';
import type {
  BackendName, BackendReport, Command, Event, Fault, Focus, Frame, JudgedBatch, KnobsAt, Progress, RunState, Snapshot, View,
} from './worker/protocol.ts';
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
  /** Updates made, of `experiment.steps`: the present, which may lie before `furthest`. */
  step: number;
  /** The furthest update on record, and the earliest to go back to (not 0 where the run began with a state of another). */
  furthest: number;
  earliest: number;
  /** On the way to another update; null = not. */
  seeking: Seeking | null;
  backend: BackendReport | null;
  /** Backend asked for by the reader; null = chosen by measurement. */
  pinnedBackend: BackendName | null;
  progress: Progress | null;
  fault: Fault | null;
  /** A refused command or experiment, in one sentence. */
  refused: string | null;
  view: View | null;
  frame: Frame | null;
  /** All that was recorded, also beyond `step`; `pastOf` (history.ts) leaves that out. */
  history: History;
  focus: Focus;
  /** Wanted updates per second; Infinity = flat out. */
  speed: number;
  snapshot: Snapshot | null;
  /** What online DPO drew and had judged, oldest first, of all policies; at most `JUDGED_PAIRS_KEPT` pairs. */
  judged: readonly JudgedBatch[];
  /** The same beyond the present, on record. */
  judgedAhead: readonly JudgedBatch[];
  /**
   * Set while a run is replaced by one of the same population on the same reference: what is on
   * screen is the old run's last picture until the new run's first frame is here, so that moving a
   * slider does not blink. `shown` is the experiment that picture belongs to; `view` is the new run's,
   * once it has come.
   */
  replacing: { view: View | null; shown: Experiment } | null;
  /**
   * The knobs this run trained with, ascending by the update from which on: one entry, and one more
   * for every change while it ran, also beyond the present. A sentence about the run must name them all.
   */
  schedule: KnobChange[];
  /** The experiments before any knob was changed while running, the changes on record, and what was asked for and has not been done. */
  started: { experiment: Experiment; others: Experiment[] } | null;
  changes: KnobsAt[];
  askedKnobs: Omit<KnobsAt, 'step'> | null;
  /** The last finite update before the numbers broke, if they did on the future that is on record. */
  brokeAfter: number | null;
  /** Where the run came from, if it is a fork; the runs that were left for it, oldest first. */
  forkedFrom: Fork | null;
  branches: Branch[];
  nextBranch: number;
  forking: Pending[];
}

export interface KnobChange {
  /** Updates made before these knobs. */
  step: number;
  beta: number;
  learningRate: number;
}

export interface RunActions extends TimeTravel {
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
  furthest: 0, earliest: 0, seeking: null, judgedAhead: [], started: null, changes: [], askedKnobs: null, brokeAfter: null,
  forkedFrom: null, branches: [], nextBranch: 1, forking: [],
};

export function createRunStore(client: RunClient): RunStore {
  /** A command that is meant for where a seek goes. */
  function afterSeek(command: Command) {
    sendSeek({ get: store.getState, set: store.setState, client, clampFocus });
    client.send(command);
  }

  const store: RunStore = createStore<RunStatus & RunActions>()((set, get) => ({
    ...START,
    ...timeTravel({ get, set, client, clampFocus }),
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
        ...freshRun(experiment, others), run, members, pinnedBackend, focus, branches: [], forkedFrom: null,
        ...(keeps ? { replacing: { view: null, shown: old } } : {
          world: buildWorld(experiment.world), step: 0, furthest: 0, view: null, frame: null, replacing: null,
          history: emptyHistory(METRICS.length, members.length), schedule: [knobsFrom(0, experiment)],
        }),
      });
      client.send({ type: 'start', run, experiment, ...(others.length > 0 ? { others } : {}), backend: pinnedBackend, play: options.play ?? false, updatesPerSecond: get().speed, focus });
    },
    play: () => afterSeek({ type: 'play', run: get().run }),
    pause() {
      const { seeking, run } = get();
      if (seeking) set({ seeking: { ...seeking, target: seeking.sent } });
      client.send({ type: 'pause', run });
    },
    stepBy: (count) => afterSeek({ type: 'step', run: get().run, count }),
    reset(options = {}) {
      const { experiment, others, state } = get();
      if (experiment && state === 'failed') return get().load(experiment, { ...options, others });
      set({
        ...(experiment ? freshRun(experiment, others) : {}), state, history: emptyHistory(METRICS.length, get().members.length),
        furthest: 0, forkedFrom: null, schedule: experiment ? [knobsFrom(0, experiment)] : [],
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
      if (!refused) set({ askedKnobs: { ...get().askedKnobs, ...knobs }, experiment: retuned(experiment, knobs), others: get().others.map((other) => retuned(other, knobs)) }); // the engine says why not
      afterSeek({ type: 'retune', run, ...knobs });
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
      const step = snapshot?.step ?? 0;
      const past = snapshot ? upTo(get().history, step) : emptyHistory(METRICS.length, get().members.length);
      const { judged } = get();
      set({ ...freshRun(experiment, others), run, pinnedBackend: backend, snapshot, step, furthest: step, earliest: step, history: past, judged });
      client.send({ type: 'start', run, experiment, ...(others.length > 0 ? { others } : {}), backend, play: false, updatesPerSecond: speed, focus, ...(snapshot ? { from: snapshot } : {}) });
    },
    dismissRefusal: () => set({ refused: null }),
  }));

  client.onEvent = (event) => {
    if (!isCurrent(event, store.getState().run)) return;
    if (event.type === 'frame') client.send({ type: 'ack', run: event.run });
    store.setState(reduceEvent(store.getState(), event));
    afterEvent({ get: store.getState, set: store.setState, client, clampFocus }, event);
  };
  client.onCrash = (message) => {
    const { step } = store.getState();
    store.setState({ ...withoutOldPicture(store.getState()), state: 'failed', seeking: null, forking: [], fault: { kind: 'worker-crashed', sentence: message, step, nextBackend: null } });
  };
  return store;
}

function clampFocus(focus: Focus, experiment: Experiment, policyCount: number): Focus {
  const seeds = experiment.seeds.length;
  return {
    seedIndex: focus.seedIndex !== null && focus.seedIndex < seeds ? focus.seedIndex : null,
    sweepIndex: focus.sweepIndex < policyCount / seeds ? focus.sweepIndex : 0,
  };
}
