/** How far the replay of one state is. Pure. */
import { msg } from '../../sim/msg.ts';
import type { RunStatus } from '../../sim/runStore.ts';

/** How far a replay is: a share of the whole where it is known, and words. */
export interface ReplayProgress {
  share: number | null;
  words: string;
}

/** @param target  the update at which the replay ends */
export function shareOf({ state, progress, seeking, step }: RunStatus, target: number): ReplayProgress {
  const at = seeking?.at ?? step;
  // What was prepared last stands there until the run shows itself.
  if (progress && at === 0) return { share: null, words: progress.detail };
  if (state === 'starting' && at === 0) return { share: null, words: msg`the engine starts` };
  return { share: target === 0 ? null : Math.min(1, at / target), words: msg`update ${at} of ${target}` };
}
