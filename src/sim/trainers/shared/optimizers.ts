/**
 * Optimisers of a population: pure init/update, one learning rate per policy, exact on resume.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../experiment.ts';

export interface Optimizer {
  /** Fresh state for parameters; the caller owns the tensors. */
  init(params: readonly tf.Tensor[]): tf.Tensor[];
  /**
   * One update; reads its inputs only, returns new tensors.
   *
   * @param learningRate  [R]
   * @param update        1 for the first update of a run
   */
  update(
    params: readonly tf.Tensor[], grads: readonly tf.Tensor[], state: readonly tf.Tensor[],
    learningRate: tf.Tensor1D, update: number,
  ): { params: tf.Tensor[]; state: tf.Tensor[] };
}

/** θ ← θ − η·g, without momentum. */
export const sgd: Optimizer = {
  init: () => [],
  update: (params, grads, _state, learningRate) => ({
    params: params.map((param, i) => tf.sub(param, tf.mul(perPolicy(learningRate, param), grads[i]))),
    state: [],
  }),
};

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam with bias correction, β₁ .9, β₂ .999, ε 1e-8.
 *
 *   m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  θ ← θ − η·m̂/(√v̂ + ε),  m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
 *
 * State: m of every parameter, then v of every parameter.
 * Source: Kingma and Ba 2015, algorithm 1.
 */
export const adam: Optimizer = {
  init: (params) => [...params, ...params].map((param) => tf.zerosLike(param)),
  update(params, grads, state, learningRate, update) {
    const count = params.length;
    const m = grads.map((grad, i) => tf.add(tf.mul(BETA1, state[i]), tf.mul(1 - BETA1, grad)));
    const v = grads.map((grad, i) => tf.add(tf.mul(BETA2, state[count + i]), tf.mul(1 - BETA2, tf.square(grad))));
    const correction = Math.sqrt(1 - BETA2 ** update);
    const rate = tf.mul(learningRate, correction / (1 - BETA1 ** update)) as tf.Tensor1D;
    return {
      params: params.map((param, i) => tf.sub(param, tf.mul(
        perPolicy(rate, param),
        tf.div(m[i], tf.add(tf.sqrt(v[i]), EPSILON * correction)),
      ))),
      state: [...m, ...v],
    };
  },
};

export const OPTIMIZERS: Record<OptimizerSpec['kind'], Optimizer> = { sgd, adam };

/** [R] shaped to broadcast over a parameter [R, …]. */
function perPolicy(values: tf.Tensor1D, param: tf.Tensor): tf.Tensor {
  return tf.reshape(values, [values.shape[0], ...param.shape.slice(1).map(() => 1)]);
}
