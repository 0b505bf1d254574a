/**
 * The engine tested on the reader's own machine, experiment and backend: is what the page draws what the formulas say?
 *
 * The gradient is read from the trainer itself: with SGD and rate 1 one update moves the parameters by
 * −gradient. It is compared with central differences of the loss that the same backend computes, tensor by tensor.
 */
import type { Experiment } from '../experiment.ts';
import { metricIndex } from '../metrics.ts';
import { msg } from '../msg.ts';
import { prepareRun, referenceCache, type Prepared } from '../prepare.ts';
import { randomAt, STREAM, threefry2x32 } from '../random.ts';
import { createRun, type Run } from '../run.ts';
import { GRADIENT_STEPS } from '../trainers/shared/trainer.ts';
import { BACKEND_LABELS } from './calibrate.ts';
import { onMessages, post, type MessageTarget, type Translate } from './endpoint.ts';
import type { BackendName, Snapshot } from './protocol.ts';
import type { SelfTestRequest, SelfTestRow } from './selfTestProtocol.ts';

/** Updates of the runs that are compared. */
const UPDATES = 20;
/** How far parameters are moved from the reference before the gradient is read: standard deviation. */
const NOISE = 0.1;
/** Relative difference that a gradient may have, the longest step of its differences, and float32's rounding of a number of size 1. */
const ALLOWED = 5e-3;
const LONGEST = 0.3;
const ROUNDING = 2 ** -24;

const references = referenceCache(1);

/** What the test needs of the backends (backend.ts; a test passes its own). */
export interface Backends {
  availability(name: BackendName): Promise<{ available: boolean; note: string }>;
  switchBackend(name: BackendName): Promise<void>;
  tensorCount(): number;
}

