/**
 * Makes runs for the worker's loop: backend, reference, trainer, and what to say when numbers break.
 */
import type { Experiment } from '../experiment.ts';
import { supportProblem } from '../experimentSchema.ts';
import { prepareRun, referenceCache, type Prepared } from '../prepare.ts';
import { methodOf } from '../methods.ts';
import { createRun, logMeanExp, meanOf, membersOfFocus, type Measurement, type Run } from '../run.ts';
import { combineRuns, duelsOf } from '../sideBySide.ts';
import { FIT } from '../trainers/referenceFit.ts';
import { availability, onDeviceFault, switchBackend, type DeviceFault } from './backend.ts';
import { BACKEND_LABELS, CALIBRATION_MS, chooseBackend } from './calibrate.ts';
import { BACKENDS, type BackendName, type BackendReport, type Fault, type Snapshot } from './protocol.ts';
import { RunFault, type CreateRun, type EngineRun, type RunRequest } from './loopParts.ts';

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
      await request.onProgress({ stage: 'backend', done: BACKENDS.indexOf(name) / BACKENDS.length, detail: `measuring ${BACKEND_LABELS[name]} on this machine` });
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
      await request.onProgress({ stage: 'reward-model', done: step / steps, detail: `fitting the reward model: update ${step} of ${steps}, log-likelihood ${logLikelihood.toPrecision(3)}` });
      return;
    }
    const { update, worstKl } = progress;
    // A guess for the progress bar: from the start's KL of about 10 to the target are 3.7 powers of ten.
    const done = Math.max(0.02, Math.min(0.98, 1 - Math.log10(worstKl / FIT.targetKl) / 3.7));
    await request.onProgress({ stage: 'reference', done, detail: `fitting π_ref: update ${update} of at most ${FIT.updates}, KL ${worstKl.toPrecision(2)} (ends below ${FIT.targetKl})` });
  });
}

function deviceSentence({ kind, message }: DeviceFault): Pick<Fault, 'kind' | 'sentence' | 'nextBackend'> {
  const sentence = kind === 'device-lost'
    ? `The graphics device was lost (${message}); the run stopped at its last good state.`
    : `The graphics device reported an error (${message.split('\n')[0]}); numbers after it cannot be trusted, so the run stopped.`;
  return { kind, sentence, nextBackend: 'wasm' };
}

/** Whose numbers broke, and at which learning rate: "3 of 8 policies stopped being finite, at learning rate 1". */
function brokenWords(experiments: readonly Experiment[], notFinite: readonly number[], policies: number, learningRate: number): string {
  if (experiments.length === 1) {
    const rate = experiments[0].sweep?.learningRate ? 'their learning rates' : `learning rate ${learningRate}`;
    return `${policies === 1 ? 'the policy' : `${notFinite.length} of ${policies} policies`} stopped being finite, at ${rate}`;
  }
  const broken = experiments.flatMap((experiment, a) => {
    const { length } = experiment.seeds;
    const count = notFinite.filter((r) => Math.floor(r / length) === a).length;
    return count === 0 ? [] : [`${methodOf(experiment)?.label ?? experiment.algorithm.kind} (${count} of ${length} seeds, learning rate ${experiment.optimizer.learningRate})`];
  });
  return `${broken.join(' and ')} stopped being finite`;
}

function engineRun(run: Run, experiments: readonly Experiment[], backend: BackendName): EngineRun {
  const [experiment] = experiments;
  const { world, rewards } = run.prepared;
  let lastGood: Snapshot | null = null;
  let { learningRate } = experiment.optimizer;

  /** Goes back to the last finite state by bisection; a run repeats itself bit for bit. */
  async function explainBreak(broken: Measurement): Promise<{ good: Measurement; sentence: string }> {
    let low = lastGood!;
    let high = broken;
    if (high.step === 0) {
      return { good: broken, sentence: 'The loss is not finite at update 0 already, before any update was made: these settings are beyond what float32 can hold.' };
    }
    while (high.step - low.step > 1) {
      const middle = Math.floor((low.step + high.step) / 2);
      run.restore(low);
      while (run.step < middle) await run.update(); // judged batches of a replay are the same ones again
      const measured = await run.measure();
      if (measured.notFinite.length > 0) high = measured;
      else low = await run.snapshot();
    }
    run.restore(low);
    lastGood = low;
    return {
      good: await run.measure(),
      sentence: `At update ${high.step} the numbers of ${brokenWords(experiments, high.notFinite, broken.logps.length, learningRate)}. `
        + `What you see is update ${low.step}, the last finite state; start over, for example with a smaller learning rate.`,
    };
  }

  return {
    get step() { return run.step; },
    totalSteps: run.totalSteps,
    update: () => run.update(),
    sync: () => run.sync(),
    async frame(focus) {
      let measured = await run.measure();
      let notFinite: string | null = null;
      if (measured.notFinite.length > 0) {
        const { good, sentence } = await explainBreak(measured);
        measured = good;
        notFinite = sentence;
      }
      const { step, metrics, logps, scores, iterations } = measured;
      const shown = membersOfFocus(experiment, focus);
      return {
        step, metrics, notFinite,
        logps: logMeanExp(shown.map((r) => logps[r])),
        scores: scores && meanOf(shown.map((r) => scores[r])),
        judged: run.takeJudged(),
        iteration: iterations[shown[0]] ?? null,
        duels: experiments.length > 1 && rewards ? duelsOf(world, logps, rewards, experiment.seeds, step) : null,
      };
    },
    ...(backend === 'webgpu' ? {} : {
      async point() {
        const { step, metrics, notFinite } = await run.measure();
        return notFinite.length > 0 ? null : { step, metrics };
      },
    }),
    view: (focus) => run.view(focus),
    retune(knobs) {
      for (const key of ['beta', 'learningRate'] as const) {
        if (knobs[key] !== undefined && experiment.sweep?.[key]) {
          return `${key === 'beta' ? 'β' : 'The learning rate'} is swept in this run, so it cannot be changed while it runs.`;
        }
      }
      run.retune(knobs);
      learningRate = knobs.learningRate ?? learningRate;
      return null;
    },
    async snapshot() {
      const snapshot = await run.snapshot();
      // Updates that no frame has looked at yet may have broken: a run goes back to finite numbers only.
      if (lastGood && !snapshot.tensors.every(({ data }) => data.every(Number.isFinite))) return lastGood;
      return lastGood = snapshot;
    },
    restore(snapshot) {
      lastGood = snapshot;
      run.restore(snapshot);
    },
    dispose: () => run.dispose(),
  };
}
