/**
 * PPO's losses per token: pure functions of the log-probabilities and values of the tokens that were drawn.
 *
 * All results are [R, N]: policies of the population × tokens of the batch; nothing is averaged here.
 */
import * as tf from '@tensorflow/tfjs-core';
import { logSumExp } from './logSumExp.ts';

/** log π(k|c) of all tokens, [R, N, K], nats, from logits [R, N, K]. */
export function tokenLogProbs(logits: tf.Tensor3D): tf.Tensor3D {
  return tf.sub(logits, tf.expandDims(logSumExp(logits), -1));
}

/**
 * log π of the token that was drawn, [R, N], nats; 0 where `actions` is all 0.
 *
 * @param logProbs  log π(k|c), [R, N, K]
 * @param actions   1 at the drawn token, else 0, [R, N, K]
 */
export function drawnLogps(logProbs: tf.Tensor3D, actions: tf.Tensor3D): tf.Tensor2D {
  return tf.sum(tf.mul(actions, logProbs), -1);
}

/** Entropy of the next token, −Σ_k π(k|c)·log π(k|c), [R, N], nats. */
export function tokenEntropies(logProbs: tf.Tensor3D): tf.Tensor2D {
  return tf.neg(tf.sum(tf.mul(tf.exp(logProbs), logProbs), -1));
}

/**
 * The clipped surrogate as a loss.
 *
 *   −min(ρ·A, clip(ρ, 1−ε, 1+ε)·A),   ρ = π/π_old
 *
 * Its gradient is exactly 0 where A > 0 and ρ > 1+ε, or A < 0 and ρ < 1−ε, and nowhere else that of the clipped term.
 * Source: Schulman et al. 2017, eq. 7.
 *
 * @param newLogps, oldLogps  log π and log π_old of the drawn tokens, [R, N], nats
 * @param advantages          A, [R, N]
 * @param clipRange           ε > 0
 */
export function clippedSurrogate(newLogps: tf.Tensor2D, oldLogps: tf.Tensor2D, advantages: tf.Tensor2D, clipRange: number): tf.Tensor2D {
  const ratios = tf.exp<tf.Tensor2D>(tf.sub(newLogps, oldLogps));
  const clipped = clip(ratios, 1 - clipRange, 1 + clipRange);
  return tf.neg(tf.minimum(tf.mul(ratios, advantages), tf.mul(clipped, advantages)));
}

/**
 * The clipped value loss.
 *
 *   ½·max((V − R)², (V_old + clip(V − V_old, −c, c) − R)²)
 *
 * Source: TRL's PPOTrainer (`cliprange_value`), after OpenAI's baselines.
 *
 * @param values, oldValues  V and V_old, [R, N], reward units
 * @param returns            R, [R, N], reward units
 * @param valueClip          c > 0, reward units
 */
export function clippedValueLoss(values: tf.Tensor2D, oldValues: tf.Tensor2D, returns: tf.Tensor2D, valueClip: number): tf.Tensor2D {
  const clipped = tf.add(oldValues, clip(tf.sub<tf.Tensor2D>(values, oldValues), -valueClip, valueClip));
  return tf.mul(0.5, tf.maximum(tf.square(tf.sub(values, returns)), tf.square(tf.sub(clipped, returns))));
}

/** x between two numbers. wasm leaves its output as it finds it in `clipByValue` where both are equal in float32 (tfjs 4.22; ppo.test.ts). */
function clip(x: tf.Tensor2D, low: number, high: number): tf.Tensor2D {
  return tf.minimum<tf.Tensor2D>(tf.maximum(x, low), high);
}
