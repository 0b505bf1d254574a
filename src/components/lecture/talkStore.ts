/** Where the talk is, and what the windows of a lecture show beside it. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { TALK } from './talk.ts';

export interface TalkStatus {
  /** The page is given as a talk: its keys go from step to step. */
  on: boolean;
  /** Index into TALK. */
  at: number;
  /** Milliseconds since the epoch at which the talk began; null before. */
  startedAt: number | null;
  /** The audience sees a blank page. */
  blank: boolean;
  /** The audience's picture stands still, whatever the run does. */
  frozen: boolean;
  overview: boolean;
  jumping: boolean;
  /** Pressed keys are shown. */
  keysShown: boolean;
}

export interface TalkActions {
  /** Begins the talk at a step, or goes on where it was. */
  start(at?: number): void;
  stop(): void;
  next(): void;
  previous(): void;
  /** Shows a step's scene; nothing where there is no such step. */
  go(at: number): void;
  set(change: Partial<Pick<TalkStatus, 'blank' | 'frozen' | 'overview' | 'jumping' | 'keysShown'>>): void;
}

export type TalkStore = StoreApi<TalkStatus & TalkActions>;

export function createTalkStore(_run: RunStore, _lab: LabStore, start: Partial<TalkStatus> = {}): TalkStore {
  return createStore<TalkStatus & TalkActions>()((set, get) => ({
    on: false, at: 0, startedAt: null, blank: false, frozen: false, overview: false, jumping: false, keysShown: false,
    ...start,
    start: (at) => set({ on: true, at: at ?? get().at }),
    stop: () => set({ on: false }),
    next: () => get().go(get().at + 1),
    previous: () => get().go(get().at - 1),
    go(at) { if (TALK[at]) set({ at }); },
    set,
  }));
}

export const TalkContext = createContext<TalkStore | null>(null);

export function useTalkStore(): TalkStore {
  const store = useContext(TalkContext);
  if (!store) throw new Error('useTalkStore: no TalkContext above this component');
  return store;
}

export function useTalk<T>(selector: (talk: TalkStatus & TalkActions) => T): T {
  return useStore(useTalkStore(), selector);
}
