/**
 * What an action will do, as far as a following window can tell: so that a slider moves under the hand, and a value
 * that is not allowed is refused beside its field. The leading window decides; what it says comes a moment later.
 */
import { problemOf } from '../../starts.ts';
import type { Experiment } from '../../../sim/experiment.ts';
import type { Fields } from './protocol.ts';

export interface Foresight {
  /** Fields shown at once, until the leader has carried the action out. */
  change: Fields;
  /** What the action returns. */
  returns: string | null;
}

export type Foresee = Readonly<Record<string, Readonly<Record<string, (state: Fields, args: readonly unknown[]) => Foresight>>>>;

const problem = (state: Fields, experiment: unknown) => problemOf(experiment as Experiment, state.methods as readonly string[]);

export const FORESEE: Foresee = {
  run: {
    setSpeed: (_state, [speed]) => ({ change: { speed }, returns: null }),
    seek: ({ state, earliest, furthest }, [step]) => {
      const inReach = typeof step === 'number' && Number.isInteger(step) && step >= Number(earliest) && step <= Number(furthest);
      return { change: inReach && state !== 'failed' && state !== 'starting' ? { seeking: { target: step, sent: step, at: null } } : {}, returns: null };
    },
  },
  lab: {
    drag: (state, [experiment]) => {
      const returns = problem(state, experiment);
      return { change: returns === null ? { draft: experiment } : {}, returns };
    },
    commit: (state, [experiment]) => {
      const returns = problem(state, experiment);
      return { change: returns === null ? { base: experiment, draft: null } : { draft: null }, returns };
    },
    set: (_state, [change]) => ({ change: { ...change as Fields }, returns: null }),
  },
  talk: {
    set: (_state, [change]) => ({ change: { ...change as Fields }, returns: null }),
  },
};
