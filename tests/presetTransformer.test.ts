/** The claim of the transformer's preset, over its eight seeds, with the command line. */
import { afterAll, expect, test } from 'vitest';
import { transformer } from '../src/sim/presets/transformer.ts';
import { experiment, readResult, temporaryFolder } from './fixtures/commandLine.ts';

const temp = temporaryFolder();
afterAll(temp.remove);

test('at least 6 of 8 seeds end with 90 % on responses nobody wrote, one of them on top, not the same in all', async () => {
  const out = temp.at('result.json');
  const { code, stderr } = await experiment(temp.write('preset.json', transformer.experiment), '--out', out, '--every', '400');
  expect(code, stderr).toBe(0);
  const { runs } = readResult(out);
  expect(runs).toHaveLength(8);
  for (const { seed, referenceKl, metrics } of runs) {
    expect(referenceKl, `seed ${seed}`).toBeLessThan(0.0021);
    expect(metrics['mass/ood'][0], 'the reference hardly knows them').toBeLessThan(0.01);
  }
  const drifted = runs.filter(({ metrics }) => metrics['mass/ood'].at(-1)! >= 0.9);
  expect(drifted.length).toBeGreaterThanOrEqual(6);
  const tops = drifted.map(({ final }) => final.reduce((a, b) => (b.logp > a.logp ? b : a)));
  expect(tops.map(({ group }) => group)).toEqual(drifted.map(() => 'ood'));
  expect(new Set(tops.map(({ response }) => response)).size).toBeGreaterThan(1);
}, 300_000);
