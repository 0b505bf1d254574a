/** The engine in real Chromium: WebGPU (software adapter) computes what cpu and wasm compute. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { populationOf, type Experiment } from '../../src/sim/experiment.ts';
import { DPO_LOSSES } from '../../src/sim/experimentRanges.ts';
import type { BackendName } from '../../src/sim/worker/protocol.ts';
import type { EngineTests } from './engine/page.ts';
import { experimentOf } from '../experimentOf.ts';
import { alone, experimentWith, pointsOf, withTerms } from '../lossCases.ts';
import { lossAndGradient, oracleProblem } from '../oracle/float64.ts';
import { openEngine, type OpenedPage } from './harness.ts';

let opened: OpenedPage;
let page: Page;
beforeAll(async () => {
  opened = await openEngine();
  page = opened.page;
  expect(await page.evaluate(() => globalThis.engineTests.adapter())).not.toBe('none');
});
afterAll(async () => {
  expect(await page.evaluate(() => globalThis.engineTests.faults())).toEqual([]);
  await opened.close();
});

/** Calls one function of the page. */
function call<K extends keyof EngineTests>(name: K, ...args: Parameters<EngineTests[K]>): Promise<Awaited<ReturnType<EngineTests[K]>>> {
  return page.evaluate(([key, values]) => {
    const run = globalThis.engineTests[key] as (...given: unknown[]) => unknown;
    return run(...values);
  }, [name, args] as [K, unknown[]]) as Promise<Awaited<ReturnType<EngineTests[K]>>>;
}

/** Largest absolute difference. */
function farthest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => (Math.abs(value - b[i]) <= worst ? worst : Math.abs(value - b[i])), 0);
}
const largest = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

const FILE = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x', 'y'] },
  reference: {
    kind: 'corpus', smoothing: 0.3,
    corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }, { prompt: 1, response: 'cat', weight: 1 }],
  },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 1, chosen: 'cat', rejected: '', weight: 2 }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  policy: { kind: 'mlp', hidden: [8] }, seeds: [0, 1], sweep: { beta: [0.05, 0.5] }, steps: 200,
};
const dpo = (overrides: Record<string, unknown>): Experiment => experimentOf({ ...FILE, algorithm: { kind: 'dpo' }, ...overrides });

describe('gradients on WebGPU', () => {
  async function expectGradients(experiment: Experiment): Promise<void> {
    const points = pointsOf(experiment);
    const gpu = await call('tabularGradients', 'webgpu', experiment, points);
    const cpu = await call('tabularGradients', 'cpu', experiment, points);
    populationOf(experiment).forEach(({ swept }, r) => {
      const truth = lossAndGradient(oracleProblem(experiment, swept), points[r]);
      const size = Math.max(1, largest(Array.from(truth.gradient)));
      expect(largest(Array.from(truth.gradient))).toBeGreaterThan(1e-3);
      expect(farthest(gpu.gradients[r], cpu.gradients[r]) / size, `cpu, ${JSON.stringify(swept)}`).toBeLessThan(1e-5);
      expect(farthest(gpu.gradients[r], Array.from(truth.gradient)) / size, `float64, ${JSON.stringify(swept)}`).toBeLessThan(1e-5);
      expect(Math.abs(gpu.loss[r] - truth.loss) / Math.max(1, Math.abs(truth.loss))).toBeLessThan(1e-5);
    });
  }

  it.each(DPO_LOSSES)('%s', async (loss) => {
    await expectGradients(alone(loss));
    await expectGradients(withTerms(loss));
  });

  it('the exact objective', async () => {
    await expectGradients(experimentWith({ kind: 'exact' }, { beta: [0.05, 0.5, 2] }));
  });

  it('log σ and its slope for |z| up to 100', async () => {
    const z = Array.from({ length: 801 }, (_, i) => (i - 400) / 4);
    const { backend, value, slope } = await call('logSigmoid', 'webgpu', z);
    expect(backend).toBe('webgpu');
    expect(farthest(value.map((v, i) => v / Math.max(1, Math.abs(z[i]))), z.map((x) => (x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x))) / Math.max(1, Math.abs(x))))).toBeLessThan(1e-6);
    expect(farthest(slope, z.map((x) => 1 / (1 + Math.exp(x))))).toBeLessThan(1e-6);
  });

  it('the MLP, every parameter, forward and backward', async () => {
    const experiment = dpo({ algorithm: { kind: 'dpo', loss: 'nca_pair', nllWeight: 0.3, klWeight: 0.2 }, sweep: {} });
    const [gpu, wasm, cpu] = [await call('networkGradients', 'webgpu', experiment), await call('networkGradients', 'wasm', experiment), await call('networkGradients', 'cpu', experiment)];
    expect(largest(cpu)).toBeGreaterThan(0.01);
    expect(farthest(gpu, cpu)).toBeLessThan(1e-5);
    expect(farthest(wasm, cpu)).toBeLessThan(1e-5);
  });
});

