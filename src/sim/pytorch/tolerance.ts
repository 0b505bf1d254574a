/** How far a script in float64 may be from the lab's run in float32, and how long they can be compared. */
import type { Recording, Sensitivity } from './recording.ts';

/** Of each policy, [R]. */
export interface Tolerance {
  /** Probabilities, absolute; a uniform number so close to a boundary may be on its other side in float32. */
  probability: number[];
  /** Log-probabilities at the end, relative to the larger of 1 and the recorded number. */
  logp: number[];
  /** Everything else, relative likewise. */
  relative: number[];
  /** The last update at which the policy can be compared: further on rounding alone decides. */
  until: number[];
}

/** What a script may be off in any case. Adam divides a gradient by its size, so that those which are nearly 0 are all rounding. */
export const LEAST = { sgd: 1e-4, adam: 1e-3 } as const;
/** A script may be off so many times what the twins are off: they are three samples of what rounding does. */
export const SAFETY = 10;
/** Where more than this would have to be allowed, nothing is compared any more. */
const MOST = { probability: 0.02, relative: 0.2 } as const;

export function toleranceOf({ experiment, sensitivity, steps }: Recording): Tolerance {
  const least = LEAST[experiment.optimizer.kind];
  const tolerance: Tolerance = { probability: [], logp: [], relative: [], until: [] };
  for (const { probability, relative, logp } of sensitivity) {
    const wild = steps.findIndex((_, i) => !(SAFETY * probability[i] <= MOST.probability && SAFETY * relative[i] <= MOST.relative));
    // Where rounding grows like that it has grown before; so one record more is left out.
    const last = wild < 0 ? steps.length - 1 : Math.max(0, wild - 2);
    tolerance.until.push(steps[last]);
    const allowed = (worst: number) => (wild === 0 ? least : Math.max(least, roundedUp(SAFETY * worst)));
    tolerance.probability.push(allowed(probability[last]));
    tolerance.logp.push(allowed(logp[last]));
    tolerance.relative.push(allowed(relative[last]));
  }
  return tolerance;
}

/** How far the twins were off by the updates until which the policies are compared. */
export function worstUntil({ sensitivity, steps }: Recording, until: readonly number[], kind: keyof Sensitivity): number {
  return Math.max(...sensitivity.map((own, r) => own[kind][steps.indexOf(until[r])]).filter(Number.isFinite), 0);
}

/** To one significant digit. */
function roundedUp(value: number): number {
  if (value === 0) return 0;
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit - 1e-9) * unit).toPrecision(1));
}
