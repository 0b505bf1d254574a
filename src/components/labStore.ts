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
import { PRESETS } from '../sim/presets/index.ts';
import type { RunStore } from '../sim/runStore.ts';
import type { BackendName } from '../sim/worker/protocol.ts';

export const PANELS = ['space', 'flow', 'reward', 'sweep'] as const;
export type PanelId = (typeof PANELS)[number];
/** auto: the system's, and light when projecting. */
export type Theme = 'auto' | 'light' | 'dark';

/** What "restore" returns to: a preset, or the file that was opened. */
export interface Origin {
  /** Preset's id; null for a file. */
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
  /** While a control moves: shown at once, applied as fast as runs can start. */
  drag(experiment: Experiment): void;
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

/** β or learning rate, where that is all that differs and neither is swept. */
function retunedKnobs(from: Experiment, to: Experiment): { beta?: number; learningRate?: number } | null {
  const { beta } = to.algorithm;
  const { learningRate } = to.optimizer;
  const rest = { ...from, algorithm: { ...from.algorithm, beta }, optimizer: { ...from.optimizer, learningRate } };
  if (!same(rest, to) || to.sweep) return null;
  return {
    ...(beta === from.algorithm.beta ? {} : { beta }),
    ...(learningRate === from.optimizer.learningRate ? {} : { learningRate }),
  };
}

export function createLabStore(run: RunStore, start: Partial<LabStatus>): LabStore {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastStart = 0;

  const store = createStore<LabStatus & LabActions>()((set, get) => {
    function load(experiment: Experiment, play: boolean): void {
      clearTimeout(timer);
      timer = undefined;
      lastStart = performance.now();
      set({ draft: null, willPlay: play });
      run.getState().load(experiment, { play });
    }
    /** A changed knob goes on playing where the run was playing, or had played to its end. */
    function playsOn(): boolean {
      const { state } = run.getState();
      return state === 'running' || state === 'done' || (state === 'starting' && get().willPlay);
    }
    function apply(experiment: Experiment): void {
      const { experiment: current, state } = run.getState();
      const knobs = get().retuning && current && state !== 'starting' && state !== 'failed' ? retunedKnobs(current, experiment) : null;
      if (!knobs) { load(experiment, playsOn()); return; }
      set({ draft: null });
      if (Object.keys(knobs).length > 0) run.getState().retune(knobs);
    }
    function schedule(): void {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        const { draft } = get();
        if (!draft) return;
        if (run.getState().state === 'starting') schedule();
        else apply(draft);
      }, Math.max(30, lastStart + DRAG_INTERVAL - performance.now()));
    }
    function problemOf(experiment: Experiment): string | null {
      const read = readExperiment(experiment);
      return read.ok ? supportProblem(experiment) : read.problems[0].message;
    }
    function open(origin: Origin): void {
      set({ origin });
      load(origin.experiment, false);
    }

    return {
      origin: presetOrigin(''), draft: null, notices: [], theme: 'auto', projector: false, panel: null,
      retuning: false, singleKeys: true, helpOpen: false, willPlay: false,
      ...start,
      drag(experiment) {
        if (problemOf(experiment)) return;
        set({ draft: experiment });
        schedule();
      },
      commit(experiment) {
        const problem = problemOf(experiment);
        if (problem) { set({ draft: null }); return problem; }
        if (same(experiment, run.getState().experiment)) {
          clearTimeout(timer);
          timer = undefined;
          set({ draft: null });
          return null;
        }
        apply(experiment);
        return null;
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
        open({ id: null, title: read.experiment.name, question: '', lookFor: '', experiment: read.experiment });
      },
      pinBackend(backend) {
        const { experiment, load: start } = run.getState();
        if (experiment) start(experiment, { play: playsOn(), backend });
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
        if (state === 'failed' && experiment) load(experiment, false);
        else if (state !== 'starting') reset();
      },
      notify: (sentences) => set({ notices: [...get().notices, ...sentences] }),
      dismissNotices: () => set({ notices: [] }),
      set,
    };
  });
  return store;
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
