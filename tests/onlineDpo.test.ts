/** Online DPO: equal to DPO until it draws, then the same losses on exactly the pairs that were drawn and judged. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DPO_LOSSES } from '../src/sim/experimentRanges.ts';
import { populationOf, type DpoKnobs, type DpoLossName, type Experiment, type OnlineDpoAlgorithm } from '../src/sim/experiment.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { createRun, type Run } from '../src/sim/run.ts';
import type { JudgedBatch, Snapshot } from '../src/sim/worker/protocol.ts';
import { lengthOf, promptOf, responseText, type World } from '../src/sim/world.ts';
import { experimentOf } from './experimentOf.ts';
import { lossAndGradient, oracleProblem } from './oracle/float64.ts';
import { pairLoss } from './oracle/pairLosses.ts';
import { WORLDS } from './oracle/worlds.ts';
import { BACKENDS, farthest, prepare, startRun, switchBackend } from './product.ts';

const NEVER = 1_000_000;
const PREFIXES = WORLDS['two prompts with prefixes'];
const TABULAR = { kind: 'tabular' };
const MLP = { kind: 'mlp', hidden: [6] };
const SGD = { kind: 'sgd', learningRate: 0.3 };
const ADAM = { kind: 'adam', learningRate: 0.02 };
const cache = referenceCache(20);

const online = (algorithm: Record<string, unknown>, overrides: Record<string, unknown> = {}): Experiment =>
  experimentOf({ ...PREFIXES, policy: TABULAR, optimizer: SGD, seeds: [0, 3], algorithm: { kind: 'online-dpo', ...algorithm }, ...overrides });

async function train(run: Run, updates: number): Promise<void> {
  for (let i = 0; i < updates; i++) await run.update();
}
const bits = ({ tensors }: Snapshot): number[][] => tensors.map(({ data }) => Array.from(data));
const needed = (loss: DpoLossName) => (loss === 'exo_pair' ? { labelSmoothing: 0.001 } : {});
/** Quadratic losses of slope 1/β need smaller steps. */
const rateOf = (loss: DpoLossName) => (loss === 'ipo' || loss === 'sppo_hard' || loss === 'dpop' ? 0.02 : 0.3);

describe.each(BACKENDS)('never drawing on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  /** Trained with both algorithms: log-probabilities and loss. */
  async function expectSame(algorithm: Record<string, unknown>, overrides: Record<string, unknown>): Promise<void> {
    const [a, b] = [
      await startRun(online({ ...algorithm, resampleEvery: NEVER }, overrides), cache),
      await startRun(online({ ...algorithm, kind: 'dpo' }, overrides), cache),
    ];
    await train(a, 40);
    await train(b, 40);
    const [own, wanted] = [await a.measure(), await b.measure()];
    own.logps.forEach((logps, r) => {
      expect(farthest(logps, wanted.logps[r]), `policy ${r}`).toBeLessThan(1e-5);
      expect(farthest(logps, a.refLogps[r % a.refLogps.length]), 'it trained').toBeGreaterThan(0.05);
    });
    expect(Array.from(own.metrics, Number.isNaN)).toEqual(Array.from(wanted.metrics, Number.isNaN));
    expect(farthest(own.metrics.filter(Number.isFinite), wanted.metrics.filter(Number.isFinite))).toBeLessThan(2e-5);
    expect(a.takeJudged()).toEqual([]);
    a.dispose();
    b.dispose();
  }

  // Every loss on one of the two, to save time; those below on both.
  it.each(DPO_LOSSES.filter((_, i) => BACKENDS[i % 2] === backend))('it is DPO: %s, with its terms', async (loss) => {
    const sweep = { nllWeight: [0, 0.4], klWeight: [0, 0.2] };
    await expectSame({ loss, beta: 0.3, ...needed(loss) }, { sweep, seeds: [0], optimizer: { kind: 'sgd', learningRate: rateOf(loss) } });
  });

  it('it is DPO where every seed has its own sampled pairs, in minibatches', async () => {
    await expectSame({ batch: 3 }, { preferences: { sampled: { count: 12 } }, sweep: { beta: [0.1, 1], lengthAlpha: [0, 0.3] } });
  });

  it('it is DPO for a policy with shared weights', async () => {
    await expectSame({ loss: 'nca_pair' }, { policy: MLP, sweep: { beta: [0.1, 1] } });
  });
});

/** Places of a world's logits in the oracle's order: [C·K], indices into the oracle's. */
function oracleCells(world: World, { space }: ReturnType<typeof oracleProblem>): number[] {
  return Array.from({ length: world.contextCount }, (_, c) => {
    const { cells } = space.responses[space.find(promptOf(world, c), responseText(world, c))];
    return cells[cells.length - 1] - world.wordCount;
  }).flatMap((first) => Array.from({ length: world.tokenCount }, (_, k) => first + k));
}

