/** The claims of chapter 3's presets, over their own eight seeds. */
import { beforeAll, describe, expect, it } from 'vitest';
import { optimalPolicy } from '../src/sim/exact/optimal.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { everyPair, everyPairNeural, TEA_REWARDS } from '../src/sim/presets/every-pair.ts';
import { GENEROSITY, generousPrompt } from '../src/sim/presets/generous-prompt.ts';
import { implicitReward } from '../src/sim/presets/implicit-reward.ts';
import { theTheThe } from '../src/sim/presets/the-the-the.ts';
import type { Measurement, Run } from '../src/sim/run.ts';
import { nodeOf, promptOf } from '../src/sim/world.ts';
import { startRun, switchBackend, train } from './product.ts';

const cache = referenceCache(8);
beforeAll(() => switchBackend('wasm'));

const valuesOf = ({ metrics, logps }: Measurement, id: MetricId) => Array.from(metrics.subarray(metricIndex(id) * logps.length, (metricIndex(id) + 1) * logps.length));

interface Trained {
  run: Run;
  end: Measurement;
  /** r̂ of every response, of every policy. */
  implicit: Float64Array[];
  /** β·log Z of every prompt, of every policy. */
  offsets: number[][];
}

async function trained(experiment: Experiment): Promise<Trained> {
  const run = await startRun(experiment, cache);
  await train(run, experiment.steps);
  const end = await run.measure();
  const { beta } = experiment.algorithm;
  const { world, rewards } = run.prepared;
  return {
    run, end,
    implicit: end.logps.map((logps, r) => logps.map((logp, y) => beta * (logp - run.refLogps[r][y]))),
    offsets: run.refLogps.map((refLogps) => Array.from(optimalPolicy(world, refLogps, rewards!, beta).logZ, (logZ) => beta * logZ)),
  };
}

/** The farthest that a response of a policy lies from the line of its prompt, r = r̂ + β·log Z. */
const farthest = ({ run: { prepared: { world, rewards } }, implicit, offsets }: Trained) => implicit.map((own, r) =>
  Math.max(...own.map((value, y) => Math.abs(rewards![y] - value - offsets[r][promptOf(world, y)]))));

describe.each([everyPair, everyPairNeural])('$id', ({ experiment }) => {
  it('compares every two responses, and in every seed each ends on the line, far from which it began', async () => {
    expect('pairs' in experiment.preferences && experiment.preferences.pairs.length).toBe(13 * 12);
    const before = await startRun(experiment, cache);
    const { world, rewards } = before.prepared;
    expect(world.responseCount).toBe(Object.keys(TEA_REWARDS).length);
    const beginning = optimalPolicy(world, before.refLogps[0], rewards!, experiment.algorithm.beta).logZ[0] * experiment.algorithm.beta;
    expect(Math.max(...rewards!.map((r) => Math.abs(r - beginning)))).toBeGreaterThan(2);
    before.dispose();
    const result = await trained(experiment);
    result.run.dispose();
    const off = farthest(result);
    expect(off).toHaveLength(8);
    // Measured: 1.5e-6 at most.
    expect(Math.max(...off)).toBeLessThan(1e-4);
    expect(Math.max(...valuesOf(result.end, 'klToOptimal'))).toBeLessThan(1e-8);
  });
});

describe('one pair compared', () => {
  it('is the run of “the the the”; in every seed the gap ends beyond four times the true one and “the the the” has the highest implicit reward', async () => {
    expect({ ...implicitReward.experiment, name: '' }).toEqual({ ...theTheThe.experiment, name: '' });
    const result = await trained(implicitReward.experiment);
    const { world, rewards } = result.run.prepared;
    result.run.dispose();
    const [chosen, rejected, the] = ['on the mat', 'on a mat', 'the the the'].map((text) => nodeOf(world, 0, text));
    expect(rewards![chosen] - rewards![rejected]).toBe(1);
    expect(result.implicit).toHaveLength(8);
    result.implicit.forEach((own, r) => {
      // Measured: 4.15 to 5.31.
      expect(own[chosen] - own[rejected], `seed ${r}`).toBeGreaterThan(4);
      expect(own.indexOf(Math.max(...own)), `seed ${r}`).toBe(the);
      expect(rewards![the]).toBeLessThan(rewards![rejected]);
    });
  });
});

describe('a prompt where all is worth more', () => {
  let result: Trained;
  beforeAll(async () => { result = await trained(generousPrompt.experiment); });

  it('in every seed ends on two lines that far apart, with the same implicit rewards', () => {
    const { run: { prepared: { world, rewards } }, implicit, offsets } = result;
    expect(implicit).toHaveLength(8);
    expect(Math.max(...farthest(result))).toBeLessThan(0.02);
    implicit.forEach((own, r) => {
      expect(Math.abs(offsets[r][1] - offsets[r][0] - GENEROSITY), `seed ${r}`).toBeLessThan(0.05);
      for (const text of Object.keys(TEA_REWARDS)) {
        const [first, second] = [nodeOf(world, 0, text), nodeOf(world, 1, text)];
        expect(rewards![second] - rewards![first]).toBeCloseTo(GENEROSITY, 12);
        expect(Math.abs(own[second] - own[first]), `seed ${r}, ${text}`).toBeLessThan(0.05);
      }
    });
  });

  it('nothing in the loss sees it: the very same training comes of rewards without it', async () => {
    const { gold, ...rest } = generousPrompt.experiment;
    const responses = gold!.responses.map((entry) => ({ ...entry, reward: entry.reward - (entry.prompt === 1 ? GENEROSITY : 0) }));
    const plain = await trained({ ...rest, gold: { ...gold!, responses } });
    plain.run.dispose();
    expect(plain.end.logps).toEqual(result.end.logps);
    expect(valuesOf(plain.end, 'loss')).toEqual(valuesOf(result.end, 'loss'));
    plain.offsets.forEach((own, r) => { expect(result.offsets[r][1] - own[1]).toBeCloseTo(GENEROSITY, 10); });
    result.run.dispose();
  });
});
