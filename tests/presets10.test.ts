/** What the sandbox says of the experiments that it begins with, over eight seeds each. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { setParam } from '../src/sim/params.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { nodeOf } from '../src/sim/world.ts';
import { startRun, switchBackend } from './product.ts';

const cache = referenceCache(4);

interface Ended {
  end(metric: MetricId): number[];
  /** π of a response to a prompt at the end, of every seed. */
  says(prompt: number, text: string): number[];
}

const experimentOf = (id: string): Experiment => {
  const found = PRESETS.find((preset) => preset.id === id);
  if (!found) throw new Error(`no preset ${id}`);
  return found.experiment;
};

async function trained(experiment: Experiment): Promise<Ended> {
  const run = await startRun(experiment, cache);
  while (run.step < run.totalSteps) await run.update();
  const { metrics, logps } = await run.measure();
  const { world } = run.prepared;
  run.dispose();
  const seeds = experiment.seeds.length;
  expect(seeds).toBe(8);
  return {
    end: (metric) => Array.from(metrics.subarray(metricIndex(metric) * seeds, (metricIndex(metric) + 1) * seeds)),
    says: (prompt, text) => logps.map((own) => Math.exp(own[nodeOf(world, prompt, text)])),
  };
}

const most = (values: readonly number[]) => Math.max(...values);
const least = (values: readonly number[]) => Math.min(...values);

beforeAll(() => switchBackend('wasm'));

describe('say please', () => {
  let ended: Ended;
  beforeAll(async () => { ended = await trained(experimentOf('own-words')); }, 300_000);

  it('says “please please please” with nearly nine tenths or more in at least seven of eight seeds', () => {
    expect(ended.says(0, 'please please please').filter((share) => share > 0.88).length).toBeGreaterThanOrEqual(7);
  });
  it('ends with more than half of the probability on what nobody wrote in every seed', () => {
    expect(least(ended.end('mass/ood'))).toBeGreaterThan(0.5);
  });
});

describe('two manners', () => {
  let ended: Ended;
  beforeAll(async () => { ended = await trained(experimentOf('two-manners')); }, 300_000);

  it('says “please please please” to the one and nothing to the other, in every seed', () => {
    expect(least(ended.says(0, 'please please please'))).toBeGreaterThan(0.95);
    expect(least(ended.says(1, ''))).toBeGreaterThan(0.95);
  });
  it('says at β = 0.5 mostly what was written, in every seed', async () => {
    const tied = await trained(setParam(experimentOf('two-manners'), 'beta', 0.5));
    expect(most(tied.end('mass/ood'))).toBeLessThan(0.5);
  }, 300_000);
});

describe('three against one', () => {
  let ended: Ended;
  beforeAll(async () => { ended = await trained(experimentOf('three-against-one')); }, 300_000);

  it('keeps what nobody wrote at 2 % or less in every seed, with a margin of log 3', () => {
    expect(most(ended.end('mass/ood'))).toBeLessThanOrEqual(0.02);
    // The mean over the pairs, of which a quarter is the other way round.
    for (const margin of ended.end('rewards/margins')) expect(margin).toBeCloseTo(Math.log(3) / 2, 3);
  });
  it('loses nearly a third of the probability or more in every seed where all agree', async () => {
    const { preferences, ...rest } = experimentOf('three-against-one');
    if (!('pairs' in preferences)) throw new Error('the preset has no pairs');
    const agreed = await trained({ ...rest, preferences: { pairs: preferences.pairs.slice(0, 1) } });
    expect(least(agreed.end('mass/ood'))).toBeGreaterThan(0.325);
    expect(most(agreed.end('mass/rejected'))).toBeLessThan(1e-6);
  }, 300_000);
  it('leaves coffee a tenth at β = 0.5: the odds are the votes to the power 1/β, 9 to 1', async () => {
    const tied = await trained(setParam(experimentOf('three-against-one'), 'beta', 0.5));
    for (const coffee of tied.says(0, 'coffee with milk')) expect(coffee).toBeCloseTo(0.1, 2);
    expect(most(tied.end('mass/ood'))).toBeLessThan(0.02);
  }, 300_000);
});
