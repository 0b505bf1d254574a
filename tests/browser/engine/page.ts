/**
 * The engine on a page, so that tests can call it on a real WebGPU adapter: `openEngine()` opens it, and
 * `page.evaluate(() => globalThis.engineTests.…)` calls it. What goes in and comes out must be plain data.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../../../src/sim/experiment.ts';
import { prepareRun, referenceCache } from '../../../src/sim/prepare.ts';
import { createRun } from '../../../src/sim/run.ts';
import { logSigmoid } from '../../../src/sim/losses/logSigmoid.ts';
import { onDeviceFault, tensorCount, switchBackend as startBackend } from '../../../src/sim/worker/backend.ts';
import { engineRun } from '../../../src/sim/worker/engineRun.ts';
import { createPast } from '../../../src/sim/worker/past.ts';
import type { BackendName, KnobsAt, Snapshot } from '../../../src/sim/worker/protocol.ts';
import { parameterGradients, tabularGradients, type Gradients } from '../../gradients.ts';

/** GPU faults since the page opened: none of them is an exception. */
const faults: string[] = [];
onDeviceFault((fault) => faults.push(`${fault.kind}: ${fault.message}`));

/** References fitted on cpu, so that all backends start from the same parameters. */
const references = referenceCache(10);

async function preparedOn(backend: BackendName, experiment: Experiment) {
  await startBackend('cpu');
  const prepared = await prepareRun(experiment, references, () => {});
  await startBackend(backend);
  return prepared;
}

