/** What the presets of chapter 4 say they show: the three sentences about β, from real runs, and both marks of one pair moving left. */
import { beforeAll, describe, expect, test } from 'vitest';
import { benchFacts, benchNoise, directionOf, restingGap, type BenchFacts, type BenchReading } from '../src/sim/betaBench.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { appendFrame, emptyHistory, type History } from '../src/sim/history.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { readingTheObjective } from '../src/sim/presets/reading-the-objective.ts';
import { threeSentencesAboutBeta } from '../src/sim/presets/three-sentences-about-beta.ts';
import { benchWords, offRest } from '../src/sim/sentences4.ts';
import { nodeOf } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { startRun, switchBackend } from './product.ts';

/** Trains a bench to its end; update 1 and every 30th are kept. */
async function trainBench(experiment: Experiment): Promise<{ history: History; first: Float64Array }> {
  const run = await startRun(experiment);
  let history = emptyHistory(METRICS.length, run.prepared.members.length);
  let first: Float64Array | null = null;
  for (;;) {
    if (run.step === 1 || run.step % 30 === 0) {
      const { metrics } = await run.measure();
      history = appendFrame(history, run.step, metrics);
      if (run.step === 1) first = metrics;
    }
    if (run.step === experiment.steps) break;
    await run.update();
  }
  run.dispose();
  if (!first) throw new Error('no first update');
  return { history, first };
}

const gaps = ({ cells }: BenchReading) => cells.map(({ gap }) => gap);
const rewardGaps = ({ cells }: BenchReading) => cells.map(({ rewardGap }) => rewardGap);
const factsOf = (experiment: Experiment, { history, first }: { history: History; first: Float64Array }, n = 60): BenchFacts => {
  const facts = benchFacts(experiment, history, first, n);
  if (!facts) throw new Error('no bench');
  return facts;
};

beforeAll(async () => { await switchBackend('wasm'); });

test('chapter 4 opens with one pair; the bench is its second preset', () => {
  expect(PRESETS.filter(({ chapter }) => chapter === 4).map(({ id }) => id)).toEqual(['reading-the-objective', 'three-sentences-about-beta']);
});

