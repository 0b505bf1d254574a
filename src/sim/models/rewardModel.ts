/**
 * The reward models: r̂(x, y) of whole responses. Parameters carry the population as leading axis [R, …].
 *
 *   table    one number per response of the pairs; every other response keeps 0
 *   linear   Σ_words c_w·(how often w occurs) + c·|y|; no constant
 *   mlp      one tanh layer of 16 over [one-hot prompt | one-hot token at every position 1..T], one output without a bias;
 *            a position after the last word has the end token's index
 *
 * A constant would cancel in every pair, so no model has one. table and linear start at 0; mlp as every MLP of the lab does (mlp.ts), from a stream of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { RewardModelSpec } from '../experiment.ts';
import { STREAM } from '../random.ts';
import { promptOf, wordsOf, type World } from '../world.ts';
import { forward, initialParameters } from './mlp.ts';
import type { ParameterArrays } from './policy.ts';

type Kind = RewardModelSpec['kind'];

/** Width of the mlp's tanh layer. */
export const REWARD_MODEL_HIDDEN = 16;
/** Numbers (features, activations) of a chunk of responses are kept below this many. */
const CHUNK_SIZE = 4_000_000;

/** A reward model tied to the responses it is trained on. Owns constant tensors until `dispose`. */
export interface BoundRewardModel {
  /** Parameters at update 0, one model per seed, [R, …]. */
  initial(seeds: readonly number[]): ParameterArrays[];
  /** r̂ of the bound responses, in their order, [R, n]; differentiable. */
  scores(params: readonly tf.Tensor[]): tf.Tensor2D;
  /**
   * Carries a gradient in r̂ on to the parameters: a scalar with the gradient of Σ_r Σ_y pull[r][y]·r̂_r(y).
   *
   * @param pull  ∂L/∂r̂ of the bound responses, [R][n]
   */
  carry(params: readonly tf.Tensor[], pull: readonly Float64Array[]): tf.Scalar;
  /** r̂ of every response read back, [R][Y]. */
  readAll(params: readonly tf.Tensor[]): Promise<Float64Array[]>;
  dispose(): void;
}

/**
 * A reward model of a world.
 *
 * @param responses  the responses of the pairs (nodes), each once
 */
export function bindRewardModel(world: World, kind: Kind, responses: readonly number[]): BoundRewardModel {
  return kind === 'table' ? bindTable(world, responses) : bindFeatures(world, kind, responses);
}

/** [R, n] of one array per policy, in float32. */
function rowsOf(arrays: readonly Float64Array[]): tf.Tensor2D {
  const width = arrays[0].length;
  const data = new Float32Array(arrays.length * width);
  arrays.forEach((row, r) => data.set(row, r * width));
  return tf.tensor2d(data, [arrays.length, width]);
}

function bindTable({ responseCount }: World, responses: readonly number[]): BoundRewardModel {
  return {
    initial: (seeds) => [{
      name: 'rewards', shape: [seeds.length, responses.length], data: new Float32Array(seeds.length * responses.length),
    }],
    scores: ([rewards]) => rewards as tf.Tensor2D,
    carry: ([rewards], pull) => tf.sum(tf.mul(rowsOf(pull), rewards)),
    async readAll([rewards]) {
      const data = await rewards.data();
      return Array.from({ length: rewards.shape[0] }, (_, r) => {
        const scores = new Float64Array(responseCount);
        responses.forEach((y, i) => { scores[y] = data[r * responses.length + i]; });
        return scores;
      });
    },
    dispose() {},
  };
}

/** Width of the features of a response, F. */
function featureWidth({ promptCount, maxLength, wordCount, tokenCount }: World, kind: 'linear' | 'mlp'): number {
  return kind === 'linear' ? wordCount + 1 : promptCount + maxLength * tokenCount;
}

/** Features of responses, [n, F] row-major: linear counts of every word, then |y|; mlp one-hot prompt and tokens. */
export function responseFeatures(world: World, kind: 'linear' | 'mlp', responses: readonly number[]): Float32Array {
  const { promptCount, maxLength, wordCount, tokenCount } = world;
  const width = featureWidth(world, kind);
  const data = new Float32Array(responses.length * width);
  responses.forEach((y, i) => {
    const words = wordsOf(world, y);
    const row = i * width;
    if (kind === 'linear') {
      for (const word of words) data[row + word]++;
      data[row + wordCount] = words.length;
      return;
    }
    data[row + promptOf(world, y)] = 1;
    for (let t = 0; t < maxLength; t++) data[row + promptCount + t * tokenCount + (words[t] ?? wordCount)] = 1;
  });
  return data;
}

/**
 * Σ_y pull[y]·features[y], [F], in float64: what no pair tells apart (a word that both answers always have) gets 0 up to
 * 1e-16, not a rounding error of float32 for Adam to amplify.
 */
function sumOfFeatures(features: Float32Array, width: number, pull: Float64Array): Float64Array {
  const sum = new Float64Array(width);
  pull.forEach((weight, i) => {
    for (let f = 0; f < width; f++) sum[f] += weight * features[i * width + f];
  });
  return sum;
}

function bindFeatures(world: World, kind: 'linear' | 'mlp', responses: readonly number[]): BoundRewardModel {
  const width = featureWidth(world, kind);
  const { responseCount } = world;
  const tensorOf = (nodes: readonly number[]) => tf.tensor3d(responseFeatures(world, kind, nodes), [1, nodes.length, width]);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const data = responseFeatures(world, kind, responses);
  const bound = tf.tensor3d(data, [1, responses.length, width]);
  // Of a small world all features stay; of a large one they are made again, chunk by chunk.
  const all = responseCount * width <= CHUNK_SIZE ? tensorOf(range(0, responseCount)) : null;
  const scoresOf = (features: tf.Tensor3D, params: readonly tf.Tensor[]): tf.Tensor2D => {
    const outputs = kind === 'linear' ? tf.matMul(features, params[0]) : forward(features, [...params, tf.zeros([1, 1, 1])]);
    return tf.squeeze(outputs, [2]);
  };
  return {
    initial: (seeds) => kind === 'linear'
      ? [{ name: 'coefficients', shape: [seeds.length, width, 1], data: new Float32Array(seeds.length * width) }]
      : initialParameters([width, REWARD_MODEL_HIDDEN, 1], seeds, STREAM.rewardInitialisation).slice(0, -1),
    scores: (params) => scoresOf(bound, params),
    carry: (params, pull) => kind === 'linear'
      ? tf.sum(tf.mul(tf.expandDims(rowsOf(pull.map((own) => sumOfFeatures(data, width, own))), 2), params[0]))
      : tf.sum(tf.mul(rowsOf(pull), scoresOf(bound, params))),
    async readAll(params) {
      const policies = params[0].shape[0];
      const scores = Array.from({ length: policies }, () => new Float64Array(responseCount));
      const chunk = Math.max(1, Math.floor(CHUNK_SIZE / Math.max(width, policies * REWARD_MODEL_HIDDEN)));
      for (let from = 0; from < responseCount; from += chunk) {
        const size = Math.min(chunk, responseCount - from);
        const part = tf.tidy(() => scoresOf(all ? tf.slice(all, [0, from, 0], [1, size, width]) : tensorOf(range(from, from + size)), params));
        const values = await part.data();
        part.dispose();
        scores.forEach((own, r) => own.set(values.subarray(r * size, (r + 1) * size), from));
      }
      return scores;
    },
    dispose() {
      bound.dispose();
      all?.dispose();
    },
  };
}
