/** The transformer policy against a float64 forward pass of its own, its gradients against finite differences, and its training. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParameterArrays } from '../src/sim/models/policy.ts';
import { transformerPolicy } from '../src/sim/models/transformer.ts';
import { prepareRun, type FittedReference } from '../src/sim/prepare.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { createRun } from '../src/sim/run.ts';
import { buildWorld, nodeOf, promptOf, wordsOf } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { parameterGradients } from './gradients.ts';
import { transformerLogits } from './oracle/transformer.ts';
import { BACKENDS, farthest, switchBackend } from './product.ts';
import { ALL, dpoGradients, EXPERIMENT, LISTS, MODEL, moved, noise, ofPolicy, SHAPE, weightedGradients, WIDTH, WORLD } from './transformerCases.ts';

/** Relative to the largest component, or to 1. Measured: 3e-7 for DPO, 1.4e-6 for all contexts at once. */
const TOLERANCE = 5e-6;
/** Float64 gradients, made once for both backends. */
const EXPECTED = {
  lists: weightedGradients(LISTS),
  all: weightedGradients([ALL, ALL]),
  dpo: dpoGradients(),
};

/** Reads something of the bound policy; nothing stays behind. */
async function readBound(
  active: readonly number[] | null, arrays: readonly ParameterArrays[],
  what: (policy: ReturnType<typeof MODEL.bind>, params: tf.Tensor[]) => tf.Tensor, model = MODEL,
): Promise<Float32Array> {
  const before = tf.memory().numTensors;
  const policy = model.bind(active);
  const params = policy.load(arrays);
  const tensor = tf.tidy(() => what(policy, params));
  const data = await tensor.data() as Float32Array;
  tf.dispose([tensor, params]);
  policy.dispose();
  expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  return data;
}

describe('initial parameters', () => {
  const wide = transformerPolicy(WORLD, 64, 4).initial([0, 1, 2, 3]);

  it('are N(0, 0.5²) in embeddings, N(0, 1/fan-in) in later matrices, biases 0, gains 1', () => {
    const sd: Record<string, number> = { embeddings: 0.5, queriesKeysValues: 1 / 8, attentionOut: 1 / 8, hiddenIn: 1 / 8, hiddenOut: 1 / 16, unembedding: 1 / 8 };
    expect(wide.map(({ name, shape }) => `${name} ${shape.join('·')}`)).toEqual([
      'embeddings 4·8·64', 'attentionGain 4·1·64', 'attentionOffset 4·1·64', 'queriesKeysValues 4·64·192', 'attentionOut 4·64·64',
      'hiddenGain 4·1·64', 'hiddenOffset 4·1·64', 'hiddenIn 4·64·256', 'hiddenBiases 4·1·256', 'hiddenOut 4·256·64', 'hiddenOutBiases 4·1·64',
      'lastGain 4·1·64', 'lastOffset 4·1·64', 'unembedding 4·64·4', 'tokenBiases 4·1·4',
    ]);
    for (const { name, data } of wide) {
      if (!(name in sd)) {
        expect(data.every((value) => value === (name.endsWith('Gain') ? 1 : 0)), name).toBe(true);
        continue;
      }
      const z = Array.from(data, (value) => value / sd[name]);
      const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / z.length;
      expect(Math.abs(moment(1)), name).toBeLessThan(4 / Math.sqrt(z.length));
      expect(Math.abs(moment(2) - 1), name).toBeLessThan(4 * Math.sqrt(2 / z.length));
      expect(Math.abs(moment(4) - 3), name).toBeLessThan(4 * Math.sqrt(96 / z.length));
    }
  });

  it('depend on the seed only, and every tensor has draws of its own', () => {
    const alone = transformerPolicy(WORLD, 64, 4).initial([2]);
    wide.forEach(({ data }, i) => expect(data.subarray(data.length / 2, data.length * 3 / 4)).toEqual(alone[i].data));
    const first = alone.filter(({ name }) => ['embeddings', 'queriesKeysValues', 'attentionOut', 'hiddenIn', 'hiddenOut', 'unembedding'].includes(name))
      .map(({ name, data }) => (data[0] / (name === 'embeddings' ? 0.5 : 1 / Math.sqrt(name === 'hiddenOut' ? 256 : 64))).toFixed(4));
    expect(new Set(first).size).toBe(6);
    expect(wide[0].data.slice(0, 64)).not.toEqual(wide[0].data.slice(8 * 64, 9 * 64));
  });
});

