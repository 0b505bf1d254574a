/** PPO as a run: it reaches π* of the reward it is given, repeats itself, keeps its policies apart, and leaks nothing. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PpoAlgorithm } from '../src/sim/experiment.ts';
import type { MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import type { Measurement, Run } from '../src/sim/run.ts';
import { createPpoTrainer } from '../src/sim/trainers/ppo.ts';
import type { Snapshot } from '../src/sim/worker/protocol.ts';
import { iterationsOf, metricOf, MLP, optimumCase, small, TABULAR } from './ppoCases.ts';
import { BACKENDS, farthest, prepare, startRun, switchBackend } from './product.ts';

const cache = referenceCache(20);

async function trainPpo(run: Run, updates: number): Promise<void> {
  for (let i = 0; i < updates; i++) await run.update();
}

const bits = (snapshot: Snapshot): number[][] => snapshot.tensors.map(({ data }) => Array.from(data));

const SAMPLED: readonly MetricId[] = [
  'objective/kl', 'objective/entropy', 'objective/scores', 'objective/non_score_reward', 'objective/rlhf_reward',
  'policy/approxkl_avg', 'policy/clipfrac_avg', 'policy/entropy_avg', 'loss/policy_avg', 'val/ratio',
];
const sampledOf = (measured: Measurement, r: number) => SAMPLED.map((id) => metricOf(measured, id)[r]);

const KINDS = [
  { name: 'tabular, critic', policy: TABULAR, algorithm: { epochs: 2 }, iterations: 300 },
  { name: 'mlp, critic, minibatches', policy: MLP, algorithm: { minibatches: 2, epochs: 2, entropyCoef: 0.01 }, iterations: 60 },
  { name: 'mlp, no critic', policy: MLP, algorithm: { valueCoef: 0, epochs: 2 }, iterations: 300 },
];

describe('PPO on the gold reward, unigram world of T = 4, β 0.3, 300 iterations of 64 rollouts', () => {
  beforeAll(() => switchBackend('wasm'));

  const CASES = [{ kind: 'tabular' }, { kind: 'mlp', hidden: [16] }].flatMap((policy) => [0.1, 0].map((valueCoef) => ({ policy, valueCoef })));

  it.each(CASES)('ends within 0.2 nats of π* in every seed: $policy.kind, valueCoef $valueCoef', async ({ policy, valueCoef }) => {
    const run = await startRun(optimumCase(policy, valueCoef), cache);
    const start = metricOf(await run.measure(), 'klToOptimal');
    await trainPpo(run, 300);
    const end = await run.measure();
    run.dispose();
    expect(Math.min(...start), 'far from π* at the start').toBeGreaterThan(1);
    expect(Math.max(...metricOf(end, 'klToOptimal'))).toBeLessThanOrEqual(0.2);
    // The metric "loss" is −J of the reward it is given, exact.
    expect(farthest(metricOf(end, 'loss'), metricOf(end, 'objective').map((value) => -value))).toBeLessThan(1e-12);
  }, 180_000);
});

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it.each(KINDS)('a policy alone or among others is bit-equal: $name', async ({ policy, algorithm }) => {
    const together = await startRun(small(algorithm, { policy, seeds: [0, 3, 5], sweep: { beta: [0.1, 0.6] } }), cache);
    await trainPpo(together, 12);
    const all = await together.measure();
    for (const [r, seed, beta] of [[1, 3, 0.1], [5, 5, 0.6]]) {
      const run = await startRun(small({ ...algorithm, beta }, { policy, seeds: [seed] }), cache);
      await trainPpo(run, 12);
      const alone = await run.measure();
      expect(Array.from(alone.logps[0])).toEqual(Array.from(all.logps[r]));
      expect(sampledOf(alone, 0)).toEqual(sampledOf(all, r));
      expect(alone.iterations[0]).toEqual(all.iterations[r]);
      expect(farthest(alone.logps[0], run.refLogps[0]), 'it has moved').toBeGreaterThan(0.05);
      run.dispose();
    }
    together.dispose();
  });

  it.each(KINDS)('the same run twice, and resumed from a snapshot, is bit-equal: $name', async ({ policy, algorithm }) => {
    const start = () => startRun(small(algorithm, { policy }), cache);
    const [first, second, resumed] = [await start(), await start(), await start()];
    await trainPpo(first, 20);
    const straight = bits(await first.snapshot());
    await trainPpo(second, 8);
    const middle = await second.snapshot();
    await second.measure();
    await trainPpo(second, 12);
    expect(bits(await second.snapshot())).toEqual(straight);
    resumed.restore(middle);
    expect(resumed.step).toBe(8);
    await trainPpo(resumed, 12);
    expect(bits(await resumed.snapshot())).toEqual(straight);
    first.restore(middle);
    await trainPpo(first, 12);
    expect(bits(await first.snapshot())).toEqual(straight);
    const [a, b] = [await first.measure(), await resumed.measure()];
    expect(Array.from(a.metrics)).toEqual(Array.from(b.metrics));
    expect(a.iterations).toEqual(b.iterations);
    for (const run of [first, second, resumed]) run.dispose();
  });

  it.each(KINDS)('no tensor leak in $iterations iterations, nor in anything else: $name', async ({ policy, algorithm, iterations }) => {
    // The tokens of a batch are rounded up to a block, so sizes may change, numbers of tensors may not.
    const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const start = counts();
    const run = await startRun(small({ ...algorithm, rolloutBatch: 4 }, { policy, seeds: [0] }), cache);
    await trainPpo(run, 1);
    const training = counts();
    await trainPpo(run, iterations - 1);
    expect(counts()).toEqual(training);
    await run.measure();
    run.view({ sweepIndex: 0, seedIndex: null });
    run.restore(await run.snapshot());
    run.retune({ beta: 0.2, learningRate: 0.05 });
    await run.sync();
    await trainPpo(run, 1);
    expect(counts()).toEqual(training);
    run.dispose();
    expect(counts()).toEqual(start);
  });

  it('sampled numbers are absent before the first iteration and after a restore, and then those of the last iteration', async () => {
    const run = await startRun(small({}), cache);
    const absent = async () => {
      const measured = await run.measure();
      expect(measured.iterations).toEqual([]);
      expect(sampledOf(measured, 1).every(Number.isNaN)).toBe(true);
    };
    await absent();
    await trainPpo(run, 3);
    const measured = await run.measure();
    expect(iterationsOf(measured).map(({ step }) => step)).toEqual([3, 3]);
    const snapshot = await run.snapshot();
    await trainPpo(run, 1);
    const next = await run.measure();
    run.restore(snapshot);
    await absent();
    await trainPpo(run, 1);
    expect((await run.measure()).iterations).toEqual(next.iterations);
    // Under TRL's names, from the very samples.
    iterationsOf(measured).forEach(({ rollouts, scores, oldLogps, refLogps }, r) => {
      const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / rollouts;
      const kl = mean(oldLogps) - mean(refLogps);
      const told = (id: MetricId) => metricOf(measured, id)[r];
      expect(told('objective/kl')).toBeCloseTo(kl, 12);
      expect(told('objective/entropy')).toBeCloseTo(-mean(oldLogps), 12);
      expect(told('objective/scores')).toBeCloseTo(mean(scores), 12);
      expect(told('objective/non_score_reward')).toBeCloseTo(-0.2 * kl, 12);
      expect(told('objective/rlhf_reward')).toBeCloseTo(mean(scores) - 0.2 * kl, 12);
    });
    run.dispose();
  });

  it('at the first iteration π_old is the reference: KL 0 in every token, and an MLP critic says 0', async () => {
    const run = await startRun(small({}, { policy: MLP }), cache);
    await trainPpo(run, 1);
    for (const { oldLogps, refLogps, values } of iterationsOf(await run.measure())) {
      expect(Array.from(oldLogps)).toEqual(Array.from(refLogps));
      expect(Array.from(values).every((value) => value === 0)).toBe(true);
    }
    await trainPpo(run, 1);
    expect(iterationsOf(await run.measure())[0].values.some((value) => value !== 0)).toBe(true);
    run.dispose();
  });

  it('a new β acts from the next iteration on', async () => {
    const run = await startRun(small({}), cache);
    const other = await startRun(small({ beta: 0.9 }), cache);
    await trainPpo(run, 4);
    const before = await run.snapshot();
    run.retune({ beta: 0.9 });
    expect(bits(await run.snapshot())).toEqual(bits(before));
    other.restore(before);
    for (const each of [run, other]) await trainPpo(each, 2);
    expect(bits(await run.snapshot())).toEqual(bits(await other.snapshot()));
    run.restore(before);
    run.retune({ beta: 0.2 });
    await trainPpo(run, 2);
    expect(bits(await run.snapshot())).not.toEqual(bits(await other.snapshot()));
    for (const each of [run, other]) each.dispose();
  });
});

it('without a critic there are no parameters of one', async () => {
  await switchBackend('cpu');
  const tensorsOf = async (valueCoef: number) => {
    const run = await startRun(small({ valueCoef }, { policy: MLP, optimizer: { kind: 'sgd', learningRate: 1 } }), cache);
    const { tensors } = await run.snapshot();
    run.dispose();
    return tensors.filter(({ name }) => name.startsWith('parameter')).length;
  };
  expect([await tensorsOf(0), await tensorsOf(0.1)]).toEqual([4, 8]);
});

it('a tabular batch too large for its matrix is refused before anything is allocated', async () => {
  await switchBackend('cpu');
  const prepared = await prepare(small({}, { world: { words: ['good', 'bad'], maxLength: 6, prompts: ['x'] } }), cache);
  const before = tf.memory().numTensors;
  const algorithm: PpoAlgorithm = { ...prepared.experiment.algorithm as PpoAlgorithm, rolloutBatch: 60000 };
  // The rules of the file refuse it first; this guards whoever builds an experiment without them.
  expect(() => createPpoTrainer({ ...prepared, algorithm, scores: prepared.members.map(() => prepared.rewards!) }))
    .toThrow(/algorithm\.rolloutBatch must be small enough for at most 40000000 entries \(.*for a table\), got up to 45360000/);
  expect(tf.memory().numTensors).toBe(before);
});
