/** A run that has numbers to speak of: everything a sentence or a panel reads, none of it missing. */
import { focusMembers, seedMembers } from '../../sim/focus.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import type { Experiment } from '../../sim/experiment.ts';
import type { Fork } from '../../sim/fork.ts';
import { pastOf, type History } from '../../sim/history.ts';
import type { World } from '../../sim/world.ts';
import type { Focus, Frame, JudgedBatch, View } from '../../sim/worker/protocol.ts';
import type { KnobChange } from '../../sim/runStore.ts';

export interface ReadyRun {
  /** The experiment whose numbers these are; where methods train side by side, the first one's. */
  experiment: Experiment;
  /** Of the methods beside it. */
  others: readonly Experiment[];
  world: World;
  frame: Frame;
  view: View;
  /** What the frame's arrays show. */
  focus: Focus;
  /** Members of the focus: one seed, or all; and all seeds of the focused value or method. */
  shown: readonly number[];
  seeds: readonly number[];
  policyCount: number;
  history: History;
  /** [M, R] at update 0. */
  start: Float64Array;
  schedule: readonly KnobChange[];
  /** Where the run came from, if it is a fork. */
  forkedFrom: Fork | null;
  /** The run stands still: paused or done. */
  still: boolean;
  diverged: boolean;
  judged: readonly JudgedBatch[];
}

/** Null while there is nothing to speak of. */
export function readyRun(run: RunStatus): ReadyRun | null {
  const { world, frame, view, members, history, schedule, forkedFrom, state, step, replacing, fault, judged, others } = run;
  const experiment = shownExperiment(run);
  const start = history.points[0];
  if (!experiment || !world || !frame || !view || !start) return null;
  // A run that goes on from an earlier update after a fault has no numbers of its own yet.
  if (state === 'starting' && !replacing && frame.step !== step) return null;
  const focus = frame.focus ?? run.focus;
  return {
    experiment, others, world, frame, view, focus, shown: focusMembers(experiment, focus), seeds: seedMembers(experiment, focus),
    // After a step back the record goes on beyond what is shown.
    policyCount: members.length, history: pastOf(history, frame), start, schedule, forkedFrom,
    still: state === 'paused' || state === 'done', diverged: state === 'failed' && fault?.kind === 'not-finite', judged,
  };
}
