/** The claims of chapter 7's presets, over their own eight seeds. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { dpoLength } from '../src/sim/presets/dpo-length.ts';
import { ppoClip } from '../src/sim/presets/ppo-clip.ts';
import { ppoGold } from '../src/sim/presets/ppo-gold.ts';
import { ppoKlStrength } from '../src/sim/presets/ppo-kl-strength.ts';
import { ppoMoreCoverage } from '../src/sim/presets/ppo-more-coverage.ts';
import { ppoOnePair } from '../src/sim/presets/ppo-one-pair.ts';
import { lengthWords } from '../src/sim/sentences7.ts';
import type { Measurement } from '../src/sim/run.ts';
import { nodeOf } from '../src/sim/world.ts';
import { startRun, switchBackend, train } from './product.ts';

const cache = referenceCache(4);
beforeAll(() => switchBackend('wasm'));

const valuesOf = ({ metrics, logps }: Measurement, id: MetricId) => Array.from(metrics.subarray(metricIndex(id) * logps.length, (metricIndex(id) + 1) * logps.length));
const median = (values: readonly number[]) => { const sorted = values.toSorted((a, b) => a - b); return (sorted[3] + sorted[4]) / 2; };

async function trained(experiment: Experiment) {
  const run = await startRun(experiment, cache);
  const start = await run.measure();
  await train(run, experiment.steps);
  const end = await run.measure();
  run.dispose();
  return { world: run.prepared.world, start, end };
}

it('PPO on the true reward: within 0.1 nats of π* in every seed', async () => {
  const { start, end } = await trained(ppoGold.experiment);
  expect(valuesOf(end, 'klToOptimal')).toHaveLength(8);
  expect(Math.min(...valuesOf(start, 'klToOptimal')), 'far from it at the start').toBeGreaterThan(1);
  expect(Math.max(...valuesOf(end, 'klToOptimal'))).toBeLessThan(0.1);
  const best = valuesOf(end, 'optimal/goldReward');
  valuesOf(end, 'goldReward').forEach((reward, r) => { expect(reward).toBeGreaterThan(best[r] - 0.05); });
});

describe('long steps on the same answers', () => {
  /** Share of clipped tokens and distance from π* after every update, [updates][seeds]. */
  async function course(experiment: Experiment) {
    const run = await startRun(experiment, cache);
    const updates: { clipped: number[]; distance: number[] }[] = [];
    while (run.step < experiment.steps) {
      await train(run, 1);
      const now = await run.measure();
      updates.push({ clipped: valuesOf(now, 'policy/clipfrac_avg'), distance: valuesOf(now, 'klToOptimal') });
    }
    run.dispose();
    return updates;
  }
  const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
  const lastMean = (updates: Awaited<ReturnType<typeof course>>, s: number) => updates.slice(-20).reduce((sum, { distance }) => sum + distance[s] / 20, 0);

  it('the clip holds more than 5 % of the tokens in at least four of five updates, and keeps PPO nearer to π*, in every seed', async () => {
    const { algorithm } = ppoClip.experiment;
    if (algorithm.kind !== 'ppo') throw new Error('the preset must train by PPO');
    const clipped = await course(ppoClip.experiment);
    const free = await course({ ...ppoClip.experiment, algorithm: { ...algorithm, clipRange: 10 } });
    expect(clipped).toHaveLength(60);
    for (const s of SEEDS) {
      expect(clipped.filter((now) => now.clipped[s] > 0.05).length, `seed ${s}`).toBeGreaterThanOrEqual(48);
      expect(Math.max(...free.map((now) => now.clipped[s])), 'at ε = 10 it hardly ever acts').toBeLessThan(0.01);
      expect(lastMean(free, s), `seed ${s}`).toBeGreaterThan(1.2 * lastMean(clipped, s));
    }
  }, 120_000);
});

