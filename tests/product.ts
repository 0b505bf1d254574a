/** The product, driven as the command line drives it, for comparison with the oracle. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { Experiment } from '../src/sim/experiment.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { prepareRun, referenceCache, type Prepared, type ReferenceCache } from '../src/sim/prepare.ts';
import { createRun, type Run } from '../src/sim/run.ts';
import { promptOf, responseText, type World } from '../src/sim/world.ts';

export const BACKENDS = ['cpu', 'wasm'] as const;
export type TestBackend = (typeof BACKENDS)[number];

export async function switchBackend(name: TestBackend): Promise<void> {
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) throw new Error(`no backend ${name}`);
  await tf.ready();
}

export function prepare(experiment: Experiment, cache: ReferenceCache = referenceCache(1)): Promise<Prepared> {
  return prepareRun(experiment, cache, () => {});
}

export async function startRun(experiment: Experiment, cache?: ReferenceCache): Promise<Run> {
  return createRun(await prepare(experiment, cache));
}

export async function train(run: Run, updates: number): Promise<void> {
  for (let i = 0; i < updates; i++) await run.update();
}

export interface ProductPolicy {
  metrics: Record<string, number[]>;
  /** log π of a response after the last update. */
  logps: Map<string, number>;
}

/** The key of a response in every comparison. */
export const responseKey = (prompt: number, text: string): string => `${prompt}|${text}`;

export function keysOf(world: World): string[] {
  return Array.from({ length: world.responseCount }, (_, y) => responseKey(promptOf(world, y), responseText(world, y)));
}

/** Trains the whole population to the end, metrics at 0, every, 2·every, … */
export async function trainProduct(experiment: Experiment, every: number): Promise<ProductPolicy[]> {
  const run = await startRun(experiment);
  const policies: ProductPolicy[] = run.prepared.members.map(() => ({ metrics: {}, logps: new Map() }));
  const keys = keysOf(run.prepared.world);
  for (;;) {
    if (run.step % every === 0) {
      const measured = await run.measure();
      policies.forEach((policy, r) => {
        METRICS.forEach((row, m) => {
          const value = measured.metrics[m * policies.length + r];
          if (row.inFile && !Number.isNaN(value)) (policy.metrics[row.id] ??= []).push(value);
        });
        policy.logps = new Map(keys.map((key, y) => [key, measured.logps[r][y]]));
      });
    }
    if (run.step === experiment.steps) break;
    await run.update();
  }
  run.dispose();
  return policies;
}

/** Largest absolute difference of two lists of numbers; NaN if any is. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}