/** Loss and gradient of the float64 oracle on drawn pairs; identical ones count in the mean and nowhere else. */
function oracleOnDrawn(experiment: Experiment, swept: Partial<DpoKnobs>, world: World, { nodes }: JudgedBatch, logits: ArrayLike<number>) {
  const { algorithm } = experiment;
  if (algorithm.kind !== 'online-dpo') throw new Error('not online');
  const problem = oracleProblem({ ...experiment, algorithm: { ...algorithm, kind: 'dpo' } }, swept);
  const place = (y: number) => problem.space.find(promptOf(world, y), responseText(world, y));
  const count = nodes.length / 2;
  const pairs = Array.from({ length: count }, (_, i) => ({ chosen: place(nodes[2 * i]), rejected: place(nodes[2 * i + 1]), weight: 1 / count }))
    .filter(({ chosen, rejected }) => chosen !== rejected);
  const { loss, gradient } = lossAndGradient({ ...problem, pairs }, logits);
  const nothing = { logpW: 0, logpL: 0, refW: 0, refL: 0, wordsW: 0, wordsL: 0, tokensW: 1, tokensL: 1 };
  const identical = 1 - pairs.length / count;
  return { loss: loss + identical * pairLoss(algorithm.loss, nothing, problem.knobs).value, gradient, identical };
}

