/** The claims of chapter 1's presets, over their own eight seeds. */
import { beforeAll, describe, expect, it } from 'vitest';
import { concordance } from '../src/sim/exact/concordance.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { metricIndex, type MetricId } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { lengthBiasedAnnotator } from '../src/sim/presets/length-biased-annotator.ts';
import { onePairReward } from '../src/sim/presets/one-pair-reward.ts';
import { sampledPreferences } from '../src/sim/presets/sampled-preferences.ts';
import type { Measurement, Run } from '../src/sim/run.ts';
import { nodeOf } from '../src/sim/world.ts';
import { startRun, switchBackend, train } from './product.ts';

const cache = referenceCache(4);
beforeAll(() => switchBackend('wasm'));

const valuesOf = ({ metrics, logps }: Measurement, id: MetricId) => Array.from(metrics.subarray(metricIndex(id) * logps.length, (metricIndex(id) + 1) * logps.length));

async function trained({ steps, ...rest }: Experiment): Promise<{ run: Run; end: Measurement }> {
  const run = await startRun({ steps, ...rest }, cache);
  await train(run, steps);
  return { run, end: await run.measure() };
}

describe('one pair, 156 responses', () => {
  it('in every seed “the the the”, in no pair, gets the highest reward, and nearly all of the optimum', async () => {
    const { run, end } = await trained(onePairReward.experiment);
    const { world } = run.prepared;
    const the = nodeOf(world, 0, 'the the the');
    expect(end.scores).toHaveLength(8);
    end.scores!.forEach((scores, r) => {
      expect(scores.indexOf(Math.max(...scores)), `seed ${r}`).toBe(the);
      expect(Math.exp(end.logps[r][the])).toBeGreaterThan(0.99);
    });
    expect(valuesOf(end, 'rm/accuracy').every((share) => share === 1)).toBe(true);
    // The pairs set no scale: after as many updates again it is larger.
    const before = valuesOf(end, 'rm/scale');
    await train(run, 100);
    valuesOf(await run.measure(), 'rm/scale').forEach((scale, r) => { expect(scale).toBeGreaterThan(before[r]); });
    run.dispose();
  });
});

describe('a thousand comparisons', () => {
  it('in every seed it ranks two responses of the reference as the truth does in over 90 % of the cases, and pays little for length', async () => {
    const { run, end } = await trained(sampledPreferences.experiment);
    const { rewards } = run.prepared;
    const agreement = end.scores!.map((scores, r) => concordance(run.refLogps[r].map(Math.exp), scores, rewards!));
    run.dispose();
    expect(agreement).toHaveLength(8);
    expect(Math.min(...agreement)).toBeGreaterThan(0.9);
    expect(Math.max(...valuesOf(end, 'rm/lengthCoefficient').map(Math.abs))).toBeLessThan(0.2);
  });
});

describe('an annotator who likes long answers', () => {
  it('in every seed a word is worth about what the annotator adds, and the optimum writes nearly four words where the truth’s writes one', async () => {
    const { run, end } = await trained(lengthBiasedAnnotator.experiment);
    run.dispose();
    const worth = valuesOf(end, 'rm/lengthCoefficient');
    expect(worth).toHaveLength(8);
    expect(Math.min(...worth)).toBeGreaterThan(0.5);
    expect(Math.max(...worth)).toBeLessThan(0.7);
    expect(Math.min(...valuesOf(end, 'meanLength'))).toBeGreaterThan(3.9);
    expect(Math.max(...valuesOf(end, 'optimal/meanLength'))).toBeLessThan(1.2);
  });
});
