/**
 * Online DPO: the losses of the DPO family on pairs that the policy itself draws every K updates and a judge ranks.
 *
 * Before update u with u divisible by K, `pairsPerResample` pairs per prompt are drawn from the policy as it is; it
 * trains on them until the next draw. Until its first draw a policy trains on the experiment's pairs, as DPO does;
 * `batch` applies to these only. Sampling and verdicts are float64 on the host (judge.ts).
 * Source: Guo et al. 2024 (OAIF), with K = 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Experiment, OnlineDpoAlgorithm, PolicyMember } from '../experiment.ts';
import { onlineLimits, onlineProblems } from '../experimentSizes.ts';
import { drawJudgedPairs, judgeOf } from '../judge.ts';
import { judgedQueue } from '../judgedLog.ts';
import { exactKl } from '../losses/forest.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from '../models/policy.ts';
import type { PairTable } from '../preferences.ts';
import type { JudgedBatch } from '../worker/protocol.ts';
import type { World } from '../world.ts';
import { createPairLoss, minibatchWeights, usesKl, usesNll } from './shared/pairLoss.ts';
import { listOf, listOfDrawn, pairRows, pairRowTerms, readsSides, type PairList } from './shared/pairRows.ts';
import { knobValues } from './shared/population.ts';
import { createTrainer, type Objective, type StateArray, type Trainer } from './shared/trainer.ts';

export interface OnlineDpoParts {
  world: World;
  experiment: Experiment;
  algorithm: OnlineDpoAlgorithm;
  members: readonly PolicyMember[];
  model: PolicyModel;
  /** π_ref of every policy, [R, …]. */
  reference: readonly ParameterArrays[];
  /** What a policy trains on until its first draw. */
  pairs: PairTable;
  /** The judge's score of every response, [R][Y], its length bias not included. */
  scores: readonly Float64Array[];
}

/**
 * Trains a population by online DPO on the tfjs backend that is set; owns tensors until `dispose`.
 *
 * Every draw is a function of parameters, seed and update number; a snapshot holds the pairs that are being trained on.
 *
 * @throws RangeError for an experiment whose pairs are refused by experimentSizes.ts
 */
export function createOnlineDpoTrainer(parts: OnlineDpoParts): Trainer {
  const { experiment, algorithm, members, model, reference } = parts;
  const [problem] = onlineProblems({ ...experiment, algorithm });
  if (problem) throw new RangeError(`createOnlineDpoTrainer: ${problem.message}`);
  const policy = model.bind(null);
  return createTrainer({
    policy,
    start: reference,
    objective: onlineDpoObjective(parts, policy),
    optimizer: experiment.optimizer.kind,
    learningRates: knobValues(experiment, members, 'learningRate'),
  });
}

function onlineDpoObjective(parts: OnlineDpoParts, policy: BoundPolicy): Objective {
  const { world, experiment, algorithm, members, scores } = parts;
  const { loss: lossName, pairsPerResample, batch } = algorithm;
  const periods = knobValues(experiment, members, 'resampleEvery');
  const pairLoss = createPairLoss(experiment, algorithm, members);
  const sides = readsSides(lossName) || usesNll(experiment, members);
  const block = world.contextCount * world.tokenCount;
  const given = members.map((_, r) => listOf(parts.pairs, r));
  const limits = onlineLimits(experiment);
  const start = policy.load(parts.reference);
  const refLogProbs = usesKl(experiment, members) ? tf.tidy(() => tf.logSoftmax(policy.logits(start))) : null;

  /** The drawn pairs each policy trains on, [R]; null = the experiment's. */
  let drawn: readonly (Int32Array | null)[] = members.map(() => null);
  let lists: readonly PairList[] = given;
  let pairs = pairRows(world, policy, lists, limits, sides, start);
  const judged = judgedQueue();

  function trainOn(next: readonly (Int32Array | null)[]): void {
    drawn = next;
    lists = next.map((own, r) => (own ? listOfDrawn(own) : given[r]));
    tf.dispose(pairs);
    pairs = pairRows(world, policy, lists, limits, sides, start);
  }

  async function resample(update: number, params: readonly tf.Tensor[], due: readonly number[]): Promise<void> {
    const logits = await policy.readLogits(params);
    const next = [...drawn];
    const batches: JudgedBatch[] = [];
    for (const r of due) {
      const own = drawJudgedPairs(world, judgeOf(algorithm, scores[r]), { logits, offset: r * block }, pairsPerResample, members[r].seed, update);
      next[r] = own.nodes;
      batches.push({ step: update, policy: r, ...own });
    }
    judged.add(batches);
    trainOn(next);
  }

  /** Weights of an update, [R, B]: a minibatch for policies that still train on the experiment's pairs. */
  function weightsOf(update: number | null): tf.Tensor2D {
    if (update === null || batch === 0 || drawn.every((own) => own !== null)) return pairs.weights;
    const [policies, count] = pairs.weights.shape;
    const weights = new Float32Array(policies * count);
    lists.forEach((own, r) => {
      weights.set(drawn[r] ? own.weights : minibatchWeights(own.weights, batch, members[r].seed, update), r * count);
    });
    return tf.tensor2d(weights, [policies, count]);
  }

  return {
    before(update, params) {
      const due = members.flatMap((_, r) => update % periods[r] === 0 ? [r] : []);
      if (due.length > 0) return resample(update, params, due);
    },
    loss(params, update) {
      const terms = pairRowTerms(pairs, policy.logitsAt(params, pairs.rows));
      return pairLoss.of(terms, weightsOf(update), refLogProbs && exactKl(world, tf.logSoftmax(policy.logits(params)), refLogProbs));
    },
    async sampled() {
      const taken = judged.take();
      return taken.length === 0 ? null : { metrics: {}, judged: taken, iterations: [] };
    },
    save: () => [savedPairs(drawn, world.promptCount * pairsPerResample)],
    load(arrays) {
      judged.clear();
      trainOn(loadedPairs(arrays, members.length));
    },
    setBeta: (beta) => pairLoss.setBeta(beta),
    dispose() {
      tf.dispose([pairs, start]);
      pairLoss.dispose();
      refLogProbs?.dispose();
    },
  };
}

/** In place of a policy's drawn pairs while it trains on the experiment's. */
const NONE_DRAWN = -1;

/** [R, n, 2]: chosen and rejected, in the order of the draw. Responses are whole numbers below 2²⁴, exact in float32. */
function savedPairs(drawn: readonly (Int32Array | null)[], count: number): StateArray {
  const data = new Float32Array(drawn.length * count * 2).fill(NONE_DRAWN);
  drawn.forEach((own, r) => { if (own) data.set(own, r * count * 2); });
  return { name: 'drawnPairs', shape: [drawn.length, count, 2], data };
}

/** What `savedPairs` saved; nothing was drawn where there is no such array. */
function loadedPairs([saved]: readonly StateArray[], policies: number): (Int32Array | null)[] {
  return Array.from({ length: policies }, (_, r) => {
    const own = saved?.data.subarray(r * saved.data.length / policies, (r + 1) * saved.data.length / policies);
    return own && own[0] !== NONE_DRAWN ? Int32Array.from(own) : null;
  });
}