const engineTests = {
  /** The WebGPU adapter's name, or `none`. */
  async adapter(): Promise<string> {
    const adapter = await navigator.gpu.requestAdapter();
    return adapter ? `${adapter.info.vendor} ${adapter.info.architecture}` : 'none';
  },

  /** Gradient of Σ softplus(x²) on one backend. */
  async softplusGradient(backend: string, x: number[]): Promise<{ backend: string; gradient: number[] }> {
    await startBackend(backend as BackendName);
    const gradient = tf.tidy(() => tf.grad((input) => tf.sum(tf.softplus(tf.square(input))))(tf.tensor1d(x)));
    const values = Array.from(await gradient.data());
    gradient.dispose();
    return { backend: tf.getBackend(), gradient: values };
  },

  /** log σ and its slope on one backend. */
  async logSigmoid(backend: BackendName, z: number[]): Promise<{ backend: string; value: number[]; slope: number[] }> {
    await startBackend(backend);
    const input = tf.tensor1d(z);
    const value = tf.tidy(() => logSigmoid(input));
    const slope = tf.tidy(() => tf.grad((x) => tf.sum(logSigmoid(tf.mul(x, 1))))(input));
    const result = { backend: tf.getBackend(), value: Array.from(await value.data()), slope: Array.from(await slope.data()) };
    tf.dispose([input, value, slope]);
    return result;
  },

  async tabularGradients(backend: BackendName, experiment: Experiment, logits: number[][]): Promise<Gradients> {
    await startBackend(backend);
    return tabularGradients(experiment, logits);
  },

  /** Gradient of all parameters, at fitted parameters moved by a fixed pattern. */
  async networkGradients(backend: BackendName, experiment: Experiment): Promise<number[]> {
    const prepared = await preparedOn(backend, experiment);
    const reference = { parameters: prepared.reference, logits: new Float32Array(experiment.seeds.length * prepared.world.contextCount * prepared.world.tokenCount) };
    return parameterGradients(experiment, reference, (i) => 0.3 * Math.sin(1 + i));
  },

  /** Trains from the same reference on one backend. */
  async train(backend: BackendName, experiment: Experiment): Promise<{ backend: string; logps: number[][]; metrics: number[]; leaked: number; grown: number }> {
    const prepared = await preparedOn(backend, experiment);
    const start = tensorCount();
    const run = await createRun(prepared);
    const step = async (updates: number) => { for (let i = 0; i < updates; i++) await run.update(); };
    await step(2);
    const training = tensorCount();
    while (run.step < experiment.steps) {
      await step(1);
      if (run.step % 50 === 0) await run.sync();
    }
    run.view({ sweepIndex: 0, seedIndex: null });
    const { logps, metrics } = await run.measure();
    run.restore(await run.snapshot());
    const grown = tensorCount() - training;
    run.dispose();
    return { backend: tf.getBackend(), logps: logps.map((row) => Array.from(row)), metrics: Array.from(metrics), leaked: tensorCount() - start, grown };
  },

  /** Snapshot in the middle, and the same run again: numbers that must be equal bit for bit. */
  async resume(backend: BackendName, experiment: Experiment): Promise<{ straight: number[][]; resumed: number[][] }> {
    const run = await createRun(await preparedOn(backend, experiment));
    const bits = async () => (await run.snapshot()).tensors.map(({ data }) => Array.from(data));
    for (let i = 0; i < 8; i++) await run.update();
    const middle = await run.snapshot();
    for (let i = 0; i < 8; i++) await run.update();
    const straight = await bits();
    run.restore(middle);
    for (let i = 0; i < 8; i++) await run.update();
    const resumed = await bits();
    run.dispose();
    return { straight, resumed };
  },

  /**
   * A run to its end, then to some of the updates it has been at, knobs changed on the way: the state at each, and what a
   * fresh run comes to there; and how many states were kept.
   */
  async travel(backend: BackendName, experiment: Experiment, changes: KnobsAt[], way: number[]): Promise<{ found: number[][][]; fresh: number[][][]; kept: number }> {
    const prepared = await preparedOn(backend, experiment);
    const bits = ({ tensors }: Snapshot) => tensors.map(({ data }) => Array.from(data));
    const first = engineRun(await createRun(prepared), [experiment], backend);
    const states = new Map<number, number[][]>();
    for (;;) {
      for (const { step, ...knobs } of changes) if (step === first.step) first.retune(knobs);
      if (way.includes(first.step)) states.set(first.step, bits(await first.snapshot()));
      if (first.step === experiment.steps) break;
      await first.update();
    }
    first.dispose();
    const engine = engineRun(await createRun(prepared), [experiment], backend);
    let kept = 0;
    const counting = { ...engine, get step() { return engine.step; }, state: () => { kept++; return engine.state(); } };
    const past = createPast(counting, await engine.snapshot(), { to: { step: experiment.steps, furthest: experiment.steps, changes } }, () => performance.now());
    const goTo = async (target: number) => {
      await past.rewind(target);
      if (past.changes) past.follow();
      while (engine.step < target) {
        const begin = performance.now();
        for (let i = Math.min(past.untilNext(engine.step), target - engine.step); i > 0; i--) await engine.update();
        await engine.sync();
        await past.collect(performance.now() - begin);
        if (past.changes) past.follow();
      }
    };
    await goTo(experiment.steps);
    const found: number[][][] = [];
    for (const step of way) {
      await goTo(step);
      found.push(bits(await engine.snapshot()));
    }
    engine.dispose();
    return { found, fresh: way.map((step) => states.get(step)!), kept };
  },

  /** Fits a reference on one backend. */
  async fit(backend: BackendName, experiment: Experiment): Promise<{ backend: string; refLogps: number[][]; referenceKl: number[]; updates: number; leaked: number }> {
    await startBackend(backend);
    const start = tensorCount();
    let updates = 0;
    const prepared = await prepareRun(experiment, referenceCache(1), (progress) => { if (progress.stage === 'reference') updates = progress.update; });
    const run = await createRun(prepared);
    const refLogps = run.refLogps.map((row) => Array.from(row));
    run.dispose();
    return { backend: tf.getBackend(), refLogps, referenceKl: prepared.referenceKl, updates, leaked: tensorCount() - start };
  },

  faults: () => faults,
};

declare global {
  var engineTests: EngineTests;
}

export type EngineTests = typeof engineTests;
globalThis.engineTests = engineTests;
