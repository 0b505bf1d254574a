/**
 * The transformer policy: one causal self-attention block over the prompt and the words so far.
 *
 *   x_t    = E[token_t] + P[t]                       token 0 is the prompt, tokens 1..d are the words
 *   a      = x_d + Attention(LN(x_d); LN(x_0..x_d))·W_o
 *   m      = a + GELU(LN(a)·W_1 + b_1)·W_2 + b_2     4·width wide
 *   logits = LN(m)·W_u + b_u
 *
 * Attention has `heads` heads of width e = width/heads, each softmax_t(q·k_t/√e)·v_t. A context needs the logits at its
 * last position only, so no other position asks a query; that is exactly what causal attention gives there.
 *
 * In one block a key and a value depend on nothing but the token and its position. So they are computed once for
 * every such pair, an *entry*, of P; a context is the entry of its last token and the set of its entries.
 */
import * as tf from '@tensorflow/tfjs-core';
import { randomAt, STREAM } from '../random.ts';
import { promptOf, wordsOf, type World } from '../world.ts';
import type { BoundPolicy, ParameterArrays, PolicyModel } from './policy.ts';

/** Standard deviation of the initial embeddings; later matrices have 1/√fan-in, biases 0, gains 1. */
const EMBEDDING_SD = 0.5;
/** What layer norms add to the variance. */
const LAYER_NORM_EPSILON = 1e-5;
/** Added to the score of an entry that a context does not hold: its exp is 0 in float32. */
const NOT_HELD = -1e9;
/** Numbers of one batch (inputs, activations) that is read back are kept below this many. */
const CHUNK_SIZE = 4_000_000;

interface ParameterSpec {
  name: string;
  shape: [number, number];
  /** Standard deviation of the initial normal values; 0: all of them are `fill`. */
  sd: number;
  fill: number;
}

/** The parameters of one policy, in the order of their tensors; each is [R, …shape] on the backend. */
function parameterSpecs({ promptCount, wordCount, maxLength, tokenCount }: World, width: number): ParameterSpec[] {
  const matrix = (name: string, fanIn: number, out: number): ParameterSpec => ({ name, shape: [fanIn, out], sd: 1 / Math.sqrt(fanIn), fill: 0 });
  const row = (name: string, size: number, fill: number): ParameterSpec => ({ name, shape: [1, size], sd: 0, fill });
  return [
    // Prompts, words, positions: one table, because a row of the input picks a token and a position at once.
    { name: 'embeddings', shape: [promptCount + wordCount + maxLength, width], sd: EMBEDDING_SD, fill: 0 },
    row('attentionGain', width, 1), row('attentionOffset', width, 0),
    matrix('queriesKeysValues', width, 3 * width), matrix('attentionOut', width, width),
    row('hiddenGain', width, 1), row('hiddenOffset', width, 0),
    matrix('hiddenIn', width, 4 * width), row('hiddenBiases', 4 * width, 0),
    matrix('hiddenOut', 4 * width, width), row('hiddenOutBiases', width, 0),
    row('lastGain', width, 1), row('lastOffset', width, 0),
    matrix('unembedding', width, tokenCount), row('tokenBiases', tokenCount, 0),
  ];
}

/**
 * The transformer family of a world.
 *
 * @param width  numbers per token; the layer after the attention has 4 times as many
 * @param heads  a divisor of `width`
 */
export function transformerPolicy(world: World, width: number, heads: number): PolicyModel {
  const specs = parameterSpecs(world, width);
  return {
    initial: (seeds) => specs.map(({ name, shape, sd, fill }, i) => {
      const size = shape[0] * shape[1];
      const data = new Float32Array(seeds.length * size).fill(fill);
      if (sd > 0) {
        seeds.forEach((seed, r) => {
          const random = randomAt(seed, STREAM.initialisation, i);
          for (let j = 0; j < size; j++) data[r * size + j] = sd * random.normal();
        });
      }
      return { name, shape: [seeds.length, ...shape], data };
    }),
    bind: (active) => bindTransformer(world, specs, width, heads, active),
  };
}

/** Entry of every token of a context, in reading order: prompts first, then the words of position 1, of position 2, … */
function entriesOf(world: World, context: number): number[] {
  return [promptOf(world, context), ...wordsOf(world, context).map((w, i) => world.promptCount + i * world.wordCount + w)];
}

