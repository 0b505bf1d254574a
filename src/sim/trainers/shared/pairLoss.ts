/**
 * The loss that DPO and online DPO minimise, from the terms of their pairs; and minibatches of pairs.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DpoAlgorithm, DpoKnobs, Experiment, OnlineDpoAlgorithm, PolicyMember } from '../../experiment.ts';
import { chosenNll, DPO_LOSSES, type KnobTensors, type PairTerms } from '../../losses/dpoFamily.ts';
import { randomAt, STREAM } from '../../random.ts';
import { knobValues } from './population.ts';

/** A loss of the DPO family with its added terms. Owns the knobs' tensors until `dispose`. */
export interface PairLoss {
  /**
   * L = Σ_b w_b·ℓ(pair b) + nllWeight·Σ_b w_b·(−log π(w_b)/n(w_b)) + klWeight·KL(π‖π_ref), [R].
   *
   * @param weights  w, [R, B]
   * @param kl       KL(π‖π_ref), [R], nats; null where no policy has a klWeight
   */
  of(terms: PairTerms, weights: tf.Tensor2D, kl: tf.Tensor1D | null): tf.Tensor1D;
  /** New β for every policy. */
  setBeta(beta: number): void;
  dispose(): void;
}

/** Whether some policy's loss has a term in KL(π‖π_ref), which needs every context. */
export function usesKl(experiment: Experiment, members: readonly PolicyMember[]): boolean {
  return knobValues(experiment, members, 'klWeight').some((weight) => weight > 0);
}

/** Whether some policy's loss has a term in the chosen responses' NLL. */
export function usesNll(experiment: Experiment, members: readonly PolicyMember[]): boolean {
  return knobValues(experiment, members, 'nllWeight').some((weight) => weight > 0);
}

export function createPairLoss(
  experiment: Experiment, { loss: name }: DpoAlgorithm | OnlineDpoAlgorithm, members: readonly PolicyMember[],
): PairLoss {
  const knob = (key: keyof DpoKnobs) => tf.tensor2d(knobValues(experiment, members, key), [members.length, 1]);
  const knobs: KnobTensors = {
    beta: knob('beta'), labelSmoothing: knob('labelSmoothing'), lengthAlpha: knob('lengthAlpha'), dpopLambda: knob('dpopLambda'),
    simpoGamma: knob('simpoGamma'), nllWeight: knob('nllWeight'), klWeight: knob('klWeight'),
  };
  const withNll = usesNll(experiment, members);
  const pairLoss = DPO_LOSSES[name];
  return {
    of(terms, weights, kl) {
      const meanOverPairs = (perPair: tf.Tensor2D) => tf.sum(tf.mul(weights, perPair), 1) as tf.Tensor1D;
      let loss = meanOverPairs(pairLoss(terms, knobs));
      if (withNll) loss = tf.add(loss, tf.mul(tf.squeeze(knobs.nllWeight, [1]), meanOverPairs(chosenNll(terms))));
      if (kl) loss = tf.add(loss, tf.mul(tf.squeeze(knobs.klWeight, [1]), kl));
      return loss;
    },
    setBeta(beta) {
      knobs.beta.dispose();
      knobs.beta = tf.fill([members.length, 1], beta);
    },
    dispose: () => tf.dispose(Object.values(knobs)),
  };
}

/**
 * Weights of one minibatch, [B]: `batch` pairs drawn with replacement by weight, each 1/batch,
 * so that its expectation is the full batch. Depends on (seed, update) only.
 *
 * @param weights  of all pairs, [B], summing to 1
 */
export function minibatchWeights(weights: ArrayLike<number>, batch: number, seed: number, update: number): Float32Array {
  const random = randomAt(seed, STREAM.batch, update);
  const drawn = new Float32Array(weights.length);
  for (let i = 0; i < batch; i++) drawn[random.index(weights)] += 1 / batch;
  return drawn;
}
