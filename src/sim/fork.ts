/**
 * Forks: a run that goes on from another run's state as another experiment. Pure.
 *
 * A fork is plain data: whoever runs the parent to the step, with its changes of knobs, and forks there, has the same
 * run bit for bit on the same backend. What is kept of the state says `adopt` (run.ts).
 */
import type { Experiment } from './experiment.ts';
import { same } from './experimentPrint.ts';
import type { History } from './history.ts';
import { msg } from './msg.ts';
import type { KnobChange } from './runStore.ts';
import type { Course, KnobsAt } from './worker/protocol.ts';

/** Where a run came from. */
export interface Fork {
  /** The experiment that ran before, with the knobs it started with. */
  parent: Experiment;
  /** Where that one came from itself; null = from the reference. */
  from: Fork | null;
  /** Its knobs as they were changed while it ran, up to `step`. */
  changes: KnobsAt[];
  /** The update of which the state was taken. */
  step: number;
  /** The experiment that goes on. */
  change: Experiment;
}

/** The record of a run that was left for a fork, to be drawn beside the present one. */
export interface Branch {
  id: number;
  /** What it does that the fork does not: "β = 0.05". */
  name: string;
  experiment: Experiment;
  /** All that was recorded, also beyond the fork. */
  history: History;
  schedule: KnobChange[];
  /** The update at which it was left. */
  forkedAt: number;
  /** The reader wants it out of the charts; its record is kept. */
  hidden?: boolean;
}

/** Most branches kept, and most bytes of their histories: the oldest go first. */
export const BRANCHES_KEPT = 6;
export const BRANCH_BYTES = 32 * 2 ** 20;

/** The branches with one more; the newest stays whatever its size. */
export function withBranch(branches: readonly Branch[], branch: Branch): Branch[] {
  const kept = [...branches, branch].slice(-BRANCHES_KEPT);
  while (kept.length > 1 && kept.reduce((sum, { history }) => sum + bytesOf(history), 0) > BRANCH_BYTES) kept.shift();
  return kept;
}

function bytesOf({ points }: History): number {
  return points.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/**
 * Up to which update each branch has the past of the present run, in which it need not be drawn again; 0 where it has
 * none of it, because the run began anew since.
 */
export function sharedUntil(branches: readonly Branch[], forkedFrom: Fork | null): number[] {
  const forks: number[] = [];
  for (let fork = forkedFrom; fork; fork = fork.from) forks.push(fork.step);
  // Newest first, as the forks are; a branch that was forgotten leaves its fork without one.
  let next = 0;
  return branches.toReversed().map(({ forkedAt }) => {
    const found = forks.indexOf(forkedAt, next);
    if (found < 0) return 0;
    next = found + 1;
    return forkedAt;
  }).toReversed();
}

/** Why a run cannot go on as another experiment after `step` updates, in a sentence; null when it can. */
export function forkProblem(parent: Experiment, change: Experiment, step: number): string | null {
  const parts = ['world', 'reference', 'policy', 'seeds', 'sweep'] as const;
  const other = parts.find((part) => !same(parent[part] ?? null, change[part] ?? null));
  if (other) return msg`A fork keeps the policies it begins with, so its ${other} must be that of the run it leaves.`;
  if (parent.algorithm.kind === 'reward-model' || change.algorithm.kind === 'reward-model') return msg`The fit of a reward model has no forks: what it trains is no policy.`;
  if (parent.policy.kind === 'tabular' && logitsOf(parent) !== logitsOf(change)) {
    return msg`With a tabular policy offline DPO trains the logits of its pairs and the other algorithms and the KL term train them all, so a fork of one cannot be the other.`;
  }
  if (change.steps <= step) return msg`A fork at update ${step} needs more updates than that in all (steps), got ${change.steps}.`;
  return null;
}

/** One run of the chain that leads to a fork. */
export interface Stage {
  experiment: Experiment;
  /** Where it goes; the next stage begins there. */
  to: Course;
}

/** The runs to make, in order, before `fork.change` begins where the last of them ends. */
export function stagesOf(fork: Fork): Stage[] {
  const { parent, from, changes, step } = fork;
  return [...(from ? stagesOf(from) : []), { experiment: parent, to: { step, furthest: step, changes } }];
}

/** Which logits of a tabular policy a run trains. */
function logitsOf({ algorithm, sweep, preferences }: Experiment): string {
  const all = algorithm.kind !== 'dpo' || algorithm.klWeight !== 0 || sweep?.klWeight !== undefined;
  return all ? 'all' : JSON.stringify(preferences);
}
