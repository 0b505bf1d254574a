/**
 * A run: a prepared population, its trainer, and the exact numbers of any moment.
 * The worker's loop and the command line drive it; it knows neither.
 */
import { responseLogps } from './exact/forest.ts';
import { logSumExp } from './exact/numerics.ts';
import { optimalPolicy } from './exact/optimal.ts';
import type { Experiment } from './experiment.ts';
import { measurePolicy } from './measure.ts';
import { METRICS } from './metrics.ts';
import type { Prepared } from './prepare.ts';
import { createDpoTrainer } from './trainers/dpo.ts';
import { createExactTrainer } from './trainers/exact.ts';
import { knobValues } from './trainers/shared/population.ts';
import type { Trainer } from './trainers/shared/trainer.ts';
import type { Focus, Snapshot, View } from './worker/protocol.ts';

/** The exact state of the whole population after `step` updates. */
export interface Measurement {
  step: number;
  /** [M, R] in the order of METRICS. */
  metrics: Float64Array;
  /** log π(y|x) of every policy, [R][Y]. */
  logps: Float64Array[];
  /** Policies whose numbers are not finite any more. */
  notFinite: number[];
}

export interface Run {
  readonly prepared: Prepared;
  /** log π_ref(y|x) per seed as this backend computes it, [S][Y]. */
  readonly refLogps: Float64Array[];
  readonly step: number;
  readonly totalSteps: number;
  /** Makes one update (queued on a GPU). */
  update(): void;
  sync(): Promise<void>;
  measure(): Promise<Measurement>;
  view(focus: Focus): View;
  retune(knobs: { beta?: number; learningRate?: number }): void;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

/**
 * A run on the tfjs backend that is set, at update 0.
 *
 * log π_ref is read from the trainer itself before the first update, so that at update 0 every
 * difference to the reference is exactly 0 on every backend.
 *
 * @throws RangeError for an algorithm that is not built, or one that lacks the gold reward it needs
 */
export async function createRun(prepared: Prepared): Promise<Run> {
  const { experiment, world, members, rewards, groups, pairs } = prepared;
  const trainer = createTrainerOf(prepared);
  const seedCount = experiment.seeds.length;
  const block = world.contextCount * world.tokenCount;
  const { logits: refLogits } = await trainer.read();
  const refLogps = experiment.seeds.map((_, s) => responseLogps(world, refLogits, s * block));
  let betas = knobValues(experiment, members, 'beta');
  let meanLogZ = optima();

  /** Mean over prompts of log Z(x) per policy; empty without gold. */
  function optima(): number[] {
    if (!rewards) return [];
    return members.map((_, r) => {
      const { logZ } = optimalPolicy(world, refLogps[r % seedCount], rewards, betas[r]);
      return logZ.reduce((a, b) => a + b, 0) / world.promptCount;
    });
  }

  return {
    prepared,
    refLogps,
    get step() { return trainer.step; },
    totalSteps: experiment.steps,
    update: () => trainer.update(),
    sync: () => trainer.sync(),
    async measure() {
      const step = trainer.step;
      const { logits, loss } = await trainer.read();
      const metrics = new Float64Array(METRICS.length * members.length);
      const notFinite: number[] = [];
      const logps = members.map((_, r) => {
        const own = responseLogps(world, logits, r * block);
        const values = measurePolicy(world, {
          logps: own,
          refLogps: refLogps[r % seedCount],
          groups: groups[r % seedCount],
          pairs: pairs.pairs,
          weights: pairs.weights.subarray(r * pairs.pairs.length, (r + 1) * pairs.pairs.length),
          beta: betas[r],
          loss: loss[r],
          gold: rewards && { rewards, meanLogZ: meanLogZ[r] },
        });
        values.forEach((value, m) => { metrics[m * members.length + r] = value; });
        if (!Number.isFinite(loss[r]) || own.some((logp) => !Number.isFinite(logp))) notFinite.push(r);
        return own;
      });
      return { step, metrics, logps, notFinite };
    },
    view(focus) {
      const beta = betas[focus.sweepIndex * seedCount];
      const seeds = focus.seedIndex === null ? refLogps.map((_, s) => s) : [focus.seedIndex];
      const optimal = rewards && seeds.map((s) => optimalPolicy(world, refLogps[s], rewards, beta).logps);
      return {
        focus, beta,
        refLogps: logMeanExp(seeds.map((s) => refLogps[s])),
        optimalLogps: optimal && logMeanExp(optimal),
        gold: rewards,
        groups: focus.seedIndex === null ? prepared.allGroups : groups[focus.seedIndex],
        referenceKl: Float64Array.from(members, (_, r) => prepared.referenceKl[r % seedCount]),
      };
    },
    retune({ beta, learningRate }) {
      if (beta !== undefined) {
        betas = betas.map(() => beta);
        meanLogZ = optima();
        trainer.setBeta(beta);
      }
      if (learningRate !== undefined) trainer.setLearningRate(learningRate);
    },
    snapshot: () => trainer.snapshot(),
    restore: (snapshot) => trainer.restore(snapshot),
    dispose: () => trainer.dispose(),
  };
}

/** The trainer of the experiment's algorithm. */
function createTrainerOf(prepared: Prepared): Trainer {
  const { experiment, rewards } = prepared;
  const { algorithm } = experiment;
  switch (algorithm.kind) {
    case 'dpo': return createDpoTrainer({ ...prepared, algorithm });
    case 'exact':
      if (!rewards) throw new RangeError('createRun: algorithm "exact" needs a gold reward');
      return createExactTrainer({ ...prepared, rewards });
    default: throw new RangeError(`createRun: algorithm.kind "${algorithm.kind}" is not built yet; "dpo" and "exact" are`);
  }
}

/** log of the mean of exp over several arrays, elementwise. */
export function logMeanExp(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0];
  const column = new Float64Array(arrays.length);
  return arrays[0].map((_, y) => {
    for (let i = 0; i < arrays.length; i++) column[i] = arrays[i][y];
    return logSumExp(column) - Math.log(arrays.length);
  });
}

/** The policies' log-probabilities as the page shows them: one seed, or the mean of the probabilities. */
export function focusedLogps(experiment: Experiment, logps: readonly Float64Array[], focus: Focus): Float64Array {
  const first = focus.sweepIndex * experiment.seeds.length;
  return focus.seedIndex === null
    ? logMeanExp(logps.slice(first, first + experiment.seeds.length))
    : logps[first + focus.seedIndex];
}
