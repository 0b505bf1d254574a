/**
 * Preference pairs as constant tensors: which token choices make up each response.
 */
import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../losses/constant.ts';
import type { PairTerms } from '../../losses/dpoFamily.ts';
import { logSumExp } from '../../losses/logSumExp.ts';
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

/**
 * The token choices of one side of the pairs. With logits z, a sum of token log-probabilities is
 *
 *   Σ_c,k paths·z − Σ_c visits·logsumexp(z_c),
 *
 * where visits = Σ_k paths are whole numbers: where two responses pass through the same context, the
 * difference of their visits is exactly 0, and so is the gradient of every token neither of them uses.
 */
type Paths = {
  /** [Ca·K, B]: 1 where the response makes that token choice. */
  paths: tf.Tensor2D;
  /** [Ca, B]: 1 where the response passes through that context. */
  visits: tf.Tensor2D;
};

export type PairTensors = {
  chosen: Paths;
  rejected: Paths;
  /** chosen − rejected: a prefix that both share cancels exactly. */
  difference: Paths;
  /** [R, B], each row sums to 1. */
  weights: tf.Tensor2D;
  lengthDifference: tf.Tensor2D;
  chosenTokens: tf.Tensor2D;
  rejectedTokens: tf.Tensor2D;
};

/** @param active  the contexts that the logits will have, ascending */
export function pairTensors(world: World, table: PairTable, active: readonly number[]): PairTensors {
  const { pairs } = table;
  const { tokenCount } = world;
  const policies = table.weights.length / pairs.length;
  const position = new Map(active.map((c, i) => [c, i]));
  const fill = (paths: Float32Array, visits: Float32Array, side: 'chosen' | 'rejected', sign: 1 | -1) => {
    pairs.forEach((pair, b) => {
      for (const { context, token } of pathOf(world, pair[side])) {
        const c = position.get(context)!;
        paths[(c * tokenCount + token) * pairs.length + b] += sign;
        visits[c * pairs.length + b] += sign;
      }
    });
  };
  const pathsOf = (...sides: ['chosen' | 'rejected', 1 | -1][]): Paths => {
    const paths = new Float32Array(active.length * tokenCount * pairs.length);
    const visits = new Float32Array(active.length * pairs.length);
    for (const [side, sign] of sides) fill(paths, visits, side, sign);
    return {
      paths: tf.tensor2d(paths, [active.length * tokenCount, pairs.length]),
      visits: tf.tensor2d(visits, [active.length, pairs.length]),
    };
  };
  const row = (of: (pair: PairTable['pairs'][number]) => number) => tf.tensor2d(pairs.map(of), [1, pairs.length]);
  return {
    chosen: pathsOf(['chosen', 1]),
    rejected: pathsOf(['rejected', 1]),
    difference: pathsOf(['chosen', 1], ['rejected', -1]),
    weights: tf.tensor2d(Float32Array.from(table.weights), [policies, pairs.length]),
    lengthDifference: row((pair) => lengthOf(world, pair.chosen) - lengthOf(world, pair.rejected)),
    chosenTokens: row((pair) => tokensOf(world, pair.chosen)),
    rejectedTokens: row((pair) => tokensOf(world, pair.rejected)),
  };
}

/** Log-probabilities of the pairs under the reference, [R, B] each. */
export type PairReference = {
  chosen: tf.Tensor2D;
  rejected: tf.Tensor2D;
  margin: tf.Tensor2D;
};

/** Sums of token log-probabilities along paths, [R, B], from logits [R, Ca, K]; what the sums share is computed once. */
function pathSums(logits: tf.Tensor3D): (along: Paths) => tf.Tensor2D {
  const [policies, contexts, tokens] = logits.shape;
  // A common offset of a context's logits means nothing, but large sums would cancel badly in float32.
  const centred = tf.sub(logits, constant(tf.max(logits, -1, true))) as tf.Tensor3D;
  const rows: tf.Tensor2D = tf.reshape(centred, [policies, contexts * tokens]);
  const normalisers = logSumExp(centred);
  return ({ paths, visits }) => tf.sub(tf.matMul(rows, paths), tf.matMul(normalisers, visits));
}

export function pairReference(tensors: PairTensors, refLogits: tf.Tensor3D): PairReference {
  return tf.tidy(() => {
    const sum = pathSums(refLogits);
    return { chosen: sum(tensors.chosen), rejected: sum(tensors.rejected), margin: sum(tensors.difference) };
  });
}

/** The terms a loss reads, from logits [R, Ca, K]; nothing is computed before it is asked for. */
export function pairTerms(tensors: PairTensors, reference: PairReference, logits: tf.Tensor3D): PairTerms {
  const sum = pathSums(logits);
  return termsOf({
    chosen: () => ({ logps: sum(tensors.chosen), ref: reference.chosen }),
    rejected: () => ({ logps: sum(tensors.rejected), ref: reference.rejected }),
    difference: () => ({ logps: sum(tensors.difference), ref: reference.margin }),
  }, tensors);
}

/** A sum of token log-probabilities along the pairs' paths and the same under the reference, [R, B], nats. */
type PairSum = () => { logps: tf.Tensor2D; ref: tf.Tensor2D };

/** The terms of pairs from three sums along their paths, each taken at most once. */
export function termsOf(
  sums: { chosen: PairSum; rejected: PairSum; difference: PairSum },
  { lengthDifference, chosenTokens, rejectedTokens }: Pick<PairTerms, 'lengthDifference' | 'chosenTokens' | 'rejectedTokens'>,
): PairTerms {
  const once = <T>(compute: () => T) => {
    let value: T | undefined;
    return () => value ??= compute();
  };
  const chosen = once(sums.chosen);
  const rejected = once(sums.rejected);
  const difference = once(sums.difference);
  return {
    margin: once(() => tf.sub(difference().logps, difference().ref)),
    chosenLogRatios: once(() => tf.sub(chosen().logps, chosen().ref)),
    rejectedLogRatios: once(() => tf.sub(rejected().logps, rejected().ref)),
    chosenLogps: () => chosen().logps,
    rejectedLogps: () => rejected().logps,
    lengthDifference,
    chosenTokens,
    rejectedTokens,
  };
}

/** Frees every tensor of a set. */
export function disposePairs(tensors: PairTensors, reference: PairReference): void {
  tf.dispose([tensors, reference]);
}
