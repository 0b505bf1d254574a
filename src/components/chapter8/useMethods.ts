/** The methods on screen: what trains side by side and its numbers, all of one moment. */
import { methodFacts, type MethodFacts } from '../../sim/methodFacts.ts';
import type { SideBySide } from '../../sim/sentences8.ts';
import { expectation } from '../../sim/exact/estimators.ts';
import type { View } from '../../sim/worker/protocol.ts';
import type { World } from '../../sim/world.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { useThrottledRun } from '../run.ts';

export interface MethodRun extends ReadyRun {
  methods: MethodFacts[];
}

/** How often the panels of several methods are drawn anew, ms. */
const REFRESH_MS = 100;

/** The facts of every method of a run; one entry where a single experiment runs. */
export function methodsOfRun(run: ReadyRun): MethodFacts[] {
  const { experiment, others, frame, start, policyCount } = run;
  return methodFacts({ experiment, others, metrics: frame.metrics, start, policyCount });
}

/** Null while there is nothing to show. */
export function useMethodRun(): MethodRun | null {
  const status = useThrottledRun((run) => run, REFRESH_MS);
  const run = readyRun(status);
  return run && { ...run, methods: methodsOfRun(run) };
}

/** E[r] of π* at the β of the view; null without a gold reward. */
export function optimalReward(world: World, { optimalLogps, gold }: View): number | null {
  return optimalLogps && gold ? expectation(world, optimalLogps, gold) : null;
}

/** What the sentences read. */
export function sideBySide(run: ReadyRun): SideBySide {
  const { frame, world, view, diverged } = run;
  return { step: frame.step, methods: methodsOfRun(run), optimalReward: optimalReward(world, view), diverged };
}