describe('three true sentences about β', () => {
  const { experiment } = threeSentencesAboutBeta;
  const ratio = 1 / 0.05;
  let facts: BenchFacts;
  let trained: Awaited<ReturnType<typeof trainBench>>;
  beforeAll(async () => {
    trained = await trainBench(experiment);
    facts = factsOf(experiment, trained);
  }, 60_000);

  test('the first update opens the gap in proportion to β', () => {
    const [low] = facts.first?.cells ?? [];
    for (const { beta, gap } of facts.first?.cells ?? []) expect(gap / low.gap / (beta / low.beta)).toBeCloseTo(1, 2);
    expect(facts.first?.cells.at(-1)?.gap).toBeGreaterThan(0.98 * ratio * low.gap);
    expect(benchWords(facts).first).toBe('The first update opens the log-ratio gap in proportion to β: 20 times the β, 20 times the gap.');
  });

  test('with noise the reward gap ends at logit(1 − ε) at every β, so the log-ratio gap at logit(1 − ε)/β', () => {
    for (const { beta, gap, rewardGap } of facts.noisy.cells) {
      expect(rewardGap).toBeCloseTo(Math.log(9), 4);
      expect(gap * beta).toBeCloseTo(Math.log(9), 4);
    }
    expect(restingGap(0.1)).toBeCloseTo(Math.log(9), 14);
    expect(offRest(facts)).toBeLessThan(1e-4);
    expect(benchWords(facts).noisy).toBe('With 10 % of the comparisons the other way round, the reward gap βh comes to rest at 2.20 = log((1 − ε)/ε) at every β. So the log-ratio gap is 2.20/β: 43.9 at β = 0.05, 2.20 at β = 1.');
  });

  test('without noise it still grows at every β at the last update, and the smallest β has gone furthest', () => {
    const { earlier, noiseless } = facts;
    if (!earlier) throw new Error('no earlier moment');
    expect(noiseless.step).toBe(3000);
    gaps(noiseless).forEach((gap, i) => expect(gap).toBeGreaterThan(gaps(earlier)[i] + 0.05));
    expect(directionOf(gaps(noiseless))).toBe('falls');
    expect(directionOf(rewardGaps(noiseless))).toBe('rises');
    expect(benchWords(facts).noiseless).toMatch(/^Without noise there is no finite optimum: at every β the gap still grew by \d[\d.]* or more in the last 300 updates, and the smallest β has gone furthest: \d[\d.]* at β = 0\.05\.$/);
  });

  test('the slide’s sentence is true of the log-ratio gap at the first update only', () => {
    if (!facts.first) throw new Error('no first update');
    expect(directionOf(gaps(facts.first))).toBe('rises');
    expect(directionOf(gaps(facts.noisy))).toBe('falls');
    expect(directionOf(rewardGaps(facts.noisy))).toBe('same');
    expect(benchWords(facts).slide).toBe('After the first update both gaps are wider the higher β. At convergence with noise the log-ratio gap is narrower the higher β, the reward gap the same at every β. Without noise, so far, the log-ratio gap is narrower the higher β, the reward gap wider the higher β. Of the log-ratio gap, which is how far the policy itself moves, the sentence is true of the first update only.');
  });

  test('halfway the words do not promise what is not there yet', () => {
    const { history, first } = trained;
    const cut = history.steps.findIndex((step) => step >= 90);
    const early: History = { ...history, steps: history.steps.slice(0, cut), points: history.points.slice(0, cut), last: null };
    const soon = factsOf(experiment, { history: early, first });
    expect(offRest(soon)).toBeGreaterThan(0.1);
    expect(benchWords(soon).noisy).toContain('it is still up to');
    expect(benchWords(soon).slide).toContain('With noise, so far,');
    expect(benchWords({ ...soon, first: null }).first).toContain('was not kept');
    expect(benchFacts(experiment, { ...early, steps: [0], points: early.points.slice(0, 1) }, null, 60)).toBeNull();
  });

  test('"after n updates" is the kept moment nearest to n, and the first update is found where the history has it', () => {
    const { history, first } = trained;
    expect(factsOf(experiment, trained, 1000).after.step).toBe(990);
    expect(factsOf(experiment, trained, 1e9).after.step).toBe(3000);
    expect(benchFacts(experiment, history, null, 60)?.first).toEqual(factsOf(experiment, { history, first }).first);
  });
});

