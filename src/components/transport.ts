/** What the transport bar, its keys and the badge do, and how the controls follow a run that goes elsewhere. */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { forkProblem } from '../sim/fork.ts';
import { msg } from '../sim/msg.ts';
import { inForce } from '../sim/place.ts';
import { retuned } from '../sim/runEvents.ts';
import type { RunStatus, RunStore } from '../sim/runStore.ts';
import type { BackendName } from '../sim/worker/protocol.ts';
import type { Origin } from './chapters.ts';
import { bring, isBrought, type Opening } from './opening.ts';
import { problemOf, type Starts, type StartState } from './starts.ts';

/** What the transport reads and writes of the lab's state (labStore.ts says what each is). */
interface TransportState extends StartState {
  origin: Origin;
  panel: string | null;
  opening: Opening | null;
}

interface LabPart {
  get(): TransportState;
  set(change: Partial<TransportState>): void;
}

export interface TransportActions {
  pinBackend(backend: BackendName | null): void;
  togglePlay(): void;
  step(): void;
  /** To what the link opened, where it opened more than an experiment at its beginning; else to update 0 of the present experiment. */
  reset(): void;
  /** Goes on from the present update as another experiment, which the controls then change, at once if it is to play. Returns what forbids it, or null. */
  forkTo(change: Experiment, options?: { play?: boolean }): string | null;
}

export function transport(run: RunStore, lab: LabPart, starts: Starts): TransportActions {
  return {
    pinBackend(backend) {
      const { experiment, others, forkedFrom, load, rebuild } = run.getState();
      // A fork begins anew where it was made, its past made again too.
      if (forkedFrom) rebuild(forkedFrom, { backend });
      else if (experiment) load(experiment, { play: starts.playsOn(), backend, others });
    },
    togglePlay() {
      const { state, seeking, forkedFrom, play, pause, reset, seek } = run.getState();
      if (isBrought(run)) return;
      // On its way to another update a run no longer plays, though its state may not say so yet.
      if (state === 'running' && !seeking) pause();
      else if (state === 'done' && !forkedFrom) reset({ play: true });
      else if (state !== 'failed') {
        // A fork is played again from where it was made.
        if (state === 'done' && forkedFrom) seek(forkedFrom.step);
        lab.set({ willPlay: true });
        play();
      }
    },
    step() {
      const { state, stepBy } = run.getState();
      if (!isBrought(run) && (state === 'paused' || state === 'running')) stepBy(1);
    },
    reset() {
      const { opening } = lab.get();
      const { state, reset } = run.getState();
      if (opening) {
        const { origin, methods, panel, place } = opening;
        starts.cancel();
        lab.set({ origin, methods, panel, base: inForce(place), draft: null, willPlay: false });
        bring(run, opening);
      } else if (state === 'failed') starts.load(lab.get().base, false);
      else if (state !== 'starting') reset();
    },
    forkTo(change, { play = false } = {}) {
      const { experiment, state, step, seeking, frame, fork } = run.getState();
      if (lab.get().methods.length > 0) return msg`Methods side by side have no forks: open one of them alone.`;
      if (!experiment || !frame || state === 'starting') return msg`The run is not ready yet; fork it when it stands at an update.`;
      if (state === 'failed') return msg`The run has stopped; go to an update that is on record first.`;
      const problem = problemOf(change, []) ?? forkProblem(experiment, change, seeking?.target ?? step);
      if (problem !== null) return problem;
      starts.cancel();
      lab.set({ draft: null, willPlay: play });
      fork(change, { play });
      return null;
    },
  };
}

/** Lets the controls follow a run that became a fork, or that went to where other knobs are in force. */
export function followRun(run: RunStore, lab: LabPart): void {
  run.subscribe((now, before) => {
    if (now.experiment === before.experiment) return;
    const { base, methods, draft } = lab.get();
    const wanted = now.run === before.run ? tuned(base, now, methods) : forkOf(now, before);
    if (wanted && !same(wanted, base)) lab.set({ base: wanted, ...(draft && now.run !== before.run ? { draft: null } : {}) });
  });
}

/** The controls' experiment with the knobs that the run has now; methods side by side have learning rates of their own. */
function tuned(base: Experiment, { experiment, askedKnobs }: RunStatus, methods: readonly string[]): Experiment | null {
  if (!experiment || askedKnobs !== null) return null;
  const { beta } = experiment.algorithm;
  return retuned(base, methods.length > 0 ? { beta } : { beta, learningRate: experiment.optimizer.learningRate });
}

/** What goes on, when the last of the forks on the way has begun. */
function forkOf({ forkedFrom, forking, experiment, changes }: RunStatus, before: RunStatus): Experiment | null {
  if (!experiment || forkedFrom === null || forkedFrom === before.forkedFrom || forking.length > 0) return null;
  return inForce({ experiment, changes });
}