/** How many entries there are: a prompt at position 0, a word at each of 1..T−1. */
function entryCount({ promptCount, wordCount, maxLength }: World): number {
  return promptCount + (maxLength - 1) * wordCount;
}

/**
 * Constant inputs of lists of contexts: what each entry is made of [1, P, X+V+T], the last entry of each context
 * [G, N, P], and what is added to the scores of the entries [G, N, 1, P] (0 where the context holds it).
 *
 * @param groups   lists of equal length in `contexts`: 1 = the same for all policies
 * @param entries  the entries to compute; must hold those of all contexts
 */
function inputsOf(world: World, contexts: ArrayLike<number>, groups: number, entries: readonly number[]): tf.Tensor[] {
  const { promptCount, wordCount, maxLength } = world;
  const features = promptCount + wordCount + maxLength;
  const kinds = new Float32Array(entries.length * features);
  const place = new Map<number, number>();
  entries.forEach((entry, p) => {
    place.set(entry, p);
    const isPrompt = entry < promptCount;
    const token = isPrompt ? entry : promptCount + (entry - promptCount) % wordCount;
    const position = isPrompt ? 0 : 1 + Math.floor((entry - promptCount) / wordCount);
    kinds[p * features + token] = 1;
    kinds[p * features + promptCount + wordCount + position] = 1;
  });
  const last = new Float32Array(contexts.length * entries.length);
  const held = new Float32Array(contexts.length * entries.length).fill(NOT_HELD);
  for (let n = 0; n < contexts.length; n++) {
    const own = entriesOf(world, contexts[n]);
    for (const entry of own) held[n * entries.length + place.get(entry)!] = 0;
    last[n * entries.length + place.get(own[own.length - 1])!] = 1;
  }
  const perGroup = contexts.length / groups;
  return [
    tf.tensor3d(kinds, [1, entries.length, features]),
    tf.tensor3d(last, [groups, perGroup, entries.length]),
    tf.tensor4d(held, [groups, perGroup, 1, entries.length]),
  ];
}

/** Which columns of width belong to a head, [1, h, 1, width]: `value` there, 0 elsewhere. */
function headColumns(width: number, heads: number, value: number): tf.Tensor4D {
  const data = new Float32Array(heads * width);
  for (let i = 0; i < width; i++) data[Math.floor(i * heads / width) * width + i] = value;
  return tf.tensor4d(data, [1, heads, 1, width]);
}

/** Mean 0 and variance 1 along the last axis; the gradient by hand, in a third of the operations autodiff takes. */
const standardise = tf.customGrad((x, save) => {
  const values = x as tf.Tensor;
  const centred = tf.sub(values, tf.mean(values, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), LAYER_NORM_EPSILON));
  const unit = tf.mul(centred, inverse);
  (save as tf.GradSaveFunc)([unit, inverse]);
  return {
    value: unit,
    // d unit = (dx − mean dx − unit·mean(unit·dx)) / σ
    gradFunc: (dy: tf.Tensor, [u, s]: tf.Tensor[]) =>
      tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), tf.mul(u, tf.mean(tf.mul(u, dy), -1, true))), s),
  };
});

function layerNorm(x: tf.Tensor, gain: tf.Tensor, offset: tf.Tensor): tf.Tensor3D {
  return tf.add(tf.mul(standardise(x), gain), offset);
}

/** x·Φ(x), elementwise; the gradient by hand too, because this is the widest layer. */
const gelu = tf.customGrad((x, save) => {
  const values = x as tf.Tensor;
  const share = tf.add(tf.mul(tf.erf(tf.mul(values, Math.SQRT1_2)), 0.5), 0.5);
  (save as tf.GradSaveFunc)([values, share]);
  return {
    value: tf.mul(values, share),
    // d gelu = (Φ(x) + x·φ(x))·dx
    gradFunc: (dy: tf.Tensor, [v, cdf]: tf.Tensor[]) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(v), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(cdf, tf.mul(v, density)));
    },
  };
});

/** Constants of the heads. */
interface Heads {
  count: number;
  /** 1/√e in the columns of each head, [1, h, 1, width]. */
  keys: tf.Tensor4D;
  /** 1 in the columns of each head, [1, h, 1, width]. */
  values: tf.Tensor4D;
}