describe.each(BACKENDS)('on pairs that were drawn, on %s', (backend) => {
  beforeAll(() => switchBackend(backend));

  it.each(DPO_LOSSES)('%s: loss and gradient are those of exactly these pairs', async (loss) => {
    // With SGD and learning rate 1 an update moves the logits by minus the gradient.
    const experiment = online(
      { loss, beta: 0.4, resampleEvery: 3, pairsPerResample: 6, judgeTemperature: 0.5, judgeLengthBias: 0.3, ...needed(loss) },
      { sweep: { nllWeight: [0, 0.7], klWeight: [0, 0.5] }, optimizer: { kind: 'sgd', learningRate: 1 } },
    );
    const run = await startRun(experiment);
    const { world, members } = run.prepared;
    const read = async () => (await run.snapshot()).tensors[0].data;
    // Near enough to the reference for float32, far enough for every term to have a slope.
    run.restore({ step: 0, tensors: (await run.snapshot()).tensors.slice(0, 1).map((tensor) => ({ ...tensor, data: tensor.data.map((z, i) => z + 0.3 * Math.sin(i)) })) });
    run.retune({ learningRate: 1e-3 });
    await train(run, 2);
    run.retune({ learningRate: 1 });
    const before = await read();
    await train(run, 1);
    const after = await read();
    const { metrics } = await run.measure();
    const judged = run.takeJudged();
    expect(judged.map(({ step, policy }) => [step, policy])).toEqual(members.map((_, r) => [3, r]));
    const cells = oracleCells(world, oracleProblem(experiment));
    const block = cells.length;
    let identicals = 0;
    members.forEach(({ swept }, r) => {
      const inOrder = (data: Float32Array) => {
        const logits = new Float64Array(block);
        cells.forEach((cell, i) => { logits[cell] = data[r * block + i]; });
        return logits;
      };
      const { gradient, identical } = oracleOnDrawn(experiment, swept, world, judged[r], inOrder(before));
      const size = Math.max(1, ...gradient.map(Math.abs));
      expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-3);
      const [from, to] = [inOrder(before), inOrder(after)];
      expect(farthest(gradient, from.map((z, i) => z - to[i])) / size, `gradient of policy ${r}`).toBeLessThan(4e-6);
      const now = oracleOnDrawn(experiment, swept, world, judged[r], inOrder(after)).loss;
      expect(Math.abs(metrics[metricIndex('loss') * members.length + r] - now) / Math.max(1, Math.abs(now)), `loss of policy ${r}`).toBeLessThan(4e-6);
      identicals += identical;
    });
    expect(identicals, 'some pairs are identical').toBeGreaterThan(0);
    run.dispose();
  });

  it.each(DPO_LOSSES)('%s: identical responses teach exactly nothing', async (loss) => {
    // The reference always says the same, so all pairs are identical.
    const run = await startRun(online({ loss, nllWeight: 0.5, ...needed(loss) }, {
      reference: { kind: 'corpus', smoothing: 0, corpus: [0, 1, 2].map((prompt) => ({ prompt, response: 'no never' })) }, optimizer: ADAM,
    }));
    const start = bits(await run.snapshot())[0];
    await train(run, 3);
    await run.measure();
    const judged = run.takeJudged();
    expect(judged).toHaveLength(6);
    for (const { nodes } of judged) expect(nodes.every((y, i) => y === nodes[i - i % 2])).toBe(true);
    expect(bits(await run.snapshot())[0]).toEqual(start);
    run.dispose();
  });

  it('the same run twice, and resumed in the middle of a period, is bit-equal', async () => {
    const experiment = online({ loss: 'dpop', dpopLambda: 1, pairsPerResample: 3, batch: 2 }, { policy: MLP, optimizer: ADAM, sweep: { resampleEvery: [1, 4, 7, NEVER] } });
    const runs = [await startRun(experiment, cache), await startRun(experiment, cache), await startRun(experiment, cache)];
    const [first, second, resumed] = runs;
    const [start, atStart] = [await first.snapshot(), await first.measure()];
    await train(first, 24);
    await first.measure();
    const straight = bits(await first.snapshot());
    await train(second, 10);
    const middle = await second.snapshot();
    await second.measure();
    const early = second.takeJudged();
    await train(second, 14);
    await second.measure();
    expect(bits(await second.snapshot())).toEqual(straight);
    expect([...early, ...second.takeJudged()]).toEqual(first.takeJudged());
    resumed.restore(middle);
    await train(resumed, 14);
    expect(bits(await resumed.snapshot())).toEqual(straight);
    const [a, b] = [await first.measure(), await resumed.measure()];
    expect(Array.from(b.metrics)).toEqual(Array.from(a.metrics));
    // Back to the start: on the experiment's pairs again, with nothing to tell.
    first.restore(start);
    expect(Array.from((await first.measure()).metrics)).toEqual(Array.from(atStart.metrics));
    expect(first.takeJudged()).toEqual([]);
    for (const run of runs) run.dispose();
  });

  it('a policy alone or among others with their own periods', async () => {
    const sweep = { resampleEvery: [1, 3, NEVER], beta: [0.1, 0.5] };
    const together = await startRun(online({ pairsPerResample: 4 }, { seeds: [0, 3, 5], sweep }), cache);
    await train(together, 40);
    const all = await together.measure();
    const judged = together.takeJudged();
    populationOf(together.prepared.experiment).forEach((member, r) => { expect(together.prepared.members[r]).toEqual(member); });
    for (const [seed, beta, resampleEvery] of [[3, 0.5, 1], [5, 0.1, 3], [0, 0.5, NEVER]]) {
      const r = together.prepared.members.findIndex(({ seed: own, swept }) => own === seed && swept.beta === beta && swept.resampleEvery === resampleEvery);
      const alone = await startRun(online({ pairsPerResample: 4, beta, resampleEvery }, { seeds: [seed] }), cache);
      await train(alone, 40);
      expect(farthest((await alone.measure()).logps[0], all.logps[r])).toBeLessThan(1e-5);
      expect(alone.takeJudged()).toEqual(judged.filter(({ policy }) => policy === r).map((batch) => ({ ...batch, policy: 0 })));
      alone.dispose();
    }
    together.dispose();
  });

  it('leaks no tensor in hundreds of updates, nor in measure, restore, retune and dispose', async () => {
    const counts = () => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const start = counts();
    const run = await startRun(
      online({ loss: 'apo_down', nllWeight: 0.1, klWeight: 0.1, batch: 2 }, { policy: MLP, optimizer: ADAM, seeds: [0], sweep: { resampleEvery: [1, 2, NEVER] } }), cache,
    );
    await train(run, 2);
    const training = counts();
    await train(run, backend === 'wasm' ? 300 : 100);
    expect(counts()).toEqual(training);
    const middle = await run.snapshot();
    for (let i = 0; i < 3; i++) {
      await run.measure();
      run.restore(middle);
      run.retune({ beta: 0.2, learningRate: 0.05 });
      await train(run, 2);
      expect(counts()).toEqual(training);
    }
    run.dispose();
    expect(counts()).toEqual(start);
  });
});

