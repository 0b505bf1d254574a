/** The table of what a reader may change. */
import { describe, expect, test } from 'vitest';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import { RANGES } from '../src/sim/experimentRanges.ts';
import { describeParam, formatParam, getParam, PARAMS, parseParam, setParam, valueProblem } from '../src/sim/params.ts';
import { generator, randomFile } from './experimentGenerator.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import type { ParamId, ParamValue } from '../src/sim/params.ts';

function example(patch: Record<string, unknown> = {}): Experiment {
  const result = readExperiment({
    world: { words: ['the', 'a', 'cat'], maxLength: 2, prompts: ['Where?'] },
    reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'the cat' }] },
    gold: { otherwise: -1 },
    preferences: { pairs: [{ prompt: 0, chosen: 'the cat', rejected: 'a cat' }] },
    ...patch,
  });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.experiment;
}

const at = (experiment: Experiment, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], experiment);

describe('the table', () => {
  test('ids, paths and URL keys are unique; every row explains itself in a sentence', () => {
    for (const key of ['id', 'path', 'urlKey'] as const) expect(new Set(PARAMS.map((param) => param[key])).size).toBe(PARAMS.length);
    for (const { label, explanation, symbol, tex } of PARAMS) {
      expect(label).toMatch(/^[A-Z]/);
      expect(explanation).toMatch(/^[A-Z].*\.$/);
      expect(symbol === '').toBe(tex === '');
    }
  });

  test('only β and the learning rate change while a run goes on', () => {
    expect(PARAMS.filter(({ retune }) => retune).map(({ id }) => id)).toEqual(['beta', 'learningRate']);
  });

  test('a slider stays inside what the schema allows, a log slider above 0', () => {
    for (const param of PARAMS) {
      if (param.kind === 'choice' || param.kind === 'list') continue;
      expect(valueProblem(param.id, param.min)).toBeNull();
      expect(valueProblem(param.id, param.max)).toBeNull();
      if (param.kind === 'log') expect(param.min).toBeGreaterThan(0);
    }
  });

  /** A value for every row, other than that of the experiments below. */
  const OTHER: Record<ParamId, ParamValue> = {
    algorithm: 'exact', loss: 'ipo', beta: 0.7, optimizer: 'adam', learningRate: 0.01, labelSmoothing: 0.2, lengthAlpha: -0.5, dpopLambda: 3,
    simpoGamma: 1.5, nllWeight: 0.5, klWeight: 0.25, resampleEvery: 7, pairsPerResample: 3, judge: 'gold', judgeTemperature: 0.5, judgeLengthBias: -0.3,
    reward: 'gold', rolloutBatch: 32, epochs: 2, minibatches: 3, clipRange: 0.1, gamma: 0.9, gaeLambda: 0.5, valueCoef: 0.3, valueClip: 0.7, entropyCoef: 0.02,
    whitenAdvantages: 'off', rewardModelKind: 'table', rewardModelSteps: 50, rewardModelRate: 0.1, normalise: 'off', earlyStop: 'off',
    pairCount: 9, labels: 'argmax', temperature: 2, lengthBias: 0.4, policy: 'tabular', hidden: [32, 32], width: 32, heads: 4, smoothing: 0.01, seeds: [7, 8, 9],
    steps: 120, sweepBeta: [1, 2], sweepResample: [1, 50], sweepLengthBias: [0, 0.5],
  };
  const EXPERIMENTS = {
    dpo: example({ algorithm: { loss: 'robust' }, sweep: { beta: [0.1, 0.2] } }),
    online: example({ algorithm: { kind: 'online-dpo', judge: 'reward-model' }, preferences: { sampled: {} }, policy: { kind: 'transformer' } }),
    ppo: example({ algorithm: { kind: 'ppo', reward: 'reward-model' }, preferences: { sampled: {} }, policy: { kind: 'transformer' } }),
  };

  test.each(Object.entries(EXPERIMENTS))('every row that %s has sits where its path says, and setting it changes nothing else', (_, experiment) => {
    for (const { id, path } of PARAMS) {
      const current = getParam(experiment, id);
      if (current === undefined) continue;
      const before = structuredClone(experiment);
      const inFile = (value: ParamValue) => (value === 'on' || value === 'off' ? value === 'on' : value);
      expect(at(experiment, path) ?? [], id).toEqual(inFile(current));
      const changed = setParam(experiment, id, OTHER[id]);
      expect(getParam(changed, id)).toEqual(OTHER[id]);
      expect(at(changed, path), id).toEqual(inFile(OTHER[id]));
      expect(experiment).toStrictEqual(before);
      expect(readExperiment(changed)).toStrictEqual({ ok: true, experiment: changed });
      if (id === 'algorithm' || id === 'policy') continue;
      expect(setParam(changed, id, current), id).toStrictEqual(experiment);
    }
  });

  test('every row is a knob of one of them', () => {
    const missing = PARAMS.filter(({ id }) => Object.values(EXPERIMENTS).every((experiment) => getParam(experiment, id) === undefined));
    expect(missing).toEqual([]);
  });

  const applies = (experiment: Experiment): ParamId[] => PARAMS.filter((param) => param.appliesTo(experiment)).map(({ id }) => id);

  test('appliesTo follows loss, policy, reference and sweep', () => {
    expect(applies(example())).toEqual(['algorithm', 'loss', 'beta', 'optimizer', 'learningRate', 'labelSmoothing', 'lengthAlpha', 'nllWeight', 'klWeight', 'policy', 'hidden', 'smoothing', 'seeds', 'steps', 'sweepBeta']);
    expect(applies(example({ algorithm: { loss: 'dpop' } }))).toContain('dpopLambda');
    expect(applies(example({ algorithm: { loss: 'simpo' } }))).toContain('simpoGamma');
    expect(applies(example({ algorithm: { loss: 'ipo' } }))).not.toContain('labelSmoothing');
    expect(applies(example({ policy: { kind: 'tabular' } }))).not.toContain('hidden');
    expect(applies(example({ policy: { kind: 'transformer' } }))).toEqual(expect.arrayContaining(['width', 'heads']));
    expect(applies(example({ reference: { kind: 'unigram', wordWeights: [1, 1, 1], stop: 0.3 } }))).not.toContain('smoothing');
    expect(applies(example({ sweep: { beta: [1] } }))).not.toContain('beta');
    expect(applies(example({ algorithm: { kind: 'exact' } }))).toEqual(['algorithm', 'beta', 'optimizer', 'learningRate', 'policy', 'hidden', 'smoothing', 'seeds', 'steps', 'sweepBeta']);
  });

  test('appliesTo follows algorithm, judge, reward and preferences', () => {
    const [kind, preferences] = ['online-dpo', { sampled: {} }];
    expect(applies(example({ algorithm: { kind } }))).toEqual(expect.arrayContaining(['loss', 'resampleEvery', 'judge', 'judgeTemperature', 'sweepResample']));
    expect(applies(example({ algorithm: { kind } }))).not.toContain('rewardModelKind');
    expect(applies(example({ algorithm: { kind }, sweep: { resampleEvery: [1, 10] } }))).not.toContain('resampleEvery');
    expect(applies(example({ algorithm: { kind, judge: 'reward-model' }, gold: undefined }))).not.toContain('judge');
    const given = applies(example({ algorithm: { kind: 'ppo', reward: 'reward-model' } }));
    expect(given).toEqual(expect.arrayContaining(['rolloutBatch', 'gaeLambda', 'valueClip', 'reward', 'rewardModelKind', 'rewardModelSteps', 'normalise']));
    for (const id of ['loss', 'earlyStop', 'lengthBias', 'pairCount'] as const) expect(given).not.toContain(id);
    expect(applies(example({ algorithm: { kind: 'ppo', valueCoef: 0 } })).filter((id) => id === 'gaeLambda' || id === 'valueClip')).toEqual([]);
    const drawn = example({ algorithm: { kind: 'ppo', reward: 'reward-model' }, preferences });
    expect(applies(drawn)).toEqual(expect.arrayContaining(['earlyStop', 'pairCount', 'labels', 'temperature', 'lengthBias', 'sweepLengthBias']));
    expect(applies(setParam(drawn, 'labels', 'argmax'))).not.toContain('temperature');
    expect(applies(setParam(drawn, 'sweepLengthBias', [0, 1]))).not.toContain('lengthBias');
    expect(applies(setParam(drawn, 'reward', 'gold')), 'then nobody learns from what the annotator said').not.toContain('lengthBias');
    expect(applies(example({ algorithm: { kind: 'reward-model' }, preferences }))).toEqual([
      'algorithm', 'beta', 'optimizer', 'learningRate', 'rewardModelKind', 'normalise', 'pairCount', 'labels', 'temperature', 'lengthBias',
      'policy', 'hidden', 'smoothing', 'seeds', 'steps', 'sweepBeta', 'sweepLengthBias',
    ]);
  });

  test('no letter stands for two knobs of one experiment (random experiments)', () => {
    const random = generator(7);
    for (let i = 0; i < 200; i += 1) {
      const result = readExperiment(randomFile(random));
      if (!result.ok) throw new Error(result.problems[0]?.message);
      const { experiment } = result;
      // A sweep has the letter of what it sweeps, which does not apply then, or applies at its one value.
      const rows = PARAMS.filter((param) => param.symbol !== '' && !param.path.startsWith('sweep.') && param.appliesTo(experiment));
      for (const field of ['symbol', 'tex'] as const) expect(new Set(rows.map((param) => param[field])).size, JSON.stringify(experiment.algorithm)).toBe(rows.length);
    }
  });

  test('where a row applies, the experiment has the knob (random experiments)', () => {
    const random = generator(5);
    for (let i = 0; i < 200; i += 1) {
      const result = readExperiment(randomFile(random));
      if (!result.ok) throw new Error(result.problems[0]?.message);
      for (const param of PARAMS) if (param.appliesTo(result.experiment)) expect(getParam(result.experiment, param.id)).toBeDefined();
    }
  });
});

