/** Every loss and its gradient, on cpu and wasm, against central finite differences of the float64 oracle. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';
import { populationOf, type DpoLossName, type Experiment } from '../src/sim/experiment.ts';
import { logSigmoid } from '../src/sim/losses/logSigmoid.ts';
import { tabularGradients } from './gradients.ts';
import { alone, experimentWith, pointsOf, withTerms } from './lossCases.ts';
import { lossAndGradient, logProbs, oracleProblem, type OracleProblem } from './oracle/float64.ts';
import { WORLDS } from './oracle/worlds.ts';
import { experimentOf } from './experimentOf.ts';
import { BACKENDS, farthest, switchBackend } from './product.ts';

const STEP = 1e-5;
/** Relative to the largest component, or to 1. Measured: 6e-7 in losses, 1e-6 in gradients. */
const TOLERANCE = 2e-6;

/** Gradient of the oracle's loss by central finite differences; its own analytic gradient is not used. */
function finiteDifferences(problem: OracleProblem, logits: readonly number[]): number[] {
  return logits.map((_, i) => {
    const at = (shift: number) => lossAndGradient(problem, logits.map((value, j) => (j === i ? value + shift : value))).loss;
    return (at(STEP) - at(-STEP)) / (2 * STEP);
  });
}

const largest = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Product and finite differences of the oracle agree, in loss and gradient, for every policy of the population. */
async function expectGradients(experiment: Experiment): Promise<void> {
  const points = pointsOf(experiment);
  const own = await tabularGradients(experiment, points);
  populationOf(experiment).forEach(({ swept }, r) => {
    const problem = oracleProblem(experiment, swept);
    const expected = finiteDifferences(problem, points[r]);
    const size = largest(expected);
    expect(size, 'a point with a gradient').toBeGreaterThan(1e-3);
    const { loss } = lossAndGradient(problem, points[r]);
    expect(Math.abs(own.loss[r] - loss) / Math.max(1, Math.abs(loss)), `loss ${JSON.stringify(swept)}`).toBeLessThan(TOLERANCE);
    expect(farthest(own.gradients[r], expected) / Math.max(1, size), `gradient ${JSON.stringify(swept)}`).toBeLessThan(TOLERANCE);
  });
}

describe.each(BACKENDS)('gradients on %s', (backend) => {
  it.each(DPO_LOSSES)('%s alone', async (loss) => {
    await switchBackend(backend);
    await expectGradients(alone(loss));
  });

  it.each(DPO_LOSSES)('%s with NLL and KL terms', async (loss) => {
    await switchBackend(backend);
    await expectGradients(withTerms(loss));
  });

  it('the exact objective', async () => {
    await switchBackend(backend);
    await expectGradients(experimentWith({ kind: 'exact' }, { beta: [0.05, 0.5, 2] }));
    await expectGradients(experimentWith({ kind: 'exact' }, { beta: [0.5] }, 'long shared prefixes'));
  });

  it('log σ and its slope are accurate for |z| up to 100', async () => {
    await switchBackend(backend);
    const z = Array.from({ length: 801 }, (_, i) => (i - 400) / 4).map(Math.fround);
    const input = tf.tensor1d(z);
    const value = await logSigmoid(input).data();
    // The input is computed, as in DPO: tf.logSigmoid itself throws here (tfjs 4.22).
    const slope = await tf.grad((x) => tf.sum(logSigmoid(tf.mul(x, 1))))(input).data();
    z.forEach((x, i) => {
      const truth = x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
      const truthSlope = x >= 0 ? Math.exp(-x) / (1 + Math.exp(-x)) : 1 / (1 + Math.exp(x));
      expect(Math.abs(value[i] - truth), `log σ(${x})`).toBeLessThanOrEqual(2.5e-7 * Math.max(1, Math.abs(truth)));
      expect(Math.abs(slope[i] - truthSlope), `slope at ${x}`).toBeLessThanOrEqual(2.5e-7);
    });
  });

  it('tf.logSigmoid still has no usable gradient: when this fails, src/sim/losses/logSigmoid.ts can go', async () => {
    await switchBackend(backend);
    expect(() => tf.grad((x) => tf.sum(tf.logSigmoid(tf.mul(x, 2))))(tf.tensor1d([1]))).toThrow(/Cannot read properties of undefined/);
  });

  it('length regularisation: a longer winner gets a smaller gradient, a shorter one a larger', async () => {
    await switchBackend(backend);
    const size = async (chosen: string, rejected: string): Promise<number[]> => {
      const experiment = experimentOf({
        ...WORLDS['two prompts with prefixes'], preferences: { pairs: [{ prompt: 0, chosen, rejected }] },
        policy: { kind: 'tabular' }, algorithm: { kind: 'dpo', beta: 0.5 }, sweep: { lengthAlpha: [0, 0.5] }, seeds: [0],
      });
      return (await tabularGradients(experiment, pointsOf(experiment).map((_, __, all) => all[0]))).gradients.map(largest);
    };
    const [plain, regularised] = await size('no never', 'yes');
    expect(regularised).toBeLessThan(0.9 * plain);
    const [plainShort, regularisedShort] = await size('yes', 'no never');
    expect(regularisedShort).toBeGreaterThan(1.1 * plainShort);
  });

  it('DPOP at its kink: at the reference the penalty contributes no gradient', async () => {
    await switchBackend(backend);
    const at = async (loss: string, dpopLambda: number) => {
      const experiment = experimentOf({ ...WORLDS['two prompts with prefixes'], policy: { kind: 'tabular' }, algorithm: { kind: 'dpo', loss, beta: 0.5, dpopLambda }, seeds: [0] });
      return tabularGradients(experiment, [Array.from(oracleProblem(experiment).refLogits)]);
    };
    const plain = await at('sigmoid', 50);
    const penalised = await at('dpop', 50);
    expect(largest(plain.gradients[0])).toBeGreaterThan(0.01);
    expect(farthest(penalised.gradients[0], plain.gradients[0])).toBeLessThan(1e-7);
    expect(penalised.loss[0]).toBeCloseTo(Math.LN2, 6);
  });
});

describe('the points the gradients are tested at', () => {
  const pairsAt = (loss: DpoLossName) => {
    const experiment = alone(loss);
    return populationOf(experiment).flatMap(({ swept }, r) => {
      const { space, refLogps, pairs, knobs } = oracleProblem(experiment, swept);
      const logps = logProbs(space, pointsOf(experiment)[r]).responses;
      return pairs.map(({ chosen, rejected }) => {
        const a = logps[chosen] - refLogps[chosen];
        return { a, z: knobs.beta * (a - logps[rejected] + refLogps[rejected]) };
      });
    });
  };

  it('lie on both sides of the kinks of hinge and dpop, and not on them', () => {
    const hinge = pairsAt('hinge').map(({ z }) => 1 - z);
    const dpop = pairsAt('dpop').map(({ a }) => a);
    for (const distances of [hinge, dpop]) {
      expect(distances.some((d) => d > 0) && distances.some((d) => d < 0)).toBe(true);
      expect(Math.min(...distances.map(Math.abs))).toBeGreaterThan(100 * STEP);
    }
  });

  it('the oracle\'s analytic gradients agree with its finite differences', () => {
    for (const loss of DPO_LOSSES) {
      const experiment = withTerms(loss);
      const [point] = pointsOf(experiment);
      const problem = oracleProblem(experiment, populationOf(experiment).at(-1)!.swept);
      expect(farthest(lossAndGradient(problem, point).gradient, finiteDifferences(problem, point)), loss).toBeLessThan(1e-8);
    }
  });
});
