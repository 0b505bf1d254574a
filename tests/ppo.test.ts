/** PPO's losses against golden numbers (golden/ppo.golden.py), whole iterations against an oracle that differentiates by finite differences. */
import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, PpoAlgorithm } from '../src/sim/experiment.ts';
import { clippedSurrogate, clippedValueLoss } from '../src/sim/losses/ppo.ts';
import { iterate, type OracleStep } from './oracle/ppo.ts';
import { iterationsOf, metricOf, small } from './ppoCases.ts';
import { BACKENDS, farthest, startRun, switchBackend } from './product.ts';

interface Golden {
  policy: { clipRange: number; oldLogps: number[]; newLogps: number[]; advantages: number[]; loss: number[]; gradient: number[] };
  value: { valueClip: number; oldValues: number[]; newValues: number[]; returns: number[]; loss: number[]; gradient: number[] };
}
const golden = JSON.parse(fs.readFileSync(new URL('golden/ppo.golden.json', import.meta.url), 'utf8')) as Golden;
/** Float32 rounding of numbers of size 1. */
const ROUNDING = 5e-7;
const LEARNING_RATE = 3;

const row = (values: readonly number[]): tf.Tensor2D => tf.tensor2d([...values], [1, values.length]);

/** Values and slopes of a loss per token. */
async function valueAndSlope(loss: (at: tf.Tensor2D) => tf.Tensor2D, at: readonly number[]): Promise<{ value: ArrayLike<number>; slope: ArrayLike<number> }> {
  const input = row(at);
  // The input is computed, as it is in training.
  return { value: await loss(input).data(), slope: await tf.grad((x) => tf.sum(loss(tf.mul(x, 1) as tf.Tensor2D)))(input).data() };
}

/** A whole iteration of the product, and the same by the oracle, for every policy. */
async function bothWays(experiment: Experiment) {
  const run = await startRun({ ...experiment, optimizer: { kind: 'sgd', learningRate: LEARNING_RATE } });
  const parametersOf = async (r: number) => (await run.snapshot()).tensors.flatMap(({ shape, data }) => (
    Array.from(data.subarray(r * data.length / shape[0], (r + 1) * data.length / shape[0]))
  ));
  const policies = run.prepared.members.map((_, r) => r);
  // From the second iteration on the values are no longer 0.
  await run.update();
  const start = await Promise.all(policies.map(parametersOf));
  await run.update();
  const measured = await run.measure();
  const end = await Promise.all(policies.map(parametersOf));
  const { world } = run.prepared;
  run.dispose();
  return iterationsOf(measured).map((iteration, r) => ({
    r, measured, iteration, end: end[r],
    steps: iterate(world, experiment.algorithm as PpoAlgorithm, iteration, start[r], LEARNING_RATE),
  }));
}

describe.each(BACKENDS)('losses on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it('the clipped surrogate and its gradient', async () => {
    const { clipRange, oldLogps, newLogps, advantages, loss, gradient } = golden.policy;
    const own = await valueAndSlope((x) => clippedSurrogate(x, row(oldLogps), row(advantages), clipRange), newLogps);
    expect(farthest(own.value, loss)).toBeLessThan(ROUNDING);
    expect(farthest(own.slope, gradient)).toBeLessThan(ROUNDING);
  });

  it('a clip range that float32 cannot tell from 0 clips to 1', async () => {
    const ratios = [0.5, 2, 0.5, 2];
    const own = await valueAndSlope((x) => clippedSurrogate(x, row([0, 0, 0, 0]), row([1, 1, -1, -1]), 1e-12), ratios.map(Math.log));
    expect(farthest(own.value, [-0.5, -1, 1, 2])).toBeLessThan(ROUNDING);
    expect(farthest(own.slope, [-0.5, 0, 0, 2])).toBeLessThan(ROUNDING);
  });

  it('the clipped value loss and its gradient', async () => {
    const { valueClip, oldValues, newValues, returns, loss, gradient } = golden.value;
    const own = await valueAndSlope((x) => clippedValueLoss(x, row(oldValues), row(returns), valueClip), newValues);
    expect(farthest(own.value, loss)).toBeLessThan(ROUNDING);
    expect(farthest(own.slope, gradient)).toBeLessThan(ROUNDING);
  });

  it('the gradient is exactly 0 where A > 0 and ρ > 1+ε, or A < 0 and ρ < 1−ε, and −A·ρ everywhere else', async () => {
    const ratios = Array.from({ length: 61 }, (_, i) => 0.505 + i / 60);
    for (const advantage of [2, -2]) {
      const { slope } = await valueAndSlope((x) => clippedSurrogate(x, row(ratios.map(() => 0)), row(ratios.map(() => advantage)), 0.2), ratios.map(Math.log));
      ratios.forEach((ratio, i) => {
        const cut = advantage > 0 ? ratio > 1.2 : ratio < 0.8;
        if (cut) expect(Math.abs(slope[i]), `ρ ${ratio}`).toBe(0);
        else expect(Math.abs(slope[i] + advantage * ratio), `ρ ${ratio}`).toBeLessThan(1e-6);
      });
    }
  });
});

