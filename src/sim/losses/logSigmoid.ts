import * as tf from '@tensorflow/tfjs-core';

/**
 * log σ(z) = −softplus(−z), elementwise.
 *
 * tfjs 4.22's own logSigmoid throws under autodiff when its input is computed; the gradient tests
 * in tests/losses.test.ts say when this can go.
 */
export function logSigmoid<T extends tf.Tensor>(z: T): T {
  return tf.neg(tf.softplus(tf.neg(z)));
}
