/** What readers predicted of the runs of this page, and what came of it. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';

export interface PredictStatus {
  /** Plain data only: it crosses to other windows and into files. */
  records: readonly unknown[];
}

export type PredictActions = object;
export type PredictStore = StoreApi<PredictStatus & PredictActions>;

export function createPredictStore(_run: RunStore, _lab: LabStore): PredictStore {
  return createStore<PredictStatus & PredictActions>()(() => ({ records: [] }));
}

export const PredictContext = createContext<PredictStore | null>(null);

export function usePredictStore(): PredictStore {
  const store = useContext(PredictContext);
  if (!store) throw new Error('usePredictStore: no PredictContext above this component');
  return store;
}

export function usePredict<T>(selector: (predict: PredictStatus & PredictActions) => T): T {
  return useStore(usePredictStore(), selector);
}
