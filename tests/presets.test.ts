/** Every preset's claim, over its own eight seeds, with the command line; and that presets are usable as links and files. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../src/sim/experiment.ts';
import { minimalExperiment, readExperiment, supportProblem, type ExperimentFile } from '../src/sim/experimentSchema.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { beginningOf } from '../src/sim/place.ts';
import { readLink, writeLink } from '../src/sim/url.ts';
import { experiment, golden, readResult, temporaryFolder, type ResultRun } from './fixtures/commandLine.ts';

const temp = temporaryFolder();
afterAll(temp.remove);

/** Trains a preset and returns one result per seed, every tenth update recorded. */
async function train(file: Experiment | ExperimentFile): Promise<ResultRun[]> {
  const out = temp.at('result.json');
  const { code, stderr } = await experiment(temp.write('preset.json', file), '--out', out);
  expect(code, stderr).toBe(0);
  return readResult(out).runs;
}

function preset(id: string): Experiment {
  const found = PRESETS.find((entry) => entry.id === id);
  if (!found) throw new Error(`no preset ${id}`);
  return found.experiment;
}

const ood = (run: ResultRun) => run.metrics['mass/ood'];
const end = (values: readonly number[]) => values[values.length - 1];
const top = ({ final }: ResultRun) => final.reduce((a, b) => (b.logp > a.logp ? b : a)).response;
const share = ({ final }: ResultRun, response: string) => Math.exp(final.find((entry) => entry.response === response)?.logp ?? NaN);

/** The loss never rises from one recorded update to the next, and ends below a limit. */
function expectFallingLoss(runs: readonly ResultRun[], limit: number) {
  for (const { seed, metrics: { loss } } of runs) {
    expect(loss[0]).toBeCloseTo(Math.log(2), 5);
    loss.slice(1).forEach((value, i) => expect(value, `seed ${seed}, point ${i + 1}`).toBeLessThanOrEqual(loss[i]));
    expect(end(loss), `seed ${seed}`).toBeLessThan(limit);
  }
}

/** The run collapsed onto one repeated word, in at least seven of eight seeds. */
function expectRepetition(runs: readonly ResultRun[], response: string) {
  expect(runs).toHaveLength(8);
  const collapsed = runs.filter((run) => end(ood(run)) >= 0.9);
  expect(collapsed.length).toBeGreaterThanOrEqual(7);
  for (const run of collapsed) expect(top(run), `seed ${run.seed}`).toBe(response);
  for (const run of runs) expect(ood(run)[0], 'the reference hardly knows it').toBeLessThan(0.01);
}

describe('the the the', () => {
  let runs: ResultRun[];
  beforeAll(async () => { runs = await train(preset('the-the-the')); });

  test('at least 7 of 8 seeds end with 90 % on responses nobody wrote, “the the the” first', () => {
    expectRepetition(runs, 'the the the');
    for (const run of runs.filter((one) => end(ood(one)) >= 0.9)) expect(share(run, 'the the the')).toBeGreaterThan(0.5);
  });

  test('while the loss falls all the way', () => expectFallingLoss(runs, 0.05));

  test('and the exact optimum at the same β stays on the written sentences', () => {
    for (const { final } of runs) {
      const mass = final.filter(({ group }) => group === 'ood').reduce((sum, { optimalLogp }) => sum + Math.exp(optimalLogp ?? NaN), 0);
      expect(mass).toBeLessThan(1e-6);
    }
  });
});

test('the same at β = 0.5: at most 6 % leaves in any seed, and the loss falls too', async () => {
  const runs = await train(preset('strong-tie'));
  expect(runs).toHaveLength(8);
  for (const run of runs) {
    expect(Math.max(...ood(run)), `seed ${run.seed}`).toBeLessThanOrEqual(0.06);
    expect(top(run)).toBe('on the mat');
  }
  expectFallingLoss(runs, 0.05);
});

test('tabular control: never above the level of the reference', async () => {
  const runs = await train(preset('tabular-control'));
  expect(runs).toHaveLength(8);
  for (const run of runs) {
    for (const mass of ood(run)) expect(mass).toBeLessThanOrEqual(ood(run)[0] + 1e-6);
    expect(end(run.metrics['mass/chosen'])).toBeGreaterThan(0.99);
  }
});

test('near pairs repeat “sat”', async () => {
  const runs = await train(preset('near-pairs'));
  expectRepetition(runs, 'sat sat sat');
  expect(runs.filter((run) => share(run, 'sat sat sat') >= 0.9).length).toBeGreaterThanOrEqual(7);
});

