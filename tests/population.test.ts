/** A run is a population: its policies never touch one another, it repeats itself bit for bit, and it leaks nothing. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { prepareRun, referenceCache } from '../src/sim/prepare.ts';
import { createRun, type Run } from '../src/sim/run.ts';
import type { Snapshot } from '../src/sim/worker/protocol.ts';
import { lossAndGradient, oracleProblem } from './oracle/float64.ts';
import { tabularGradients } from './gradients.ts';
import { experimentOf } from './experimentOf.ts';
import { BACKENDS, farthest, prepare, startRun, train, switchBackend } from './product.ts';

const FILE = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x', 'y'] },
  reference: {
    kind: 'corpus', smoothing: 0.2,
    corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }, { prompt: 1, response: 'cat', weight: 1 }],
  },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: {
    pairs: [
      { prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 1, chosen: 'cat', rejected: '', weight: 2 },
      { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }, { prompt: 1, chosen: 'cat cat', rejected: 'a a', weight: 0.7 },
    ],
  },
};
const MLP = { kind: 'mlp', hidden: [6] };
const TABULAR = { kind: 'tabular' };
const SGD = { kind: 'sgd', learningRate: 0.3 };
const ADAM = { kind: 'adam', learningRate: 0.01 };

/** Fitted references by population, so that only the first run of each fits. */
const cache = referenceCache(20);

const make = (overrides: Record<string, unknown>): Experiment => experimentOf({ ...FILE, algorithm: { kind: 'dpo' }, seeds: [0, 1], ...overrides });

const bits = (snapshot: Snapshot): number[][] => snapshot.tensors.map(({ data }) => Array.from(data));