describe('setParam', () => {
  test('Adam keeps the learning rate', () => {
    expect(setParam(example(), 'optimizer', 'adam').optimizer).toEqual({ kind: 'adam', learningRate: 1 });
  });

  test('a label smoothing at its default follows the loss, another one stays', () => {
    const exo = setParam(example(), 'loss', 'exo_pair');
    expect(exo.algorithm).toMatchObject({ loss: 'exo_pair', labelSmoothing: 0.001 });
    expect(setParam(exo, 'loss', 'sigmoid')).toStrictEqual(example());
    expect(setParam(setParam(example(), 'labelSmoothing', 0.2), 'loss', 'exo_pair').algorithm).toMatchObject({ labelSmoothing: 0.2 });
  });

  test('exact keeps β and the sweeps it has', () => {
    const exact = setParam(example({ algorithm: { beta: 0.3 }, sweep: { beta: [1, 2], nllWeight: [0, 1] } }), 'algorithm', 'exact');
    expect(exact).toMatchObject({ algorithm: { kind: 'exact', beta: 0.3 }, sweep: { beta: [1, 2] } });
    expect(exact.sweep).not.toHaveProperty('nllWeight');
    expect(readExperiment(exact).ok).toBe(true);
    expect(setParam(exact, 'algorithm', 'dpo').algorithm).toMatchObject({ kind: 'dpo', loss: 'sigmoid', beta: 0.3 });
    expect(setParam(exact, 'algorithm', 'exact')).toBe(exact);
  });

  test('dpo and online DPO keep their loss and its knobs', () => {
    const dpo = example({ algorithm: { loss: 'dpop', beta: 0.3, dpopLambda: 5, nllWeight: 0.1, batch: 2 }, sweep: { beta: [1, 2], nllWeight: [0, 1] } });
    const online = setParam(dpo, 'algorithm', 'online-dpo');
    expect(online).toMatchObject({ algorithm: { ...dpo.algorithm, kind: 'online-dpo', resampleEvery: 1, judge: 'gold' }, sweep: dpo.sweep });
    expect(setParam(setParam(online, 'sweepResample', [1, 9]), 'algorithm', 'dpo')).toStrictEqual(dpo);
  });

  test('every algorithm may follow every other one (random experiments)', () => {
    const random = generator(6);
    const kinds = ['dpo', 'exact', 'online-dpo', 'ppo', 'reward-model'];
    for (let i = 0; i < 200; i += 1) {
      const result = readExperiment(randomFile(random));
      if (!result.ok) throw new Error(result.problems[0]?.message);
      for (const kind of kinds) {
        const changed = setParam(result.experiment, 'algorithm', kind);
        expect(readExperiment(changed)).toStrictEqual({ ok: true, experiment: changed });
        expect(changed.algorithm).toMatchObject({ kind, beta: result.experiment.algorithm.beta });
      }
    }
  });

  test('without gold the judge and the reward are a reward model', () => {
    for (const [kind, path] of [['ppo', 'reward'], ['online-dpo', 'judge']] as const) {
      const changed = setParam(example({ gold: undefined }), 'algorithm', kind);
      expect(getParam(changed, path)).toBe('reward-model');
      expect(readExperiment(changed)).toStrictEqual({ ok: true, experiment: changed });
    }
  });

  test('the reward model comes and goes with who asks for it', () => {
    const gold = example({ algorithm: { kind: 'ppo' }, preferences: { sampled: {} } });
    const learned = setParam(gold, 'reward', 'reward-model');
    expect(learned.rewardModel).toMatchObject({ kind: 'mlp', earlyStop: true });
    const linear = setParam(setParam(learned, 'rewardModelKind', 'linear'), 'sweepLengthBias', [0, 1]);
    expect(setParam(linear, 'algorithm', 'reward-model')).toMatchObject({ rewardModel: { kind: 'linear' }, sweep: { lengthBias: [0, 1] } });
    const back = setParam(linear, 'reward', 'gold');
    expect(back, 'and its sweep with it').toStrictEqual(gold);
  });

  test('an empty β sweep is no sweep', () => {
    expect(setParam(example({ sweep: { beta: [1, 2] } }), 'sweepBeta', [])).toStrictEqual(example());
  });

  test('refuses what is not allowed and what is not there, naming it', () => {
    expect(() => setParam(example(), 'beta', 0)).toThrow('setParam: beta must be a number in [0.000001, 1000], got 0.');
    expect(() => setParam(example(), 'beta', '0.1')).toThrow(RangeError);
    expect(() => setParam(example({ policy: { kind: 'tabular' } }), 'hidden', [8])).toThrow('needs the policy "mlp"');
    expect(() => setParam(example({ algorithm: { kind: 'exact' } }), 'loss', 'ipo')).toThrow('needs the algorithm "dpo" or "online-dpo", and the algorithm is "exact".');
    expect(() => setParam(example(), 'clipRange', 0.1)).toThrow('clipRange needs the algorithm "ppo", and the algorithm is "dpo".');
    expect(() => setParam(example(), 'resampleEvery', 3)).toThrow('resampleEvery needs the algorithm "online-dpo"');
    expect(() => setParam(example(), 'sweepResample', [3])).toThrow('resamples needs the algorithm "online-dpo"');
    expect(() => setParam(example(), 'normalise', 'off')).toThrow('normalise needs a reward model as the algorithm, as the judge or as the reward, and the algorithm is "dpo".');
    expect(() => setParam(example(), 'lengthBias', 1)).toThrow('lengthBias needs sampled preferences, and the pairs are given.');
    expect(() => setParam(example(), 'sweepLengthBias', [1])).toThrow('lengthBiases needs sampled preferences');
    expect(() => setParam(example({ algorithm: { kind: 'exact' }, preferences: { sampled: {} } }), 'sweepLengthBias', [1])).toThrow('an algorithm that learns from the preferences, and the algorithm is "exact".');
    expect(() => setParam(example(), 'width', 8)).toThrow('width needs the policy "transformer", and the policy is "mlp".');
    expect(() => setParam(example(), 'resampleEvery', 1.5)).toThrow('resampleEvery must be an integer in [1, 1000000], got 1.5.');
  });
});

