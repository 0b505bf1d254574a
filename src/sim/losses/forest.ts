/**
 * The exact KL-regularised objective over the whole response space as a differentiable tensor:
 * values backed up from the leaves of the prefix forest to its roots.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { World } from '../world.ts';
import { constant } from './constant.ts';

/**
 * Mean over prompts of the KL-regularised objective J = E_π[r] − β·KL(π‖π_ref), [R], reward units.
 *
 *   Q(c,k) = −β·log π(k|c)/π_ref(k|c) + V(child of c by k)   (the response's r where k ends it)
 *   V(c)   = Σ_k π(k|c)·Q(c,k),   J = mean over prompts of V(root)
 *
 * Source: Rafailov et al. 2023, eq. 3, by the chain rule over tokens.
 *
 * The gradient keeps exact zeros: Σ_k π_k·∇log π_k = 0 is dropped by hand, and sums are taken of
 * Q − max Q, so that where all tokens are worth the same nothing is left of rounding for Adam to amplify.
 * So differentiate it through the softmax that made `logProbs`, not by `logProbs` alone.
 *
 * @param logProbs, refLogProbs  log π(token|context), [R, C, K], nats; no gradient flows to the reference
 * @param rewardLevels           r(x, y) of the responses of every level d = 0..T, [1, X·V^d]; null: r = 0
 * @param beta                   [R, 1], or a number for all
 */
export function exactObjective(
  world: World, logProbs: tf.Tensor3D, refLogProbs: tf.Tensor3D,
  rewardLevels: readonly tf.Tensor2D[] | null, beta: tf.Tensor2D | number,
): tf.Tensor1D {
  const policies = logProbs.shape[0];
  const { wordCount, tokenCount, maxLength, levelStart, promptCount } = world;
  const scale = typeof beta === 'number' ? beta : tf.reshape(beta, [policies, 1, 1]);
  const rewardsOf = (d: number): tf.Tensor2D => rewardLevels?.[d] ?? tf.zeros([1, promptCount * wordCount ** d]);
  const forAll = (values: tf.Tensor2D): tf.Tensor2D => (values.shape[0] === policies ? values : tf.tile(values, [policies, 1]));

  let below = forAll(rewardsOf(maxLength));
  for (let d = maxLength - 1; d >= 0; d--) {
    const size = levelStart[d + 1] - levelStart[d];
    const level = (values: tf.Tensor3D) => tf.slice(values, [0, levelStart[d], 0], [policies, size, tokenCount]);
    const logp = level(logProbs);
    const logRatio = constant(tf.sub(logp, level(refLogProbs)));
    const worth = tf.concat([
      tf.reshape(below, [policies, size, wordCount]),
      tf.reshape(forAll(rewardsOf(d)), [policies, size, 1]),
    ], 2);
    const q = tf.sub(worth, tf.mul(scale, logRatio));
    const best = constant(tf.max(q, -1, true));
    const expected = tf.sum(tf.mul(tf.exp(logp), tf.sub(q, best)), -1);
    below = tf.add(tf.reshape(best, [policies, size]), expected);
  }
  return tf.mean(below, 1);
}

/**
 * Mean over prompts of the exact KL(π‖π_ref), [R], nats: −J for r = 0 and β = 1.
 */
export function exactKl(world: World, logProbs: tf.Tensor3D, refLogProbs: tf.Tensor3D): tf.Tensor1D {
  return tf.neg(exactObjective(world, logProbs, refLogProbs, null, 1));
}
