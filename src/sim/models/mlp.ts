/**
 * The MLP policy: tanh layers over a context's one-hot features, shared by all contexts.
 *
 *   features = [one-hot prompt | one-hot position | one-hot previous token | one-hot token before it]
 *
 * A token that is absent (before the first word) is the end token's index.
 */
import * as tf from '@tensorflow/tfjs-core';
import { randomAt, STREAM, type Stream } from '../random.ts';
import { lengthOf, promptOf, wordsOf, type World } from '../world.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from './policy.ts';

/** Standard deviation of the first layer's initial weights; later layers have 1/√fan-in, biases 0. */
const FIRST_LAYER_SD = 0.5;
/** Activations read back at once are kept below this many numbers. */
const CHUNK_SIZE = 4_000_000;

/** Features of the given contexts, [Ca, F] row-major, F = X + T + 2K. */
export function contextFeatures(world: World, contexts: readonly number[]): { data: Float32Array; width: number } {
  const { promptCount, maxLength, tokenCount, wordCount } = world;
  const width = promptCount + maxLength + 2 * tokenCount;
  const data = new Float32Array(contexts.length * width);
  contexts.forEach((c, i) => {
    const words = wordsOf(world, c);
    const row = i * width;
    data[row + promptOf(world, c)] = 1;
    data[row + promptCount + lengthOf(world, c)] = 1;
    data[row + promptCount + maxLength + (words.at(-1) ?? wordCount)] = 1;
    data[row + promptCount + maxLength + tokenCount + (words.at(-2) ?? wordCount)] = 1;
  });
  return { data, width };
}

/**
 * The MLP family of a world.
 *
 * @param hidden   widths of the tanh layers, at least one
 * @param outputs  numbers per context: a logit per token, or 1 for a value function
 * @param stream   where the initial parameters are drawn from
 */
export function mlpPolicy(
  world: World, hidden: readonly number[], outputs = world.tokenCount, stream: Stream = STREAM.initialisation,
): PolicyModel {
  const featureWidth = world.promptCount + world.maxLength + 2 * world.tokenCount;
  const widths = [featureWidth, ...hidden, outputs];
  return {
    initial: (seeds) => initialParameters(widths, seeds, stream),
    bind: (active) => bindMlp(world, widths, active),
  };
}

/** Weights and biases of every layer, [S, …]: N(0, 0.5²) first, N(0, 1/fan-in) later, biases 0. */
export function initialParameters(widths: readonly number[], seeds: readonly number[], stream: Stream): ParameterArrays[] {
  const layers = widths.slice(1).map((width, l) => ({ fanIn: widths[l], width }));
  const arrays = layers.flatMap(({ fanIn, width }, l) => [
    { name: `weights${l}`, shape: [seeds.length, fanIn, width], data: new Float32Array(seeds.length * fanIn * width) },
    { name: `biases${l}`, shape: [seeds.length, 1, width], data: new Float32Array(seeds.length * width) },
  ]);
  seeds.forEach((seed, r) => {
    layers.forEach(({ fanIn, width }, l) => {
      const random = randomAt(seed, stream, l);
      const sd = l === 0 ? FIRST_LAYER_SD : 1 / Math.sqrt(fanIn);
      const { data } = arrays[2 * l];
      for (let i = 0; i < fanIn * width; i++) data[r * fanIn * width + i] = sd * random.normal();
    });
  });
  return arrays;
}

/** Outputs [R, n, K] of features [1 or R, n, F] under parameters [R, …]: tanh layers, the last one linear. */
export function forward(features: tf.Tensor3D, params: readonly tf.Tensor[]): tf.Tensor3D {
  let activations = features;
  for (let l = 0; l < params.length / 2; l++) {
    const sums = tf.add(tf.matMul(activations, params[2 * l]), params[2 * l + 1]);
    activations = (l === params.length / 2 - 1 ? sums : tf.tanh(sums)) as tf.Tensor3D;
  }
  return activations;
}

function bindMlp(world: World, widths: readonly number[], active: readonly number[] | null): BoundPolicy {
  const all = Array.from({ length: world.contextCount }, (_, c) => c);
  const tensorOf = (contexts: readonly number[]) => {
    const { data, width } = contextFeatures(world, contexts);
    return tf.tensor3d(data, [1, contexts.length, width]);
  };
  const allFeatures = tensorOf(all);
  const activeFeatures = active === null ? allFeatures : tensorOf(active);

  return {
    load: (arrays) => arrays.map(({ shape, data }) => tf.tensor(data, shape)),
    save: (tensors) => Promise.all(tensors.map(async (tensor, i) => ({
      name: `${i % 2 === 0 ? 'weights' : 'biases'}${Math.floor(i / 2)}`,
      shape: tensor.shape,
      data: await tensor.data() as Float32Array,
    }))),
    logits: (params) => forward(activeFeatures, params),
    rows(contexts, policies) {
      const { data, width } = contextFeatures(world, Array.from(contexts));
      return [tf.tensor3d(data, [policies, contexts.length / policies, width])];
    },
    logitsAt: (params, [features]) => forward(features as tf.Tensor3D, params),
    async readLogits(params) {
      const policies = params[0].shape[0];
      const outputs = widths[widths.length - 1];
      const block = world.contextCount * outputs;
      const chunk = Math.max(1, Math.floor(CHUNK_SIZE / (policies * Math.max(...widths.slice(1)))));
      if (chunk >= world.contextCount) {
        const logits = tf.tidy(() => forward(allFeatures, params));
        const data = await logits.data() as Float32Array;
        logits.dispose();
        return data;
      }
      const data = new Float32Array(policies * block);
      for (let from = 0; from < world.contextCount; from += chunk) {
        const size = Math.min(chunk, world.contextCount - from);
        const logits = tf.tidy(() => forward(tf.slice(allFeatures, [0, from, 0], [1, size, -1]), params));
        const part = await logits.data();
        logits.dispose();
        const width = size * outputs;
        for (let r = 0; r < policies; r++) {
          data.set(part.subarray(r * width, (r + 1) * width) as Float32Array, r * block + from * outputs);
        }
      }
      return data;
    },
    dispose() {
      allFeatures.dispose();
      if (activeFeatures !== allFeatures) activeFeatures.dispose();
    },
  };
}