describe('what it tells', () => {
  beforeAll(() => switchBackend('wasm'));

  it('every policy draws at its own updates, once per reading, with what the judge gave', async () => {
    const run = await startRun(online({ pairsPerResample: 5, judgeLengthBias: 0.4 }, { seeds: [7], sweep: { resampleEvery: [2, 5, NEVER] } }));
    const { world, rewards } = run.prepared;
    await train(run, 3);
    await run.measure();
    const first = run.takeJudged();
    await train(run, 7);
    await run.measure();
    const rest = run.takeJudged();
    expect(first.map(({ step, policy }) => [step, policy])).toEqual([[2, 0]]);
    expect(rest.map(({ step, policy }) => [step, policy])).toEqual([[4, 0], [5, 1], [6, 0], [8, 0], [10, 0], [10, 1]]);
    await run.measure();
    expect(run.takeJudged()).toEqual([]);
    for (const { nodes, scores } of [...first, ...rest]) {
      expect(nodes).toHaveLength(2 * 5 * world.promptCount);
      nodes.forEach((y, i) => { expect(scores[i]).toBe(Math.fround(rewards![y] + 0.4 * lengthOf(world, y))); });
    }
    run.dispose();
  });

  it('the pairs are drawn from the policy as it is: of one that says “no” only, “no” comes', async () => {
    const run = await startRun(online({ resampleEvery: 1 }, { seeds: [0] }));
    const { world } = run.prepared;
    const { tensors } = await run.snapshot();
    const [no, end] = [1, world.wordCount];
    const data = tensors[0].data.map((_, i) => (i % world.tokenCount === (Math.floor(i / world.tokenCount) < world.promptCount ? no : end) ? 60 : 0));
    run.restore({ step: 0, tensors: [{ ...tensors[0], data }] });
    await train(run, 1);
    await run.measure();
    expect(new Set(Array.from(run.takeJudged()[0].nodes, (y) => responseText(world, y)))).toEqual(new Set(['no']));
    run.dispose();
  });

  it('at update 0 every difference to the reference is exactly 0, and the loss is log 2', async () => {
    const run = await startRun(online({}, { policy: MLP }), cache);
    const { metrics } = await run.measure();
    for (const id of ['kl', 'rewards/margins'] as const) expect(Math.abs(metrics[metricIndex(id) * 2]), id).toBe(0);
    expect(metrics[metricIndex('loss') * 2]).toBeCloseTo(Math.LN2, 6);
    run.dispose();
  });

  it('refuses pairs beyond its memory before it starts', async () => {
    const prepared = await prepare(online({}, WORLDS['long shared prefixes']));
    const { experiment } = prepared;
    const large = { ...experiment, algorithm: { ...experiment.algorithm, pairsPerResample: 20_000 } as OnlineDpoAlgorithm };
    const counts = () => tf.memory().numTensors;
    const before = counts();
    // 2 policies × 31 contexts × 3 tokens × all 63² different pairs: that many are fine.
    (await createRun({ ...prepared, experiment: large })).dispose();
    const many = { ...large, seeds: Array.from({ length: 200 }, (_, seed) => seed) };
    await expect(createRun({ ...prepared, experiment: many, members: populationOf(many) }))
      .rejects.toThrow(/algorithm\.pairsPerResample must be small enough for at most 40000000 entries \(.*pairs of each\), got up to 73823400/);
    expect(counts()).toBe(before);
  });
});

describe('the the the, online: pairs drawn every K updates and judged by the gold reward', () => {
  const PERIODS = [1, 10, 100, NEVER];
  const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
  /** Highest OOD mass at any fifth of 600 updates, [K][seed]. */
  let peaks: number[][];

  beforeAll(async () => {
    await switchBackend('wasm');
    const experiment = experimentOf({
      ...THE_THE_THE_FILE, algorithm: { kind: 'online-dpo', beta: 0.05, judgeTemperature: 0.25, pairsPerResample: 8 },
      seeds: SEEDS, sweep: { resampleEvery: PERIODS }, steps: 600,
    });
    const run = await createRun(await prepare(experiment));
    const size = run.prepared.members.length;
    const highest = new Float64Array(size);
    for (let update = 0; update <= experiment.steps; update += 5) {
      const { metrics } = await run.measure();
      highest.forEach((peak, r) => { highest[r] = Math.max(peak, metrics[metricIndex('mass/ood') * size + r]); });
      if (update < experiment.steps) await train(run, 5);
    }
    run.dispose();
    peaks = PERIODS.map((_, k) => Array.from(highest.subarray(k * SEEDS.length, (k + 1) * SEEDS.length)));
  });

  const median = (values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return (sorted[3] + sorted[4]) / 2;
  };

  it('the median peak of OOD mass falls with the rate', () => {
    const [every, ten, hundred, never] = peaks.map(median);
    // Measured: 0.003 (the reference’s own), 0.003, 0.16, 1.00.
    expect(every).toBeLessThanOrEqual(ten);
    expect(ten).toBeLessThan(hundred / 2);
    expect(hundred).toBeLessThan(never / 2);
    expect(never).toBeGreaterThan(0.9);
  });

  it('with K = 10 it stays below 0.05 in every seed', () => {
    for (const peak of peaks[1]) expect(peak).toBeLessThanOrEqual(0.05);
  });
});
