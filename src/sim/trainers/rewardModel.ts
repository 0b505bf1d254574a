/**
 * The Bradley–Terry reward model of a population: each policy fits its own pairs.
 *
 *   minimise L = −Σ_b w_b·log σ(r̂(x,w_b) − r̂(x,l_b))
 *
 * Source: Christiano et al. 2017, eq. 1; Ouyang et al. 2022, eq. 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { pairFit } from '../exact/bradleyTerry.ts';
import { lengthCoefficient, standardise } from '../exact/learnedReward.ts';
import type { Experiment, PolicyMember, RewardModelSpec } from '../experiment.ts';
import { REWARD_MODEL_DEFAULTS } from '../experimentDefaults.ts';
import type { MetricId } from '../metrics.ts';
import type { PairTable } from '../preferences.ts';
import type { RewardModelCurves } from '../worker/protocol.ts';
import type { World } from '../world.ts';
import { knobValues } from './shared/population.ts';
import { createRewardLearner } from './shared/rewardLearner.ts';
import type { Trainer } from './shared/trainer.ts';

/** Points of a fit's curves, about. */
const CURVE_POINTS = 60;

/** What a fit starts from. */
export interface RewardModelParts {
  world: World;
  members: readonly PolicyMember[];
  seeds: readonly number[];
  spec: RewardModelSpec;
  pairs: PairTable;
  /** Pairs that no training sees; null where there are none. */
  heldOut: PairTable | null;
  /** log π_ref(y|x) per seed, [S][Y], nats. */
  refLogps: readonly Float64Array[];
  /** r(x, y), [Y]; null without gold. */
  rewards: Float64Array | null;
}

export interface FittedRewardModel {
  /** r̂(x, y) as training is given it, [R][Y]. */
  scores: Float64Array[];
  /** [R] */
  curves: RewardModelCurves[];
}

export interface RewardModelProgress {
  /** Updates made, of `steps`. */
  step: number;
  steps: number;
  /** Mean over the population of the training pairs' log-likelihood, nats. */
  logLikelihood: number;
}

/**
 * Fits the reward model that judges or rewards: `spec.steps` updates of Adam on all pairs at once. Runs on the tfjs
 * backend that is set.
 *
 * With `earlyStop` and held-out pairs each policy keeps the parameters of the step, 0 included, at which its held-out
 * log-likelihood was best (the first of equals); else the last ones.
 *
 * @param onProgress  called about 60 times; awaited, so it may yield
 */
export async function fitRewardModel(
  parts: RewardModelParts, onProgress: (progress: RewardModelProgress) => void | Promise<void>,
): Promise<FittedRewardModel> {
  const { spec, members, heldOut } = parts;
  const curves = members.map((): RewardModelCurves => ({
    steps: [], logLikelihood: [], accuracy: [], margin: [], heldOutLogLikelihood: [], heldOutAccuracy: [],
    keptStep: spec.steps, scale: NaN, lengthCoefficient: NaN,
  }));
  const learner = createRewardLearner({ ...parts, kind: spec.kind, optimizer: 'adam', learningRates: members.map(() => spec.learningRate) });
  const best = spec.earlyStop && heldOut ? keepBest(members.length) : null;
  const every = Math.max(1, Math.round(spec.steps / CURVE_POINTS));
  try {
    for (let step = 0; ; step++) {
      const scores = await learner.read();
      const held = learner.heldOut.map((pairs, r) => pairFit(scores[r], pairs));
      best?.look(step, held.map(({ logLikelihood }) => logLikelihood), learner.params());
      if (step % every === 0 || step === spec.steps) {
        const fits = learner.pairs.map((pairs, r) => pairFit(scores[r], pairs));
        curves.forEach((curve, r) => {
          curve.steps.push(step);
          for (const key of ['logLikelihood', 'accuracy', 'margin'] as const) curve[key].push(fits[r][key]);
          if (held.length === 0) return;
          curve.heldOutLogLikelihood.push(held[r].logLikelihood);
          curve.heldOutAccuracy.push(held[r].accuracy);
        });
        const logLikelihood = fits.reduce((sum, fit) => sum + fit.logLikelihood / fits.length, 0);
        await onProgress({ step, steps: spec.steps, logLikelihood });
      }
      if (step === spec.steps) break;
      learner.descend(scores);
    }
    const raw = await learner.model.readAll(best ? best.params() : learner.params());
    best?.steps.forEach((step, r) => { curves[r].keptStep = step; });
    const scores = raw.map((own, r) => {
      const refLogps = refOf(parts, r);
      const standardised = standardise(parts.world, refLogps, own);
      curves[r].scale = standardised.scale;
      curves[r].lengthCoefficient = lengthCoefficient(parts.world, refLogps, own, parts.rewards);
      return spec.normalise ? standardised.scores : own;
    });
    return { scores, curves };
  } finally {
    best?.dispose();
    learner.dispose();
  }
}

