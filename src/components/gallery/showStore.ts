/** The one toy that runs on the page: which card's, and the run itself, made with the first one that is shown. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../../sim/experiment.ts';
import { createRunStore, type RunClient, type RunStore } from '../../sim/runStore.ts';
import type { BackendName } from '../../sim/worker/protocol.ts';
import { toyExperiment, type Bug } from './bug.ts';

/** Enough to see whether seeds agree, few enough for a phone. */
const SEEDS_SHOWN = 3;
/** How long a run takes to watch, s. */
const SECONDS = 4;

export interface Shown {
  bug: Bug;
  /** The toy as reported, or with one of its remedies. */
  remedy: number | null;
}

export interface Show {
  shown: Shown | null;
  run: RunStore | null;
  show(bug: Bug, remedy: number | null): void;
  close(): void;
}

/** What runs on a card: the toy's first seeds. */
export function shownExperiment({ bug, remedy }: Shown): Experiment {
  const experiment = toyExperiment(remedy === null ? bug.toy : bug.remedies[remedy].toy);
  return { ...experiment, seeds: experiment.seeds.slice(0, SEEDS_SHOWN) };
}

/** @param backend  null = chosen by the engine */
export function createShow(createClient: () => RunClient, backend: BackendName | null): StoreApi<Show> {
  return createStore<Show>()((set, get) => ({
    shown: null,
    run: null,
    show(bug, remedy) {
      const run = get().run ?? createRunStore(createClient());
      const shown = { bug, remedy };
      const experiment = shownExperiment(shown);
      run.getState().setSpeed(experiment.steps / SECONDS);
      run.getState().load(experiment, { play: true, backend });
      set({ shown, run });
    },
    close() {
      get().run?.getState().pause();
      set({ shown: null });
    },
  }));
}
