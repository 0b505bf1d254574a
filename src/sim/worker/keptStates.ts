/**
 * States of a run on a grid of updates, to go back from: bounded in bytes, whatever the run's length.
 *
 * When they need more than the bound, the grid's spacing doubles and what is no longer on it goes. The first state and
 * the furthest one always stay: a run whose single state is larger than the bound keeps these two.
 */
import { KEPT_BYTES, type Snapshot } from './protocol.ts';

export interface KeptStates {
  /** Updates between two states of the grid. */
  readonly spacing: number;
  /** Updates of the states kept, ascending. */
  readonly steps: readonly number[];
  readonly bytes: number;
  /** Whether the state after so many updates should be kept and is not yet. */
  isDue(step: number): boolean;
  /** Takes in a state; of those beside the grid only the furthest and the last one that was given stay. */
  keep(state: Snapshot): void;
  /** The latest state at or before an update, which must not be before the first. */
  nearest(step: number): Snapshot;
  /** Forgets the states after an update. */
  dropAfter(step: number): void;
}

/** @param first    the earliest state there is to go back to; never forgotten */
export function keptStates(first: Snapshot, initialSpacing: number, limit = KEPT_BYTES): KeptStates {
  let spacing = initialSpacing;
  /** Ascending. */
  let states = [first];
  const stays = (step: number) => step === first.step || step % spacing === 0;
  const total = () => states.reduce((sum, state) => sum + bytesOf(state), 0);

  function onlyStaying(also: Snapshot | null) {
    const furthest = states.at(-1);
    states = states.filter((state) => state === furthest || state === also || stays(state.step));
  }

  return {
    get spacing() { return spacing; },
    get steps() { return states.map(({ step }) => step); },
    get bytes() { return total(); },
    isDue: (step) => step % spacing === 0 && !states.some((state) => state.step === step),
    keep(state) {
      if (state.step <= first.step) return;
      states = [...states.filter(({ step }) => step !== state.step), state].sort((a, b) => a.step - b.step);
      onlyStaying(state);
      while (total() > limit && states.length > 2) {
        spacing *= 2;
        onlyStaying(null);
      }
    },
    nearest: (step) => states.findLast((state) => state.step <= step) ?? first,
    dropAfter(step) { states = states.filter((state) => state === first || state.step <= step); },
  };
}

function bytesOf({ tensors }: Snapshot): number {
  return tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
}
