/** What the presets of chapter 2 say they show, over all their seeds. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { threeAnswersDear } from '../src/sim/presets/three-answers-dear.ts';
import { threeAnswers } from '../src/sim/presets/three-answers.ts';
import { twoQuestions } from '../src/sim/presets/two-questions.ts';
import type { Measurement } from '../src/sim/run.ts';
import { nodeOf, promptOf, type World } from '../src/sim/world.ts';
import { startRun, switchBackend } from './product.ts';

beforeAll(() => switchBackend('wasm'));

/** J's rounding in float32 is that of the parameters: a millionth. */
const ROUNDING = 1e-6;

interface Trained { world: World; refLogps: Float64Array[]; points: Measurement[]; last: Measurement }

/** Measured at every update. */
async function trained(experiment: Experiment): Promise<Trained> {
  const run = await startRun(experiment);
  const points = [await run.measure()];
  while (run.step < experiment.steps) {
    await run.update();
    points.push(await run.measure());
  }
  const { world } = run.prepared;
  const refLogps = run.refLogps.map((own) => own.slice());
  run.dispose();
  return { world, refLogps, points, last: points[points.length - 1] };
}

const valuesOf = ({ metrics, logps }: Measurement, id: MetricId) => Array.from(metrics.subarray(metricIndex(id) * logps.length, (metricIndex(id) + 1) * logps.length));

/** J rises at every update of every seed until it is at its best. */
function expectRising({ points }: Trained): void {
  const values = points.map((point) => valuesOf(point, 'objective'));
  const best = valuesOf(points[0], 'objective/optimal');
  values.slice(1).forEach((now, i) => now.forEach((value, r) => {
    const before = values[i][r];
    if (best[r] - before > ROUNDING) expect(value, `seed ${r}, update ${i + 1}`).toBeGreaterThan(before);
    else expect(best[r] - value, `seed ${r}, update ${i + 1}`).toBeLessThan(ROUNDING);
  }));
}

function expectAtOptimum({ last }: Trained): void {
  for (const kl of valuesOf(last, 'klToOptimal')) expect(kl).toBeLessThanOrEqual(1e-3);
}

/** Text of the likeliest response to a prompt. */
function likeliest(world: World, logps: Float64Array, prompt: number): number {
  let best = -1;
  logps.forEach((logp, y) => { if (promptOf(world, y) === prompt && (best < 0 || logp > logps[best])) best = y; });
  return best;
}

describe('three answers', () => {
  it('J rises at every update and ends at π*, where “yes” has 73 % and not everything', async () => {
    const result = await trained(threeAnswers.experiment);
    expectRising(result);
    expectAtOptimum(result);
    for (const logps of result.last.logps) expect(Math.exp(logps[nodeOf(result.world, 0, 'yes')])).toBeCloseTo(0.73, 2);
  });

  it.each([0.01, 0.1, 1, 3])('J rises at every update at β = %f of the slider too', async (beta) => {
    const { experiment } = threeAnswers;
    expectRising(await trained({ ...experiment, algorithm: { ...experiment.algorithm, beta } }));
  });
});

describe('two questions', () => {
  it('J rises at every update, and each prompt ends at its own π* with its own favourite', async () => {
    const result = await trained(twoQuestions.experiment);
    const { world } = result;
    expect(world.responseCount).toBe(312);
    expectRising(result);
    expectAtOptimum(result);
    for (const logps of result.last.logps) {
      expect(likeliest(world, logps, 0)).toBe(nodeOf(world, 0, 'on the mat'));
      expect(likeliest(world, logps, 1)).toBe(nodeOf(world, 1, 'on a mat'));
    }
  });
});

describe('three answers at a high price', () => {
  it('J rises to π* and the policy never leaves 0.003 nats around the reference, “no” staying first', async () => {
    const result = await trained(threeAnswersDear.experiment);
    expectRising(result);
    expectAtOptimum(result);
    for (const point of result.points) for (const kl of valuesOf(point, 'kl')) expect(kl).toBeLessThan(0.003);
    expect(valuesOf(result.last, 'kl')[0]).toBeGreaterThan(0.002);
    for (const logps of result.last.logps) expect(likeliest(result.world, logps, 0)).toBe(nodeOf(result.world, 0, 'no'));
  });
});
