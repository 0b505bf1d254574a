/**
 * DPO and its family: gradient descent on a loss over preference pairs, the reference frozen.
 *
 *   L = Σ_b w_b·ℓ(pair b) + nllWeight·Σ_b w_b·(−log π(w_b)/n(w_b)) + klWeight·KL(π‖π_ref)
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DpoAlgorithm, DpoKnobs, Experiment, PolicyMember } from '../experiment.ts';
import { chosenNll, DPO_LOSSES, type KnobTensors } from '../losses/dpoFamily.ts';
import { exactKl } from '../losses/forest.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from '../models/policy.ts';
import type { PairTable } from '../preferences.ts';
import { randomAt, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { knobValues } from './shared/population.ts';
import { contextsOfPairs, disposePairs, pairReference, pairTensors, pairTerms } from './shared/pairTensors.ts';
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
  const usesKl = knobValues(experiment, members, 'klWeight').some((weight) => weight > 0);
  const active = usesKl ? null : contextsOfPairs(world, pairs);
  const policy = model.bind(active);
  const contexts = active ?? Array.from({ length: world.contextCount }, (_, c) => c);
  return createTrainer({
    policy,
    start: reference,
    objective: dpoObjective(parts, policy, contexts, usesKl),
    optimizer: experiment.optimizer.kind,
    learningRates: knobValues(experiment, members, 'learningRate'),
  });
}

function dpoObjective(parts: DpoParts, policy: BoundPolicy, contexts: readonly number[], usesKl: boolean): Objective {
  const { world, experiment, algorithm, members, pairs } = parts;
  const knob = (key: keyof DpoKnobs) => tf.tensor2d(knobValues(experiment, members, key), [members.length, 1]);
  const knobs: KnobTensors = {
    beta: knob('beta'), labelSmoothing: knob('labelSmoothing'), lengthAlpha: knob('lengthAlpha'), dpopLambda: knob('dpopLambda'),
    simpoGamma: knob('simpoGamma'), nllWeight: knob('nllWeight'), klWeight: knob('klWeight'),
  };
  const usesNll = knobValues(experiment, members, 'nllWeight').some((weight) => weight > 0);
  const tensors = pairTensors(world, pairs, contexts);
  const pairLoss = DPO_LOSSES[algorithm.loss];

  const start = policy.load(parts.reference);
  const refLogits = tf.tidy(() => policy.logits(start).clone());
  const refPairs = pairReference(tensors, refLogits);
  const refLogProbs = usesKl ? tf.logSoftmax(refLogits) : null;
  tf.dispose([...start, refLogits]);

  return {
    loss(params, update) {
      const logits = policy.logits(params);
      const terms = pairTerms(tensors, refPairs, logits);
      const weights = update === null || algorithm.batch === 0 ? tensors.weights : batchWeights(pairs, members, algorithm.batch, update);
      const meanOverPairs = (perPair: tf.Tensor2D) => tf.sum(tf.mul(weights, perPair), 1) as tf.Tensor1D;
      let loss = meanOverPairs(pairLoss(terms, knobs));
      if (usesNll) loss = tf.add(loss, tf.mul(tf.squeeze(knobs.nllWeight, [1]), meanOverPairs(chosenNll(terms))));
      if (refLogProbs) loss = tf.add(loss, tf.mul(tf.squeeze(knobs.klWeight, [1]), exactKl(world, tf.logSoftmax(logits), refLogProbs)));
      return loss;
    },
    setBeta(beta) {
      knobs.beta.dispose();
      knobs.beta = tf.fill([members.length, 1], beta);
    },
    dispose() {
      disposePairs(tensors, refPairs);
      tf.dispose(Object.values(knobs));
      refLogProbs?.dispose();
    },
  };
}

/**
 * Weights of one minibatch, [R, B]: `batch` pairs drawn with replacement by weight, each 1/batch,
 * so that its expectation is the full batch. Depends on (seed, update) only.
 */
function batchWeights(pairs: PairTable, members: readonly PolicyMember[], batch: number, update: number): tf.Tensor2D {
  const count = pairs.pairs.length;
  const weights = new Float32Array(members.length * count);
  members.forEach(({ seed }, r) => {
    const random = randomAt(seed, STREAM.batch, update);
    const probabilities = pairs.weights.subarray(r * count, (r + 1) * count);
    for (let i = 0; i < batch; i++) weights[r * count + random.index(probabilities)] += 1 / batch;
  });
  return tf.tensor2d(weights, [members.length, count]);
}