describe('text', () => {
  test.each<[ParamId, string, ParamValue]>([
    ['beta', '0.05', 0.05], ['beta', ' 1e-3 ', 0.001], ['beta', '1000', 1000], ['beta', '.5', 0.5], ['lengthAlpha', '-2', -2],
    ['learningRate', '500', 500], ['steps', '0', 0], ['loss', 'ipo', 'ipo'], ['hidden', '16', [16]], ['hidden', '32, 32', [32, 32]],
    ['seeds', '0-7', [0, 1, 2, 3, 4, 5, 6, 7]], ['seeds', '0,3,9', [0, 3, 9]], ['seeds', '5', [5]], ['seeds', '0-2,9', [0, 1, 2, 9]],
    ['seeds', '4294967295', [4294967295]], ['seeds', '0-255', Array.from({ length: 256 }, (_, i) => i)], ['sweepBeta', '0.05,0.1', [0.05, 0.1]], ['sweepBeta', 'none', []],
    ['whitenAdvantages', 'off', 'off'], ['resampleEvery', '1e6', 1000000], ['sweepResample', '1,10,1000000', [1, 10, 1000000]], ['sweepLengthBias', '-0.5,0,0.5', [-0.5, 0, 0.5]],
  ])('%s reads %j', (id, text, value) => {
    expect(parseParam(id, text)).toEqual({ ok: true, value });
    expect(parseParam(id, formatParam(id, value))).toEqual({ ok: true, value });
  });

  test.each<[ParamId, string, string]>([
    ['beta', '', 'a number in [0.000001, 1000]'], ['beta', 'abc', 'a number in [0.000001, 1000]'], ['beta', '0', 'a number in [0.000001, 1000]'], ['beta', '1e999', 'a number in [0.000001, 1000]'],
    ['beta', '0x10', 'a number in [0.000001, 1000]'], ['beta', '0,5', 'a number in [0.000001, 1000]'], ['beta', 'NaN', 'a number in [0.000001, 1000]'], ['labelSmoothing', '0.5', 'a number in [0, 0.5)'],
    ['steps', '1.5', 'an integer in [0, 1000000]'], ['loss', 'IPO', 'one of "sigmoid"'], ['algorithm', 'grpo', 'one of "dpo", "online-dpo", "ppo", "reward-model", "exact"'], ['policy', 'lstm', 'one of "tabular", "mlp", "transformer"'],
    ['whitenAdvantages', 'true', 'one of "on", "off"'], ['resampleEvery', '2.5', 'an integer in [1, 1000000]'], ['sweepLengthBias', '0,0', 'different values, each a number in [-1000, 1000]'],
    ['hidden', '', 'an integer in [1, 1024]'], ['hidden', '8,,8', '1 to 4 values'], ['hidden', '1,2,3,4,5', '1 to 4 values'], ['hidden', '0-3', 'an integer in [1, 1024]'],
    ['seeds', '3-1', '0-7 or 0,3,9'], ['seeds', '0-4294967295', '1 to 256 different values'], ['seeds', '1,1', 'different values'], ['seeds', '-1', 'an integer in [0, 4294967295]'],
    ['seeds', 'none', '1 to 256'], ['sweepBeta', '', '"none" or 1 to 64'], ['sweepBeta', '0.1,0', 'a number in [0.000001, 1000]'],
  ])('%s refuses %j with the range and the text', (id, text, expected) => {
    const result = parseParam(id, text);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.message).toContain(expected);
    expect(result.message).toContain(`got ${JSON.stringify(text)}.`);
  });

  test('seeds print as runs', () => {
    expect(formatParam('seeds', [0, 1, 2, 3])).toBe('0-3');
    expect(formatParam('seeds', [0, 1, 5, 6, 7, 2])).toBe('0,1,5-7,2');
  });

  test('numbers survive text to the last bit', () => {
    const random = generator(9);
    for (let i = 0; i < 500; i += 1) {
      const value = RANGES.beta.max * random() ** 8 * 0.999 + RANGES.beta.min;
      expect(parseParam('beta', formatParam('beta', value))).toEqual({ ok: true, value });
    }
  });

  test('describeParam says what is allowed', () => {
    expect(PARAMS.map(describeParam).every((text) => text.length > 5)).toBe(true);
  });
});
