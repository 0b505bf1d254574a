/** Where the talk is, and what the windows of a lecture show beside it. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { beginningOf, createStaging, stageOf, type Begin } from './scene.ts';
import { TALK, type TalkStep } from './talk.ts';

export interface TalkStatus {
  /** The page is given as a talk: its keys go from step to step. */
  on: boolean;
  /** Index into TALK. */
  at: number;
  /** It has been on. */
  begun: boolean;
  /** Since when the clock runs, milliseconds since the epoch: since the talk began, or it was started by hand; null before. */
  startedAt: number | null;
  /** The step at which the clock was started, index into TALK. */
  startedStep: number;
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
  /** The page stays as it is. */
  stop(): void;
  next(): void;
  previous(): void;
  /** Shows a step's scene, whatever was shown before; nothing where there is no such step. */
  go(at: number): void;
  /** The clock runs from now on, and the plan from this step. */
  startClock(at: number): void;
  set(change: Partial<Pick<TalkStatus, 'blank' | 'frozen' | 'overview' | 'jumping' | 'keysShown'>>): void;
}

export type TalkStore = StoreApi<TalkStatus & TalkActions>;

export function createTalkStore(run: RunStore, lab: LabStore, start: Partial<TalkStatus> = {}, talk: readonly TalkStep[] = TALK): TalkStore {
  return createStore<TalkStatus & TalkActions>()((set, get) => {
    const staging = createStaging(run, lab);

    /** Whether the step is shown; a scene that cannot be is refused in a sentence, and nothing changes. */
    function show(at: number, begin: Begin): boolean {
      const step = talk[at];
      if (!step) return false;
      const staged = stageOf(step);
      if ('problem' in staged) {
        lab.getState().notify([staged.problem]);
        return false;
      }
      staging.show(staged.stage, begin, beginningOf(talk, at));
      set({ at, overview: false, jumping: false });
      return true;
    }

    return {
      on: false, at: 0, begun: false, startedAt: null, startedStep: 0, blank: false, frozen: false, overview: false, jumping: false, keysShown: false,
      ...start,
      start(at) {
        const { on, at: last, begun } = get();
        if (on && at === undefined) return;
        const step = at ?? last;
        // A talk that goes on does not play again what has been played.
        if (!show(step, at === undefined && begun ? 'keep' : beginOf(talk, step))) return;
        if (!begun) get().startClock(step);
        set({ on: true, begun: true });
      },
      stop: () => set({ on: false, overview: false, jumping: false }),
      next: () => get().go(get().at + 1),
      previous: () => get().go(get().at - 1),
      go(at) { show(at, beginOf(talk, at)); },
      startClock: (at) => set({ startedAt: Date.now(), startedStep: at }),
      set,
    };
  });
}

function beginOf(talk: readonly TalkStep[], at: number): Begin {
  return talk[at]?.scene.run ?? 'keep';
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
