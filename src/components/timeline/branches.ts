/** How branches are drawn beside the present run. Pure. */
import { sharedUntil, type Branch, type Fork } from '../../sim/fork.ts';
import type { BandPoint } from '../../sim/history.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { bandsOf } from '../panels/population.ts';

const DASHES = ['3 4', '9 4', '9 3 2 3', '1.5 3', '14 5', '6 2 2 2'] as const;

/** Told apart by their dashes; as many as are kept. */
export function branchDash(id: number): string {
  return DASHES[(id - 1) % DASHES.length];
}

/** The line of one metric of a branch. */
export interface BranchLine {
  branch: Branch;
  /** Where it left the present run; null where it has none of its past. */
  leftAt: number | null;
  band: BandPoint[];
}

/** The branches to draw, each from where it left the present run, or the whole of it. @param shown  members of the focus */
export function branchLines(branches: readonly Branch[], forkedFrom: Fork | null, metric: MetricId, shown: readonly number[]): BranchLine[] {
  const shared = sharedUntil(branches, forkedFrom);
  return branches.flatMap((branch, i): BranchLine[] => {
    if (branch.hidden) return [];
    const band = bandsOf(branch.history, metric, { shown, seeds: shown });
    const first = band.findLastIndex(({ step }) => step <= shared[i]);
    return [{ branch, leftAt: shared[i] > 0 ? shared[i] : null, band: band.slice(Math.max(0, first)) }];
  });
}
