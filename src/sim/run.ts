/**
 * A run: a prepared population, its trainer, and the exact numbers of any moment.
 * The worker's loop and the command line drive it; it knows neither.
 */
import { expectation, klDivergence } from './exact/estimators.ts';
import { responseLogps } from './exact/forest.ts';
import { logMeanExp, meanOf } from './exact/means.ts';
import { optimalPolicy } from './exact/optimal.ts';
import type { Experiment } from './experiment.ts';
import { judgedQueue } from './judgedLog.ts';
import { measurePolicy } from './measure.ts';
import { metricIndex, METRICS, type MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { frontierOf, goldOptimum, proxyOptimum, type Optimum } from './optima.ts';
import { drawnTraining, pairedResponses } from './preferences.ts';
import type { Prepared } from './prepare.ts';
import { createDpoTrainer } from './trainers/dpo.ts';
import { createExactTrainer } from './trainers/exact.ts';
import { createOnlineDpoTrainer } from './trainers/onlineDpo.ts';
import { createPpoTrainer } from './trainers/ppo.ts';
import { createRewardModelTrainer } from './trainers/rewardModel.ts';
import { knobValues } from './trainers/shared/population.ts';
import type { Reading, Sampled, Trainer } from './trainers/shared/trainer.ts';
import type { Focus, JudgedBatch, PpoIteration, RewardModelView, Snapshot, View } from './worker/protocol.ts';

/** The exact state of the whole population after `step` updates. */
export interface Measurement {
  step: number;
  /** [M, R] in the order of METRICS. */
  metrics: Float64Array;
  /** log π(y|x) of every policy, [R][Y]. */
  logps: Float64Array[];
  /** Learned reward of every policy, [R][Y]; null but where the run fits a reward model. */
  scores: Float64Array[] | null;
  /** The last PPO iteration per policy, [R], null where there is none; empty where no policy has one. */
  iterations: readonly (PpoIteration | null)[];
  /** Policies whose numbers are not finite any more. */
  notFinite: number[];
}

export interface Run {
  readonly prepared: Prepared;
  /** log π_ref(y|x) per seed as this backend computes it, [S][Y]. */
  readonly refLogps: Float64Array[];
  readonly step: number;
  readonly totalSteps: number;
  /** Makes one update (queued on a GPU); a promise where it has to sample from the policy first. */
  update(): void | Promise<void>;
  sync(): Promise<void>;
  measure(): Promise<Measurement>;
  /** The pairs drawn and judged up to the last measurement and not yet taken, oldest first. */
  takeJudged(): JudgedBatch[];
  view(focus: Focus): View;
  retune(knobs: { beta?: number; learningRate?: number }): void;
  /** The knobs are the experiment's own again. */
  untune(): void;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  /**
   * Begins with a snapshot of a run of `parent`, as a fork of it: on the same world, reference, policy, seeds and sweep.
   *
   * Kept are the parameters and the number of updates; the optimiser's state where it is the same kind of optimiser and
   * neither or both train a critic, else it starts afresh; pairs that online DPO drew where both are online DPO with
   * as many pairs. π_ref is the original one. A reward model's fit and methods side by side have no forks.
   *
   * @throws RangeError where there can be no fork
   */
  adopt(snapshot: Snapshot, parent: Experiment): void;
  dispose(): void;
}

/**
 * A run on the tfjs backend that is set, at update 0.
 *
 * log π_ref is read from the trainer itself before the first update, so that at update 0 every
 * difference to the reference is exactly 0 on every backend.
 *
 * @throws RangeError for an experiment that lacks the gold reward or the reward model it needs
 */
export async function createRun(prepared: Prepared): Promise<Run> {
  const { experiment, world, members, rewards, groups, pairs, rewardModel } = prepared;
  const trainer = createTrainerOf(prepared);
  const seedCount = experiment.seeds.length;
  const block = world.contextCount * world.tokenCount;
  const { logits: refLogits } = await trainer.read().catch((error: unknown) => {
    trainer.dispose();
    throw error;
  });
  const refLogps = refLogits ? experiment.seeds.map((_, s) => responseLogps(world, refLogits, s * block)) : prepared.refLogps;
  const refOf = (r: number) => refLogps[r % seedCount];
  let betas = knobValues(experiment, members, 'beta');
  let optima = findOptima();
  const judged = judgedQueue();

  /** π* of gold and of the reward model per policy, [R]; null without the one or the other. */
  function findOptima(): { gold: Optimum[] | null; proxy: Optimum[] | null } {
    return {
      gold: rewards && members.map((_, r) => goldOptimum(world, refOf(r), rewards, betas[r])),
      proxy: rewardModel && members.map((_, r) => proxyOptimum(world, refOf(r), rewardModel.scores[r], betas[r], rewards)),
    };
  }

  function logpsOf({ logits, scores }: Reading, r: number): Float64Array {
    if (logits) return responseLogps(world, logits, r * block);
    return optimalPolicy(world, refOf(r), scores![r], betas[r]).logps;
  }

  /** A critic may break an update before the policy that learns from it does. */
  function criticBroke(sampled: Sampled | null, r: number): boolean {
    const losses = sampled?.metrics['loss/value_avg'];
    return losses !== undefined && experiment.algorithm.kind === 'ppo' && experiment.algorithm.valueCoef > 0 && !Number.isFinite(losses[r]);
  }

  /** −J of the reward that PPO is given, exact. */
  function exactLoss(r: number, logps: Float64Array): number {
    const given = rewardModel ? rewardModel.scores[r] : rewards!;
    return betas[r] * klDivergence(world, logps, refOf(r)) - expectation(world, logps, given);
  }

  function retune({ beta, learningRate }: { beta?: number; learningRate?: number }): void {
    if (beta !== undefined) {
      betas = betas.map(() => beta);
      optima = findOptima();
      trainer.setBeta(beta);
    }
    if (learningRate !== undefined) trainer.setLearningRate(learningRate);
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
      const reading = await trainer.read();
      const { sampled } = reading;
      if (sampled) judged.add(sampled.judged);
      const metrics = new Float64Array(METRICS.length * members.length);
      const notFinite: number[] = [];
      const logps = members.map((_, r) => {
        const own = logpsOf(reading, r);
        const loss = reading.loss ? reading.loss[r] : exactLoss(r, own);
        const proxy = reading.scores?.[r] ?? rewardModel?.scores[r] ?? null;
        const values = measurePolicy(world, {
          logps: own,
          refLogps: refOf(r),
          groups: groups[r],
          pairs: pairs.pairs,
          weights: pairs.weights.subarray(r * pairs.pairs.length, (r + 1) * pairs.pairs.length),
          beta: betas[r],
          loss,
          gold: rewards && { rewards, meanLogZ: optima.gold![r].meanLogZ },
          proxy: proxy && { rewards: proxy, meanLogZ: optima.proxy?.[r].meanLogZ ?? NaN },
        });
        values.forEach((value, m) => { metrics[m * members.length + r] = value; });
        for (const [id, value] of Object.entries({ ...optima.gold?.[r].metrics, ...optima.proxy?.[r].metrics })) {
          metrics[metricIndex(id as MetricId) * members.length + r] = value;
        }
        if (!Number.isFinite(loss) || own.some((logp) => !Number.isFinite(logp)) || criticBroke(sampled, r)) notFinite.push(r);
        return own;
      });
      if (sampled) addSampled(metrics, members.length, sampled);
      return { step, metrics, logps, scores: reading.scores ?? null, iterations: sampled?.iterations ?? [], notFinite };
    },
    takeJudged: () => judged.take(),
    view(focus) {
      const first = focus.sweepIndex * seedCount;
      const beta = betas[first];
      const seeds = focus.seedIndex === null ? refLogps.map((_, s) => s) : [focus.seedIndex];
      const optimal = rewards && seeds.map((s) => optimalPolicy(world, refLogps[s], rewards, beta).logps);
      return {
        focus, beta,
        refLogps: logMeanExp(seeds.map((s) => refLogps[s])),
        optimalLogps: optimal && logMeanExp(optimal),
        gold: rewards,
        groups: focus.seedIndex === null ? prepared.allGroups : groups[first + focus.seedIndex],
        paired: pairedResponses(pairs, world, seeds.map((s) => first + s)),
        referenceKl: Float64Array.from(members, (_, r) => prepared.referenceKl[r % seedCount]),
        rewardModel: rewardModelView(seeds.map((s) => first + s), beta),
        frontier: rewards && frontierOf(world, seeds.map((s) => refLogps[s]), rewards),
        ...('sampled' in experiment.preferences ? { drawn: drawnTraining(pairs, first + (focus.seedIndex ?? 0), experiment.preferences.sampled.count, experiment.seeds[focus.seedIndex ?? 0]) } : {}),
      };
    },
    retune,
    untune() {
      const { algorithm, optimizer, sweep } = experiment;
      // A swept knob was never changed.
      retune({ ...(sweep?.beta ? {} : { beta: algorithm.beta }), ...(sweep?.learningRate ? {} : { learningRate: optimizer.learningRate }) });
    },
    snapshot: () => trainer.snapshot(),
    restore(snapshot) {
      judged.clear();
      trainer.restore(snapshot);
    },
    adopt(snapshot, parent) {
      if (!trainer.adopt) throw new RangeError('adopt: the fit of a reward model has no forks');
      judged.clear();
      trainer.adopt(snapshot, { optimizer: parent.optimizer.kind === experiment.optimizer.kind, objective: parent.algorithm.kind === experiment.algorithm.kind });
    },
    dispose: () => trainer.dispose(),
  };

  function rewardModelView(shown: readonly number[], beta: number): RewardModelView | null {
    if (!rewardModel) return null;
    const own = shown.map((r) => rewardModel.scores[r]);
    return {
      scores: meanOf(own),
      optimalLogps: logMeanExp(shown.map((r, i) => optimalPolicy(world, refOf(r), own[i], beta).logps)),
      curves: rewardModel.curves,
    };
  }
}

