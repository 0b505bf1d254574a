/**
 * Exact sums over the whole response space as differentiable tensors (the float32 twin of exact/forest.ts).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { World } from '../world.ts';

/**
 * log π(y|x) of all responses, one tensor per level: element d is [R, X·V^d], in node order.
 *
 * @param logProbs  log π(token|context), [R, C, K], nats
 */
export function responseLevels(world: World, logProbs: tf.Tensor3D): tf.Tensor2D[] {
  const policies = logProbs.shape[0];
  const { wordCount, maxLength, levelStart, promptCount } = world;
  const levels: tf.Tensor2D[] = [];
  let prefix: tf.Tensor2D = tf.zeros([policies, promptCount]);
  for (let d = 0; d < maxLength; d++) {
    const size = levelStart[d + 1] - levelStart[d];
    const words = tf.slice(logProbs, [0, levelStart[d], 0], [policies, size, wordCount]);
    const end = tf.slice(logProbs, [0, levelStart[d], wordCount], [policies, size, 1]);
    levels.push(tf.add(prefix, tf.reshape(end, [policies, size])));
    prefix = tf.reshape(tf.add(tf.reshape(prefix, [policies, size, 1]), words), [policies, size * wordCount]);
  }
  levels.push(prefix);
  return levels;
}

/**
 * Mean over prompts of the exact KL(π‖π_ref) = Σ_y π·log π/π_ref, [R], nats.
 *
 * @param levels, refLevels  from `responseLevels`
 */
export function exactKl(world: World, levels: readonly tf.Tensor2D[], refLevels: readonly tf.Tensor2D[]): tf.Tensor1D {
  const sums = levels.map((logps, d) => tf.sum(tf.mul(tf.exp(logps), tf.sub(logps, refLevels[d])), 1));
  return tf.div(tf.addN(sums), world.promptCount) as tf.Tensor1D;
}

/**
 * Mean over prompts of the KL-regularised objective J = E_π[r] − β·KL(π‖π_ref), [R], reward units.
 *
 *   Σ_y π(y|x)·(r(x,y) − β·log π(y|x)/π_ref(y|x))
 *
 * Source: Rafailov et al. 2023, eq. 3.
 *
 * @param rewardLevels  r(x, y) per level, [1, X·V^d]
 * @param beta          [R, 1]
 */
export function exactObjective(
  world: World, levels: readonly tf.Tensor2D[], refLevels: readonly tf.Tensor2D[],
  rewardLevels: readonly tf.Tensor2D[], beta: tf.Tensor2D,
): tf.Tensor1D {
  const sums = levels.map((logps, d) => {
    const penalty = tf.mul(beta, tf.sub(logps, refLevels[d]));
    return tf.sum(tf.mul(tf.exp(logps), tf.sub(rewardLevels[d], penalty)), 1);
  });
  return tf.div(tf.addN(sums), world.promptCount) as tf.Tensor1D;
}