test('distant pairs do not: some seeds waver on the way, none ends with more than 6 % on responses nobody wrote', async () => {
  const runs = await train(preset('distant-pairs'));
  expect(runs).toHaveLength(8);
  for (const run of runs) {
    expect(end(ood(run)), `seed ${run.seed}`).toBeLessThanOrEqual(0.06);
    expect(Math.max(...ood(run)), `seed ${run.seed}`).toBeLessThan(0.2); // seed 2 reaches 0.11, seed 4 0.07, the others at most 0.03
    expect(share(run, 'the cat sat'), `seed ${run.seed}`).toBeGreaterThan(0.9);
  }
});

test('balanced pairs with coverage: at most 1 % leaves in any seed, and the winners hold at least 90 %', async () => {
  const runs = await train(preset('balanced-pairs'));
  expect(runs).toHaveLength(8);
  for (const run of runs) {
    expect(Math.max(...ood(run)), `seed ${run.seed}`).toBeLessThanOrEqual(0.01);
    expect(end(run.metrics['mass/chosen']), `seed ${run.seed}`).toBeGreaterThanOrEqual(0.9);
  }
});

test('an unseen pair of the same kind behaves the same', async () => {
  const runs = await train({
    version: 1,
    name: 'my my my',
    world: { words: ['my', 'his', 'side', 'sat', 'by'], maxLength: 3, prompts: ['Where were you?'] },
    reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'by my side' }, { prompt: 0, response: 'by his side' }], smoothing: 0.001 },
    preferences: { pairs: [{ prompt: 0, chosen: 'by my side', rejected: 'by his side' }] },
    policy: { kind: 'mlp', hidden: [16] },
    algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.05 },
    optimizer: { kind: 'sgd', learningRate: 1 },
    steps: 800,
    seeds: [0, 1, 2, 3, 4, 5, 6, 7],
    sweep: { beta: [0.05, 0.5] },
  });
  expectRepetition(runs.filter(({ beta }) => beta === 0.05), 'my my my');
  const tied = runs.filter(({ beta }) => beta === 0.5);
  expect(tied).toHaveLength(8);
  for (const run of tied) expect(Math.max(...ood(run)), `seed ${run.seed}`).toBeLessThanOrEqual(0.06);
  expectFallingLoss(runs, 0.05);
});

/** One is read closely, and nothing is claimed of how it came about; the other is a table at ten settings, the same for every seed (presets4.test.ts). */
const ONE_POLICY = ['reading-the-objective', 'three-sentences-about-beta'];

describe('the list', () => {
  test('has presets with ids of their own, and those of chapter 5 are these; the first is the headline', () => {
    const ids = PRESETS.map(({ id }) => id);
    expect(PRESETS[0].id).toBe('the-the-the');
    expect(new Set(ids).size).toBe(ids.length);
    expect(PRESETS.filter(({ chapter }) => chapter === 5).map(({ id }) => id)).toEqual(['the-the-the', 'strong-tie', 'tabular-control', 'transformer', 'near-pairs', 'distant-pairs', 'balanced-pairs', 'chosen-falls', 'never-stops', 'other-prompt']);
    expect(new Set(PRESETS.map(({ title }) => title)).size).toBe(ids.length);
    expect(new Set(PRESETS.map(({ experiment: { name } }) => name)).size).toBe(ids.length);
  });

  test.each(PRESETS)('$id: has words, is supported, and survives a link and a file', ({ id, title, question, lookFor, experiment: own }) => {
    for (const text of [title, question, lookFor]) expect(text.trim().length).toBeGreaterThan(10);
    expect(question).toMatch(/\?$/);
    expect(supportProblem(own)).toBeNull();
    expect(own.seeds).toEqual(ONE_POLICY.includes(id) ? [0] : [0, 1, 2, 3, 4, 5, 6, 7]);
    const search = writeLink({ presetId: id, preset: own, place: beginningOf(own) });
    expect(search).toBe(`?preset=${id}&v=1`);
    expect(readLink(search, PRESETS)).toMatchObject({ presetId: id, experiment: own, problems: [] });
    const fromAnother = writeLink({ presetId: PRESETS[0].id, preset: PRESETS[0].experiment, place: beginningOf(own) });
    expect(readLink(fromAnother, PRESETS)).toMatchObject({ presetId: PRESETS[0].id, experiment: own, problems: [] });
    expect(readExperiment(JSON.parse(JSON.stringify(minimalExperiment(own))))).toStrictEqual({ ok: true, experiment: own });
  });

  test('the headline is the experiment of the golden file, but for its eight seeds', () => {
    const file = JSON.parse(fs.readFileSync(golden('the-the-the.json'), 'utf8')) as Record<string, unknown>;
    expect(readExperiment({ ...file, seeds: preset('the-the-the').seeds })).toStrictEqual({ ok: true, experiment: preset('the-the-the') });
    expect(file.seeds).not.toEqual(preset('the-the-the').seeds);
  });
});
