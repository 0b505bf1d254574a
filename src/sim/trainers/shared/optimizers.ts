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
   * @param update        1 for the first update that this state comes to see
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
 * State: m and v of all parameters side by side, [R, P] each: one pass over them instead of one per parameter
 * (a GPU, and wasm with small tensors, pay per operation).
 * Source: Kingma and Ba 2015, algorithm 1.
 */
export const adam: Optimizer = {
  init: (params) => [0, 1].map(() => tf.zeros([params[0].shape[0], params.reduce((sum, param) => sum + widthOf(param), 0)])),
  update(params, grads, [m0, v0], learningRate, update) {
    const policies = params[0].shape[0];
    const grad = tf.concat(grads.map((each) => tf.reshape(each, [policies, widthOf(each)])), 1);
    const m = tf.add(tf.mul(BETA1, m0), tf.mul(1 - BETA1, grad));
    const v = tf.add(tf.mul(BETA2, v0), tf.mul(1 - BETA2, tf.square(grad)));
    const correction = Math.sqrt(1 - BETA2 ** update);
    const rate = tf.mul(learningRate, correction / (1 - BETA1 ** update)) as tf.Tensor1D;
    const steps = tf.mul(perPolicy(rate, grad), tf.div(m, tf.add(tf.sqrt(v), EPSILON * correction)));
    let offset = 0;
    const moved = params.map((param) => {
      const width = widthOf(param);
      const step = tf.slice(steps, [0, offset], [policies, width]);
      offset += width;
      return tf.sub(param, tf.reshape(step, param.shape));
    });
    return { params: moved, state: [m, v] };
  },
};

/** Numbers of one policy in a parameter [R, …]. */
function widthOf(param: tf.Tensor): number {
  return param.size / param.shape[0];
}

export const OPTIMIZERS: Record<OptimizerSpec['kind'], Optimizer> = { sgd, adam };

/** [R] shaped to broadcast over a parameter [R, …]. */
function perPolicy(values: tf.Tensor1D, param: tf.Tensor): tf.Tensor {
  return tf.reshape(values, [values.shape[0], ...param.shape.slice(1).map(() => 1)]);
}