/** One of each kind of training; `updates` where 200 would take long. */
const KINDS: { name: string; file: Record<string, unknown>; updates?: number }[] = [
  { name: 'tabular dpo, sgd', file: { policy: TABULAR, optimizer: SGD } },
  { name: 'mlp dpo, sgd', file: { policy: MLP, optimizer: SGD } },
  { name: 'mlp dpo, adam, nll and kl', file: { policy: MLP, optimizer: ADAM, algorithm: { kind: 'dpo', loss: 'ipo', nllWeight: 0.3, klWeight: 0.1 } } },
  { name: 'mlp dpo, adam, batch of 2', file: { policy: MLP, optimizer: ADAM, algorithm: { kind: 'dpo', batch: 2 } } },
  { name: 'mlp exact, adam', file: { policy: MLP, optimizer: ADAM, algorithm: { kind: 'exact' } } },
  { name: 'tabular online dpo, adam', file: { policy: TABULAR, optimizer: ADAM, algorithm: { kind: 'online-dpo', resampleEvery: 7, pairsPerResample: 4 } } },
  { name: 'mlp ppo with a critic, adam', file: { policy: MLP, optimizer: ADAM, algorithm: { kind: 'ppo', rolloutBatch: 8, epochs: 2, minibatches: 2 } }, updates: 40 },
  { name: 'tabular ppo on a reward model, sgd', file: { policy: TABULAR, optimizer: SGD, algorithm: { kind: 'ppo', rolloutBatch: 6, epochs: 1, valueCoef: 0, reward: 'reward-model' }, rewardModel: { steps: 30 } } },
  { name: 'mlp reward model, adam', file: { policy: TABULAR, optimizer: ADAM, algorithm: { kind: 'reward-model' } } },
];

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  // Float32 rounding, 200 updates, nats. Measured: 0, bit-equal, for every kind on both backends.
  const TOLERANCE = 1e-5;

  it.each(KINDS)('a policy alone or among others: $name', async ({ file, updates = 200 }) => {
    const sweep = { beta: [0.1, 0.6], learningRate: [0.03, 0.1] };
    const seeds = [0, 3, 5];
    const together = await startRun(make({ ...file, seeds, sweep }), cache);
    await train(together, updates);
    const all = await together.measure();
    const { prepared } = together;
    // Member r = (index of β · 2 + index of the learning rate) · 3 + index of the seed.
    for (const [r, seed, beta] of [[4, 3, 0.1], [11, 5, 0.6]]) {
      const swept = { beta, learningRate: 0.1 };
      const run = await startRun(make({ ...file, seeds: [seed], sweep: { beta: [beta], learningRate: [0.1] } }), cache);
      expect(prepared.members[r]).toEqual({ seed, swept });
      expect(farthest(run.refLogps[0], together.refLogps[r % 3]), 'reference fit').toBeLessThan(TOLERANCE);
      await train(run, updates);
      const alone = await run.measure();
      expect(farthest(alone.logps[0], all.logps[r]), `log-probabilities of seed ${seed}`).toBeLessThan(TOLERANCE);
      // The training moved it, and each β and learning rate its own way.
      expect(farthest(alone.logps[0], run.refLogps[0])).toBeGreaterThan(0.1);
      for (const other of [(r + 6) % 12, r - 3]) expect(farthest(all.logps[r], all.logps[other])).toBeGreaterThan(0.01);
      run.dispose();
    }
    together.dispose();
  });

  it.each(KINDS)('the same run twice, and resumed from a snapshot, is bit-equal: $name', async ({ file }) => {
    const experiment = make(file);
    const start = () => startRun(experiment, cache);
    const [first, second, resumed] = [await start(), await start(), await start()];
    await train(first, 60);
    const straight = bits(await first.snapshot());
    await train(second, 25);
    const middle = await second.snapshot();
    await second.measure();
    await train(second, 35);
    expect(bits(await second.snapshot())).toEqual(straight);
    // Into another run, and back in the same one.
    resumed.restore(middle);
    expect(resumed.step).toBe(25);
    await train(resumed, 35);
    expect(bits(await resumed.snapshot())).toEqual(straight);
    first.restore(middle);
    await train(first, 35);
    expect(first.step).toBe(60);
    expect(bits(await first.snapshot())).toEqual(straight);
    const [a, b] = [await first.measure(), await resumed.measure()];
    expect(Array.from(a.metrics)).toEqual(Array.from(b.metrics));
    for (const run of [first, second, resumed]) run.dispose();
  });

  it('a reference fitted twice is bit-equal', async () => {
    const [first, second] = [await prepare(make({ policy: MLP })), await prepare(make({ policy: MLP }))];
    expect(first.reference.map(({ data }) => Array.from(data))).toEqual(second.reference.map(({ data }) => Array.from(data)));
  });

  it.each(['beta', 'learningRate'] as const)('a new %s takes effect at the next update', async (knob) => {
    const value = 0.7;
    const changed = knob === 'beta' ? { algorithm: { kind: 'dpo', beta: value } } : { optimizer: { ...SGD, learningRate: value } };
    const run = await startRun(make({ policy: TABULAR, optimizer: SGD }), cache);
    const other = await startRun(make({ policy: TABULAR, optimizer: SGD, ...changed }), cache);
    const plain = await startRun(make({ policy: TABULAR, optimizer: SGD }), cache);
    await train(run, 5);
    const before = await run.snapshot();
    run.retune({ [knob]: value });
    expect(run.step).toBe(5);
    expect(bits(await run.snapshot())).toEqual(bits(before));
    for (const each of [other, plain]) each.restore(before);
    for (const each of [run, other, plain]) await train(each, 3);
    const [own, wanted, old] = await Promise.all([run, other, plain].map(async (each) => bits(await each.snapshot())));
    expect(own).toEqual(wanted);
    expect(own).not.toEqual(old);
    expect(Array.from((await run.measure()).metrics)).toEqual(Array.from((await other.measure()).metrics));
    for (const each of [run, other, plain]) each.dispose();
  });

  it('a retuned β also moves the optimum it is compared with', async () => {
    const run = await startRun(make({ policy: TABULAR, algorithm: { kind: 'exact' } }), cache);
    const best = async () => (await run.measure()).metrics[metricIndex('objective/optimal') * 2];
    const before = await best();
    run.retune({ beta: 2 });
    expect(run.view({ sweepIndex: 0, seedIndex: 0 }).beta).toBe(2);
    expect(await best()).toBeLessThan(before - 0.01);
    run.dispose();
  });

  it('minibatches are unbiased, reproducible, and differ by seed and update', async () => {
    const seeds = Array.from({ length: 256 }, (_, i) => i);
    const experiment = make({ policy: TABULAR, algorithm: { kind: 'dpo', beta: 0.5, batch: 2 }, seeds });
    const problem = oracleProblem(experiment);
    const logits = Array.from(problem.refLogits);
    const { gradients } = await tabularGradients(experiment, seeds.map(() => logits));
    const again = await tabularGradients(experiment, seeds.map(() => logits));
    expect(again.gradients).toEqual(gradients);
    const full = lossAndGradient(problem, logits).gradient;
    full.forEach((expected, i) => {
      const values = gradients.map((gradient) => gradient[i]);
      const mean = values.reduce((a, b) => a + b, 0) / seeds.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds.length - 1));
      expect(Math.abs(mean - expected), `logit ${i}`).toBeLessThan(4.5 * sd / Math.sqrt(seeds.length) + 1e-6);
    });
    // Two draws of four pairs: up to 10 different batches, each a mean of two pairs' gradients.
    const distinct = new Set(gradients.map((gradient) => gradient.map((value) => value.toFixed(5)).join()));
    expect(distinct.size).toBe(10);
  });

  it('a minibatch depends on the update, and the metric "loss" is of all pairs', async () => {
    const run = await startRun(make({ policy: TABULAR, optimizer: SGD, algorithm: { kind: 'dpo', batch: 1 } }), cache);
    const start = await run.snapshot();
    const after = new Set<string>();
    for (let step = 0; step < 24; step++) {
      run.restore({ ...start, step });
      await run.update();
      after.add(JSON.stringify(bits(await run.snapshot())));
    }
    expect(after.size).toBeGreaterThan(4);
    run.restore(start);
    expect((await run.measure()).metrics[metricIndex('loss') * 2]).toBeCloseTo(Math.LN2, 6);
    run.dispose();
  });
});

