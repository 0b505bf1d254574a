/** Presets run one after the other, and what came out of those that ran to their end, as long as the page is open. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { same } from '../../sim/experimentPrint.ts';
import type { Duels, RunState } from '../../sim/worker/protocol.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { useRun, useRunStore } from '../run.ts';
import { readyRun } from '../chapter/ready.ts';
import { methodsOfRun } from './useMethods.ts';
import type { MethodFacts } from '../../sim/methodFacts.ts';

/** The end of a preset as it is, its methods included. */
export interface SeriesResult {
  preset: string;
  step: number;
  methods: MethodFacts[];
  duels: Duels | null;
  seeds: number;
}

interface Series {
  /** Ids of presets still to run; the first is running. */
  queue: readonly string[];
  results: Readonly<Record<string, SeriesResult>>;
}

export const seriesStore = createStore<Series>()(() => ({ queue: [], results: {} }));

export function useSeries<T>(selector: (series: Series) => T): T {
  return useStore(seriesStore, selector);
}

/** Whether the run has come to what ends it for a series: its last update, or a fault. */
const ended = (state: RunState) => state === 'done' || state === 'failed';

/**
 * Keeps the result of every preset that runs to its end unchanged, and carries a series on. A reader who opens another
 * preset, or pauses, ends the series.
 */
export function useSeriesKeeper(): void {
  const lab = useLabStore();
  const run = useRunStore();
  const state = useRun((now) => now.state);
  const preset = useLab(({ origin, base, methods }) => (origin.id !== null && same(origin.experiment, base) && same(origin.methods ?? [], methods) ? origin.id : null));
  const queue = useSeries((series) => series.queue);
  useEffect(() => {
    if (preset === null || !ended(state)) return;
    const status = run.getState();
    const ready = readyRun(status);
    if (state === 'done' && ready && status.step >= ready.experiment.steps) {
      const { experiment, frame } = ready;
      const result: SeriesResult = { preset, step: frame.step, methods: methodsOfRun(ready), duels: frame.duels, seeds: experiment.seeds.length };
      seriesStore.setState(({ results }) => ({ results: { ...results, [preset]: result } }));
    }
    if (queue[0] !== preset) return;
    const rest = queue.slice(1);
    seriesStore.setState({ queue: rest });
    if (rest.length === 0) return;
    lab.getState().choosePreset(rest[0]);
    lab.getState().togglePlay();
  }, [lab, run, state, preset, queue]);
  // What the reader opens or changes instead ends the series.
  useEffect(() => {
    if (queue.length > 0 && preset !== queue[0]) seriesStore.setState({ queue: [] });
  }, [queue, preset]);
}

/** Runs presets to their end, one after the other. */
export function useStartSeries(): (ids: readonly string[]) => void {
  const lab = useLabStore();
  return (ids) => {
    if (ids.length === 0) return;
    lab.getState().choosePreset(ids[0]);
    seriesStore.setState({ queue: [...ids] });
    lab.getState().togglePlay();
  };
}
