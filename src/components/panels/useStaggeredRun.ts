/** The run in n slots that take turns, so that of n costly charts only one is drawn anew at a time. */
import { useEffect, useState } from 'react';
import { shownExperiment, type RunActions, type RunStatus } from '../../sim/runStore.ts';
import { shownRun, useRunStore } from '../run.ts';

export type Run = RunStatus & RunActions;

/** What the charts draw: when these are the same objects, nothing has to be drawn. */
const unchanged = (a: Run, b: Run) => a.history === b.history && a.focus === b.focus && shownExperiment(a) === shownExperiment(b);

/**
 * The slots after one more turn: the first outdated one after `last` becomes current.
 * Another focus, or another experiment's numbers, reach all of them at once: no two charts may show different runs.
 */
export function takeTurn(slots: readonly Run[], last: number, latest: Run): { slots: readonly Run[]; last: number } {
  if (slots.some((slot) => slot.run !== latest.run || slot.focus !== latest.focus || slot.replacing !== latest.replacing || shownExperiment(slot) !== shownExperiment(latest))) {
    return { slots: slots.map(() => latest), last };
  }
  for (let k = 1; k <= slots.length; k++) {
    const i = (last + k) % slots.length;
    if (!unchanged(slots[i], latest)) return { slots: slots.map((slot, j) => (j === i ? latest : slot)), last: i };
  }
  return { slots, last };
}

/** Every `intervalMs` one slot takes its turn; at rest all slots are the latest state. */
export function useStaggeredRun(n: number, intervalMs: number): readonly Run[] {
  const store = useRunStore();
  const [turn, setTurn] = useState(() => ({ slots: new Array<Run>(n).fill(shownRun(store.getState())) as readonly Run[], last: -1 }));
  useEffect(() => {
    const timer = setInterval(() => {
      setTurn((old) => {
        const next = takeTurn(old.slots, old.last, shownRun(store.getState()));
        return next.slots === old.slots ? old : next;
      });
    }, intervalMs);
    return () => clearInterval(timer);
  }, [store, intervalMs]);
  return turn.slots;
}