describe.each(BACKENDS)('a whole iteration on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  const FULL = { epochs: 2, minibatches: 3, entropyCoef: 0.05, valueCoef: 0.5 };
  const mean = (steps: readonly OracleStep[], of: (step: OracleStep) => number) => steps.reduce((sum, step) => sum + of(step) / steps.length, 0);

  it.each([
    { name: 'critic, entropy, minibatches', file: FULL },
    { name: 'critic, four epochs of the whole batch, λ 0.5, γ 0.9', file: { gaeLambda: 0.5, gamma: 0.9, valueClip: 0.05 } },
    { name: 'no critic', file: { valueCoef: 0 } },
    { name: 'no whitening', file: { ...FULL, whitenAdvantages: false, valueCoef: 0 } },
  ])('every gradient step is that of the definition: $name', async ({ file }) => {
    const experiment = small(file);
    const { valueCoef, epochs, minibatches } = experiment.algorithm as PpoAlgorithm;
    for (const { r, measured, iteration, end, steps } of await bothWays(experiment)) {
      expect(steps).toHaveLength(epochs * minibatches);
      expect(farthest(end, steps.at(-1)!.parameters)).toBeLessThan(1e-5);
      expect(Math.max(...steps.at(-1)!.gradient.map(Math.abs)), 'a point with a gradient').toBeGreaterThan(0.01);
      // The iteration tests what it is for only if something was clipped, and something not.
      const clipped = mean(steps, (step) => step.clipped);
      expect(clipped).toBeGreaterThan(0);
      expect(clipped).toBeLessThan(0.9);
      const told = (id: Parameters<typeof metricOf>[1]) => metricOf(measured, id)[r];
      expect(told('policy/clipfrac_avg')).toBeCloseTo(clipped, 10);
      expect(told('loss/policy_avg')).toBeCloseTo(mean(steps, (step) => step.policyLoss), 5);
      expect(told('policy/entropy_avg')).toBeCloseTo(mean(steps, (step) => step.entropy), 5);
      expect(told('val/ratio')).toBeCloseTo(mean(steps, (step) => step.ratio), 5);
      if (valueCoef > 0) {
        expect(told('loss/value_avg')).toBeCloseTo(mean(steps, (step) => step.valueLoss), 5);
        const valueClipped = mean(steps, (step) => step.valueClipped);
        expect(valueClipped).toBeGreaterThan(0);
        expect(told('val/clipfrac_avg')).toBeCloseTo(valueClipped, 10);
        expect(iteration.values.some((value) => Math.abs(value) > 0.01)).toBe(true);
      } else {
        expect([told('loss/value_avg'), told('val/clipfrac_avg')]).toEqual([NaN, NaN]);
        expect(Array.from(iteration.values).every((value) => value === 0)).toBe(true);
      }
    }
  });

  it('the first gradient step has ratio 1 everywhere, and its gradient is the policy gradient −mean of A·∇log π', async () => {
    const experiment = small({ epochs: 1, valueCoef: 0 });
    for (const { measured, iteration, end, steps: [step], r } of await bothWays(experiment)) {
      const { newLogps, oldLogps, advantages, used, tokens, nodes, positions } = iteration;
      expect(farthest(end, step.parameters)).toBeLessThan(1e-5);
      const places = Array.from(used.keys()).filter((i) => used[i] !== 0);
      for (const i of places) expect(Math.abs(Math.exp(newLogps[0][i] - oldLogps[i]) - 1)).toBeLessThan(1e-6);
      expect(Array.from(newLogps[0], Number.isNaN)).toEqual(Array.from(used, (one) => one === 0));
      expect(metricOf(measured, 'policy/clipfrac_avg')[r]).toBe(0);
      expect(metricOf(measured, 'val/ratio')[r]).toBeCloseTo(1, 6);
      expect(metricOf(measured, 'policy/approxkl_avg')[r]).toBeLessThan(1e-12);
      // At the root of the first prompt: ∂/∂z_k of log π(token) is 1[k = token] − π(k).
      const first = places.filter((i) => i % positions === 0 && i / positions < nodes.length / 2);
      const probability = (k: number) => Math.exp(oldLogps[first.find((i) => tokens[i] === k)!]);
      for (const k of [0, 1, 2]) {
        const expected = -first.reduce((sum, i) => sum + advantages[i] * ((tokens[i] === k ? 1 : 0) - probability(k)), 0) / places.length;
        expect(step.gradient[k]).toBeCloseTo(expected, 6);
      }
    }
  });
});
