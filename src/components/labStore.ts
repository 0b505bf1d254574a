/**
 * What the page knows beyond the run: where the experiment came from, what is being dragged, how the page looks.
 *
 * The experiment itself lives in the run store; `draft` exists only between a movement of a control and the
 * start of the run with it (at most one start in flight, any number of movements coalesce into one more).
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { parseExperiment, readExperiment, supportProblem } from '../sim/experimentSchema.ts';
import { sweepCount, sweptValues } from '../sim/focus.ts';
import { PRESETS } from '../sim/presets/index.ts';
import type { RunStore } from '../sim/runStore.ts';
import type { BackendName } from '../sim/worker/protocol.ts';

export const PANELS = ['space', 'flow', 'reward', 'sweep'] as const;
export type PanelId = (typeof PANELS)[number];
/** auto: the system's, and light when projecting. */
export type Theme = 'auto' | 'light' | 'dark';

/** What "restore" returns to: a preset, or the experiment that a file or a link brought. */
export interface Origin {
  /** Preset's id; null where the experiment came from a file or whole in a link. */
  id: string | null;
  title: string;
  question: string;
  lookFor: string;
  experiment: Experiment;
}

export interface LabStatus {
  origin: Origin;
  draft: Experiment | null;
  /** One sentence each; shown until dismissed. */
  notices: string[];
  theme: Theme;
  projector: boolean;
  panel: PanelId | null;
  /** β and learning rate change while the run goes on, instead of starting it over. */
  retuning: boolean;
  /** Shortcuts of a single key. */
  singleKeys: boolean;
  helpOpen: boolean;
  /** The last start was asked to play at once. */
  willPlay: boolean;
}

export interface LabActions {
  /** While a control moves: shown at once, applied as fast as runs can start. Returns what forbids it, or null. */
  drag(experiment: Experiment): string | null;
  /** A control was released or a value entered: applied now. Returns what forbids it, or null. */
  commit(experiment: Experiment): string | null;
  choosePreset(id: string): void;
  restore(): void;
  /** Text of an experiment file; nothing changes when it has problems. */
  openFile(name: string, text: string): void;
  pinBackend(backend: BackendName | null): void;
  togglePlay(): void;
  step(): void;
  reset(): void;
  notify(sentences: readonly string[]): void;
  dismissNotices(): void;
  set(change: Partial<Pick<LabStatus, 'theme' | 'projector' | 'panel' | 'retuning' | 'singleKeys' | 'helpOpen'>>): void;
}

export type LabStore = StoreApi<LabStatus & LabActions>;

/** Shortest time between two starts while dragging, ms: long enough to see each begin. */
const DRAG_INTERVAL = 300;

function presetOrigin(id: string): Origin {
  return PRESETS.find((preset) => preset.id === id) ?? PRESETS[0];
}

/** An experiment that is its own origin: from a file, or whole in a link. */
export function ownOrigin(experiment: Experiment): Origin {
  return { id: null, title: experiment.name.trim() || 'without a name', question: '', lookFor: '', experiment };
}

/** Where an experiment comes from that a file or a link brought: the preset that it is, or itself. */
export function originFor(experiment: Experiment): Origin {
  return PRESETS.find((preset) => same(preset.experiment, experiment)) ?? ownOrigin(experiment);
}

/** β and learning rate, where that is all that differs and what differs is not swept. */
function retunedKnobs(from: Experiment, to: Experiment): { beta?: number; learningRate?: number } | null {
  const { beta } = to.algorithm;
  const { learningRate } = to.optimizer;
  const rest = { ...from, algorithm: { ...from.algorithm, beta }, optimizer: { ...from.optimizer, learningRate } };
  if (!same(rest, to)) return null;
  const knobs = {
    ...(beta === from.algorithm.beta ? {} : { beta }),
    ...(learningRate === from.optimizer.learningRate ? {} : { learningRate }),
  };
  return Object.keys(knobs).some((key) => to.sweep?.[key as keyof typeof knobs]) ? null : knobs;
}

/** Why an experiment cannot be run, in a sentence; null where it can. */
function problemOf(experiment: Experiment): string | null {
  const read = readExperiment(experiment);
  return read.ok ? supportProblem(experiment) : read.problems[0].message;
}

/** How a changed experiment becomes a run: at once, or soon while a control moves. */
interface Starts {
  load(experiment: Experiment, play: boolean): void;
  apply(experiment: Experiment): void;
  /** Applies the draft as soon as runs can start. */
  schedule(): void;
  cancel(): void;
  /** A changed knob goes on playing where the run was playing, or had played to its end. */
  playsOn(): boolean;
}

