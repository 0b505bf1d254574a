/** From a changed experiment to a run: what trains, what forbids it, and when it starts. */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { readExperiment, supportProblem } from '../sim/experimentSchema.ts';
import { methodsOf } from '../sim/methods.ts';
import { msg } from '../sim/msg.ts';
import type { RunStore } from '../sim/runStore.ts';

/** What starts read and write of the lab's state (labStore.ts says what each is). */
export interface StartState {
  base: Experiment;
  methods: readonly string[];
  draft: Experiment | null;
  retuning: boolean;
  willPlay: boolean;
}

/** Shortest time between two starts while dragging, ms: long enough to see each begin. */
const DRAG_INTERVAL = 300;

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

/** What trains: the experiment itself, or what each method makes of it, in the order of the population. */
export function runsOf(base: Experiment, methods: readonly string[]): [Experiment, ...Experiment[]] {
  const [first, ...others] = methodsOf(methods).map((method) => method.apply(base));
  return first ? [first, ...others] : [base];
}

/** Why an experiment cannot be run, in a sentence; null where it can. */
export function problemOf(base: Experiment, methods: readonly string[]): string | null {
  if (methods.length > 0 && base.sweep) return msg`Methods that train side by side have one value of every knob: the sweep must be left out.`;
  for (const experiment of [base, ...runsOf(base, methods)]) {
    const read = readExperiment(experiment);
    const problem = read.ok ? supportProblem(experiment) : read.problems[0].message;
    if (problem !== null) return problem;
  }
  return null;
}

/** How a changed experiment becomes a run: at once, or soon while a control moves. */
export interface Starts {
  load(base: Experiment, play: boolean): void;
  /** @param play  whether a new run plays at once [as `playsOn` says] */
  apply(base: Experiment, play?: boolean): void;
  /** Applies the draft as soon as runs can start. */
  schedule(): void;
  cancel(): void;
  /** A changed knob goes on playing where the run was playing, or had played to its end. */
  playsOn(): boolean;
}

/** Starts of one run store, at most one in flight while a control moves. */
export function createStarts(run: RunStore, lab: { get(): StartState; set(change: Partial<StartState>): void }): Starts {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastStart = 0;
  const starts: Starts = {
    load(base, play) {
      starts.cancel();
      lastStart = performance.now();
      lab.set({ base, draft: null, willPlay: play });
      const [experiment, ...others] = runsOf(base, lab.get().methods);
      run.getState().load(experiment, { play, others });
    },
    apply(base, play = starts.playsOn()) {
      const { base: current, methods, retuning } = lab.get();
      const { state } = run.getState();
      const ready = state !== 'starting' && state !== 'failed';
      const knobs = retuning && ready ? retunedKnobs(current, base) : null;
      // Methods have learning rates of their own, and that of some follows β.
      const optimizers = (from: Experiment) => runsOf(from, methods).map(({ optimizer }) => optimizer);
      if (!knobs || (methods.length > 0 && !same(optimizers(current), optimizers(base)))) {
        starts.load(base, play);
        return;
      }
      lab.set({ base, draft: null });
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
