/**
 * Gradient descent on a population: what every trainer of this lab shares.
 *
 * The objective says what is minimised; this owns parameters, optimiser state and the update counter.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../experiment.ts';
import type { BoundPolicy, ParameterArrays } from '../../models/policy.ts';
import type { Snapshot } from '../../worker/protocol.ts';
import { OPTIMIZERS } from './optimizers.ts';

/** What a trainer minimises. Owns its constant tensors until `dispose`. */
export interface Objective {
  /**
   * Loss of every policy, [R]; differentiable in `params`.
   * @param update  the update being made, 1-based; null = the whole objective, as the metric `loss` shows it
   */
  loss(params: readonly tf.Tensor[], update: number | null): tf.Tensor1D;
  /** New β for every policy from the next update on. */
  setBeta(beta: number): void;
  dispose(): void;
}

export interface Reading {
  /** Logits of all contexts, [R, C, K] row-major. */
  logits: Float32Array;
  /** Loss of every policy, [R]. */
  loss: Float32Array;
}

export interface Trainer {
  /** Updates made so far. */
  readonly step: number;
  /** Makes one update; on a GPU it is only queued. */
  update(): void;
  /** Waits until all queued updates are done and reads the numbers back. */
  read(): Promise<Reading>;
  /** Waits until all queued updates are done. */
  sync(): Promise<void>;
  setBeta(beta: number): void;
  setLearningRate(learningRate: number): void;
  snapshot(): Promise<Snapshot>;
  /** Goes to a snapshot of this same experiment; continuing from it repeats the run bit for bit. */
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

export interface TrainerParts {
  policy: BoundPolicy;
  /** Parameters at update 0: the reference, [R, …]. */
  start: readonly ParameterArrays[];
  objective: Objective;
  optimizer: OptimizerSpec['kind'];
  /** One per policy, [R]. */
  learningRates: readonly number[];
}

/**
 * Gradient descent from `start`: θ ← optimiser(θ, ∇θ Σ_R loss). The sum over the population leaves every
 * policy its own gradient. Takes over `policy` and `objective`: `dispose` disposes of them too.
 */
export function createTrainer({ policy, start, objective, optimizer: kind, learningRates }: TrainerParts): Trainer {
  const optimizer = OPTIMIZERS[kind];
  let params = policy.load(start);
  let state = optimizer.init(params);
  let step = 0;
  let rates = tf.tensor1d([...learningRates]);

  const replace = (next: { params: tf.Tensor[]; state: tf.Tensor[] }) => {
    tf.dispose([params, state]);
    ({ params, state } = next);
  };

  return {
    get step() { return step; },
    update() {
      replace(tf.tidy(() => {
        const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(objective.loss(p, step + 1)))(params);
        return optimizer.update(params, grads, state, rates, step + 1);
      }));
      step++;
    },
    async read() {
      const loss = tf.tidy(() => objective.loss(params, null));
      const [logits, lossValues] = await Promise.all([policy.readLogits(params), loss.data()]);
      loss.dispose();
      return { logits, loss: lossValues as Float32Array };
    },
    async sync() {
      const probe = tf.tidy(() => tf.sum(params[params.length - 1]));
      await probe.data();
      probe.dispose();
    },
    setBeta: (beta) => objective.setBeta(beta),
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
      objective.dispose();
      policy.dispose();
    },
  };
}
