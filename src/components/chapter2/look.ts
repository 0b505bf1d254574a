/** What the reader of chapter 2 holds: a policy of their own, and which prompt and responses are looked at. Never part of the experiment. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Setting } from '../../derivation/setting.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import type { World } from '../../sim/world.ts';
import { useLab } from '../labStore.ts';

export interface Look {
  /** The dragged policy, and what it was dragged on; null = the run's is shown. */
  own: { logps: Float64Array; world: World; opened: Experiment } | null;
  prompt: number;
  /** Corners of the ternary plot, as responses; null = the first three rows. */
  corners: { world: World; three: readonly [number, number, number] } | null;
}

export const look = createStore<Look>()(() => ({ own: null, prompt: 0, corners: null }));

/** Whether responses have the same numbers in both. */
export function sameForest(a: World, b: World): boolean {
  return a === b || a.maxLength === b.maxLength && a.words.join(' ') === b.words.join(' ') && a.prompts.join('\n') === b.prompts.join('\n');
}

/** Whether two seeds can differ: a table that holds the reference exactly and climbs the exact J meets no chance. */
export function seedsMatter({ algorithm, policy }: Pick<Experiment, 'algorithm' | 'policy'>): boolean {
  return algorithm.kind !== 'exact' || policy.kind !== 'tabular';
}

export interface ShownPolicy {
  /** log π(y|x), [Y], nats. */
  logps: Float64Array;
  /** The reader's own, not the run's. */
  isOwn: boolean;
  /** Makes this policy the reader's own; null goes back to the run's. */
  set(logps: Float64Array | null): void;
}

/** The policy on screen: the run's until the reader moves it. */
export function useShownPolicy({ world, logps }: Setting): ShownPolicy {
  const own = useStore(look, (state) => state.own);
  const opened = useLab((lab) => lab.origin.experiment);
  return useMemo(() => {
    const isOwn = own !== null && same(own.opened, opened) && sameForest(own.world, world);
    return {
      logps: isOwn ? own.logps : logps, isOwn,
      set: (next: Float64Array | null) => look.setState({ own: next && { logps: next, world, opened } }),
    };
  }, [own, opened, world, logps]);
}

/** The prompt whose responses are shown, and how to show another's. */
export function usePrompt({ promptCount }: World): [number, (prompt: number) => void] {
  const wanted = useStore(look, (state) => state.prompt);
  return [wanted < promptCount ? wanted : 0, (prompt) => look.setState({ prompt })];
}