describe('a reward that likes long answers, at four prices of KL', () => {
  // At β 0.3 it is the preset with one β: a policy does not depend on those trained beside it (ppoRun.test.ts).
  let end: Measurement;
  const at = (id: MetricId, setting: number) => valuesOf(end, id).slice(8 * setting, 8 * setting + 8);
  beforeAll(async () => { ({ end } = await trained(ppoKlStrength.experiment)); }, 60_000);

  it('at β 0.3 every seed ends near the optimum of what it is given, at nearly four words, and far from the truth’s optimum, at about one', () => {
    expect(end.logps).toHaveLength(32);
    expect(Math.max(...at('klToProxyOptimal', 0))).toBeLessThan(0.2);
    expect(Math.min(...at('klToOptimal', 0))).toBeGreaterThan(4);
    expect(Math.min(...at('meanLength', 0))).toBeGreaterThan(3.9);
    expect(Math.max(...at('optimal/meanLength', 0))).toBeLessThan(1.2);
    at('goldReward', 0).forEach((reward, s) => { expect(reward).toBeLessThan(at('optimal/goldReward', 0)[s] - 0.3); });
  });

  it('the higher the price of KL, the shorter the answers, in every seed; at β 10 as long as the reference’s', () => {
    for (let s = 0; s < 8; s++) for (const setting of [1, 2, 3]) expect(at('meanLength', setting)[s]).toBeLessThan(at('meanLength', setting - 1)[s]);
    expect(Math.max(...at('meanLength', 3))).toBeLessThan(1.7);
    // And the true reward with it: at β 10 the policy is nearly the reference.
    expect(Math.max(...at('kl', 3))).toBeLessThan(0.05);
    const points = [0.3, 1, 3, 10].map((value, i) => ({ value, median: median(at('meanLength', i)), target: median(at('proxyOptimal/meanLength', i)) }));
    expect(lengthWords('β', points, 'the median')).toMatch(/^From β = 0\.3 to β = 10 the median goes from 3\.9\d* to 1\.\d+, falling at every step\./);
  });
});

it('DPO lengthens too: in every seed the answers are the longer, the more the annotator likes length', async () => {
  const { start, end } = await trained(dpoLength.experiment);
  const length = valuesOf(end, 'meanLength');
  expect(length).toHaveLength(24);
  for (let s = 0; s < 8; s++) {
    expect(length[s], `seed ${s}`).toBeLessThan(2);
    expect(length[8 + s]).toBeGreaterThan(length[s]);
    expect(length[16 + s]).toBeGreaterThan(length[8 + s]);
    expect(length[16 + s]).toBeGreaterThan(2.5);
    expect(length[16 + s]).toBeLessThan(3.5);
  }
  expect(Math.max(...valuesOf(start, 'meanLength'))).toBeLessThan(1.6);
}, 60_000);

describe('a reward model of word counts on the one pair of “the the the”', () => {
  it('does not make PPO safe: every seed ends on “the the the”, the optimum of what it is given', async () => {
    const { world, start, end } = await trained(ppoOnePair.experiment);
    const the = nodeOf(world, 0, 'the the the');
    expect(Math.max(...valuesOf(start, 'mass/ood'))).toBeLessThan(0.01);
    expect(end.logps).toHaveLength(8);
    for (const logps of end.logps) expect(Math.exp(logps[the])).toBeGreaterThan(0.9);
    expect(Math.max(...valuesOf(end, 'klToProxyOptimal'))).toBeLessThan(0.2);
    const before = [valuesOf(start, 'proxyReward'), valuesOf(start, 'goldReward')];
    valuesOf(end, 'proxyReward').forEach((reward, r) => { expect(reward).toBeGreaterThan(before[0][r] + 2); });
    valuesOf(end, 'goldReward').forEach((reward, r) => { expect(reward).toBeLessThan(before[1][r] - 2); });
  });

  it('more coverage does: at most 1 % on responses nobody wrote at any tenth update, in every seed', async () => {
    const { experiment } = ppoMoreCoverage;
    expect({ ...experiment, name: '', preferences: null }, 'only the pairs differ').toEqual({ ...ppoOnePair.experiment, name: '', preferences: null });
    const run = await startRun(experiment, cache);
    const { world } = run.prepared;
    for (let i = 0; i < experiment.steps / 10; i++) {
      await train(run, 10);
      // What is covered is no longer “nobody wrote”: count everything outside the two written sentences.
      const { logps } = await run.measure();
      const written = ['on the mat', 'on a mat'].map((text) => nodeOf(world, 0, text));
      for (const own of logps) expect(1 - written.reduce((sum, y) => sum + Math.exp(own[y]), 0)).toBeLessThan(0.015);
      if (run.step === experiment.steps) for (const own of logps) expect(Math.exp(own[written[0]])).toBeGreaterThan(0.99);
    }
    run.dispose();
  });
});
