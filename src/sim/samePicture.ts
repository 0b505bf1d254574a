/** When the picture of one run fits the axes of another: what moving a slider must not blank. */
import type { Experiment } from './experiment.ts';
import { same } from './experimentPrint.ts';

/** True when two runs have the same policies on the same references, so that one's picture fits the other's axes. */
export function sameStart(a: Experiment, b: Experiment): boolean {
  const start = ({ world, reference, policy, seeds, sweep, steps, preferences }: Experiment) =>
    ({ world, reference, policy, seeds, sweep: sweep ?? null, steps, preferences });
  return same(start(a), start(b));
}

/** True when two runs train the same methods side by side, whatever their β: a picture must not stand under another method's name. */
export function sameMethods(a: readonly Experiment[], b: readonly Experiment[]): boolean {
  if (a.length !== b.length) return false;
  return a.length === 1 || a.every(({ algorithm }, i) => same({ ...algorithm, beta: 0 }, { ...b[i].algorithm, beta: 0 }));
}