/** Writes a trainer's sampled metrics into [M, R]. */
function addSampled(metrics: Float64Array, policyCount: number, { metrics: sampled }: Sampled): void {
  METRICS.forEach(({ id }, m) => {
    const values = sampled[id];
    if (values) for (let r = 0; r < policyCount; r++) metrics[m * policyCount + r] = values[r];
  });
}

/** The trainer of the experiment's algorithm. */
function createTrainerOf(prepared: Prepared): Trainer {
  const { experiment, rewards, rewardModel } = prepared;
  const { algorithm } = experiment;
  const given = (asked: 'gold' | 'reward-model', what: string): Float64Array[] => {
    if (asked === 'reward-model' && rewardModel) return rewardModel.scores;
    if (asked === 'gold' && rewards) return prepared.members.map(() => rewards);
    throw new RangeError(`createRun: ${what} "${asked}" needs a ${asked === 'gold' ? 'gold reward' : 'fitted reward model'}`);
  };
  switch (algorithm.kind) {
    case 'dpo': return createDpoTrainer({ ...prepared, algorithm });
    case 'online-dpo': return createOnlineDpoTrainer({ ...prepared, algorithm, scores: given(algorithm.judge, 'judge') });
    case 'ppo': return createPpoTrainer({ ...prepared, algorithm, scores: given(algorithm.reward, 'reward') });
    case 'reward-model': return createRewardModelTrainer(prepared);
    case 'exact': return createExactTrainer({ ...prepared, rewards: given('gold', msg`algorithm "exact": reward`)[0] });
  }
}

/** Members of the focus: one seed, or all of its swept value. */
export function membersOfFocus({ seeds }: Pick<Experiment, 'seeds'>, { seedIndex, sweepIndex }: Focus): number[] {
  const first = sweepIndex * seeds.length;
  return seedIndex === null ? seeds.map((_, s) => first + s) : [first + seedIndex];
}