describe('200 updates (but where it says fewer) from the same reference on cpu, wasm and WebGPU', () => {
  it.each([
    { name: 'tabular dpo, sgd', experiment: dpo({ policy: { kind: 'tabular' } }) },
    { name: 'mlp dpo, sgd', experiment: dpo({ optimizer: { kind: 'sgd', learningRate: 0.3 } }) },
    { name: 'mlp dpo, adam, batch of 2, 50 updates', experiment: dpo({ optimizer: { kind: 'adam', learningRate: 0.02 }, algorithm: { kind: 'dpo', batch: 2, klWeight: 0.1 }, steps: 50 }) },
  ])('$name: equal to 1e-4 in probability, no tensor leaked', async ({ experiment }) => {
    const names: BackendName[] = ['cpu', 'wasm', 'webgpu'];
    const results: Awaited<ReturnType<EngineTests['train']>>[] = [];
    for (const name of names) {
      const result = await call('train', name, experiment);
      expect([result.backend, result.leaked, result.grown]).toEqual([name, 0, 0]);
      results.push(result);
    }
    const start = await call('train', 'cpu', { ...experiment, steps: 2 });
    const probabilities = (row: number[]) => row.map(Math.exp);
    results[0].logps.forEach((row, r) => {
      expect(farthest(probabilities(row), probabilities(start.logps[r])), 'training moved it').toBeGreaterThan(0.02);
      for (const { backend, logps } of results.slice(1)) expect(farthest(probabilities(logps[r]), probabilities(row)), `${backend}, policy ${r}`).toBeLessThan(1e-4);
    });
  });

  it('a run resumed from a snapshot on WebGPU is bit-equal', async () => {
    const { straight, resumed } = await call('resume', 'webgpu', dpo({ optimizer: { kind: 'adam', learningRate: 0.01 } }));
    expect(straight.flat().every(Number.isFinite)).toBe(true);
    expect(resumed).toEqual(straight);
  });
});

describe('the reference fit', () => {
  it('reaches the same π_ref on cpu, wasm and WebGPU', async () => {
    const experiment = dpo({ reference: { kind: 'unigram', wordWeights: [2, 1, 1], stop: 0.3 }, policy: { kind: 'mlp', hidden: [4] }, sweep: {} });
    const [cpu, wasm, gpu] = [await call('fit', 'cpu', experiment), await call('fit', 'wasm', experiment), await call('fit', 'webgpu', experiment)];
    for (const fit of [cpu, wasm, gpu]) {
      expect(fit.leaked).toBe(0);
      expect(fit.updates).toBe(cpu.updates);
      for (const kl of fit.referenceKl) expect(kl).toBeLessThan(0.002);
      fit.refLogps.forEach((row, s) => expect(farthest(row.map(Math.exp), cpu.refLogps[s].map(Math.exp)), fit.backend).toBeLessThan(1e-4));
    }
    expect(gpu.backend).toBe('webgpu');
  });
});
