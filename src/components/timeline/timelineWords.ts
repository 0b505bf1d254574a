/** What the timeline says. Pure. */
import { msg } from '../../sim/msg.ts';
import type { RunStatus } from '../../sim/runStore.ts';

/** Where a run is on its record. */
export type Position = Pick<RunStatus, 'state' | 'step' | 'furthest' | 'earliest' | 'seeking'>;

/** The slider's value in words. @param at  the update that is shown, or where it is going */
export function valueWords(at: number, steps: number, furthest: number): string {
  return furthest > at ? msg`update ${at} of ${steps}, recorded up to ${furthest}` : msg`update ${at} of ${steps}`;
}

/** Under the number of the update: where the run is going, once that takes time, or how far the record goes on. */
export function noteWords({ step, furthest, seeking }: Position): string {
  if (seeking && seeking.at !== null) return seeking.target < step ? msg`going back to update ${seeking.target}…` : msg`going to update ${seeking.target}…`;
  return furthest > step ? msg`recorded up to ${furthest}` : '';
}

/** What becomes of the record when the run goes on from an earlier update. */
export function futureWords({ step, furthest }: Position): string | null {
  if (furthest <= step) return null;
  return msg`From here Play makes the updates up to ${furthest} again, the same bit for bit. A changed β or learning rate, or a fork, makes others.`;
}

/** What the first button does now. */
export function playWords({ state, step, furthest }: Position): string {
  if (state === 'running') return msg`Pause (Space)`;
  if (state === 'done') return msg`Play again from the reference (Space)`;
  return furthest > step ? msg`Play on from update ${step} (Space)` : msg`Play (Space)`;
}
