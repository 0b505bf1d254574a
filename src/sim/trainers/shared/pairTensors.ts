/**
 * Preference pairs as constant tensors: which token choices make up each response.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PairTerms } from '../../losses/dpoFamily.ts';
import type { PairTable } from '../../preferences.ts';
import { lengthOf, pathOf, tokensOf, type World } from '../../world.ts';

/** Contexts that the responses of the pairs pass through, ascending. */
export function contextsOfPairs(world: World, table: PairTable): number[] {
  const contexts = new Set<number>();
  for (const pair of table.pairs) {
    for (const y of [pair.chosen, pair.rejected]) for (const { context } of pathOf(world, y)) contexts.add(context);
  }
  return [...contexts].sort((a, b) => a - b);
}

export type PairTensors = {
  /** [Ca·K, B]: 1 where the chosen response makes that token choice. */
  chosenPaths: tf.Tensor2D;
  rejectedPaths: tf.Tensor2D;
  /** chosenPaths − rejectedPaths: a prefix that both share cancels exactly. */
  pathDifference: tf.Tensor2D;
  /** [R, B], each row sums to 1. */
  weights: tf.Tensor2D;
  lengthDifference: tf.Tensor2D;
  chosenTokens: tf.Tensor2D;
  rejectedTokens: tf.Tensor2D;
};

/** @param active  the contexts that logProbs will have, ascending */
export function pairTensors(world: World, table: PairTable, active: readonly number[]): PairTensors {
  const { pairs } = table;
  const policies = table.weights.length / pairs.length;
  const rows = active.length * world.tokenCount;
  const position = new Map(active.map((c, i) => [c, i]));
  const paths = (side: 'chosen' | 'rejected') => {
    const data = new Float32Array(rows * pairs.length);
    pairs.forEach((pair, b) => {
      for (const { context, token } of pathOf(world, pair[side])) {
        data[(position.get(context)! * world.tokenCount + token) * pairs.length + b] = 1;
      }
    });
    return data;
  };
  const chosen = paths('chosen');
  const rejected = paths('rejected');
  const row = (of: (pair: PairTable['pairs'][number]) => number) => tf.tensor2d(pairs.map(of), [1, pairs.length]);
  return {
    chosenPaths: tf.tensor2d(chosen, [rows, pairs.length]),
    rejectedPaths: tf.tensor2d(rejected, [rows, pairs.length]),
    pathDifference: tf.tensor2d(chosen.map((value, i) => value - rejected[i]), [rows, pairs.length]),
    weights: tf.tensor2d(Float32Array.from(table.weights), [policies, pairs.length]),
    lengthDifference: row((pair) => lengthOf(world, pair.chosen) - lengthOf(world, pair.rejected)),
    chosenTokens: row((pair) => tokensOf(world, pair.chosen)),
    rejectedTokens: row((pair) => tokensOf(world, pair.rejected)),
  };
}

/** Token log-probabilities [R, Ca·K] summed along paths [Ca·K, B]: [R, B]. */
function sumAlong(rows: tf.Tensor2D, paths: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(rows, paths) as tf.Tensor2D;
}

/** Log-probabilities of the pairs under the reference, [R, B] each. */
export type PairReference = {
  chosen: tf.Tensor2D;
  rejected: tf.Tensor2D;
  margin: tf.Tensor2D;
};

/** Token log-probabilities [R, Ca, K] as rows [R, Ca·K]. */
function flat(logProbs: tf.Tensor3D): tf.Tensor2D {
  const [policies, contexts, tokens] = logProbs.shape;
  return tf.reshape(logProbs, [policies, contexts * tokens]);
}

export function pairReference(tensors: PairTensors, refLogProbs: tf.Tensor3D): PairReference {
  return tf.tidy(() => {
    const rows = flat(refLogProbs);
    return {
      chosen: sumAlong(rows, tensors.chosenPaths),
      rejected: sumAlong(rows, tensors.rejectedPaths),
      margin: sumAlong(rows, tensors.pathDifference),
    };
  });
}

/** The terms a loss reads, from token log-probabilities [R, Ca, K]; nothing is computed before it is asked for. */
export function pairTerms(tensors: PairTensors, reference: PairReference, logProbs: tf.Tensor3D): PairTerms {
  const rows = flat(logProbs);
  const once = <T>(compute: () => T) => {
    let value: T | undefined;
    return () => value ??= compute();
  };
  const chosenLogps = once(() => sumAlong(rows, tensors.chosenPaths));
  const rejectedLogps = once(() => sumAlong(rows, tensors.rejectedPaths));
  return {
    margin: once(() => tf.sub(sumAlong(rows, tensors.pathDifference), reference.margin)),
    chosenLogRatios: once(() => tf.sub(chosenLogps(), reference.chosen)),
    rejectedLogRatios: once(() => tf.sub(rejectedLogps(), reference.rejected)),
    chosenLogps,
    rejectedLogps,
    lengthDifference: tensors.lengthDifference,
    chosenTokens: tensors.chosenTokens,
    rejectedTokens: tensors.rejectedTokens,
  };
}
