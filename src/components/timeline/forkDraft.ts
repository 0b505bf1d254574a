/** What a reader chooses for a fork, and what becomes of it. Pure. */
import type { AlgorithmSpec, Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { forkProblem } from '../../sim/fork.ts';
import { msg } from '../../sim/msg.ts';
import { getParam, paramOf, setParam, type Param, type ParamId, type ParamValue } from '../../sim/params.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { problemOf } from '../starts.ts';

/** The knobs that a fork may change here, in the order in which they are set: what adds or removes others comes first. */
const FORK_KNOBS = ['algorithm', 'loss', 'beta', 'learningRate'] as const satisfies readonly ParamId[];
type ForkKnob = (typeof FORK_KNOBS)[number];
/** What can go on with a policy; the exact objective is a yardstick, and a reward model trains none. */
const FORK_ALGORITHMS: readonly AlgorithmSpec['kind'][] = ['dpo', 'online-dpo', 'ppo'];

/** What was chosen; what was not stays as the run has it. */
export type Choices = Partial<Record<ForkKnob, ParamValue>>;

/** The run's experiment with what was chosen, as far as it applies. */
export function draftOf(experiment: Experiment, choices: Choices): Experiment {
  return FORK_KNOBS.reduce((draft, id) => {
    const value = choices[id];
    return value === undefined || getParam(draft, id) === undefined || !paramOf(id).appliesTo(draft) ? draft : setParam(draft, id, value);
  }, experiment);
}

/** The knobs to offer for a draft. */
export function forkKnobs(draft: Experiment): { id: ForkKnob; param: Param }[] {
  return FORK_KNOBS.map((id) => ({ id, param: paramOf(id) })).filter(({ id, param }) => getParam(draft, id) !== undefined && param.appliesTo(draft));
}

/** The choices of a knob in a fork of this run. */
export function forkChoices(param: Param, experiment: Experiment): readonly { value: string; label: string }[] {
  if (param.kind !== 'choice') return [];
  return param.id === 'algorithm' ? param.choices.filter(({ value }) => value === experiment.algorithm.kind || FORK_ALGORITHMS.some((kind) => kind === value)) : param.choices;
}

/** Why a run can have no fork now, whatever is chosen; null where it can. */
export function noForkNow({ experiment, others, frame, state, step }: Pick<RunStatus, 'experiment' | 'others' | 'frame' | 'state' | 'step'>): string | null {
  if (others.length > 0) return msg`Methods side by side have no forks: open one of them alone.`;
  if (!experiment || !frame || state === 'starting') return msg`The run is being prepared; it can be forked when it stands at an update.`;
  if (experiment.algorithm.kind === 'reward-model') return forkProblem(experiment, experiment, 0);
  if (state === 'failed') return msg`The run has stopped. Go back to an update on the timeline, and fork it there.`;
  if (step >= experiment.steps) return msg`The run has made all of its ${experiment.steps} updates. Go back on the timeline, and fork it at an earlier one.`;
  return null;
}

/** Why this draft cannot be started, in a sentence; null where it can. */
export function draftProblem(experiment: Experiment, draft: Experiment, step: number): string | null {
  if (same(experiment, draft)) return msg`Change at least one of these; what you leave stays as it is.`;
  return problemOf(draft, []) ?? forkProblem(experiment, draft, step);
}

/** What goes on with its memory and what begins afresh. */
export function carriedWords(experiment: Experiment, draft: Experiment): string {
  const changed = experiment.algorithm.kind !== draft.algorithm.kind;
  return changed
    ? msg`The policies go on with the weights they have now; the reference stays the one they began from.`
    : msg`The policies go on with the weights they have now, the optimiser with what it remembers; the reference stays the one they began from.`;
}
