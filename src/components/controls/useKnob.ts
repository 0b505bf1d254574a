/** One knob of the experiment as a control sees it: its value, and the two ways of changing it. */
import type { Experiment } from '../../sim/experiment.ts';
import { getParam, parseParam, setParam, type ParamId, type ParamValue } from '../../sim/params.ts';
import { useLab, useLabStore } from '../labStore.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { useRun } from '../run.ts';

/** The experiment as the controls show it: what is being dragged, else what was applied. */
export function useExperiment(): Experiment {
  return useLab((lab) => lab.draft ?? lab.base);
}

/**
 * The experiment whose numbers are on screen: the old one until a run that replaces it has numbers. Where methods
 * train side by side it is the one that they have in common.
 */
export function useShownExperiment(): Experiment {
  const shown = useRun(shownExperiment);
  const base = useLab((lab) => lab.base);
  const several = useLab((lab) => lab.methods.length > 0);
  return several ? base : shown ?? base;
}

export interface Knob {
  value: ParamValue | undefined;
  /** While moving: shown at once, applied soon. Returns a sentence when the value is not allowed. */
  drag(value: ParamValue): string | null;
  /** The control was let go: what was dragged is applied now. */
  release(): void;
  /** Returns a sentence when the value is not allowed. */
  commit(value: ParamValue): string | null;
  commitText(text: string): string | null;
}

export function useKnob(id: ParamId): Knob {
  const lab = useLabStore();
  const value = getParam(useExperiment(), id);
  const current = () => lab.getState().draft ?? lab.getState().base;
  const commit = (next: ParamValue) => lab.getState().commit(setParam(current(), id, next));
  return {
    value,
    drag: (next) => lab.getState().drag(setParam(current(), id, next)),
    release() {
      const { draft, commit: apply, notify } = lab.getState();
      const refused = draft && apply(draft);
      if (refused) notify([refused]);
    },
    commit,
    commitText(text) {
      const parsed = parseParam(id, text);
      return parsed.ok ? commit(parsed.value) : parsed.message;
    },
  };
}
