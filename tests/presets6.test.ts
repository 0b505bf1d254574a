/** What the presets of chapter 6 say they show, over their eight seeds. */
import { beforeAll, expect, test } from 'vitest';
import { drawnPairs } from '../src/sim/drawn.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { focusedExperiment, metricOf, seedMembers } from '../src/sim/focus.ts';
import { quantile } from '../src/sim/history.ts';
import type { MetricId } from '../src/sim/metrics.ts';
import { biasedJudge } from '../src/sim/presets/biased-judge.ts';
import { resamplingPrevents } from '../src/sim/presets/resampling-prevents.ts';
import { resamplingRarely } from '../src/sim/presets/resampling-rarely.ts';
import { resamplingSweep } from '../src/sim/presets/resampling-sweep.ts';
import type { JudgedBatch } from '../src/sim/worker/protocol.ts';
import { startRun, switchBackend } from './product.ts';

interface Trained {
  experiment: Experiment;
  steps: number[];
  /** [M, R] at each of them. */
  points: Float64Array[];
  judged: JudgedBatch[];
  groups: Uint8Array;
  policies: number;
}

async function train(experiment: Experiment, every: number): Promise<Trained> {
  const run = await startRun(experiment);
  const trained: Trained = { experiment, steps: [], points: [], judged: [], groups: run.prepared.groups[0], policies: run.prepared.members.length };
  for (;;) {
    // The update before a draw of every rate is measured too: there the peaks are.
    if (run.step % every === 0 || run.step % every === every - 1) {
      const { metrics } = await run.measure();
      trained.steps.push(run.step);
      trained.points.push(metrics);
      trained.judged.push(...run.takeJudged());
    }
    if (run.step === experiment.steps) break;
    await run.update();
  }
  run.dispose();
  return trained;
}

const valuesAt = ({ steps, points, policies }: Trained, id: MetricId, step: number, members: readonly number[]) => metricOf(points[steps.indexOf(step)], policies, id, members);
const peaks = ({ points, policies }: Trained, members: readonly number[]) => members.map((r) => Math.max(...points.map((point) => metricOf(point, policies, 'mass/ood', [r])[0])));

const RATES = resamplingSweep.experiment.sweep?.resampleEvery ?? [];
const membersAt = (rate: number) => seedMembers(resamplingSweep.experiment, { sweepIndex: RATES.indexOf(rate) });
let sweep: Trained;

beforeAll(async () => {
  await switchBackend('wasm');
  sweep = await train(resamplingSweep.experiment, 20);
}, 120_000);

test('the sweep holds the runs of the other presets', () => {
  for (const { experiment } of [resamplingPrevents, resamplingRarely]) {
    const rate = experiment.algorithm.kind === 'online-dpo' ? experiment.algorithm.resampleEvery : NaN;
    expect({ ...focusedExperiment(resamplingSweep.experiment, { sweepIndex: RATES.indexOf(rate) }), name: '' }).toEqual({ ...experiment, name: '' });
  }
});

test('from every update to never: the rarer the draws, the higher the peak; at most 1 % up to every 10 updates, more than half without any', () => {
  const medians = RATES.map((rate) => quantile(peaks(sweep, membersAt(rate)), 0.5));
  expect(medians).toEqual(medians.toSorted((a, b) => a - b));
  expect(Math.max(...peaks(sweep, membersAt(1)), ...peaks(sweep, membersAt(10)))).toBeLessThanOrEqual(0.01);
  expect(Math.min(...peaks(sweep, membersAt(1_000_000)))).toBeGreaterThan(0.5);
});

test('every 10 updates: at most 1 % in every seed, and in the end most pairs are one sentence twice', () => {
  const members = membersAt(10);
  expect(Math.max(...peaks(sweep, members))).toBeLessThanOrEqual(0.01);
  expect(Math.min(...valuesAt(sweep, 'mass/chosen', 800, members))).toBeGreaterThan(0.99);
  const late = sweep.judged.filter(({ policy, step }) => members.includes(policy) && step > 700).flatMap((batch) => drawnPairs(batch, sweep.groups));
  const equal = late.reduce((sum, { equal: same, times }) => sum + (same ? times : 0), 0);
  const all = late.reduce((sum, { times }) => sum + times, 0);
  expect(all).toBe(members.length * 8 * 10);
  expect(equal / all).toBeGreaterThan(0.9);
});

test('every 200 updates: most seeds drift as without a judge; what loses to a written response falls, and what meets only itself stays', () => {
  const members = membersAt(200);
  const before = valuesAt(sweep, 'mass/ood', 199, members);
  expect(before).toEqual(valuesAt(sweep, 'mass/ood', 199, membersAt(1_000_000)));
  expect(before.filter((mass) => mass > 0.5).length).toBeGreaterThanOrEqual(5);
  const [soon, late] = [valuesAt(sweep, 'mass/ood', 220, members), valuesAt(sweep, 'mass/ood', 399, members)];
  const outcomes = members.map((policy, s) => {
    const batch = sweep.judged.find((drawn) => drawn.policy === policy && drawn.step === 200);
    const pairs = batch ? drawnPairs(batch, sweep.groups) : [];
    if (pairs.some(({ winner, loser }) => loser.group === 'ood' && winner.group !== 'ood')) {
      expect(soon[s]).toBeLessThan(before[s] / 5);
      return 'fell';
    }
    expect(pairs.every(({ equal }) => equal)).toBe(true);
    expect(late[s]).toBeCloseTo(before[s], 3);
    return 'stayed';
  });
  expect(outcomes.filter((outcome) => outcome === 'fell').length).toBeGreaterThanOrEqual(4);
  expect(outcomes).toContain('stayed');
});

test('a judge that likes length: outputs as long as can be, gold reward where it began; an honest judge doubles it', async () => {
  const { experiment } = biasedJudge;
  const { algorithm, steps } = experiment;
  if (algorithm.kind !== 'online-dpo') throw new Error('the preset is not online DPO');
  const all = seedMembers(experiment, { sweepIndex: 0 });
  const biased = await train(experiment, 100);
  const start = valuesAt(biased, 'goldReward', 0, all);
  const end = valuesAt(biased, 'goldReward', steps, all);
  const long = valuesAt(biased, 'meanLength', steps, all).map((length, s) => length > 2.9 && Math.abs(end[s] - start[s]) < 0.02);
  expect(long.filter(Boolean).length).toBeGreaterThanOrEqual(7);
  const honest = await train({ ...experiment, algorithm: { ...algorithm, judgeLengthBias: 0 } }, 100);
  valuesAt(honest, 'goldReward', steps, all).forEach((reward, s) => expect(reward).toBeGreaterThan(1.9 * start[s]));
});
