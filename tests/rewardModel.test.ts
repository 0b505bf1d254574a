/** The Bradley–Terry reward model: its gradient, what it converges to, what it keeps, and the run that is its fit. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimalPolicy } from '../src/sim/exact/optimal.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { responseFeatures } from '../src/sim/models/rewardModel.ts';
import { prepareRun, referenceCache, type Prepared } from '../src/sim/prepare.ts';
import { createRun, type Measurement, type Run } from '../src/sim/run.ts';
import { buildWorld, nodeOf, promptOf, wordsOf, type World } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { BACKENDS, farthest, prepare, startRun, switchBackend } from './product.ts';

const FILE = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x', 'y'] },
  reference: { kind: 'unigram', wordWeights: [2, 1, 1], stop: 0.3 },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { sampled: { count: 40 } },
  policy: { kind: 'tabular' },
  algorithm: { kind: 'reward-model', beta: 0.5 },
  optimizer: { kind: 'adam', learningRate: 0.02 },
  seeds: [0, 1, 2],
};
const KINDS = ['table', 'linear', 'mlp'] as const;
type Kind = (typeof KINDS)[number];

const make = (overrides: Record<string, unknown>): Experiment => experimentOf({ ...FILE, ...overrides });
const ofKind = (kind: Kind, overrides: Record<string, unknown> = {}): Experiment => make({ rewardModel: { kind, normalise: false }, ...overrides });
const value = ({ metrics, logps }: Measurement, id: MetricId, r = 0): number => metrics[metricIndex(id) * logps.length + r];

async function train(run: Run, updates: number): Promise<void> {
  for (let i = 0; i < updates; i++) await run.update();
}

/** r̂ of every response of one policy, in float64 from its parameters [1, …], and none of the product's code but the forest. */
function scoresOf(world: World, kind: Kind, params: readonly number[][], trained: readonly number[]): number[] {
  return Array.from({ length: world.responseCount }, (_, y) => {
    const words = wordsOf(world, y);
    if (kind === 'table') return trained.includes(y) ? params[0][trained.indexOf(y)] : 0;
    if (kind === 'linear') return words.reduce((sum, word) => sum + params[0][word], params[0][world.wordCount] * words.length);
    const [weights, biases, out] = params;
    const on = [promptOf(world, y)];
    for (let t = 0; t < world.maxLength; t++) on.push(world.promptCount + t * (world.wordCount + 1) + (t < words.length ? words[t] : world.wordCount));
    return biases.reduce((sum, bias, h) => sum + out[h] * Math.tanh(on.reduce((inner, f) => inner + weights[f * biases.length + h], bias)), 0);
  });
}

/** −Σ w·log σ(r̂₊ − r̂₋) of policy r's pairs. */
function lossOf({ pairs: { pairs, weights } }: Prepared, r: number, scores: readonly number[]): number {
  return pairs.reduce((sum, { chosen, rejected }, b) => sum + weights[r * pairs.length + b] * Math.log1p(Math.exp(scores[rejected] - scores[chosen])), 0);
}

/** Responses of all pairs, held-out ones too, ascending: the table's order. */
function trainedOn({ pairs, heldOut }: Prepared): number[] {
  const nodes = [pairs, heldOut].flatMap((table) => table?.pairs ?? []).flatMap(({ chosen, rejected }) => [chosen, rejected]);
  return [...new Set(nodes)].sort((a, b) => a - b);
}

it('reads word counts and length, or the prompt and the token at every position, absent = end token', () => {
  const world = buildWorld({ words: ['p', 'q'], maxLength: 3, prompts: ['0', '1'] });
  const nodes = [nodeOf(world, 1, 'q p q'), nodeOf(world, 0, 'p')];
  expect(Array.from(responseFeatures(world, 'linear', nodes))).toEqual([1, 2, 3, 1, 0, 1]);
  expect(Array.from(responseFeatures(world, 'mlp', nodes))).toEqual([
    0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0,
    1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1,
  ]);
});