/** Answers one request after another. */
export function serveSelfTest(port: MessageTarget, backends: Backends): void {
  onMessages<SelfTestRequest | Translate>(port, (request) => {
    if (request.type === 'translate') return;
    const { experiment, backend } = request;
    runSelfTest(experiment, backend, backends, (row) => post(port, { type: 'self-test-row', row })).then(
      () => post(port, { type: 'self-test-done' }),
      (error: unknown) => post(port, { type: 'self-test-failed', message: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** Tests the engine; every row is told as soon as it is known. */
export async function runSelfTest(experiment: Experiment, backend: BackendName, backends: Backends, tell: (row: SelfTestRow) => void): Promise<void> {
  tell(generatorRow());
  const tested = testedExperiment(experiment);
  if (typeof tested === 'string') {
    tell(notRun(msg`gradient of the loss`, tested));
    return;
  }
  const prepared = await preparedOnProcessor(tested, backends);
  await backends.switchBackend(backend);
  const tensors = backends.tensorCount();
  tell(await gradientRow(prepared, backend));
  const first = await trained(prepared);
  const again = await trained(prepared);
  tell(row(msg`replay`, msg`${UPDATES} updates twice from the same start, parameters compared bit for bit.`, differing(first.bits, again.bits), 0, msg`on ${BACKEND_LABELS[backend]}`));
  if (!first.logps.every(Number.isFinite)) {
    tell(notRun(msg`probabilities`, msg`The run’s numbers stop being finite within ${UPDATES} updates, as they would on every backend.`));
    return;
  }
  tell(row(msg`probabilities`, msg`The probabilities of all responses of a prompt are added up.`, sumsOff(prepared, first.logps), 1e-12, msg`${prepared.world.responseCount} responses, in float64`));
  tell(row(msg`memory`, msg`Tensors alive after the runs, less those before.`, backends.tensorCount() - tensors, 0, msg`none may be left`));
  await tellAgreement(prepared, backend, backends, first, tell);
}

/** The experiment as it is tested: one seed, no sweep, the deterministic loss of its family; or why there is none. */
function testedExperiment(experiment: Experiment): Experiment | string {
  const { sweep: _one, ...rest } = experiment;
  const { algorithm } = experiment;
  const common = { ...rest, seeds: experiment.seeds.slice(0, 1), steps: UPDATES };
  if (algorithm.kind === 'dpo') return { ...common, algorithm: { ...algorithm, batch: 0 } };
  if (algorithm.kind === 'online-dpo' && 'pairs' in experiment.preferences) {
    const { beta, loss, labelSmoothing, lengthAlpha, dpopLambda, simpoGamma, nllWeight, klWeight } = algorithm;
    return { ...common, algorithm: { kind: 'dpo', beta, loss, labelSmoothing, lengthAlpha, dpopLambda, simpoGamma, nllWeight, klWeight, batch: 0 } };
  }
  if (!experiment.gold) return msg`Without given pairs and without a gold reward there is no loss that does not sample.`;
  return { ...common, algorithm: { kind: 'exact', beta: algorithm.beta } };
}

async function preparedOnProcessor(experiment: Experiment, backends: Backends): Promise<Prepared> {
  await backends.switchBackend((await backends.availability('wasm')).available ? 'wasm' : 'cpu');
  return prepareRun(experiment, references, () => {});
}

function row(name: string, how: string, off: number, allowed: number, note: string): SelfTestRow {
  return { name, how, off, allowed, verdict: off <= allowed ? 'pass' : 'fail', note };
}

function notRun(name: string, note: string): SelfTestRow {
  return { name, how: '', off: NaN, allowed: NaN, verdict: 'not-run', note };
}

/** Published known answers. Source: Salmon et al. 2011, Random123, kat_vectors of threefry2x32-20. */
const KNOWN_ANSWERS = [
  { key: [0, 0], counter: [0, 0], out: [0x6b200159, 0x99ba4efe] },
  { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], out: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], out: [0xc4923a9c, 0x483df7a0] },
] as const;

function generatorRow(): SelfTestRow {
  const wrong = KNOWN_ANSWERS.filter(({ key, counter, out }) => {
    const found = threefry2x32(key[0], key[1], counter[0], counter[1]);
    return found[0] !== out[0] || found[1] !== out[1];
  });
  return row(msg`random numbers`, msg`Threefry2x32-20 against the published known answers.`, wrong.length, 0, msg`${KNOWN_ANSWERS.length} answers, differing ones counted`);
}

type Tensors = Snapshot['tensors'];

/**
 * dL along the gradient of every parameter tensor, against central differences.
 *
 *   (4·D(ε/2) − D(ε))/3 = ⟨g_t, g_t⟩/|g_t| + O(ε⁴),   D(ε) = [L(θ + ε·u) − L(θ − ε·u)]/2ε,   u = g_t/|g_t|
 */
async function gradientRow(prepared: Prepared, backend: BackendName): Promise<SelfTestRow> {
  const run = await createRun({ ...prepared, experiment: { ...prepared.experiment, optimizer: { kind: 'sgd', learningRate: 1 } } });
  try {
    const random = randomAt(0, STREAM.initialisation);
    const start = (await run.snapshot()).tensors;
    const steps = start.filter(({ name }) => name === GRADIENT_STEPS);
    const at = start.filter(({ name }) => name !== GRADIENT_STEPS).map((tensor) => ({ ...tensor, data: tensor.data.map((value) => value + NOISE * random.normal()) }));
    const lossOf = (tensors: Tensors) => lossAt(run, [...tensors, ...steps]);
    const loss = await lossOf(at);
    await run.update();
    const after = (await run.snapshot()).tensors;
    const gradients = at.map(({ data }, t) => Float64Array.from(data, (value, i) => value - after[t].data[i]));
    const norms = gradients.map((gradient) => Math.hypot(...gradient));
    const largest = Math.max(...norms);
    if (LONGEST * largest * ALLOWED < 4 * ROUNDING * Math.abs(loss)) {
      return notRun(msg`gradient of the loss`, msg`With these settings the loss hardly depends on the parameters: its differences are lost in float32’s rounding.`);
    }
    let off = 0;
    for (let t = 0; t < at.length; t++) {
      if (norms[t] < 1e-3 * largest) continue; // its effect is below the rounding of the loss
      const slope = await slopeAlong(lossOf, at, t, gradients[t], norms[t], loss);
      off = Math.max(off, Math.abs(slope - norms[t]) / norms[t]);
      if (Number.isNaN(slope)) off = NaN;
    }
    return row(msg`gradient of the loss`, msg`The gradient that trains, against differences of the loss along it, tensor by tensor.`, off, ALLOWED,
      msg`${at.length} ${at.length === 1 ? msg`tensor` : msg`tensors`}, ${at.reduce((sum, { data }) => sum + data.length, 0)} parameters, on ${BACKEND_LABELS[backend]} in float32; relative`);
  } finally {
    run.dispose();
  }
}

/** Slope of the loss in the direction of tensor t's gradient, by central differences with one step of Richardson's. */
async function slopeAlong(lossOf: (tensors: Tensors) => Promise<number>, at: Tensors, t: number, gradient: Float64Array, norm: number, loss: number): Promise<number> {
  // Small enough for the curvature, large enough for float32's rounding of the loss.
  const step = Math.min(LONGEST, 0.003 * Math.max(Math.abs(loss), 0.05) / norm);
  const moved = (by: number): Tensors => at.map((tensor, i) => (i === t ? { ...tensor, data: tensor.data.map((value, j) => value + by * gradient[j] / norm) } : tensor));
  const central = async (by: number) => (await lossOf(moved(by)) - await lossOf(moved(-by))) / (2 * by);
  return (4 * await central(step / 2) - await central(step)) / 3;
}

async function lossAt(run: Run, tensors: Tensors): Promise<number> {
  run.restore({ step: 0, tensors });
  const { metrics } = await run.measure();
  return metrics[metricIndex('loss')];
}

interface Trained {
  bits: Tensors;
  /** log π(y|x), [Y]. */
  logps: Float64Array;
}

async function trained(prepared: Prepared): Promise<Trained> {
  const run = await createRun(prepared);
  try {
    for (let i = 0; i < UPDATES; i++) await run.update();
    return { bits: (await run.snapshot()).tensors, logps: (await run.measure()).logps[0] };
  } finally {
    run.dispose();
  }
}

function differing(a: Tensors, b: Tensors): number {
  return a.reduce((sum, { data }, t) => sum + data.reduce((count, value, i) => count + (Object.is(value, b[t].data[i]) ? 0 : 1), 0), 0);
}

/** Largest |Σ_y π(y|x) − 1|. */
function sumsOff({ world }: Prepared, logps: Float64Array): number {
  return Math.abs(logps.reduce((sum, logp) => sum + Math.exp(logp), 0) - world.promptCount) / world.promptCount;
}

async function tellAgreement(prepared: Prepared, backend: BackendName, backends: Backends, own: Trained, tell: (row: SelfTestRow) => void): Promise<void> {
  const other: BackendName = backend === 'cpu' ? 'wasm' : 'cpu';
  const name = msg`agreement with ${BACKEND_LABELS[other]}`;
  const { available, note } = await backends.availability(other);
  if (!available) {
    tell(notRun(name, note));
    return;
  }
  await backends.switchBackend(other);
  const { logps } = await trained(prepared);
  const off = own.logps.reduce((worst, logp, y) => Math.max(worst, Math.abs(Math.exp(logp) - Math.exp(logps[y]))), 0);
  tell(row(name, msg`The same ${UPDATES} updates on both, probabilities of all responses compared.`, off, 1e-4, msg`${BACKEND_LABELS[backend]} against ${BACKEND_LABELS[other]}, largest difference`));
}
