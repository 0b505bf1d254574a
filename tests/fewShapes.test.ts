/** Few shapes on the backend, however long a run draws: tfjs-webgpu keeps a freed buffer for every size there ever was. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { paddedSize } from '../src/sim/trainers/shared/paddedSize.ts';
import { listOfDrawn } from '../src/sim/trainers/shared/pairRows.ts';
import { experimentOf } from './experimentOf.ts';
import { WORLDS } from './oracle/worlds.ts';
import { startRun, switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));
afterEach(() => { vi.restoreAllMocks(); });

it('a padded size is the next of a geometric ladder, never more than can be needed', () => {
  expect([0, 1, 8, 9, 12, 13, 17, 25, 33, 49, 1000, 1025].map((count) => paddedSize(count, Infinity))).toEqual([8, 8, 8, 12, 12, 16, 24, 32, 48, 64, 1024, 1536]);
  expect([0, 3, 9, 13, 14].map((count) => paddedSize(count, 14))).toEqual([8, 8, 12, 14, 14]);
  expect(paddedSize(1, 3)).toBe(3);
  const sizes = new Set<number>();
  for (let count = 0; count <= 100_000; count++) {
    const size = paddedSize(count, 100_000);
    expect(size >= count && size <= Math.max(8, 1.5 * count)).toBe(true);
    sizes.add(size);
  }
  expect(sizes.size).toBe(29);
});

/** Shapes of all tensors uploaded in so many updates, and what was drawn. */
async function train(algorithm: Record<string, unknown>, updates: number) {
  const run = await startRun(experimentOf({
    ...WORLDS['long shared prefixes'], algorithm, policy: { kind: 'mlp', hidden: [6] }, seeds: [0, 3], optimizer: { kind: 'adam', learningRate: 0.005 }, steps: updates,
  }));
  const upload = vi.spyOn(tf.engine(), 'makeTensor');
  for (let u = 0; u < updates; u++) await run.update();
  await run.measure();
  const shapes = new Set(upload.mock.calls.map(([, shape]) => shape.join()));
  const judged = run.takeJudged();
  run.dispose();
  return { shapes, judged };
}

it('online DPO: many lengths of lists are drawn in 300 updates, in few shapes', async () => {
  const { shapes, judged } = await train({ kind: 'online-dpo', pairsPerResample: 60 }, 300);
  const lengths = new Set(judged.map(({ nodes }) => listOfDrawn(nodes).weights.length));
  expect(judged).toHaveLength(600);
  expect(lengths.size, 'so many sizes it would be').toBeGreaterThan(20);
  expect(shapes.size).toBeLessThanOrEqual(40);
});

it('PPO: likewise', async () => {
  const { shapes } = await train({ kind: 'ppo', rolloutBatch: 128, epochs: 1 }, 60);
  expect(shapes.size).toBeLessThanOrEqual(30);
});
