/** The MLP policy: its features, initial weights and reference fit; and preferences sampled from a reference. */
import { beforeAll, describe, expect, it } from 'vitest';
import { responseLogps } from '../src/sim/exact/forest.ts';
import { goldRewards } from '../src/sim/gold.ts';
import { contextFeatures, mlpPolicy } from '../src/sim/models/mlp.ts';
import type { FittedReference } from '../src/sim/prepare.ts';
import { createRun } from '../src/sim/run.ts';
import { prepareRun } from '../src/sim/prepare.ts';
import { samplePairs, sampleResponse } from '../src/sim/preferences.ts';
import { randomAt, STREAM } from '../src/sim/random.ts';
import { referenceTarget, targetKl } from '../src/sim/reference.ts';
import { FIT } from '../src/sim/trainers/referenceFit.ts';
import { buildWorld, nodeOf, promptOf, responseText, wordsOf } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { switchBackend } from './product.ts';

const FILE = {
  world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['x', 'y'] },
  reference: {
    kind: 'corpus', smoothing: 0.2,
    corpus: [{ prompt: 0, response: 'the cat', weight: 2 }, { prompt: 0, response: 'a cat', weight: 1 }, { prompt: 1, response: 'cat', weight: 1 }],
  },
  gold: { otherwise: 0, perWord: { cat: 0.8, a: -0.5 } },
  policy: { kind: 'mlp', hidden: [8] }, algorithm: { kind: 'dpo' }, seeds: [0, 1],
};
const PAIRS = { preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }] } };

describe('features', () => {
  it('are one-hot prompt, position, previous token and the token before it, absent = end token', () => {
    const world = buildWorld({ words: ['p', 'q'], maxLength: 3, prompts: ['0', '1'] });
    const contexts = ['', 'q', 'q p'].map((text) => nodeOf(world, 1, text));
    const { data, width } = contextFeatures(world, contexts);
    //                    prompt  position  previous  before
    expect(width).toBe(11);
    expect([0, 1, 2].map((i) => Array.from(data.subarray(i * width, (i + 1) * width)))).toEqual([
      /* ''    */ [0, 1, /**/ 1, 0, 0, /**/ 0, 0, 1, /**/ 0, 0, 1],
      /* 'q'   */ [0, 1, /**/ 0, 1, 0, /**/ 0, 1, 0, /**/ 0, 0, 1],
      /* 'q p' */ [0, 1, /**/ 0, 0, 1, /**/ 1, 0, 0, /**/ 0, 1, 0],
    ]);
  });
});

describe('initial weights', () => {
  const world = buildWorld({ words: ['a', 'b', 'c', 'd'], maxLength: 3, prompts: ['x'] });
  const arrays = mlpPolicy(world, [64, 32]).initial([0, 1, 2, 3]);

  it('are N(0, 0.5²) in the first layer, N(0, 1/fan-in) later, biases 0', () => {
    const sd = [0.5, 1 / Math.sqrt(64), 1 / Math.sqrt(32)];
    expect(arrays.map(({ name, shape }) => [name, shape])).toEqual([
      ['weights0', [4, 14, 64]], ['biases0', [4, 1, 64]], ['weights1', [4, 64, 32]], ['biases1', [4, 1, 32]], ['weights2', [4, 32, 5]], ['biases2', [4, 1, 5]],
    ]);
    arrays.forEach(({ data }, i) => {
      if (i % 2 === 1) {
        expect(data.every((bias) => bias === 0)).toBe(true);
        return;
      }
      const z = Array.from(data, (weight) => weight / sd[i / 2]);
      const moment = (k: number) => z.reduce((sum, value) => sum + value ** k, 0) / z.length;
      expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(z.length));
      expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / z.length));
      expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / z.length));
    });
  });

  it('depend on the seed only, not on the population', () => {
    const alone = mlpPolicy(world, [64, 32]).initial([2]);
    arrays.forEach(({ data }, i) => expect(data.subarray(data.length / 2, data.length * 3 / 4)).toEqual(alone[i].data));
    expect(arrays[0].data.subarray(0, 64)).not.toEqual(arrays[0].data.subarray(14 * 64, 14 * 64 + 64));
  });
});

