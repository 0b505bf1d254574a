/**
 * Gradient ascent on the exact KL-regularised objective, by enumeration: no pairs, no samples.
 *
 *   maximise mean over prompts of J = E_π[r] − β·KL(π‖π_ref);  the loss is −J
 *
 * Source: Rafailov et al. 2023, eq. 3; its optimum is exact/optimal.ts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Experiment, PolicyMember } from '../experiment.ts';
import { exactObjective } from '../losses/forest.ts';
import type { ParameterArrays, PolicyModel } from '../models/policy.ts';
import type { World } from '../world.ts';
import { knobValues } from './shared/population.ts';
import { createTrainer, type Trainer } from './shared/trainer.ts';

export interface ExactParts {
  world: World;
  experiment: Experiment;
  members: readonly PolicyMember[];
  model: PolicyModel;
  /** π_ref of every policy, [R, …]. */
  reference: readonly ParameterArrays[];
  /** r(x, y), [Y], reward units. */
  rewards: Float64Array;
}

/** Trains a population on the exact objective, on the tfjs backend that is set; owns tensors until `dispose`. */
export function createExactTrainer({ world, experiment, members, model, reference, rewards }: ExactParts): Trainer {
  const policy = model.bind(null);
  let beta = tf.tensor2d(knobValues(experiment, members, 'beta'), [members.length, 1]);
  const rewardLevels = Array.from({ length: world.maxLength + 1 }, (_, d) => {
    const level = rewards.subarray(world.levelStart[d], world.levelStart[d + 1]);
    return tf.tensor2d(Float32Array.from(level), [1, level.length]);
  });
  const start = policy.load(reference);
  const refLogProbs = tf.tidy(() => tf.logSoftmax(policy.logits(start)));
  tf.dispose(start);

  return createTrainer({
    policy,
    start: reference,
    objective: {
      loss: (params) => tf.neg(exactObjective(world, tf.logSoftmax(policy.logits(params)), refLogProbs, rewardLevels, beta)),
      setBeta(value) {
        beta.dispose();
        beta = tf.fill([members.length, 1], value);
      },
      dispose: () => tf.dispose([beta, ...rewardLevels, refLogProbs]),
    },
    optimizer: experiment.optimizer.kind,
    learningRates: knobValues(experiment, members, 'learningRate'),
  });
}
