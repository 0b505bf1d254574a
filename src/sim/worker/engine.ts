/**
 * Makes runs for the worker's loop: backend, reference, trainer.
 */
import type { Experiment } from '../experiment.ts';
import { supportProblem } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { prepareRun, referenceCache, type Prepared } from '../prepare.ts';
import { createRun, type Run } from '../run.ts';
import { combineRuns } from '../sideBySide.ts';
import { FIT } from '../trainers/referenceFit.ts';
import { availability, onDeviceFault, switchBackend, type DeviceFault } from './backend.ts';
import { BACKEND_LABELS, CALIBRATION_MS, chooseBackend } from './calibrate.ts';
import { engineRun } from './engineRun.ts';
import { BACKENDS, type BackendName, type BackendReport, type Fault } from './protocol.ts';
import { RunFault, type CreateRun, type RunRequest } from './loopParts.ts';

const references = referenceCache();
const calibrations = new Map<string, BackendReport>();
/** Updates between two synchronisations while measuring, so that a GPU's queue is used. */
const UPDATES_AT_ONCE = 4;
const enough = (elapsed: number, batches: number) =>
  elapsed >= 10 * CALIBRATION_MS || (elapsed >= CALIBRATION_MS && batches >= 8);

/** The loop's `createRun` on real backends. */
export const createEngineRun: CreateRun = async (request) => {
  const experiments = [request.experiment, ...request.others];
  for (const experiment of experiments) {
    const unsupported = supportProblem(experiment);
    if (unsupported) throw new RunFault('internal', unsupported, null);
  }
  const prepared: Prepared[] = [];
  for (const experiment of experiments) prepared.push(await withReference(request, experiment));
  const report = await calibrated(request, prepared);
  const backend = report.name;
  request.onBackend(report);
  await switchBackend(backend);
  // Only now, and only for a GPU that trains: a device that was opened to be measured may go without harm.
  onDeviceFault((fault) => { if (backend === 'webgpu') request.onFault(deviceSentence(fault)); });
  return engineRun(await createRuns(prepared), experiments, backend);
};

/** One run of all of them; nothing is left behind when one cannot be made. */
async function createRuns(prepared: readonly Prepared[]): Promise<Run> {
  const runs: Run[] = [];
  try {
    for (const one of prepared) runs.push(await createRun(one));
  } catch (error) {
    for (const run of runs) run.dispose();
    throw error;
  }
  return combineRuns(runs);
}

async function calibrated(request: RunRequest, prepared: readonly Prepared[]): Promise<BackendReport> {
  const { experiment, others, backend } = request;
  const { world, policy, preferences, seeds, sweep, algorithm, optimizer } = experiment;
  const key = JSON.stringify([backend, world, policy, preferences, seeds.length, sweep, { ...algorithm, beta: 0 }, optimizer.kind,
    experiment.rewardModel?.kind, others.map((other) => ({ ...other.algorithm, beta: 0 }))]);
  const known = calibrations.get(key);
  if (known) return known;
  const report = await chooseBackend(backend, {
    candidates: () => Promise.all(BACKENDS.map(async (name) => ({ name, ...await availability(name) }))),
    async measure(name) {
      if (request.isStale()) throw new Error('replaced by a newer run');
      await request.onProgress({ stage: 'backend', done: BACKENDS.indexOf(name) / BACKENDS.length, detail: msg`measuring ${BACKEND_LABELS[name]} on this machine` });
      return measureBackend(name, prepared);
    },
  }).catch((error: Error) => { throw new RunFault('backend-failed', error.message, backend === 'wasm' ? 'cpu' : 'wasm'); });
  // A run replaced half-way has measured some backends only.
  if (!request.isStale()) calibrations.set(key, report);
  return report;
}

/**
 * Updates per second of this very population: the best few updates within about 50 ms, because the
 * browser still compiles code (and shaders) during the first ones. A machine that is busy with
 * something else gets more time, up to ten times as much.
 */
async function measureBackend(name: BackendName, prepared: readonly Prepared[]): Promise<number> {
  await switchBackend(name);
  let fault: DeviceFault | null = null;
  onDeviceFault((found) => { fault ??= found; });
  const run = await createRuns(prepared);
  try {
    await run.update();
    await run.sync();
    const begin = performance.now();
    let best = Infinity;
    for (let batch = 0; !enough(performance.now() - begin, batch); batch++) {
      const from = performance.now();
      for (let i = 0; i < UPDATES_AT_ONCE; i++) await run.update();
      await run.sync();
      best = Math.min(best, (performance.now() - from) / UPDATES_AT_ONCE);
    }
    if (fault) throw new Error((fault as DeviceFault).message.split('\n')[0]);
    return 1000 / best;
  } finally {
    run.dispose();
  }
}

/**
 * The reference is fitted on the processor whatever backend trains: so a seed has the same π_ref
 * on every backend, and a fit of a thousand tiny updates does not wait for a GPU.
 */
async function withReference(request: RunRequest, experiment: Experiment): Promise<Prepared> {
  const { available } = await availability('wasm');
  await switchBackend(available ? 'wasm' : 'cpu');
  return prepareRun(experiment, references, async (progress) => {
    if (request.isStale()) throw new Error('replaced by a newer run');
    if (progress.stage === 'reward-model') {
      const { step, steps, logLikelihood } = progress;
      await request.onProgress({ stage: 'reward-model', done: step / steps, detail: msg`fitting the reward model: update ${step} of ${steps}, log-likelihood ${logLikelihood.toPrecision(3)}` });
      return;
    }
    const { update, worstKl } = progress;
    // A guess for the progress bar: from the start's KL of about 10 to the target are 3.7 powers of ten.
    const done = Math.max(0.02, Math.min(0.98, 1 - Math.log10(worstKl / FIT.targetKl) / 3.7));
    await request.onProgress({ stage: 'reference', done, detail: msg`fitting π_ref: update ${update} of at most ${FIT.updates}, KL ${worstKl.toPrecision(2)} (ends below ${FIT.targetKl})` });
  });
}

function deviceSentence({ kind, message }: DeviceFault): Pick<Fault, 'kind' | 'sentence' | 'nextBackend'> {
  const sentence = kind === 'device-lost'
    ? msg`The graphics device was lost (${message}); the run stopped at its last good state.`
    : msg`The graphics device reported an error (${message.split('\n')[0]}); numbers after it cannot be trusted, so the run stopped.`;
  return { kind, sentence, nextBackend: 'wasm' };
}
