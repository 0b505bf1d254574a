/** Several experiments as one run, and their head-to-head: against single runs, against brute force, against their own intervals. */
import { beforeAll, describe, expect, it } from 'vitest';
import { contestOf, wilson } from '../src/sim/duels.ts';
import { spreadOf } from '../src/sim/methodFacts.ts';
import { METRICS } from '../src/sim/metrics.ts';
import { methodsOf } from '../src/sim/methods.ts';
import { prepareRun, referenceCache } from '../src/sim/prepare.ts';
import { HARMLESSNESS_FILE } from '../src/sim/presets/tasks.ts';
import { createRun, type Measurement, type Run } from '../src/sim/run.ts';
import { combineRuns, duelsOf } from '../src/sim/sideBySide.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { buildWorld, promptOf } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { switchBackend } from './product.ts';

const SEEDS = [2, 5];
const BASE = experimentOf({ ...HARMLESSNESS_FILE, seeds: SEEDS, policy: { kind: 'tabular' }, steps: 30 });
const IDS = ['dpo', 'online-dpo', 'ppo', 'exact'];
const cache = referenceCache(2);

const start = async (id: string): Promise<Run> => createRun(await prepareRun(methodsOf([id])[0].apply(BASE), cache, () => {}));
const startAll = async (): Promise<Run> => {
  const runs: Run[] = [];
  for (const id of IDS) runs.push(await start(id));
  return combineRuns(runs);
};
async function trainTo(run: Run, step: number): Promise<Measurement> {
  while (run.step < step) await run.update();
  return run.measure();
}

describe('four methods as one run', () => {
  beforeAll(() => switchBackend('wasm'));

  it('are bit for bit what each is alone: metrics, probabilities, PPO’s iteration, online DPO’s verdicts', async () => {
    const together = await startAll();
    const all = await trainTo(together, 25);
    const judged = together.takeJudged();
    const view = together.view({ seedIndex: 1, sweepIndex: 2 });
    const total = IDS.length * SEEDS.length;
    for (const [a, id] of IDS.entries()) {
      const run = await start(id);
      const alone = await trainTo(run, 25);
      METRICS.forEach((row, m) => {
        const own = Array.from(alone.metrics.subarray(m * 2, m * 2 + 2));
        expect(Array.from(all.metrics.subarray(m * total + a * 2, m * total + a * 2 + 2)), `${id} ${row.id}`).toEqual(own);
      });
      expect(all.logps.slice(a * 2, a * 2 + 2)).toEqual(alone.logps);
      const batches = run.takeJudged();
      expect(batches.length).toBe(id === 'online-dpo' ? 4 : 0);
      if (id === 'online-dpo') expect(judged).toEqual(batches.map((batch) => ({ ...batch, policy: 2 + batch.policy })));
      const iterations = id === 'ppo' ? alone.iterations : [null, null];
      expect(all.iterations.slice(a * 2, a * 2 + 2)).toEqual(iterations);
      if (id === 'ppo') {
        const { referenceKl, ...own } = run.view({ seedIndex: 1, sweepIndex: 0 });
        expect(view).toMatchObject({ ...own, focus: { seedIndex: 1, sweepIndex: 2 } });
        // One per policy of all methods; they have the same references.
        expect(Array.from(view.referenceKl)).toEqual(IDS.flatMap(() => Array.from(referenceKl)));
      }
      run.dispose();
    }
    together.dispose();
  });

  it('resume from a snapshot bit for bit, also into a fresh run', async () => {
    const first = await startAll();
    await trainTo(first, 13);
    const snapshot = await first.snapshot();
    const end = await trainTo(first, 24);
    first.restore(snapshot);
    expect((await trainTo(first, 24)).metrics).toEqual(end.metrics);
    first.dispose();
    const second = await startAll();
    second.restore(snapshot);
    expect(second.step).toBe(13);
    expect((await trainTo(second, 24)).metrics).toEqual(end.metrics);
    second.dispose();
  });

  it('a new β reaches every method', async () => {
    const retuned = await startAll();
    await trainTo(retuned, 5);
    retuned.retune({ beta: 0.9 });
    expect(IDS.map((_, a) => retuned.view({ seedIndex: null, sweepIndex: a }).beta)).toEqual([0.9, 0.9, 0.9, 0.9]);
    retuned.dispose();
  });
});

/** A world of 2 prompts × 7 responses, four reward levels and three methods of two seeds, with arbitrary probabilities. */
const world = buildWorld({ words: ['a', 'b'], maxLength: 2, prompts: ['x', 'z'] });
const rewards = Float64Array.from({ length: world.responseCount }, (_, y) => [-1, 0.5, 2, 0.5, 3, -1, 0.5][y % 7]);
const logps = Array.from({ length: 6 }, (_, r) => {
  const random = randomAt(100 + r, STREAM.duel, 0);
  const weights = Array.from({ length: world.responseCount }, () => random.uniform() ** 3 + 1e-3);
  const promptSum = (y: number) => weights.reduce((sum, weight, z) => (promptOf(world, z) === promptOf(world, y) ? sum + weight : sum), 0);
  return Float64Array.from(weights, (weight, y) => Math.log(weight / promptSum(y)));
});

