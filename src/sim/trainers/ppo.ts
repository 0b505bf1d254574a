/**
 * PPO as RLHF uses it: token-level, the KL to the reference in the reward, the score at the last token.
 *
 * One update is one iteration: draw `rolloutBatch` responses per prompt from the policy as it is (π_old), estimate
 * advantages, then make epochs × minibatches gradient steps on
 *
 *   L = mean over tokens of −min(ρA, clip(ρ, 1−ε, 1+ε)·A)
 *       + valueCoef · mean of ½·max((V−R)², (V_clipped−R)²) − entropyCoef · mean of H
 *
 * `valueCoef` 0 trains without a critic: it has no parameters, V = 0, and A is the (whitened) reward-to-go.
 * Sampling, rewards and advantages are float64 on the host (rollouts.ts), the gradient steps tensors.
 * Source: Schulman et al. 2017, eq. 7 and 9; Huang et al. 2024 (N+ implementation details), TRL's PPOTrainer.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Experiment, PolicyMember, PpoAlgorithm } from '../experiment.ts';
import { rolloutProblems } from '../experimentSizes.ts';
import { clippedSurrogate, clippedValueLoss, drawnLogps, tokenEntropies, tokenLogProbs } from '../losses/ppo.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from '../models/policy.ts';
import { sharesRows, valueModel, withCritic } from '../models/value.ts';
import { ppoMetrics, type PassReading } from '../ppoStatistics.ts';
import { dealMinibatches, drawRollouts, type Rollouts } from '../rollouts.ts';
import type { World } from '../world.ts';
import { paddedSize } from './shared/paddedSize.ts';
import { knobValues } from './shared/population.ts';
import { createTrainer, type Objective, type Sampled, type Trainer } from './shared/trainer.ts';

export interface PpoParts {
  world: World;
  experiment: Experiment;
  algorithm: PpoAlgorithm;
  members: readonly PolicyMember[];
  model: PolicyModel;
  /** π_ref of every policy, [R, …]. */
  reference: readonly ParameterArrays[];
  /** The reward of every response, [R][Y]. */
  scores: readonly Float64Array[];
}

/**
 * Trains a population by PPO on the tfjs backend that is set; owns tensors until `dispose`.
 *
 * Every iteration is a function of parameters, seed and update number, so a snapshot needs nothing more; the sampled
 * numbers of the iteration before it are not in it, and are absent after `restore` until the next update.
 *
 * @throws RangeError for an experiment whose batches are refused by experimentSizes.ts
 */
export function createPpoTrainer(parts: PpoParts): Trainer {
  const { world, experiment, algorithm, members, model, reference } = parts;
  const [problem] = rolloutProblems({ ...experiment, algorithm });
  if (problem) throw new RangeError(`createPpoTrainer: ${problem.message}`);
  const policy = model.bind(null);
  const value = algorithm.valueCoef > 0 ? valueModel(world, experiment.policy) : null;
  const critic = value && value.bind(null);
  return createTrainer({
    policy: critic ? withCritic(policy, critic, reference.length) : policy,
    start: value ? [...reference, ...value.initial(members.map(({ seed }) => seed))] : reference,
    objective: ppoObjective(parts, policy, critic),
    optimizer: experiment.optimizer.kind,
    learningRates: knobValues(experiment, members, 'learningRate'),
    readsLoss: false,
  });
}

function ppoObjective(parts: PpoParts, policy: BoundPolicy, critic: BoundPolicy | null): Objective {
  const { world, experiment, algorithm, members, reference } = parts;
  const { valueCoef, entropyCoef, clipRange, valueClip } = algorithm;
  const own = reference.length;
  let betas = knobValues(experiment, members, 'beta');
  let refLogits: Float32Array | null = null;
  let iteration: Iteration | null = null;
  /** Whether `iteration` led to the parameters as they are. */
  let isLast = false;

  const drop = () => {
    if (iteration) tf.dispose([iteration.batch, ...iteration.kept]);
    iteration = null;
  };

  const readReference = async (): Promise<Float32Array> => {
    const start = policy.load(reference);
    const logits = await policy.readLogits(start);
    tf.dispose(start);
    return logits;
  };

  return {
    passes: algorithm.epochs * algorithm.minibatches,

    async before(update, params) {
      refLogits ??= await readReference();
      const ref = refLogits;
      const [logits, values] = await Promise.all([policy.readLogits(params.slice(0, own)), critic && critic.readLogits(params.slice(own))]);
      const block = world.contextCount * world.tokenCount;
      const rollouts = members.map(({ seed }, r) => drawRollouts({
        world, algorithm, seed, beta: betas[r], step: update, scores: parts.scores[r],
        logits, offset: r * block, refLogits: ref, refOffset: r * block, values, valueOffset: r * world.contextCount,
      }));
      drop();
      const seen = rollouts.map((each, r) => dealMinibatches(each, members[r].seed, algorithm));
      const ownRows = critic && !sharesRows(experiment.policy) ? critic : null;
      const drawn = { rollouts, seen, places: rollouts.map(({ used }) => placesOf(used)) };
      iteration = { ...drawn, batch: batchTensors(world, drawn, policy, ownRows), kept: [] };
      isLast = true;
    },

    loss(params, _update, pass) {
      if (!iteration) throw new RangeError('ppo: no rollouts to train on; `before` draws them');
      const { batch, kept } = iteration;
      const logProbs = tokenLogProbs(policy.logitsAt(params.slice(0, own), batch.rows));
      const newLogps = drawnLogps(logProbs, batch.actions);
      const entropies = tokenEntropies(logProbs);
      const read = [newLogps, entropies];
      let perToken = clippedSurrogate(newLogps, batch.oldLogps, batch.advantages, clipRange);
      if (entropyCoef > 0) perToken = tf.sub(perToken, tf.mul(entropyCoef, entropies));
      if (critic) {
        const values = tf.squeeze<tf.Tensor2D>(critic.logitsAt(params.slice(own), batch.criticRows), [2]);
        perToken = tf.add(perToken, tf.mul(valueCoef, clippedValueLoss(values, batch.values, batch.returns, valueClip)));
        read.push(values);
      }
      kept[pass]?.dispose();
      kept[pass] = tf.keep(tf.concat(read));
      return tf.sum(tf.mul(batch.weights[pass % batch.weights.length], perToken), 1);
    },

    async sampled(): Promise<Sampled | null> {
      return iteration && isLast ? sampledOf(iteration, algorithm, critic !== null) : null;
    },

    /** What was drawn is not part of a snapshot. */
    load() {
      isLast = false;
    },

    setBeta(beta) {
      betas = betas.map(() => beta);
    },

    dispose: drop,
  };
}