describe.each(BACKENDS)('the transformer on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it.each([[8, 1], [8, 2], [6, 3], [4, 4], [1, 1]])('logits of width %i with %i heads equal causal attention in float64', async (width, heads) => {
    const model = transformerPolicy(WORLD, width, heads);
    const arrays = moved(model.initial([3, 5]));
    const logits = await readBound(null, arrays, (policy, params) => policy.logits(params), model);
    const expected = [0, 1].flatMap((r) => ALL.flatMap((c) => (
      transformerLogits({ ...SHAPE, width, heads }, ofPolicy(arrays, r), promptOf(WORLD, c), wordsOf(WORLD, c)).at(-1)!
    )));
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.3);
    expect(farthest(logits, expected)).toBeLessThan(1e-5);
  });

  it('some contexts only, or lists of them per policy, give the same logits', async () => {
    const arrays = moved(MODEL.initial([3, 5]));
    const tokens = WORLD.tokenCount;
    const logits = await readBound(null, arrays, (policy, params) => policy.logits(params));
    const of = (r: number, c: number) => Array.from(logits.subarray((r * ALL.length + c) * tokens, (r * ALL.length + c + 1) * tokens));
    const active = [1, 4, 9, 21];
    const some = await readBound(active, arrays, (policy, params) => policy.logits(params));
    expect(farthest(some, [0, 1].flatMap((r) => active.flatMap((c) => of(r, c))))).toBeLessThan(2e-6);
    const listed = await readBound(active, arrays, (policy, params) => policy.logitsAt(params, policy.rows(Int32Array.from(LISTS.flat()), 2)));
    expect(farthest(listed, LISTS.flatMap((list, r) => list.flatMap((c) => of(r, c))))).toBeLessThan(2e-6);
  });

  it('logits of a context depend on its own prompt, words and positions, and on no others', async () => {
    const context = nodeOf(WORLD, 0, 'a cat');
    const at = async (arrays: readonly ParameterArrays[]) => readBound([context], arrays, (policy, params) => (
      // Beside others of the same batch: nothing leaks from them either.
      tf.slice(policy.logitsAt(params, policy.rows(Int32Array.from([context, ...ALL]), 1)), [0, 0, 0], [1, 1, -1])
    ));
    const arrays = moved(MODEL.initial([3]));
    const plain = await at(arrays);
    // Rows of the embeddings: prompts x, y; words the, a, cat; positions 0, 1, 2.
    const own = [0, 3, 4, 5, 6, 7];
    for (let row = 0; row < 8; row++) {
      const data = arrays[0].data.map((value, i) => (Math.floor(i / WIDTH) === row ? value - 0.7 * noise(i) : value));
      const difference = farthest(await at([{ ...arrays[0], data }, ...arrays.slice(1)]), plain);
      if (own.includes(row)) expect(difference, `row ${row}`).toBeGreaterThan(1e-4);
      else expect(difference, `row ${row}`).toBe(0);
    }
    const swapped = await readBound([nodeOf(WORLD, 0, 'cat a')], arrays, (policy, params) => policy.logits(params));
    expect(farthest(swapped, plain), 'the order of the words counts').toBeGreaterThan(1e-3);
  });

  it('the gradient of every parameter equals finite differences in float64, for all contexts and for lists of them', async () => {
    const arrays = moved(MODEL.initial([3, 5]));
    const gradientOf = (list: readonly (readonly number[])[], bound: boolean) => readBound(null, arrays, (policy, params) => {
      const rows = policy.rows(Int32Array.from(list.flat()), 2);
      const weights = tf.tensor3d(Float32Array.from({ length: list.flat().length * 4 }, (_, i) => Math.cos(i)), [2, list[0].length, 4]);
      const grads = tf.grads((...p: tf.Tensor[]) => tf.sum(tf.mul(weights, bound ? policy.logits(p) : policy.logitsAt(p, rows))))(params);
      return tf.concat(grads.map((grad) => tf.reshape(grad, [2, -1])), 1);
    });
    const check = (gradient: Float32Array, expected: readonly number[][]) => {
      const perPolicy = gradient.length / 2;
      expected.forEach((own, r) => {
        const size = Math.max(...own.map(Math.abs));
        expect(size).toBeGreaterThan(0.1);
        expect(farthest(gradient.subarray(r * perPolicy, (r + 1) * perPolicy), own) / Math.max(1, size)).toBeLessThan(TOLERANCE);
      });
    };
    check(await gradientOf(LISTS, false), EXPECTED.lists);
    check(await gradientOf([ALL, ALL], true), EXPECTED.all);
  });

  it('the gradient of DPO through the trainer equals finite differences in float64', async () => {
    const start = MODEL.initial(EXPERIMENT.seeds);
    const reference: FittedReference = { parameters: start, logits: new Float32Array(2 * WORLD.contextCount * WORLD.tokenCount) };
    const gradient = await parameterGradients(EXPERIMENT, reference, noise);
    // Tensors come one after another, each with all its policies.
    const own = EXPERIMENT.seeds.map<number[]>(() => []);
    let from = 0;
    for (const { data } of start) {
      const size = data.length / 2;
      own.forEach((list, r) => list.push(...gradient.slice(from + r * size, from + (r + 1) * size)));
      from += data.length;
    }
    EXPECTED.dpo.forEach((expected, r) => {
      const size = Math.max(...expected.map(Math.abs));
      expect(size).toBeGreaterThan(0.05);
      expect(farthest(own[r], expected) / Math.max(1, size)).toBeLessThan(TOLERANCE);
    });
  });

  it('a policy trains the same whoever is beside it, and nothing is left behind over 50 updates', async () => {
    const trainAs = async (seeds: number[]) => {
      const before = tf.memory().numTensors;
      const reference: FittedReference = { parameters: MODEL.initial(seeds), logits: new Float32Array(seeds.length * WORLD.contextCount * WORLD.tokenCount) };
      const experiment = { ...EXPERIMENT, seeds, optimizer: { kind: 'adam' as const, learningRate: 0.01 } };
      const run = await createRun(await prepareRun(experiment, { get: () => reference, set() {} }, () => {}));
      await run.update();
      const training = tf.memory().numTensors;
      for (let i = 0; i < 50; i++) {
        await run.update();
        expect(tf.memory().numTensors).toBe(training);
      }
      const { logps } = await run.measure();
      expect(tf.memory().numTensors).toBe(training);
      run.dispose();
      expect(tf.memory().numTensors).toBe(before);
      return logps;
    };
    const together = await trainAs([3, 5, 8]);
    const [alone] = await trainAs([5]);
    expect(farthest(together[1], alone)).toBeLessThan(1e-4);
    expect(farthest(together[0], alone)).toBeGreaterThan(0.1);
  });
});