describe.each(['cpu', 'wasm'] as const)('the reference fit on %s', (backend) => {
  const experiment = experimentOf({ ...FILE, ...PAIRS });
  beforeAll(() => switchBackend(backend));

  it('stops each policy at its first KL below 0.002, and reports that KL', async () => {
    const progress: { update: number; worstKl: number }[] = [];
    const prepared = await prepareRun(experiment, { get: () => undefined, set() {} }, (now) => { if (now.stage === 'reference') progress.push(now); });
    const { world } = prepared;
    const run = await createRun(prepared);
    const { refLogps } = run;
    run.dispose();
    prepared.referenceKl.forEach((kl, s) => {
      expect(kl).toBeLessThan(0.002);
      // One update lowers it by about 4e-5 here: nobody went on while the other policy was still fitted.
      expect(kl, 'just below the threshold').toBeGreaterThan(0.00195);
      // KL(target‖π_ref) again, over whole responses.
      const target = referenceTarget(world, experiment);
      const logits = Float64Array.from(target.conditionals, (p) => Math.log(Math.max(p, 1e-300)));
      const targetLogps = responseLogps(world, logits);
      const direct = targetLogps.reduce((sum, logp, y) => sum + Math.exp(logp) * (logp - refLogps[s][y]), 0) / world.promptCount;
      expect(Math.abs(direct - kl)).toBeLessThan(1e-9);
    });
    expect(progress.slice(0, -1).every(({ worstKl }) => worstKl >= 0.002)).toBe(true);
    expect(progress.at(-1)!.worstKl).toBeLessThan(0.002);
    expect(progress.at(-1)!.update).toBeLessThan(FIT.updates);
    expect(progress.map(({ update }) => update)).toEqual(progress.map((_, i) => 20 * (i + 1)));
  });
});