/** Win, tie and loss by summing over all pairs of responses to the same prompt. */
function bruteForce(first: Float64Array, second: Float64Array): number[] {
  const shares = [0, 0, 0];
  for (let y = 0; y < world.responseCount; y++) {
    for (let z = 0; z < world.responseCount; z++) {
      if (promptOf(world, y) !== promptOf(world, z)) continue;
      let outcome = 1;
      if (rewards[y] > rewards[z]) outcome = 0;
      else if (rewards[y] < rewards[z]) outcome = 2;
      shares[outcome] += Math.exp(first[y] + second[z]) / world.promptCount;
    }
  }
  return shares;
}

describe('the head-to-head', () => {
  const duels = duelsOf(world, logps, rewards, SEEDS, 7);

  it('is the sum over all pairs of responses, for every two methods and every seed', () => {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const { win, tie, loss } = contestOf(duels, 2, a, b);
        for (let s = 0; s < 2; s++) {
          const shares = bruteForce(logps[a * 2 + s], logps[b * 2 + s]);
          [win, tie, loss].forEach((spread, k) => expect(spread.values[s]).toBeCloseTo(shares[k], 12));
        }
      }
    }
  });

  it('exchanges win and loss with the sides, and leaves nothing out', () => {
    const [there, back] = [contestOf(duels, 2, 0, 2), contestOf(duels, 2, 2, 0)];
    there.win.values.forEach((win, s) => expect(win).toBeCloseTo(back.loss.values[s], 14));
    there.win.values.forEach((win, s) => expect(win + there.tie.values[s] + there.loss.values[s]).toBeCloseTo(1, 12));
    expect(there.sampled.win.share).toBe(back.sampled.loss.share);
  });

  it('samples with those shares: within 4 standard deviations over many draws, every seed and every two methods', () => {
    const many = Array.from({ length: 40 }, (_, step) => duelsOf(world, logps, rewards, SEEDS, step));
    for (const [a, b] of [[0, 1], [1, 2], [0, 2]]) {
      const contests = many.map((own) => contestOf(own, 2, a, b));
      const n = contests.reduce((sum, { sampled }) => sum + sampled.pairs, 0);
      expect(n).toBe(40 * 2 * 200);
      for (const key of ['win', 'tie', 'loss'] as const) {
        const exact = contests[0][key].values.reduce((sum, value) => sum + value / 2, 0);
        const sampled = contests.reduce((sum, contest) => sum + contest.sampled[key].share / contests.length, 0);
        expect(Math.abs(sampled - exact), `${key} of ${a} against ${b}`).toBeLessThan(4 * Math.sqrt(exact * (1 - exact) / n));
      }
    }
  });

  it('and its interval holds the exact share about as often as it says', () => {
    let held = 0;
    for (let step = 0; step < 200; step++) {
      const { win, sampled } = contestOf(duelsOf(world, logps, rewards, SEEDS, step), 2, 0, 1);
      const exact = (win.values[0] + win.values[1]) / 2;
      if (sampled.win.low <= exact && exact <= sampled.win.high) held += 1;
    }
    // 95 % of 200 is 190, standard deviation 3.1.
    expect(held).toBeGreaterThanOrEqual(178);
  });

  it('draws anew at every update, and the same again at the same', () => {
    expect(duelsOf(world, logps, rewards, SEEDS, 7).sampledRewards).toEqual(duels.sampledRewards);
    expect(duelsOf(world, logps, rewards, SEEDS, 8).sampledRewards).not.toEqual(duels.sampledRewards);
    expect(duels.sampledRewards.slice(0, 200)).not.toEqual(duels.sampledRewards.slice(400, 600));
  });
});

it('Wilson’s interval: 3 of 10 as in tables, and never outside [0, 1]', () => {
  const { share, low, high } = wilson(3, 10);
  expect([share, low, high].map((x) => Number(x.toFixed(4)))).toEqual([0.3, 0.1078, 0.6032]);
  expect(wilson(0, 50).low).toBe(0);
  expect(wilson(50, 50).high).toBe(1);
  expect(wilson(0, 50).high).toBeGreaterThan(0.05);
});

it('a spread leaves out what is not finite', () => {
  expect(spreadOf([3, NaN, 1, 2])).toEqual({ values: [3, NaN, 1, 2], median: 2, low: 1, high: 3 });
  expect(spreadOf([NaN]).median).toBeNaN();
});