describe('large worlds, read in chunks', () => {
  beforeAll(() => switchBackend('wasm'));

  it.each([
    { name: 'inputs that stay', spec: { maxLength: 4, words: 20 }, seeds: [0, 1, 2, 3, 4, 5, 6, 7] },
    { name: 'inputs made chunk by chunk', spec: { maxLength: 17, words: 2 }, seeds: [0] },
  ])('$name', async ({ spec, seeds }) => {
    const world = buildWorld({ words: Array.from({ length: spec.words }, (_, w) => `w${w}`), maxLength: spec.maxLength, prompts: ['x'] });
    const policy = transformerPolicy(world, 4, 2).bind([0]);
    const before = tf.memory().numTensors;
    const params = policy.load(transformerPolicy(world, 4, 2).initial(seeds));
    const logits = await policy.readLogits(params);
    expect(logits).toHaveLength(seeds.length * world.contextCount * world.tokenCount);
    // Contexts from everywhere, every policy the same ones.
    const some = Array.from({ length: 97 }, (_, i) => Math.floor(i * (world.contextCount - 1) / 96));
    const rows = policy.rows(Int32Array.from(seeds.flatMap(() => some)), seeds.length);
    const direct = tf.tidy(() => policy.logitsAt(params, rows));
    const read = seeds.flatMap((_, r) => some.flatMap((c) => {
      const from = (r * world.contextCount + c) * world.tokenCount;
      return Array.from(logits.subarray(from, from + world.tokenCount));
    }));
    expect(farthest(await direct.data(), read)).toBeLessThan(5e-6);
    tf.dispose([params, rows, direct]);
    expect(tf.memory().numTensors).toBe(before);
    policy.dispose();
  });
});

describe('in the world of “the the the”', () => {
  beforeAll(() => switchBackend('wasm'));

  it('every seed’s reference is fitted below 0.002 nats, and 200 updates of DPO keep every number finite', async () => {
    const experiment = experimentOf({ ...THE_THE_THE_FILE, policy: { kind: 'transformer' } });
    const run = await createRun(await prepareRun(experiment, { get: () => undefined, set() {} }, () => {}));
    expect(run.prepared.referenceKl).toHaveLength(8);
    for (const kl of run.prepared.referenceKl) expect(kl).toBeLessThan(0.002);
    const before = await run.measure();
    for (let i = 0; i < 200; i++) await run.update();
    const after = await run.measure();
    after.logps.forEach((logps, r) => {
      expect(logps.every(Number.isFinite)).toBe(true);
      const mass = logps.reduce((sum, logp) => sum + Math.exp(logp), 0);
      expect(Math.abs(mass - 1)).toBeLessThan(1e-5);
      // The one pair: “on the mat” over “on a mat”.
      const margin = (all: ArrayLike<number>) => all[nodeOf(run.prepared.world, 0, 'on the mat')] - all[nodeOf(run.prepared.world, 0, 'on a mat')];
      expect(margin(logps) - margin(before.logps[r])).toBeGreaterThan(10);
    });
    run.dispose();
  }, 180_000);
});
