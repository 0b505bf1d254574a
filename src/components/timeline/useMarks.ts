/** The marks of the run on the page, found seldom: they are read, not watched. */
import type { History } from '../../sim/history.ts';
import { marksOf, type Mark } from '../../sim/marks.ts';
import { useThrottledRun, type ShownRun } from '../run.ts';

const FIND_MS = 500;

/** The marks last found in a record, and what they were found from. */
const found = new WeakMap<History, { from: readonly unknown[]; marks: readonly Mark[] }>();
const NONE: readonly Mark[] = [];

export function useMarks(): readonly Mark[] {
  return useThrottledRun(marksNow, FIND_MS);
}

export function marksNow(run: ShownRun): readonly Mark[] {
  const { experiment, others, world, view, recorded, focus, furthest, schedule, judged, judgedAhead, brokeAfter, forkedFrom, replacing } = run;
  if (!experiment || !world || replacing || recorded.policyCount === 0) return NONE;
  const groups = view?.groups ?? null;
  const from = [experiment, focus, furthest, schedule, judged, judgedAhead, brokeAfter, forkedFrom, groups];
  const known = found.get(recorded);
  if (known && from.every((part, i) => part === known.from[i])) return known.marks;
  const marks = marksOf({ experiment, others, world, focus, history: recorded, furthest, schedule, judged, judgedAhead, groups, brokeAfter, forkedFrom });
  found.set(recorded, { from, marks });
  return marks;
}