/** log π_ref(y|x) of a policy, [Y]; seeds are innermost in the population. */
function refOf({ refLogps }: Pick<RewardModelParts, 'refLogps'>, r: number): Float64Array {
  return refLogps[r % refLogps.length];
}

/** The best parameters of every policy so far, by a number that should be large. Owns tensors until `dispose`. */
function keepBest(policies: number) {
  const values = new Float64Array(policies).fill(-Infinity);
  const steps = new Array<number>(policies).fill(0);
  let kept: tf.Tensor[] = [];
  return {
    steps,
    params: (): readonly tf.Tensor[] => kept,
    look(step: number, now: readonly number[], params: readonly tf.Tensor[]): void {
      const better = now.map((value, r) => value > values[r]);
      if (kept.length > 0 && !better.includes(true)) return;
      const next = tf.tidy(() => params.map((param, i) => {
        if (kept.length === 0) return tf.clone(param);
        const improved = tf.tensor(better.map(Number), [policies, ...param.shape.slice(1).map(() => 1)]);
        return tf.where(tf.greater(tf.add(improved, tf.zerosLike(param)), 0), param, kept[i]);
      }));
      tf.dispose(kept);
      kept = next;
      better.forEach((isBetter, r) => {
        if (!isBetter) return;
        values[r] = now[r];
        steps[r] = step;
      });
    },
    dispose: () => { tf.dispose(kept); },
  };
}

/** What the run of a reward model needs: a part of what is prepared. */
export interface RewardModelTrainerParts extends Pick<RewardModelParts, 'world' | 'members' | 'pairs' | 'heldOut' | 'refLogps' | 'rewards'> {
  experiment: Experiment;
}

/**
 * The fit of the reward model as a run: the experiment's optimiser, learning rates and steps, all pairs in every update;
 * owns tensors until `dispose`.
 *
 * It runs on where a fit before training would stop early, so `rewardModel.steps`, `learningRate` and `earlyStop` have no
 * effect. β does not enter the fit: the run shows the optimum of r̂ at β.
 */
export function createRewardModelTrainer(parts: RewardModelTrainerParts): Trainer {
  const { experiment, members } = parts;
  const { rewardModel: spec = REWARD_MODEL_DEFAULTS, optimizer } = experiment;
  const learner = createRewardLearner({
    ...parts, kind: spec.kind, optimizer: optimizer.kind, learningRates: knobValues(experiment, members, 'learningRate'),
  });
  return {
    get step() { return learner.step; },
    async update() { learner.descend(await learner.read()); },
    async read() {
      const [bound, raw] = await Promise.all([learner.read(), learner.model.readAll(learner.params())]);
      const fits = learner.pairs.map((pairs, r) => pairFit(bound[r], pairs));
      const held = learner.heldOut.map((pairs, r) => pairFit(bound[r], pairs));
      const standardised = raw.map((own, r) => standardise(parts.world, refOf(parts, r), own));
      const metrics: Partial<Record<MetricId, number[]>> = {
        'rm/logLikelihood': fits.map(({ logLikelihood }) => logLikelihood),
        'rm/accuracy': fits.map(({ accuracy }) => accuracy),
        'rm/margin': fits.map(({ margin }) => margin),
        'rm/scale': standardised.map(({ scale }) => scale),
        'rm/lengthCoefficient': raw.map((own, r) => lengthCoefficient(parts.world, refOf(parts, r), own, parts.rewards)),
      };
      if (held.length > 0) {
        metrics['rm/heldOutLogLikelihood'] = held.map(({ logLikelihood }) => logLikelihood);
        metrics['rm/heldOutAccuracy'] = held.map(({ accuracy }) => accuracy);
      }
      return {
        logits: null,
        scores: spec.normalise ? standardised.map(({ scores }) => scores) : raw,
        loss: fits.map(({ logLikelihood }) => -logLikelihood),
        sampled: { metrics, judged: [], iterations: [] },
      };
    },
    async sync() { await learner.read(); },
    setBeta() {},
    setLearningRate: (learningRate) => learner.setLearningRate(learningRate),
    snapshot: () => learner.snapshot(),
    restore: (snapshot) => learner.restore(snapshot),
    dispose: () => learner.dispose(),
  };
}
