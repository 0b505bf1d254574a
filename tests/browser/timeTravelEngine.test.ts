/** Time travel on a real WebGPU adapter (software): a state that was come back to is bit for bit the one that was. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KnobsAt } from '../../src/sim/worker/protocol.ts';
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

const WORLD = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x'] },
  reference: { kind: 'corpus', smoothing: 0.3, corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }] },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 0, chosen: 'the', rejected: 'the the', weight: 0.5 }] },
  policy: { kind: 'mlp', hidden: [8] }, optimizer: { kind: 'adam', learningRate: 0.01 }, seeds: [0, 1], steps: 30,
};

it.each([
  ['dpo', { kind: 'dpo', beta: 0.1 }], ['online dpo', { kind: 'online-dpo', beta: 0.1, resampleEvery: 4 }], ['ppo', { kind: 'ppo', beta: 0.3, rolloutBatch: 8, epochs: 2, minibatches: 2 }],
])('%s: states that were come back to, knobs changed on the way, are those of a fresh run', async (_, algorithm) => {
  const experiment = experimentOf({ ...WORLD, algorithm });
  const changes: KnobsAt[] = [{ step: 9, beta: 0.5 }, { step: 20, learningRate: 0.002 }];
  const { found, fresh, kept } = await page.evaluate(
    (given) => globalThis.engineTests.travel('webgpu', given.experiment, given.changes, given.way),
    { experiment, changes, way: [30, 12, 9, 29, 3, 21, 0] },
  );
  expect(found).toHaveLength(7);
  expect(found.flat(2).every(Number.isFinite)).toBe(true);
  expect(found).toEqual(fresh);
  expect(found[1]).not.toEqual(found[0]);
  expect(kept, 'reading back is not free').toBeGreaterThan(0);
}, 240_000);
