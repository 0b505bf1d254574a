/** The fit of a reward model before training: what it keeps, what it never sees, who asks for it, what it learns of length. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { prepareRun, referenceCache, type PreparationProgress } from '../src/sim/prepare.ts';
import type { Measurement } from '../src/sim/run.ts';
import { fitRewardModel } from '../src/sim/trainers/rewardModel.ts';
import { responseText } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { farthest, prepare, startRun, switchBackend } from './product.ts';

const FILE = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x', 'y'] },
  reference: { kind: 'unigram', wordWeights: [2, 1, 1], stop: 0.3 },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  preferences: { sampled: { count: 40 } },
  policy: { kind: 'tabular' },
  algorithm: { kind: 'reward-model', beta: 0.5 },
  seeds: [0, 1, 2],
};
const KINDS = ['table', 'linear', 'mlp'] as const;

const make = (overrides: Record<string, unknown>): Experiment => experimentOf({ ...FILE, ...overrides });
const value = ({ metrics, logps }: Measurement, id: MetricId, r = 0): number => metrics[metricIndex(id) * logps.length + r];

describe('the fit before training', () => {
  beforeAll(() => switchBackend('wasm'));
  const asked = { preferences: { sampled: { count: 12 } }, algorithm: { kind: 'ppo', reward: 'reward-model' } };
  const spec = { steps: 150, learningRate: 0.05, normalise: true, earlyStop: true };

  it.each(KINDS)('%s: keeps the first step with the best held-out log-likelihood, of each policy', async (kind) => {
    const fitted = await prepare(make({ ...asked, rewardModel: { ...spec, kind } }));
    const last = await prepare(make({ ...asked, rewardModel: { ...spec, kind, earlyStop: false } }));
    // The same fit as a run, looked at after every update.
    const run = await startRun(make({ ...asked, algorithm: FILE.algorithm, optimizer: { kind: 'adam', learningRate: 0.05 }, rewardModel: { ...spec, kind } }));
    const seen: Measurement[] = [];
    for (let step = 0; step <= spec.steps; step++) {
      seen.push(await run.measure());
      await run.update();
    }
    run.dispose();
    fitted.rewardModel!.curves.forEach((curve, r) => {
      const held = seen.map((measured) => value(measured, 'rm/heldOutLogLikelihood', r));
      const best = held.indexOf(Math.max(...held));
      expect(curve.keptStep).toBe(best);
      expect(best, 'overfits before the end').toBeLessThan(spec.steps);
      expect(farthest(fitted.rewardModel!.scores[r], seen[best].scores![r])).toBe(0);
      expect(curve.scale).toBe(value(seen[best], 'rm/scale', r));
      expect(curve.lengthCoefficient).toBe(value(seen[best], 'rm/lengthCoefficient', r));
      expect(curve.logLikelihood).toEqual(curve.steps.map((step) => value(seen[step], 'rm/logLikelihood', r)));
      expect(curve.heldOutAccuracy).toEqual(curve.steps.map((step) => value(seen[step], 'rm/heldOutAccuracy', r)));
      expect([curve.steps[0], curve.steps.at(-1)]).toEqual([0, spec.steps]);
      expect(last.rewardModel!.curves[r].keptStep).toBe(spec.steps);
      expect(farthest(last.rewardModel!.scores[r], seen[spec.steps].scores![r])).toBe(0);
    });
  });

  it.each(KINDS)('%s: does not train on held-out pairs', async (kind) => {
    const prepared = await prepare(make({ ...asked, rewardModel: { ...spec, kind, earlyStop: false } }));
    const { world, members, pairs, heldOut, refLogps, rewards } = prepared;
    const parts = { world, members, seeds: FILE.seeds, pairs, refLogps, rewards, spec: { ...spec, kind, earlyStop: false, normalise: false } };
    const swapped = { ...heldOut!, pairs: heldOut!.pairs.map((pair) => ({ ...pair, chosen: pair.rejected, rejected: pair.chosen })) };
    const [without, withPairs, withOthers] = await Promise.all([null, heldOut, swapped].map((own) => fitRewardModel({ ...parts, heldOut: own }, () => {})));
    withPairs.scores.forEach((scores, r) => {
      expect(farthest(scores, withOthers.scores[r])).toBe(0);
      expect(farthest(scores, without.scores[r])).toBeLessThan(1e-5);
      const held = [withPairs, withOthers].map(({ curves }) => curves[r].heldOutLogLikelihood.at(-1)!);
      expect(held[0]).not.toBe(held[1]);
      expect(without.curves[r].heldOutLogLikelihood).toEqual([]);
    });
    expect(heldOut!.pairs.map(({ chosen }) => responseText(world, chosen))).not.toEqual(pairs.pairs.map(({ chosen }) => responseText(world, chosen)));
  });

  it('is made for a judge and for a reward that ask, and only for these; given pairs run to the last step', async () => {
    const progress: PreparationProgress[] = [];
    const preferences = { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }, { prompt: 1, chosen: 'cat', rejected: '' }] };
    for (const algorithm of [{ kind: 'ppo', reward: 'reward-model' }, { kind: 'online-dpo', judge: 'reward-model' }]) {
      const { rewardModel, heldOut, members, world } = await prepareRun(make({ preferences, algorithm }), referenceCache(1), (now) => { progress.push(now); });
      expect(heldOut).toBeNull();
      expect(rewardModel!.scores.map(({ length }) => length)).toEqual(members.map(() => world.responseCount));
      expect(rewardModel!.curves.map(({ keptStep, accuracy }) => [keptStep, accuracy.at(-1)])).toEqual(members.map(() => [300, 1]));
    }
    const steps = progress.filter((now) => now.stage === 'reward-model');
    expect(steps.at(-1)).toMatchObject({ step: 300, steps: 300 });
    expect(steps.at(-1)!.logLikelihood).toBeGreaterThan(steps[0].logLikelihood);
    for (const algorithm of [{ kind: 'ppo' }, { kind: 'online-dpo' }, { kind: 'dpo' }, FILE.algorithm]) {
      expect((await prepare(make({ preferences, algorithm }))).rewardModel).toBeNull();
    }
  });

  // EXPERIMENTS: a word more is worth b to the annotator. Measured over seeds 0..7: within 0.033 of b for linear (0.034 mlp).
  it.each([0, 0.3, 0.6])('a linear model learns the annotator’s length bias %f', async (lengthBias) => {
    const { rewardModel } = await prepare(experimentOf({
      world: { words: ['good', 'ok', 'bad', 'very'], maxLength: 5, prompts: ['How was it?'] },
      reference: { kind: 'unigram', wordWeights: [0.25, 0.35, 0.25, 0.15], stop: 0.35 },
      gold: { containsWord: { good: 1 }, perWord: { bad: -1 } },
      preferences: { sampled: { count: 4000, lengthBias } },
      policy: { kind: 'tabular' }, algorithm: { kind: 'ppo', reward: 'reward-model' }, rewardModel: { kind: 'linear' }, seeds: [0, 1, 2, 3],
    }));
    rewardModel!.curves.forEach(({ lengthCoefficient, scale, accuracy, heldOutAccuracy }) => {
      expect(Math.abs(lengthCoefficient - lengthBias)).toBeLessThan(0.05);
      expect(scale).toBeGreaterThan(0.5);
      expect(Math.abs(accuracy.at(-1)! - heldOutAccuracy.at(-1)!)).toBeLessThan(0.05);
    });
  });
});