describe.each(BACKENDS)('on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  // Float32. Measured, at most: r̂ 4.2e-7, loss 2.6e-8, gradient 5.9e-8 (its entries reach 0.27).
  it.each(KINDS)('%s: r̂, loss and gradient of every policy are those of float64', async (kind) => {
    const run = await startRun(ofKind(kind, { optimizer: { kind: 'sgd', learningRate: 1 } }));
    const { prepared } = run;
    const { world, members } = prepared;
    const trained = trainedOn(prepared);
    const { tensors } = await run.snapshot();
    const moved = tensors.map((tensor, t) => ({ ...tensor, data: tensor.data.map((start, i) => start + 0.3 * Math.sin(1.7 * i + t)) }));
    run.restore({ step: 0, tensors: moved });
    const measured = await run.measure();
    await run.update();
    const after = (await run.snapshot()).tensors;
    run.dispose();
    members.forEach((_, r) => {
      const part = (data: Float32Array) => Array.from(data.subarray(r * data.length / members.length, (r + 1) * data.length / members.length));
      const params = moved.map(({ data }) => part(data));
      const loss = (changed: number[][]) => lossOf(prepared, r, scoresOf(world, kind, changed, trained));
      expect(farthest(measured.scores![r], scoresOf(world, kind, params, trained))).toBeLessThan(2e-6);
      expect(Math.abs(value(measured, 'loss', r) - loss(params))).toBeLessThan(1e-6);
      params.forEach((own, t) => {
        const gradient = own.map((_entry, i) => {
          const shifted = (h: number) => loss(params.map((other, u) => (u === t ? other.with(i, other[i] + h) : other)));
          return (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
        });
        const updated = part(after[t].data);
        expect(farthest(own.map((before, i) => before - updated[i]), gradient), `${tensors[t].name} of policy ${r}`).toBeLessThan(1e-6);
      });
    });
  });

  it('a table on A ≻ B three times in four learns r̂(A) − r̂(B) = ln 3, and nothing of the rest', async () => {
    const pairs = [{ prompt: 1, chosen: 'cat', rejected: 'a', weight: 3 }, { prompt: 1, chosen: 'a', rejected: 'cat', weight: 1 }];
    const run = await startRun(ofKind('table', { preferences: { pairs }, optimizer: { kind: 'sgd', learningRate: 1 } }));
    await train(run, 100);
    const measured = await run.measure();
    const { world } = run.prepared;
    run.dispose();
    const [cat, a] = ['cat', 'a'].map((text) => nodeOf(world, 1, text));
    measured.scores!.forEach((scores) => {
      // Measured: 1e-7.
      expect(Math.abs(scores[cat] - scores[a] - Math.log(3))).toBeLessThan(1e-6);
      expect(scores.filter((score) => score !== 0)).toHaveLength(2);
    });
    expect(value(measured, 'rm/margin')).toBeCloseTo(Math.log(3) / 2, 5);
    expect(value(measured, 'rm/accuracy')).toBeCloseTo(0.75, 12);
    expect(value(measured, 'rm/logLikelihood')).toBeCloseTo(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25), 6);
    expect(value(measured, 'rm/heldOutAccuracy')).toBeNaN();
  });

  it('a linear model learns nothing of what no pair tells apart', async () => {
    // Every pair has the same length and as many "cat"; Adam would amplify the rounding of a sum.
    const texts = [['the cat', 'a cat'], ['cat the', 'cat a'], ['the the', 'a a'], ['the a', 'a a'], ['the the', 'a the'], ['the', 'a']];
    const pairs = texts.map(([chosen, rejected], i) => ({ prompt: i % 2, chosen, rejected, weight: 1 + 0.37 * i }));
    const run = await startRun(ofKind('linear', { preferences: { pairs } }));
    await train(run, 300);
    const [{ data }] = (await run.snapshot()).tensors;
    run.dispose();
    const [the, a, cat, length] = data;
    expect(the).toBeGreaterThan(1);
    // Measured: 1.6e-10 for the length; with sums in float32 it came to 0.13 on cpu, 0.04 on wasm.
    expect(Math.max(Math.abs(the + a), Math.abs(cat), Math.abs(length))).toBeLessThan(1e-6);
  });

  it.each(KINDS)('%s: on one pair the margin grows without end, and the normalised reward stays as large as it is', async (kind) => {
    const preferences = { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }] };
    const run = await startRun(make({ rewardModel: { kind }, preferences, optimizer: { kind: 'sgd', learningRate: 0.5 }, seeds: [0] }));
    const { world, refLogps } = run.prepared;
    const margins: number[] = [];
    const scales: number[] = [];
    for (let i = 0; i <= 40; i++) {
      const measured = await run.measure();
      margins.push(value(measured, 'rm/margin'));
      scales.push(value(measured, 'rm/scale'));
      const [scores] = measured.scores!;
      if (scales[i] > 0) {
        const mean = (f: (score: number) => number) => scores.reduce((sum, score, y) => sum + Math.exp(refLogps[0][y]) * f(score), 0) / world.promptCount;
        expect(Math.abs(mean((score) => score))).toBeLessThan(1e-9);
        expect(mean((score) => score ** 2)).toBeCloseTo(1, 9);
      }
      await train(run, 50);
    }
    run.dispose();
    expect(margins.every((margin, i) => i === 0 || margin > margins[i - 1]), margins.join()).toBe(true);
    // L ≈ exp(−margin), so twice the updates add ln 2 where r̂ is linear in its parameters. Measured: 0.694, mlp 0.740.
    expect(margins[40] - margins[20]).toBeGreaterThan(0.65);
    expect(margins[40] - margins[20]).toBeLessThan(0.8);
    expect(scales[40]).toBeGreaterThan(scales[20]);
  });

  it.each(KINDS)('%s: a policy alone or among others, a run again or resumed', async (kind) => {
    const together = await startRun(ofKind(kind, { seeds: [0, 3, 5], sweep: { learningRate: [0.01, 0.05] } }));
    await train(together, 40);
    const middle = await together.snapshot();
    await train(together, 40);
    const all = await together.measure();
    const bits = (await together.snapshot()).tensors.map(({ data }) => data);
    together.restore(middle);
    await train(together, 40);
    expect((await together.snapshot()).tensors.map(({ data }) => data)).toEqual(bits);
    expect((await together.measure()).metrics).toEqual(all.metrics);
    together.dispose();

    const alone = await startRun(ofKind(kind, { seeds: [3], optimizer: { kind: 'adam', learningRate: 0.05 } }));
    await train(alone, 80);
    const measured = await alone.measure();
    alone.dispose();
    // Float32 rounding. Measured: 0, bit-equal, for every kind on both backends.
    expect(farthest(measured.scores![0], all.scores![4])).toBeLessThan(1e-5);
    expect(farthest(measured.scores![0], all.scores![3]), 'the other seeds differ').toBeGreaterThan(0.01);
  });

  it('the run shows the optimum of the learned reward at β', async () => {
    const run = await startRun(make({ rewardModel: { kind: 'mlp' }, steps: 30 }));
    const { world, refLogps, pairs: { pairs, weights } } = run.prepared;
    await train(run, 30);
    const before = await run.measure();
    run.retune({ beta: 2 });
    const after = await run.measure();
    for (const [measured, beta] of [[before, 0.5], [after, 2]] as const) {
      measured.scores!.forEach((scores, r) => {
        expect(farthest(measured.logps[r], optimalPolicy(world, refLogps[r], scores, beta).logps)).toBeLessThan(1e-12);
        const margin = pairs.reduce((sum, { chosen, rejected }, b) => sum + weights[r * pairs.length + b] * (scores[chosen] - scores[rejected]), 0);
        expect(value(measured, 'rewards/margins', r)).toBeCloseTo(margin, 9);
        expect(value(measured, 'rm/margin', r) / value(measured, 'rm/scale', r)).toBeCloseTo(margin, 5);
        expect(value(measured, 'loss', r)).toBe(-value(measured, 'rm/logLikelihood', r));
        expect(value(measured, 'klToProxyOptimal', r)).toBeNaN();
      });
    }
    expect(after.scores).toEqual(before.scores);
    expect(value(after, 'kl')).toBeLessThan(value(before, 'kl'));
    run.dispose();
  });

  it('leaks nothing in a run, a fit, or a fit that is broken off', async () => {
    const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const start = counts();
    for (const kind of KINDS) {
      const run = await startRun(ofKind(kind));
      await run.update();
      const training = counts();
      for (let i = 0; i < 20; i++) {
        await train(run, 5);
        await run.measure();
        run.restore(await run.snapshot());
        run.retune({ beta: 0.2, learningRate: 0.05 });
        await run.sync();
      }
      expect(counts()).toEqual(training);
      run.dispose();
      const judged = ofKind(kind, { algorithm: { kind: 'online-dpo', judge: 'reward-model' } });
      await prepare(judged);
      expect(counts()).toEqual(start);
      await expect(prepareRun(judged, referenceCache(1), (progress) => {
        if (progress.stage === 'reward-model' && progress.step > 20) throw new Error('replaced');
      })).rejects.toThrow('replaced');
      expect(counts()).toEqual(start);
    }
  });
});

it('createRun refuses nothing that it can train, with gold or without', async () => {
  await switchBackend('cpu');
  const { gold: _gold, ...rest } = FILE;
  const run = await createRun(await prepare(experimentOf({ ...rest, preferences: { pairs: [{ prompt: 0, chosen: 'the', rejected: 'a a' }] } })));
  await train(run, 3);
  const measured = await run.measure();
  run.dispose();
  expect(measured.notFinite).toEqual([]);
  expect(value(measured, 'goldReward')).toBeNaN();
  expect(Number.isFinite(value(measured, 'rm/lengthCoefficient'))).toBe(true);
});
