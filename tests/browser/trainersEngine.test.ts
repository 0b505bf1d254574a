/**
 * Every trainer and the transformer on a real WebGPU adapter (software): the same numbers as wasm, bit-equal replay, no leak.
 * The software adapter makes few updates a second, so counts are small; `npm run soak` trains for 2,000.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/sim/experiment.ts';
import type { BackendName } from '../../src/sim/worker/protocol.ts';
import type { EngineTests } from './engine/page.ts';
import { experimentOf } from '../experimentOf.ts';
import { openEngine, type OpenedPage } from './harness.ts';

let opened: OpenedPage;
let page: Page;
beforeAll(async () => {
  opened = await openEngine();
  page = opened.page;
});
afterAll(async () => {
  expect(await page.evaluate(() => globalThis.engineTests.faults())).toEqual([]);
  await opened.close();
});

function call<K extends keyof EngineTests>(name: K, ...args: Parameters<EngineTests[K]>): Promise<Awaited<ReturnType<EngineTests[K]>>> {
  return page.evaluate(([key, values]) => {
    const run = globalThis.engineTests[key] as (...given: unknown[]) => unknown;
    return run(...values);
  }, [name, args] as [K, unknown[]]) as Promise<Awaited<ReturnType<EngineTests[K]>>>;
}

/** Largest difference in probability over all policies and responses. */
function farthest(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  let worst = 0;
  a.forEach((row, r) => row.forEach((logp, y) => {
    const difference = Math.abs(Math.exp(logp) - Math.exp(b[r][y]));
    if (!(difference <= worst)) worst = difference;
  }));
  return worst;
}

const WORLD = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x'] },
  reference: { kind: 'corpus', smoothing: 0.3, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }] },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  seeds: [0, 1],
};
const MLP = { kind: 'mlp', hidden: [8] };
const TRANSFORMER = { kind: 'transformer' };
const ADAM = { kind: 'adam', learningRate: 0.01 };
const PPO = { kind: 'ppo', beta: 0.3, rolloutBatch: 16, epochs: 2, minibatches: 2 };
const ONE_PASS = { ...PPO, epochs: 1, minibatches: 1 };
const make = (overrides: Record<string, unknown>): Experiment => experimentOf({ ...WORLD, optimizer: ADAM, ...overrides });

const KINDS = [
  { name: 'transformer, dpo', updates: 100, file: { policy: TRANSFORMER, seeds: [0], algorithm: { kind: 'dpo', beta: 0.1 } } },
  { name: 'transformer, ppo', updates: 100, file: { policy: TRANSFORMER, seeds: [0], algorithm: ONE_PASS } },
  { name: 'mlp, ppo with a critic', updates: 20, file: { policy: MLP, algorithm: PPO } },
  { name: 'tabular, ppo without a critic', updates: 20, file: { policy: { kind: 'tabular' }, algorithm: { ...PPO, valueCoef: 0 } } },
  { name: 'mlp, online dpo', updates: 30, file: { policy: MLP, algorithm: { kind: 'online-dpo', beta: 0.1, resampleEvery: 3 } } },
  { name: 'mlp, online dpo judged by a reward model', updates: 20, file: { policy: MLP, algorithm: { kind: 'online-dpo', beta: 0.1, judge: 'reward-model' }, rewardModel: { kind: 'linear', steps: 50 } } },
  { name: 'reward model (mlp)', updates: 50, file: { policy: { kind: 'tabular' }, algorithm: { kind: 'reward-model', beta: 0.5 }, rewardModel: { kind: 'mlp' } } },
];

describe('from the same reference', () => {
  it.each(KINDS)('$name, $updates updates: WebGPU equals wasm to 1e-3, nothing leaks', async ({ file, updates }) => {
    const experiment = make({ ...file, steps: updates });
    const names: BackendName[] = ['wasm', 'webgpu'];
    const [wasm, gpu] = [await call('train', names[0], experiment), await call('train', names[1], experiment)];
    expect([wasm.backend, gpu.backend]).toEqual(names);
    expect([wasm.leaked, wasm.grown, gpu.leaked, gpu.grown]).toEqual([0, 0, 0, 0]);
    expect([...wasm.logps, ...gpu.logps].flat().every(Number.isFinite)).toBe(true);
    const start = await call('train', 'wasm', { ...experiment, steps: 2 });
    expect(farthest(wasm.logps, start.logps), 'training moved it').toBeGreaterThan(0.02);
    expect(farthest(gpu.logps, wasm.logps)).toBeLessThan(1e-3);
  }, 240_000);
});

describe('on WebGPU', () => {
  it.each(KINDS)('$name: a run resumed from a snapshot is bit-equal', async ({ file }) => {
    const { straight, resumed } = await call('resume', 'webgpu', make(file));
    expect(straight.flat().every(Number.isFinite)).toBe(true);
    expect(resumed).toEqual(straight);
  }, 120_000);

  it('the gradient of every parameter of the transformer equals cpu and wasm', async () => {
    const experiment = make({ policy: TRANSFORMER, optimizer: { kind: 'sgd', learningRate: 1 }, algorithm: { kind: 'dpo', loss: 'nca_pair', nllWeight: 0.3, klWeight: 0.2 } });
    const [gpu, wasm, cpu] = [await call('networkGradients', 'webgpu', experiment), await call('networkGradients', 'wasm', experiment), await call('networkGradients', 'cpu', experiment)];
    const worst = (a: number[], b: number[]) => a.reduce((max, value, i) => (Math.abs(value - b[i]) <= max ? max : Math.abs(value - b[i])), 0);
    expect(cpu.some((value) => Math.abs(value) > 0.01)).toBe(true);
    expect(worst(gpu, cpu)).toBeLessThan(1e-5);
    expect(worst(wasm, cpu)).toBeLessThan(1e-5);
  }, 120_000);
});
