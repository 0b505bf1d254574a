/** Places in runs: an update, and how a run came there. Pure. */
import type { Experiment } from './experiment.ts';
import type { Fork } from './fork.ts';
import { retuned } from './runEvents.ts';
import type { RunStatus } from './runStore.ts';
import type { KnobsAt } from './worker/protocol.ts';

/** An update of a run; whoever makes it again from this has the same state, bit for bit on the same backend. */
export interface Place {
  /** What runs, with the knobs it started with. */
  experiment: Experiment;
  /** Where that one came from; null = from the reference. Its `change` is `experiment`. */
  from: Fork | null;
  /** Its knobs as they were changed while it ran, ascending, up to `step`. */
  changes: KnobsAt[];
  step: number;
}

/** Update 0 of an experiment. */
export function beginningOf(experiment: Experiment): Place {
  return { experiment, from: null, changes: [], step: 0 };
}

/** The experiment with the knobs that are in force at the place. */
export function inForce({ experiment, changes }: Pick<Place, 'experiment' | 'changes'>): Experiment {
  return changes.reduce(retuned, experiment);
}

/** The place in the run before, at which a fork began. */
export function parentOf({ parent, from, changes, step }: Fork): Place {
  return { experiment: parent, from, changes, step };
}

/** The experiment that began with the reference. */
export function rootOf({ experiment, from }: Place): Experiment {
  return from ? rootOf(parentOf(from)) : experiment;
}

/** A place from which another one was come to: nothing that happened after `step` is left. */
export function earlier(place: Place, step: number): Place {
  if (place.from && step < place.from.step) return earlier(parentOf(place.from), step);
  return { ...place, changes: place.changes.filter((change) => change.step <= step), step };
}

/** A place whose run goes on as another experiment. */
export function forkedAt({ experiment, from, changes, step }: Place, change: Experiment): Place {
  return { experiment: change, from: { parent: experiment, from, changes, step, change }, changes: [], step };
}

/**
 * Where a run is at an update on its record.
 *
 * @param base  the experiment that the controls change: the run's own, or the one of which each method makes its own
 */
export function placeOf({ forkedFrom, schedule, others, replacing }: Pick<RunStatus, 'forkedFrom' | 'schedule' | 'others' | 'replacing'>, base: Experiment, step: number): Place {
  const began = forkedFrom?.step ?? 0;
  if (forkedFrom && step < began) return earlier(parentOf(forkedFrom), step);
  // While a run is being replaced, the schedule is still the old one's.
  const known = replacing ? [] : schedule.filter((entry) => entry.step >= began && entry.step <= step);
  const [first] = known;
  if (!first) return { experiment: base, from: forkedFrom, changes: [], step };
  // Methods side by side have learning rates of their own.
  const knobs = ({ beta, learningRate }: { beta: number; learningRate: number }) => (others.length > 0 ? { beta } : { beta, learningRate });
  const experiment = retuned(base, knobs(first));
  const changes = known.slice(1).map((entry, i): KnobsAt => {
    const before = known[i];
    const { beta, learningRate = before.learningRate } = knobs(entry);
    return { step: entry.step, ...(beta === before.beta ? {} : { beta }), ...(learningRate === before.learningRate ? {} : { learningRate }) };
  });
  return { experiment, from: forkedFrom && { ...forkedFrom, change: experiment }, changes, step };
}
