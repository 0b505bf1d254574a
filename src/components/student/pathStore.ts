/** How far a student has come on a guided path. */
import { createContext } from 'react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import type { PredictStore } from '../predict/predictStore.ts';

export interface PathStatus {
  name: string;
}

export type PathStore = StoreApi<PathStatus>;

export function createPathStore(_run: RunStore, _lab: LabStore, _predict: PredictStore): PathStore {
  return createStore<PathStatus>()(() => ({ name: '' }));
}

/** Null in windows that only show what another one does. */
export const PathContext = createContext<PathStore | null>(null);