function createStarts(run: RunStore, lab: { get(): LabStatus; set(change: Partial<LabStatus>): void }): Starts {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastStart = 0;
  const starts: Starts = {
    load(experiment, play) {
      starts.cancel();
      lastStart = performance.now();
      lab.set({ draft: null, willPlay: play });
      run.getState().load(experiment, { play });
    },
    apply(experiment) {
      const { experiment: current, state } = run.getState();
      const ready = state !== 'starting' && state !== 'failed';
      const knobs = lab.get().retuning && current && ready ? retunedKnobs(current, experiment) : null;
      if (!knobs) {
        starts.load(experiment, starts.playsOn());
        return;
      }
      lab.set({ draft: null });
      if (Object.keys(knobs).length > 0) run.getState().retune(knobs);
    },
    schedule() {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        const { draft } = lab.get();
        if (!draft) return;
        if (run.getState().state === 'starting') starts.schedule();
        else starts.apply(draft);
      }, Math.max(30, lastStart + DRAG_INTERVAL - performance.now()));
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
    playsOn() {
      const { state } = run.getState();
      return state === 'running' || state === 'done' || (state === 'starting' && lab.get().willPlay);
    },
  };
  return starts;
}

const START: LabStatus = {
  origin: presetOrigin(''), draft: null, notices: [], theme: 'auto', projector: false, panel: null,
  retuning: false, singleKeys: true, helpOpen: false, willPlay: false,
};

export function createLabStore(run: RunStore, start: Partial<LabStatus>): LabStore {
  return createStore<LabStatus & LabActions>()((set, get) => {
    const starts = createStarts(run, { get, set });
    function open(origin: Origin): void {
      set({ origin });
      starts.load(origin.experiment, false);
    }
    return {
      ...START,
      ...start,
      ...transport(run, set, starts),
      drag(experiment) {
        const problem = problemOf(experiment);
        if (problem !== null) return problem;
        set({ draft: experiment });
        starts.schedule();
        return null;
      },
      commit(experiment) {
        const problem = problemOf(experiment);
        if (problem !== null) set({ draft: null });
        else if (same(experiment, run.getState().experiment)) {
          starts.cancel();
          set({ draft: null });
        } else starts.apply(experiment);
        return problem;
      },
      choosePreset: (id) => { get().dismissNotices(); open(presetOrigin(id)); },
      restore: () => open(get().origin),
      openFile(name, text) {
        const read = parseExperiment(text);
        const problems = read.ok ? [supportProblem(read.experiment)].filter((p) => p !== null) : read.problems.map((p) => p.message);
        if (!read.ok || problems.length > 0) {
          set({ notices: [`“${name}” was not opened; nothing has changed.`, ...problems] });
          return;
        }
        set({ notices: [] });
        open(originFor(read.experiment));
        focusOnBeta(run);
      },
      notify: (sentences) => set({ notices: [...new Set([...get().notices, ...sentences])] }),
      dismissNotices: () => set({ notices: [] }),
      set,
    };
  });
}

/** What the transport bar, its keys and the badge do. */
function transport(
  run: RunStore, set: (change: Partial<LabStatus>) => void, starts: Starts,
): Pick<LabActions, 'pinBackend' | 'togglePlay' | 'step' | 'reset'> {
  return {
    pinBackend(backend) {
      const { experiment, load } = run.getState();
      if (experiment) load(experiment, { play: starts.playsOn(), backend });
    },
    togglePlay() {
      const { state, play, pause, reset } = run.getState();
      if (state === 'running') pause();
      else if (state === 'done') reset({ play: true });
      else if (state !== 'failed') { set({ willPlay: true }); play(); }
    },
    step() {
      const { state, stepBy } = run.getState();
      if (state === 'paused' || state === 'running') stepBy(1);
    },
    reset() {
      const { state, reset, experiment } = run.getState();
      if (state === 'failed' && experiment) starts.load(experiment, false);
      else if (state !== 'starting') reset();
    },
  };
}

/** In a sweep of β, shows the policies at the experiment's own β, which a file was saved with. */
export function focusOnBeta(run: RunStore): void {
  const { experiment, focus, setFocus } = run.getState();
  if (!experiment?.sweep?.beta) return;
  const { beta } = experiment.algorithm;
  const sweepIndex = Array.from({ length: sweepCount(experiment) }, (_, i) => i).findIndex((i) => sweptValues(experiment, { sweepIndex: i }).beta === beta);
  if (sweepIndex >= 0 && sweepIndex !== focus.sweepIndex) setFocus({ ...focus, sweepIndex });
}

export const LabContext = createContext<LabStore | null>(null);

export function useLabStore(): LabStore {
  const store = useContext(LabContext);
  if (!store) throw new Error('useLabStore: no LabContext above this component');
  return store;
}

export function useLab<T>(selector: (lab: LabStatus & LabActions) => T): T {
  return useStore(useLabStore(), selector);
}
