/**
 * DPO and its family: gradient descent on a loss over preference pairs, the reference frozen.
 *
 *   L = Σ_b w_b·ℓ(pair b) + nllWeight·Σ_b w_b·(−log π(w_b)/n(w_b)) + klWeight·KL(π‖π_ref)
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DpoAlgorithm, Experiment, PolicyMember } from '../experiment.ts';
import { exactKl } from '../losses/forest.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from '../models/policy.ts';
import type { PairTable } from '../preferences.ts';
import type { World } from '../world.ts';
import { createPairLoss, minibatchWeights, usesKl } from './shared/pairLoss.ts';
import { contextsOfPairs, disposePairs, pairReference, pairTensors, pairTerms } from './shared/pairTensors.ts';
import { knobValues } from './shared/population.ts';
import { createTrainer, type Objective, type Trainer } from './shared/trainer.ts';

export interface DpoParts {
  world: World;
  experiment: Experiment;
  algorithm: DpoAlgorithm;
  members: readonly PolicyMember[];
  model: PolicyModel;
  /** π_ref of every policy, [R, …]. */
  reference: readonly ParameterArrays[];
  pairs: PairTable;
}

/**
 * Trains a population by DPO on the tfjs backend that is set; owns tensors until `dispose`.
 *
 * Only the contexts that the pairs pass through are computed, unless a KL term needs all of them.
 */
export function createDpoTrainer(parts: DpoParts): Trainer {
  const { world, experiment, members, model, pairs, reference } = parts;
  const active = usesKl(experiment, members) ? null : contextsOfPairs(world, pairs);
  const policy = model.bind(active);
  const contexts = active ?? Array.from({ length: world.contextCount }, (_, c) => c);
  return createTrainer({
    policy,
    start: reference,
    objective: dpoObjective(parts, policy, contexts),
    optimizer: experiment.optimizer.kind,
    learningRates: knobValues(experiment, members, 'learningRate'),
  });
}

function dpoObjective(parts: DpoParts, policy: BoundPolicy, contexts: readonly number[]): Objective {
  const { world, experiment, algorithm, members, pairs } = parts;
  const pairLoss = createPairLoss(experiment, algorithm, members);
  const tensors = pairTensors(world, pairs, contexts);

  const start = policy.load(parts.reference);
  const refLogits = tf.tidy(() => policy.logits(start).clone());
  const refPairs = pairReference(tensors, refLogits);
  const refLogProbs = usesKl(experiment, members) ? tf.logSoftmax(refLogits) : null;
  tf.dispose([...start, refLogits]);

  return {
    loss(params, update) {
      const logits = policy.logits(params);
      const terms = pairTerms(tensors, refPairs, logits);
      const weights = update === null || algorithm.batch === 0 ? tensors.weights : batchWeights(pairs, members, algorithm.batch, update);
      return pairLoss.of(terms, weights, refLogProbs && exactKl(world, tf.logSoftmax(logits), refLogProbs));
    },
    setBeta: (beta) => pairLoss.setBeta(beta),
    dispose() {
      disposePairs(tensors, refPairs);
      pairLoss.dispose();
      refLogProbs?.dispose();
    },
  };
}

/** Weights of one minibatch of every policy, [R, B]. */
function batchWeights(pairs: PairTable, members: readonly PolicyMember[], batch: number, update: number): tf.Tensor2D {
  const count = pairs.pairs.length;
  const weights = new Float32Array(members.length * count);
  members.forEach(({ seed }, r) => {
    weights.set(minibatchWeights(pairs.weights.subarray(r * count, (r + 1) * count), batch, seed, update), r * count);
  });
  return tf.tensor2d(weights, [members.length, count]);
}
