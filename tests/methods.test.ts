/** The table of methods: what each keeps of the base, what it changes, what it costs, and the words about it. */
import { describe, expect, it } from 'vitest';
import { DPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import { readExperiment, supportProblem, unusedKnobs } from '../src/sim/experimentSchema.ts';
import { judgeCallsAfter, judgeCallsPerUpdate, methodOf, METHODS, methodsOf, samplesAfter, samplesPerUpdate } from '../src/sim/methods.ts';
import { NEAR_PAIRS_FILE } from '../src/sim/presets/near-pairs.ts';
import { HELPFULNESS_FILE, SUMMARY_FILE, HARMLESSNESS_FILE } from '../src/sim/presets/tasks.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { METHOD_COUNT } from '../src/sim/url.ts';
import { experimentOf } from './experimentOf.ts';
import { referenceCache } from '../src/sim/prepare.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { startRun, switchBackend, train } from './product.ts';

const references = referenceCache();

const BASES = [
  experimentOf({ ...SUMMARY_FILE, sweep: { beta: [0.05, 0.5] } }),
  experimentOf(NEAR_PAIRS_FILE as never),
  experimentOf({ ...HARMLESSNESS_FILE, algorithm: { kind: 'ppo', beta: 0.7 }, optimizer: { kind: 'adam', learningRate: 0.003 } }),
  experimentOf({ ...HELPFULNESS_FILE, algorithm: { kind: 'dpo', loss: 'hinge', beta: 1.5, batch: 4, nllWeight: 2 }, policy: { kind: 'tabular' } }),
];

describe.each(METHODS)('$id', (method) => {
  it.each(BASES.map((base, i) => ({ base, i })))('keeps all but algorithm and optimiser, and its β, of base $i', ({ base }) => {
    const own = method.apply(base);
    const kept = ({ version, name, world, reference, gold, preferences, policy, steps, seeds }: typeof own) => ({ version, name, world, reference, gold, preferences, policy, steps, seeds });
    expect(kept(own)).toStrictEqual(kept(base));
    expect(own.algorithm.beta).toBe(base.algorithm.beta);
    expect(own.sweep).toBeUndefined();
    expect(readExperiment(JSON.parse(JSON.stringify(own)))).toStrictEqual({ ok: true, experiment: own });
    expect(supportProblem(own)).toBeNull();
  });

  it('is found again by what it trains, and sets no knob that nothing reads', () => {
    for (const base of BASES) {
      const own = method.apply(base);
      expect(methodOf(own)?.id).toBe(method.id);
      expect(unusedKnobs(own).filter((path) => path.startsWith('algorithm') && path !== 'algorithm.batch')).toEqual([]);
    }
  });
});

it('ids and names are different, and unknown ids are left out', () => {
  for (const key of ['id', 'label', 'short', 'explanation'] as const) expect(new Set(METHODS.map((method) => method[key])).size).toBe(METHODS.length);
  expect(methodsOf(['ppo', 'nothing', 'dpo']).map(({ id }) => id)).toEqual(['ppo', 'dpo']);
  expect(methodOf(experimentOf({ ...SUMMARY_FILE, algorithm: { kind: 'dpo', loss: 'sigmoid', labelSmoothing: 0.3 } }))).toBeNull();
});

it('no two methods train the same: algorithms differ, plain DPO is the format’s default', () => {
  const [base] = BASES;
  const algorithms = METHODS.map((method) => JSON.stringify(method.apply(base).algorithm));
  expect(new Set(algorithms).size).toBe(METHODS.length);
  expect(methodsOf(['dpo'])[0].apply(base).algorithm).toStrictEqual({ ...DPO_DEFAULTS, beta: 0.1 });
});

it('IPO’s first update by SGD is as long as DPO’s along h: 2/(2β)·rate·β²/2 = β/2·rate', () => {
  for (const beta of [0.05, 0.2]) {
    const base = experimentOf({ ...SUMMARY_FILE, algorithm: { kind: 'dpo', beta }, optimizer: { kind: 'sgd', learningRate: 0.8 } });
    const [dpo, ipo] = methodsOf(['dpo', 'ipo']).map((method) => method.apply(base));
    // |dL/dh| at h = 0: β·σ(0) and 2·1/(2β).
    expect(ipo.optimizer.learningRate * (1 / beta)).toBeCloseTo(dpo.optimizer.learningRate * (beta / 2), 12);
  }
  const adam = experimentOf({ ...SUMMARY_FILE, optimizer: { kind: 'adam', learningRate: 0.01 } });
  expect(methodsOf(['ipo'])[0].apply(adam).optimizer).toEqual({ kind: 'adam', learningRate: 0.01 });
});

it.each([0.05, 0.5, 1, 10])('IPO and SPPO stay finite side by side with DPO at β %d', async (beta) => {
  await switchBackend('wasm');
  const base = experimentOf({ ...THE_THE_THE_FILE, algorithm: { kind: 'dpo', beta }, seeds: [0, 1] } as never);
  for (const method of methodsOf(['ipo', 'sppo-hard'])) {
    const run = await startRun(method.apply(base), references);
    await train(run, 150);
    const { notFinite } = await run.measure();
    run.dispose();
    expect(notFinite, method.id).toEqual([]);
  }
});

describe('what a method costs', () => {
  const of = (id: string) => methodsOf([id])[0].apply(BASES[0]);
  it('offline and exact methods draw nothing', () => {
    for (const id of ['dpo', 'ipo', 'dpop', 'exact']) expect([samplesAfter(of(id), 400), judgeCallsAfter(of(id), 400)]).toEqual([0, 0]);
  });
  it('PPO: 64 responses for each of 3 prompts, each scored', () => {
    expect([samplesPerUpdate(of('ppo')), judgeCallsPerUpdate(of('ppo')), samplesAfter(of('ppo'), 10)]).toEqual([192, 192, 1920]);
  });
  it('online DPO: 8 pairs for each of 3 prompts every 10 updates, a verdict for each pair', () => {
    expect([samplesAfter(of('online-dpo'), 9), samplesAfter(of('online-dpo'), 10), samplesAfter(of('online-dpo'), 29)]).toEqual([0, 48, 96]);
    expect([samplesPerUpdate(of('online-dpo')), judgeCallsPerUpdate(of('online-dpo'))]).toEqual([4.8, 2.4]);
  });
});

it('presets name known methods, as many as may train, and none with a sweep', () => {
  const withMethods = PRESETS.filter(({ methods }) => methods);
  expect(withMethods.map(({ chapter }) => chapter)).toEqual([8, 8, 8, 8, 8, 9, 9, 9]);
  for (const { methods = [], experiment } of withMethods) {
    expect(methodsOf(methods)).toHaveLength(methods.length);
    expect(methods.length).toBeGreaterThanOrEqual(METHOD_COUNT.min);
    expect(methods.length).toBeLessThanOrEqual(METHOD_COUNT.max);
    expect(experiment.sweep).toBeUndefined();
    expect(experiment.algorithm.kind).toBe('dpo');
  }
});