describe('the same in other worlds: seeds of a network’s reference, other noise, pairs both ways', () => {
  const base = {
    version: 1, name: 'bench', world: { words: ['yes', 'no', 'so'], maxLength: 2, prompts: ['Is it?'] },
    reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'yes', weight: 3 }, { prompt: 0, response: 'no so', weight: 1 }], smoothing: 0.05 },
    policy: { kind: 'tabular' }, algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.2 }, optimizer: { kind: 'sgd', learningRate: 4 }, steps: 1500, seeds: [0],
  };
  const pair = { prompt: 0, chosen: 'no so', rejected: 'yes' };

  test.each([0.05, 0.2, 0.4])('noise %d: at rest at its own logit', async (epsilon) => {
    const experiment = experimentOf({ ...base, preferences: { pairs: [pair] }, sweep: { labelSmoothing: [0, epsilon], beta: [1, 0.2, 0.5] } });
    expect(benchNoise(experiment)).toBe(epsilon);
    const facts = factsOf(experiment, await trainBench(experiment));
    expect(facts.noisy.cells.map(({ beta }) => beta)).toEqual([0.2, 0.5, 1]);
    for (const { rewardGap } of facts.noisy.cells) expect(rewardGap / Math.log((1 - epsilon) / epsilon)).toBeCloseTo(1, 2);
    expect(directionOf(gaps(facts.noiseless))).toBe('falls');
    expect(directionOf(gaps(facts.first ?? facts.after))).toBe('rises');
  }, 60_000);

  test('label smoothing ε is the same as a share ε of pairs the other way round', async () => {
    const sweep = { beta: [0.2, 0.5, 1] };
    const smooth = await startRun(experimentOf({ ...base, preferences: { pairs: [pair] }, algorithm: { ...base.algorithm, labelSmoothing: 0.2 }, sweep }));
    const both = await startRun(experimentOf({ ...base, preferences: { pairs: [{ ...pair, weight: 4 }, { prompt: 0, chosen: pair.rejected, rejected: pair.chosen, weight: 1 }] }, sweep }));
    for (let i = 0; i < 200; i++) { await smooth.update(); await both.update(); }
    const [a, b] = [await smooth.measure(), await both.measure()];
    a.logps.forEach((logps, r) => logps.forEach((logp, y) => expect(b.logps[r][y]).toBeCloseTo(logp, 3)));
    smooth.dispose();
    both.dispose();
  }, 60_000);

  test('eight seeds of a neural reference, medians: in proportion at first; at rest with noise; the smallest β furthest without', async () => {
    const experiment = experimentOf({
      ...base, preferences: { pairs: [pair] }, policy: { kind: 'mlp', hidden: [8] }, optimizer: { kind: 'sgd', learningRate: 0.1 }, seeds: [0, 1, 2, 3, 4, 5, 6, 7],
      sweep: { beta: [0.2, 0.5, 1], labelSmoothing: [0, 0.1] }, steps: 3000,
    });
    const facts = factsOf(experiment, await trainBench(experiment));
    if (!facts.first) throw new Error('no first update');
    expect(directionOf(gaps(facts.first))).toBe('rises');
    for (const { rewardGap } of facts.noisy.cells) expect(rewardGap).toBeCloseTo(Math.log(9), 1);
    expect(directionOf(gaps(facts.noiseless))).toBe('falls');
  }, 120_000);

  test('what is no bench', () => {
    const given = { ...base, preferences: { pairs: [pair] } };
    expect(benchNoise(experimentOf(given))).toBeNull();
    expect(benchNoise(experimentOf({ ...given, sweep: { beta: [0.1, 1] } }))).toBeNull();
    expect(benchNoise(experimentOf({ ...given, sweep: { beta: [0.1, 1], labelSmoothing: [0.1, 0.2] } }))).toBeNull();
    expect(benchNoise(experimentOf({ ...given, sweep: { beta: [0.1], labelSmoothing: [0, 0.2] } }))).toBeNull();
    expect(benchNoise(experimentOf({ ...given, algorithm: { kind: 'dpo', loss: 'ipo', beta: 0.2 }, sweep: { beta: [0.1, 1], labelSmoothing: [0, 0.2] } }))).toBeNull();
  });
});

test('one pair, read closely: in seven of eight seeds or more both marks move left, and the loss falls all the same', async () => {
  const run = await startRun({ ...readingTheObjective.experiment, seeds: [0, 1, 2, 3, 4, 5, 6, 7] });
  const { world } = run.prepared;
  const [chosen, rejected] = [nodeOf(world, 0, 'on the mat'), nodeOf(world, 0, 'on a mat')];
  const start = (await run.measure()).logps;
  while (run.step < run.prepared.experiment.steps) await run.update();
  const end = (await run.measure()).logps;
  const moves = end.map((logps, r) => ({ up: logps[chosen] - start[r][chosen], down: logps[rejected] - start[r][rejected] }));
  expect(moves[0].up, 'the seed of the preset').toBeLessThan(-1);
  expect(moves.filter(({ up, down }) => up < 0 && down < 0).length).toBeGreaterThanOrEqual(7);
  for (const { up, down } of moves) expect(up - down).toBeGreaterThan(50);
  run.dispose();
}, 60_000);