/** What one iteration works with. Owns `batch` and `kept`. */
interface Iteration {
  /** [R] */
  rollouts: Rollouts[];
  /** Which of the B·T positions have a token, ascending, [R][number of tokens]: the order of tokens on the backend. */
  places: Int32Array[];
  /** Which gradient step sees which token, [R][epochs · minibatches or 1][B·T]. */
  seen: Uint8Array[][];
  batch: BatchTensors;
  /** log π of the drawn tokens, entropies, and with a critic values, below one another: [2·R or 3·R, N] per gradient step. */
  kept: tf.Tensor2D[];
}

/** A batch on the backend; [R, N] each: the tokens of a policy, then 0 up to the common N, one of few sizes. */
type BatchTensors = {
  rows: tf.Tensor[];
  /** Inputs of the critic; often `rows` themselves. */
  criticRows: tf.Tensor[];
  /** 1 at the drawn token, [R, N, K]. */
  actions: tf.Tensor3D;
  oldLogps: tf.Tensor2D;
  advantages: tf.Tensor2D;
  values: tf.Tensor2D;
  returns: tf.Tensor2D;
  /** 1/(tokens of the minibatch) where a gradient step sees the token: per step, or one for all. */
  weights: tf.Tensor2D[];
};

/** @param critic  the critic where it needs rows of its own, else null */
function batchTensors(
  world: World, { rollouts, seen, places }: Pick<Iteration, 'rollouts' | 'seen' | 'places'>, policy: BoundPolicy, critic: BoundPolicy | null,
): BatchTensors {
  const policies = rollouts.length;
  const count = paddedSize(Math.max(...places.map(({ length }) => length)), rollouts[0].used.length);
  const { tokenCount } = world;
  const contexts = new Int32Array(policies * count);
  const actions = new Float32Array(policies * count * tokenCount);
  places.forEach((own, r) => own.forEach((place, i) => {
    contexts[r * count + i] = rollouts[r].contexts[place];
    actions[(r * count + i) * tokenCount + rollouts[r].tokens[place]] = 1;
  }));
  const grid = (of: (r: number) => ArrayLike<number>, scale = (_r: number) => 1) => {
    const data = new Float32Array(policies * count);
    places.forEach((own, r) => {
      const values = of(r), factor = scale(r);
      own.forEach((place, i) => { data[r * count + i] = factor * values[place]; });
    });
    return tf.tensor2d(data, [policies, count]);
  };
  const rows = policy.rows(contexts, policies);
  return {
    rows,
    criticRows: critic ? critic.rows(contexts, policies) : rows,
    actions: tf.tensor3d(actions, [policies, count, tokenCount]),
    oldLogps: grid((r) => rollouts[r].oldLogps),
    advantages: grid((r) => rollouts[r].advantages),
    values: grid((r) => rollouts[r].values),
    returns: grid((r) => rollouts[r].returns),
    weights: seen[0].map((_, pass) => grid((r) => seen[r][pass], (r) => 1 / seen[r][pass].reduce((sum, one) => sum + one, 0))),
  };
}

/** Positions that have a token, ascending. */
function placesOf(used: Uint8Array): Int32Array {
  return Int32Array.from([...used.keys()].filter((i) => used[i] !== 0));
}

/** Reads back what the gradient steps found. */
async function sampledOf({ rollouts, places, seen, kept }: Iteration, algorithm: PpoAlgorithm, hasCritic: boolean): Promise<Sampled> {
  const policies = rollouts.length;
  const count = kept[0].shape[1];
  const passes = await Promise.all(kept.map((tensor) => tensor.data()));
  const metrics: Record<string, Float64Array> = {};
  const iterations = rollouts.map((own, r) => {
    const readings = passes.map((data, pass): PassReading => {
      const part = (i: number) => {
        const values = new Float64Array(own.used.length).fill(NaN);
        places[r].forEach((place, n) => { values[place] = data[(i * policies + r) * count + n]; });
        return values;
      };
      return { seen: seen[r][pass % seen[r].length], newLogps: part(0), entropies: part(1), values: hasCritic ? part(2) : null };
    });
    for (const [id, value] of Object.entries(ppoMetrics(own, readings, algorithm))) {
      (metrics[id] ??= new Float64Array(policies))[r] = value;
    }
    const { beta: _beta, contexts: _contexts, ...drawn } = own;
    return { ...drawn, newLogps: readings.map(({ seen: inBatch, newLogps }) => newLogps.map((logp, i) => (inBatch[i] !== 0 ? logp : NaN))) };
  });
  return { metrics, judged: [], iterations };
}