it('at update 0 every difference to the reference is exactly 0, also on another backend than it was fitted on', async () => {
  await switchBackend('wasm');
  const prepared = await prepare(make({ policy: MLP, seeds: [0, 1, 2, 3] }), cache);
  await switchBackend('cpu');
  const run = await createRun(prepared);
  const { metrics } = await run.measure();
  for (const id of ['kl', 'rewards/chosen', 'rewards/rejected', 'rewards/margins', 'rewards/accuracies'] as const) {
    expect(Array.from(metrics.subarray(metricIndex(id) * 4, (metricIndex(id) + 1) * 4), Math.abs), id).toEqual([0, 0, 0, 0]);
  }
  expect(farthest(run.refLogps[0], (await run.measure()).logps[0])).toBe(0);
  run.dispose();
});

describe.each(BACKENDS)('no tensor leaks on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers];

  async function everything(run: Run): Promise<void> {
    await run.measure();
    run.view({ sweepIndex: 0, seedIndex: null });
    run.restore(await run.snapshot());
    run.retune({ beta: 0.2, learningRate: 0.05 });
    await run.sync();
  }

  it('in 1,000 updates', async () => {
    const start = counts();
    const run = await startRun(make({ policy: MLP, optimizer: ADAM, algorithm: { kind: 'dpo', loss: 'dpop', batch: 2, nllWeight: 0.1, klWeight: 0.1 } }), cache);
    await train(run, 2);
    const training = counts();
    expect(training[0]).toBeGreaterThan(start[0]);
    await train(run, 1000);
    expect(counts()).toEqual(training);
    run.dispose();
    expect(counts()).toEqual(start);
  });

  it.each(KINDS)('in measure, view, snapshot, restore, retune, and after dispose: $name', async ({ file }) => {
    const start = counts();
    const run = await startRun(make(file), cache);
    await run.update();
    const training = counts();
    for (let i = 0; i < 3; i++) {
      await everything(run);
      await train(run, 2);
      expect(counts()).toEqual(training);
    }
    run.dispose();
    expect(counts()).toEqual(start);
  });

  it('in preparing a run, the reference fit included', async () => {
    const start = counts();
    await prepare(make({ policy: MLP, seeds: [9] }));
    expect(counts()).toEqual(start);
    await prepare(make({ policy: MLP, preferences: { sampled: { count: 20 } }, seeds: [0, 1] }), cache);
    await prepare(make({ policy: TABULAR }));
    expect(counts()).toEqual(start);
  });

  it('in a fit that is broken off', async () => {
    const start = counts();
    await expect(prepareRun(make({ policy: MLP, seeds: [11] }), referenceCache(1), () => { throw new Error('replaced'); })).rejects.toThrow('replaced');
    expect(counts()).toEqual(start);
  });
});

it('sampled pairs are drawn once for a seed and an annotator, however many policies train on them', async () => {
  const sampled = (sweep: Record<string, number[]>) => make({ policy: TABULAR, preferences: { sampled: { count: 200 } }, seeds: [3, 4], sweep });
  const { pairs, groups } = await prepare(sampled({ beta: [0.1, 0.2], lengthBias: [0, 5] }));
  // Members: β 0.1 and 0.2, each with both length biases, each with both seeds.
  const rows = Array.from({ length: 8 }, (_, r) => Array.from(pairs.weights.subarray(r * pairs.pairs.length, (r + 1) * pairs.pairs.length)));
  for (const r of [0, 1, 2, 3]) {
    expect(groups[r + 4]).toBe(groups[r]);
    expect(rows[r + 4]).toEqual(rows[r]);
    expect(rows[r].reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  }
  expect(rows[0], 'another seed draws others').not.toEqual(rows[1]);
  expect(rows[0], 'another annotator judges otherwise').not.toEqual(rows[2]);
  const alone = await prepare(make({ policy: TABULAR, preferences: { sampled: { count: 200, lengthBias: 5 } }, seeds: [4] }));
  expect(alone.pairs.pairs.map(({ chosen, rejected }, b) => [chosen, rejected, alone.pairs.weights[b]]), 'the same as by itself')
    .toEqual(expect.arrayContaining(pairs.pairs.flatMap(({ chosen, rejected }, b) => (rows[3][b] > 0 ? [[chosen, rejected, rows[3][b]]] : []))));
});
