/** What a run has recorded, policy by policy: the rows of the CSV of curves and the runs of the result file. Pure. */
import type { Experiment, PolicyMember } from '../../sim/experiment.ts';
import { populationOf } from '../../sim/experiment.ts';
import { historyPoints, pastOf } from '../../sim/history.ts';
import { methodOf } from '../../sim/methods.ts';
import { METRICS, type MetricRow } from '../../sim/metrics.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { methodName } from '../../sim/story.ts';
import { csvOf, type CsvCell } from './csv.ts';

export interface Recorded {
  /** One per policy, in the order of the population. */
  policies: { experiment: Experiment; member: PolicyMember; method: string }[];
  /** Updates at which the metrics were recorded, ascending, up to the present one. */
  steps: number[];
  /** [M, R] row-major, one per update. */
  points: Float64Array[];
}

/** Null before the first numbers. */
export function recordedOf(run: RunStatus): Recorded | null {
  const experiment = shownExperiment(run);
  const { frame, history, others } = run;
  if (!experiment || !frame || history.policyCount === 0) return null;
  const { steps, points } = historyPoints(pastOf(history, frame));
  const policies = [experiment, ...others].flatMap((own) => populationOf(own).map((member) => ({ experiment: own, member, method: methodOf(own)?.id ?? methodName(own) })));
  return { policies, steps, points };
}

/** One metric of one policy at every recorded update. */
export function seriesOf({ policies, points }: Recorded, metric: number, policy: number): number[] {
  return points.map((point) => point[metric * policies.length + policy]);
}

/** Metrics that are a number somewhere in this run. */
function columnsOf({ points }: Recorded, policyCount: number): { row: MetricRow; index: number }[] {
  return (METRICS as readonly MetricRow[]).map((row, index) => ({ row, index }))
    .filter(({ index }) => points.some((point) => point.subarray(index * policyCount, (index + 1) * policyCount).some((value) => !Number.isNaN(value))));
}

/**
 * Long format, a row per update and policy: update, method (where several train), seed, swept values, then one column
 * per metric under its own name. A metric that a policy does not have, or not yet, is empty; one whose numbers broke
 * says NaN or Infinity.
 */
export function curvesCsv(run: RunStatus): string | null {
  const recorded = recordedOf(run);
  if (!recorded) return null;
  const { policies, steps, points } = recorded;
  const several = run.others.length > 0;
  const swept = [...new Set(policies.flatMap(({ member }) => Object.keys(member.swept)))] as (keyof PolicyMember['swept'])[];
  const columns = columnsOf(recorded, policies.length);
  // What a policy never has is not what broke.
  const has = columns.map(({ index }) => policies.map((_, r) => points.some((point) => !Number.isNaN(point[index * policies.length + r]))));
  const head = ['update', ...(several ? ['method'] : []), 'seed', ...swept, ...columns.map(({ row }) => row.id)];
  function* rows(): Generator<CsvCell[]> {
    for (const [i, step] of steps.entries()) {
      for (const [r, { member, method }] of policies.entries()) {
        yield [
          step, ...(several ? [method] : []), member.seed, ...swept.map((key) => member.swept[key] ?? null),
          ...columns.map(({ row, index }, c) => {
            const value = points[i][index * policies.length + r];
            const missing = Number.isNaN(value) && (!has[c][r] || (row.sampled === true && step === 0));
            return missing ? null : value;
          }),
        ];
      }
    }
  }
  return csvOf(head, rows());
}