/**
 * Logits [R, N, K] of contexts given by `inputsOf`.
 *
 * Heads stand side by side in the rows of one matrix, (head, entry), each row 0 outside its head's columns: then scores
 * and mixtures of all heads are one product of rank 3 each, and no rank above 4 appears in either direction.
 */
function forward([kinds, last, held]: readonly tf.Tensor[], params: readonly tf.Tensor[], heads: Heads): tf.Tensor3D {
  const [embeddings, gainA, offsetA, wQkv, wO, gainH, offsetH, w1, b1, w2, b2, gainU, offsetU, wU, bU] = params;
  const [policies, , width] = embeddings.shape;
  const [, contexts, entries] = last.shape;
  const perHead = (table: tf.Tensor, columns: tf.Tensor4D) =>
    tf.reshape(tf.mul(tf.reshape(table, [policies, 1, entries, width]), columns), [policies, heads.count * entries, width]);

  const x = tf.matMul(kinds, embeddings);
  const [queries, keys, values] = tf.split(tf.matMul(layerNorm(x, gainA, offsetA), wQkv), 3, 2);
  const scores = tf.matMul(tf.matMul(last, queries), perHead(keys, heads.keys), false, true);
  const shares = tf.softmax(tf.add(tf.reshape(scores, [policies, contexts, heads.count, entries]), held));
  const mixed = tf.matMul(tf.reshape(shares, [policies, contexts, heads.count * entries]), perHead(values, heads.values));

  const attended = tf.add(tf.matMul(last, x), tf.matMul(mixed, wO));
  const hidden = gelu(tf.add(tf.matMul(layerNorm(attended, gainH, offsetH), w1), b1));
  const out = tf.add(attended, tf.add(tf.matMul(hidden, w2), b2));
  return tf.add(tf.matMul(layerNorm(out, gainU, offsetU), wU), bU);
}

function bindTransformer(
  world: World, specs: readonly ParameterSpec[], width: number, headCount: number, active: readonly number[] | null,
): BoundPolicy {
  const { contextCount, tokenCount } = world;
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  const allEntries = range(0, entryCount(world));
  const heads: Heads = {
    count: headCount,
    keys: headColumns(width, headCount, Math.sqrt(headCount / width)),
    values: headColumns(width, headCount, 1),
  };
  // Of a small world all inputs stay; of a large one they are made again, chunk by chunk.
  const all = contextCount * allEntries.length <= CHUNK_SIZE ? inputsOf(world, range(0, contextCount), 1, allEntries) : null;
  const bound = active === null
    ? all ?? inputsOf(world, range(0, contextCount), 1, allEntries)
    : inputsOf(world, active, 1, [...new Set(active.flatMap((c) => entriesOf(world, c)))].toSorted((a, b) => a - b));

  return {
    load: (arrays) => arrays.map(({ shape, data }) => tf.tensor(data, shape)),
    save: (tensors) => Promise.all(tensors.map(async (tensor, i) => ({
      name: specs[i].name, shape: tensor.shape, data: await tensor.data() as Float32Array,
    } satisfies ParameterArrays))),
    logits: (params) => forward(bound, params, heads),
    rows: (contexts, policies) => inputsOf(world, contexts, policies, allEntries),
    logitsAt: (params, rows) => forward(rows, params, heads),
    async readLogits(params) {
      const policies = params[0].shape[0];
      const widest = Math.max(4 * width, headCount * allEntries.length);
      const chunk = Math.max(1, Math.floor(CHUNK_SIZE / (policies * widest)));
      const read = async (inputs: readonly tf.Tensor[]) => {
        const logits = tf.tidy(() => forward(inputs, params, heads));
        const data = await logits.data() as Float32Array;
        logits.dispose();
        return data;
      };
      if (all && chunk >= contextCount) return read(all);
      const logits = new Float32Array(policies * contextCount * tokenCount);
      for (let from = 0; from < contextCount; from += chunk) {
        const inputs = inputsOf(world, range(from, Math.min(from + chunk, contextCount)), 1, allEntries);
        const part = await read(inputs);
        tf.dispose(inputs);
        const size = part.length / policies;
        for (let r = 0; r < policies; r++) logits.set(part.subarray(r * size, (r + 1) * size), (r * contextCount + from) * tokenCount);
      }
      return logits;
    },
    dispose() {
      tf.dispose([heads.keys, heads.values, bound]);
      if (all && all !== bound) tf.dispose(all);
    },
  };
}
