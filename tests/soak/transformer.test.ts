/**
 * `npm run soak`: what takes the software WebGPU adapter minutes, and so is not part of `npm test`:
 * the transformer trains for 2,000 updates on WebGPU without a number that is not finite.
 */
import { expect, it } from 'vitest';
import { experimentOf } from '../experimentOf.ts';
import { openEngine } from '../browser/harness.ts';

const WORLD = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x'] },
  reference: { kind: 'corpus', smoothing: 0.3, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }] },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  policy: { kind: 'transformer' }, seeds: [0], steps: 2000, optimizer: { kind: 'adam', learningRate: 0.01 },
};

it.each([
  { name: 'DPO', algorithm: { kind: 'dpo', beta: 0.1 } },
  { name: 'PPO', algorithm: { kind: 'ppo', beta: 0.3, rolloutBatch: 16, epochs: 1 } },
])('2,000 updates of the transformer by $name on WebGPU stay finite, and nothing leaks', async ({ algorithm }) => {
  const { page, close } = await openEngine();
  const result = await page.evaluate((experiment) => globalThis.engineTests.train('webgpu', experiment), experimentOf({ ...WORLD, algorithm }));
  expect(result.backend).toBe('webgpu');
  expect(result.logps.flat().every(Number.isFinite)).toBe(true);
  expect([result.leaked, result.grown]).toEqual([0, 0]);
  expect(await page.evaluate(() => globalThis.engineTests.faults())).toEqual([]);
  await close();
}, 1_800_000);
