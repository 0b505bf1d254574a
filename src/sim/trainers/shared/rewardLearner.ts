/**
 * A population of reward models on the backend, and one gradient step on the Bradley–Terry loss of each policy's pairs.
 *
 * The pairs see few responses, and of those the loss and its gradient in r̂ are written down in float64 on the host
 * (exact/bradleyTerry.ts), each policy over its own pairs only; tensors carry the gradient on to the parameters, as that
 * of Σ_y (∂L/∂r̂(y))·r̂(y). So 100,000 pairs cost no matrix of pairs × responses.
 */
import * as tf from '@tensorflow/tfjs-core';
import { pairLossGradient, type ScoredPairs } from '../../exact/bradleyTerry.ts';
import type { OptimizerSpec, PolicyMember, RewardModelSpec } from '../../experiment.ts';
import { bindRewardModel, type BoundRewardModel } from '../../models/rewardModel.ts';
import type { PairTable } from '../../preferences.ts';
import type { Snapshot } from '../../worker/protocol.ts';
import type { World } from '../../world.ts';
import { OPTIMIZERS } from './optimizers.ts';

export interface RewardLearnerParts {
  world: World;
  members: readonly PolicyMember[];
  kind: RewardModelSpec['kind'];
  pairs: PairTable;
  /** Pairs that are read but never trained on; null where there are none. */
  heldOut: PairTable | null;
  optimizer: OptimizerSpec['kind'];
  /** One per policy, [R]. */
  learningRates: readonly number[];
}

/** A population of reward models in training. Owns tensors until `dispose`. */
export interface RewardLearner {
  model: BoundRewardModel;
  /** Every policy's own pairs as positions in the responses that `read` gives, [R]; `heldOut` is empty without any. */
  pairs: ScoredPairs[];
  heldOut: ScoredPairs[];
  /** Updates made. */
  readonly step: number;
  params(): readonly tf.Tensor[];
  /** r̂ of the responses of all pairs, [R][n]. */
  read(): Promise<Float32Array[]>;
  /** One update from what `read` gave. */
  descend(scores: readonly Float32Array[]): void;
  setLearningRate(learningRate: number): void;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

/** Reward models at update 0, one per policy, on the tfjs backend that is set. */
export function createRewardLearner(parts: RewardLearnerParts): RewardLearner {
  const { world, members, pairs, heldOut, learningRates } = parts;
  const optimizer = OPTIMIZERS[parts.optimizer];
  const responses = [...new Set([pairs, heldOut].flatMap((table) => (table?.pairs ?? []).flatMap(({ chosen, rejected }) => [chosen, rejected])))];
  responses.sort((a, b) => a - b);
  const model = bindRewardModel(world, parts.kind, responses);
  const own = pairsOfPolicies(pairs, responses);
  let params: tf.Tensor[] = model.initial(members.map(({ seed }) => seed)).map(({ shape, data }) => tf.tensor(data, shape));
  let state = optimizer.init(params);
  let rates = tf.tensor1d([...learningRates]);
  let step = 0;

  const replace = (next: { params: tf.Tensor[]; state: tf.Tensor[] }) => {
    tf.dispose([params, state]);
    ({ params, state } = next);
  };

  return {
    model, pairs: own,
    heldOut: heldOut ? pairsOfPolicies(heldOut, responses) : [],
    get step() { return step; },
    params: () => params,
    async read() {
      const scores = tf.tidy(() => model.scores(params).clone());
      const data = await scores.data() as Float32Array;
      scores.dispose();
      return own.map((_, r) => data.subarray(r * responses.length, (r + 1) * responses.length));
    },
    descend(scores) {
      const pull = own.map((pairsOfPolicy, r) => pairLossGradient(scores[r], pairsOfPolicy));
      replace(tf.tidy(() => {
        const grads = tf.grads((...p: tf.Tensor[]) => model.carry(p, pull))(params);
        return optimizer.update(params, grads, state, rates, step + 1);
      }));
      step++;
    },
    setLearningRate(learningRate) {
      rates.dispose();
      rates = tf.fill([learningRates.length], learningRate);
    },
    async snapshot() {
      const at = step;
      const tensors = await Promise.all([...params, ...state].map(async (tensor, i) => ({
        name: i < params.length ? `parameter${i}` : `state${i - params.length}`,
        shape: tensor.shape,
        data: await tensor.data() as Float32Array,
      })));
      return { step: at, tensors };
    },
    restore(snapshot) {
      const tensors = snapshot.tensors.map(({ shape, data }) => tf.tensor(data, shape));
      replace({ params: tensors.slice(0, params.length), state: tensors.slice(params.length) });
      step = snapshot.step;
    },
    dispose() {
      tf.dispose([params, state, rates]);
      model.dispose();
    },
  };
}

/** Every policy's own pairs of a table, as positions in `responses`, [R]. */
function pairsOfPolicies({ pairs, weights }: PairTable, responses: readonly number[]): ScoredPairs[] {
  const position = new Map(responses.map((y, i) => [y, i]));
  return Array.from({ length: weights.length / pairs.length }, (_, r) => {
    const own = pairs.map((pair, b) => ({ ...pair, weight: weights[r * pairs.length + b] })).filter(({ weight }) => weight > 0);
    return {
      chosen: Int32Array.from(own, ({ chosen }) => position.get(chosen)!),
      rejected: Int32Array.from(own, ({ rejected }) => position.get(rejected)!),
      weights: Float64Array.from(own, ({ weight }) => weight),
    };
  });
}