describe('sampled preferences', () => {
  const experiment = experimentOf({ ...FILE, ...PAIRS });
  const world = buildWorld(experiment.world);
  const rewards = goldRewards(world, experiment.gold!);
  const random = randomAt(1, STREAM.initialisation);
  const logits = Float64Array.from({ length: world.contextCount * world.tokenCount }, () => random.normal());
  const probabilities = responseLogps(world, logits).map(Math.exp);
  const COUNT = 20_000;
  const spec = { count: COUNT, from: 'reference' as const, labels: 'bradley-terry' as const, temperature: 1, lengthBias: 0 };
  /** Five standard errors of a share. */
  const error = (share: number, n: number) => 5 * Math.sqrt(Math.max(share * (1 - share), 1 / n) / n);

  it('sampleResponse draws every response with its probability', () => {
    const draws = randomAt(0, STREAM.preferences, 3);
    const counts = new Array<number>(world.responseCount).fill(0);
    for (let i = 0; i < COUNT; i++) counts[sampleResponse(world, logits, 0, 1, draws)]++;
    counts.forEach((count, y) => {
      const p = promptOf(world, y) === 1 ? probabilities[y] : 0;
      expect(Math.abs(count / COUNT - p), responseText(world, y)).toBeLessThanOrEqual(p === 0 ? 0 : error(p, COUNT));
    });
  });

  it('takes prompts evenly and both responses from the policy, independently', () => {
    const pairs = samplePairs(world, { ...spec, temperature: 1e6 }, logits, 0, rewards, 5);
    expect(pairs).toHaveLength(COUNT);
    expect(Math.abs(pairs.filter(({ prompt }) => prompt === 0).length / COUNT - 0.5)).toBeLessThan(error(0.5, COUNT));
    expect(pairs.every(({ prompt, chosen, rejected, weight }) => weight === 1 && promptOf(world, chosen) === prompt && promptOf(world, rejected) === prompt)).toBe(true);
    // At this temperature labels are coin flips, so chosen and rejected are two independent draws, identical ones kept.
    const joint = (y: number, z: number) => pairs.filter(({ chosen, rejected }) => chosen === y && rejected === z).length / COUNT;
    const [y, z] = ['the', 'a'].map((text) => nodeOf(world, 0, text));
    for (const [u, v] of [[y, z], [z, y], [y, y]]) {
      const p = probabilities[u] * probabilities[v] / 2;
      expect(Math.abs(joint(u, v) - p)).toBeLessThan(error(p, COUNT));
    }
  });

  it.each([
    { temperature: 1, lengthBias: 0 }, { temperature: 0.25, lengthBias: 0 }, { temperature: 3, lengthBias: 0 }, { temperature: 1, lengthBias: 0.7 }, { temperature: 1, lengthBias: -0.7 },
  ])('labels by Bradley–Terry, temperature $temperature, length bias $lengthBias', ({ temperature, lengthBias }) => {
    const pairs = samplePairs(world, { ...spec, temperature, lengthBias }, logits, 0, rewards, 6);
    const utility = (y: number) => rewards[y] + lengthBias * wordsOf(world, y).length;
    // For every unordered pair of responses seen often: how often the better one was chosen.
    const seen = new Map<string, { n: number; wins: number; p: number }>();
    for (const { chosen, rejected } of pairs) {
      const better = Math.max(utility(chosen), utility(rejected));
      const difference = Math.abs(utility(chosen) - utility(rejected)) / temperature;
      if (difference < 1e-9) continue;
      const key = [chosen, rejected].toSorted((a, b) => a - b).join();
      const entry = seen.get(key) ?? { n: 0, wins: 0, p: 1 / (1 + Math.exp(-difference)) };
      seen.set(key, { ...entry, n: entry.n + 1, wins: entry.wins + (utility(chosen) === better ? 1 : 0) });
    }
    const often = [...seen.values()].filter(({ n }) => n >= 200);
    expect(often.length).toBeGreaterThan(10);
    for (const { n, wins, p } of often) expect(Math.abs(wins / n - p)).toBeLessThan(error(p, n));
  });

  it('argmax always prefers the higher utility', () => {
    const pairs = samplePairs(world, { ...spec, count: 2000, labels: 'argmax', lengthBias: 0.3 }, logits, 0, rewards, 7);
    const utility = (y: number) => rewards[y] + 0.3 * wordsOf(world, y).length;
    expect(pairs.every(({ chosen, rejected }) => utility(chosen) >= utility(rejected))).toBe(true);
    expect(pairs.some(({ chosen, rejected }) => utility(chosen) > utility(rejected) && wordsOf(world, chosen).length < wordsOf(world, rejected).length)).toBe(true);
  });

  it('each seed of a run draws its own pairs, from its own reference, and the same again', async () => {
    await switchBackend('cpu');
    const sampled = experimentOf({ ...FILE, preferences: { sampled: { count: 50 } } });
    const block = world.contextCount * world.tokenCount;
    const fitted: FittedReference = { parameters: mlpPolicy(world, [8]).initial([0, 1]), logits: Float32Array.from({ length: 2 * block }, (_, i) => logits[i % block] * (i < block ? 1 : -1)) };
    const prepared = await prepareRun(sampled, { get: () => fitted, set() {} }, () => {});
    const { pairs, weights } = prepared.pairs;
    [0, 1].forEach((seed, s) => {
      const own = samplePairs(world, { ...spec, count: 50 }, fitted.logits, s * block, rewards, seed);
      pairs.forEach((pair, b) => {
        const times = own.filter(({ chosen, rejected }) => chosen === pair.chosen && rejected === pair.rejected).length;
        expect(weights[s * pairs.length + b]).toBeCloseTo(times / 50, 12);
      });
    });
    expect(targetKl(world, referenceTarget(world, sampled), fitted.logits)).toBe(prepared.referenceKl[0]);
  });
});
