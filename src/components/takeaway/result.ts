/** The numbers of the page in the format of the command line's result file, with what a reader has to know beside them. */
import { goldRewards } from '../../sim/gold.ts';
import type { Fork } from '../../sim/fork.ts';
import { METRICS } from '../../sim/metrics.ts';
import { writeResult, type RecordedRun } from '../../sim/resultFile.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { LAB_VERSION } from '../student/labVersion.ts';
import type { Ends } from './collect.ts';
import { recordedOf, type Recorded } from './curves.ts';

/** The runs of the file: one per policy. */
function runsOf(recorded: Recorded, run: RunStatus): RecordedRun[] {
  const { policies, steps, points } = recorded;
  return policies.map(({ experiment, member, method }, r) => ({
    ...(run.others.length > 0 ? { method } : {}), member, beta: experiment.algorithm.beta, referenceKl: run.view?.referenceKl[r] ?? NaN, steps,
    metrics: points.map((point) => METRICS.map((_, m) => point[m * policies.length + r])),
  }));
}

/** Where a fork came from, the first run first. */
function lineage(fork: Fork | null): unknown[] {
  return fork === null ? [] : [...lineage(fork.from), { forkedAt: fork.step, experiment: fork.parent, changes: fork.changes }];
}

/**
 * @param ends  of every policy, as far as they are known
 * @param link  the address that opens this state
 * @returns     pieces of the file's text; null before the first numbers
 */
export function resultPieces(run: RunStatus, ends: Ends, link: string): string[] | null {
  const experiment = shownExperiment(run);
  const recorded = recordedOf(run);
  const { world, frame, backend, schedule, others, fault, forkedFrom } = run;
  if (!experiment || !recorded || !world || !frame) return null;
  const known = ends.logps.filter((logps) => logps !== null).length;
  const pieces: string[] = [];
  writeResult((text) => pieces.push(text), {
    experiment, backend: backend?.name ?? '',
    prepared: {
      world, experiment, rewards: experiment.gold ? goldRewards(world, experiment.gold) : null, members: run.members, groups: ends.groups,
      rewardModel: ends.curves.some((curves) => curves !== null) ? { curves: ends.curves } : null,
    },
    refLogps: ends.refLogps,
    recorded: runsOf(recorded, run),
    last: { logps: ends.logps },
    brokeAt: null,
    notes: {
      writtenBy: 'DPO Lab, page', version: LAB_VERSION, link, backend, update: frame.step, updatesInAll: experiment.steps,
      policies: run.members.length, policiesWithFinal: known, ...(run.state === 'failed' && fault?.kind === 'not-finite' ? { lastFiniteUpdate: fault.step } : {}),
      // The knobs in force from each update on; more than one where they were changed while it ran.
      schedule, forks: lineage(forkedFrom), ...(others.length > 0 ? { methods: [experiment, ...others] } : {}),
    },
  });
  return pieces;
}
