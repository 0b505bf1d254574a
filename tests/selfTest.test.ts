/** The engine's self-test: it passes on this engine, for every policy and kind of training, and finds what is wrong. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import { PRESETS } from '../src/sim/presets/index.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { setParam } from '../src/sim/params.ts';
import { OPTIMIZERS } from '../src/sim/trainers/shared/optimizers.ts';
import type { SelfTestRow } from '../src/sim/worker/selfTestProtocol.ts';
import { runSelfTest } from '../src/sim/worker/selfTest.ts';
import { switchBackend, type TestBackend } from './product.ts';

const THE = PRESETS[0].experiment;
afterEach(() => { vi.restoreAllMocks(); });

async function rowsOf(experiment: Experiment, backend: TestBackend = 'wasm'): Promise<SelfTestRow[]> {
  const rows: SelfTestRow[] = [];
  await runSelfTest(experiment, backend, {
    availability: async (name) => ({ available: name !== 'webgpu', note: 'not in Node' }),
    switchBackend: (name) => switchBackend(name as TestBackend),
    tensorCount: () => tf.memory().numTensors,
  }, (row) => rows.push(row));
  return rows;
}

const failed = (rows: readonly SelfTestRow[]) => rows.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);

it.each<[string, Experiment, TestBackend]>([
  ['an MLP', THE, 'wasm'],
  ['an MLP on cpu', THE, 'cpu'],
  ['a table', setParam(THE, 'policy', 'tabular'), 'wasm'],
  ['a transformer', setParam(THE, 'policy', 'transformer'), 'wasm'],
  ['the exact gradient', setParam(setParam(THE, 'policy', 'tabular'), 'algorithm', 'exact'), 'wasm'],
  ['PPO, tested on its exact objective', setParam(THE, 'algorithm', 'ppo'), 'wasm'],
  ['online DPO, tested on its given pairs', setParam(THE, 'algorithm', 'online-dpo'), 'wasm'],
  ['IPO', setParam(setParam(THE, 'loss', 'ipo'), 'learningRate', 0.001), 'wasm'],
])('passes on this engine: %s', async (_name, experiment, backend) => {
  const rows = await rowsOf(experiment, backend);
  expect(rows.map(({ name, off, verdict }) => ({ name, off, verdict }))).toEqual([
    'random numbers', 'gradient of the loss', 'replay', 'probabilities', 'memory', `agreement with ${backend === 'cpu' ? 'WebAssembly' : 'plain JavaScript'}`,
  ].map((name) => ({ name, off: expect.any(Number), verdict: 'pass' })));
});

it('finds a gradient that is wrong by a hundredth in one tensor', async () => {
  const { update } = OPTIMIZERS.sgd;
  vi.spyOn(OPTIMIZERS.sgd, 'update').mockImplementation((params, [first, ...rest], ...others) => update(params, [tf.mul(first, 1.01), ...rest], ...others));
  expect(failed(await rowsOf(THE))).toEqual(['gradient of the loss']);
});

it('finds a training that does not repeat itself', async () => {
  const { update } = OPTIMIZERS.sgd;
  let calls = 0;
  vi.spyOn(OPTIMIZERS.sgd, 'update').mockImplementation((params, grads, ...others) => update(params, grads.map((grad) => tf.mul(grad, 1 + 1e-6 * calls++)), ...others));
  expect(failed(await rowsOf(THE))).toContain('replay');
});

it('does not blame the engine for a run that diverges by itself', async () => {
  const rows = await rowsOf(setParam(setParam(THE, 'loss', 'ipo'), 'learningRate', 1));
  expect(failed(rows)).toEqual([]);
  expect(rows.at(-1)).toMatchObject({ name: 'probabilities', verdict: 'not-run', note: expect.stringContaining('stop being finite') });
});

it.each([1e-3, 1e-4, 1e-5, 1e-6])('at β = %f the gradient is right, or said to be below float32’s rounding', async (beta) => {
  const rows = await rowsOf(setParam(THE, 'beta', beta));
  expect(failed(rows)).toEqual([]);
  expect(rows.find(({ name }) => name === 'gradient of the loss')?.verdict).toBe(beta < 1e-4 ? 'not-run' : 'pass');
});

it('says why it was not run where there is nothing that does not sample', async () => {
  const { gold: _none, ...experiment } = setParam(THE, 'algorithm', 'online-dpo');
  const rows = await rowsOf({ ...experiment, preferences: { sampled: { count: 4, from: 'reference', labels: 'argmax', temperature: 1, lengthBias: 0 } } });
  expect(rows.at(-1)).toMatchObject({ verdict: 'not-run', note: 'Without given pairs and without a gold reward there is no loss that does not sample.' });
});
