import * as tf from '@tensorflow/tfjs-core';

/**
 * log Σ_k exp(x_k) over the last axis, with the gradient written out: softmax(x)·dy.
 *
 * tfjs's own composition sends gradient through the maximum as well, which leaves a rounding residue
 * where the true gradient is 0; Adam turns such residues into steps.
 *
 * @param x  [R, C, K]
 * @returns  [R, C]
 */
export function logSumExp(x: tf.Tensor3D): tf.Tensor2D {
  return tf.customGrad((input, save) => {
    const value = tf.logSumExp(input as tf.Tensor, -1);
    (save as (tensors: tf.Tensor[]) => void)([input as tf.Tensor, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [saved, sums]: tf.Tensor[]) =>
        tf.mul(tf.expandDims(dy, -1), tf.exp(tf.sub(saved, tf.expandDims(sums, -1)))),
    };
  })(x) as tf.Tensor2D;
}
