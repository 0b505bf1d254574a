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

  test('every row sits where its path says, and setting it changes nothing else', () => {
    const experiment = example({ algorithm: { loss: 'robust' }, sweep: { beta: [0.1, 0.2] } });
    const values: Record<ParamId, ParamValue> = {
      algorithm: 'exact', loss: 'ipo', beta: 0.7, optimizer: 'adam', learningRate: 0.01, labelSmoothing: 0.2, lengthAlpha: -0.5, dpopLambda: 3,
      simpoGamma: 1.5, nllWeight: 0.5, klWeight: 0.25, policy: 'tabular', hidden: [32, 32], smoothing: 0.01, seeds: [7, 8, 9], steps: 120, sweepBeta: [1, 2],
    };
    for (const { id, path } of PARAMS) {
      const before = structuredClone(experiment);
      expect(getParam(experiment, id)).toEqual(at(experiment, path));
      const changed = setParam(experiment, id, values[id]);
      expect(getParam(changed, id)).toEqual(values[id]);
      expect(at(changed, path)).toEqual(values[id]);
      expect(experiment).toStrictEqual(before);
      expect(readExperiment(changed)).toStrictEqual({ ok: true, experiment: changed });
      if (id === 'algorithm' || id === 'policy') continue;
      expect(setParam(changed, id, getParam(experiment, id) ?? 0)).toStrictEqual(experiment);
    }
  });

  test('appliesTo follows loss, policy, reference and sweep', () => {
    const applies = (experiment: Experiment): ParamId[] => PARAMS.filter((param) => param.appliesTo(experiment)).map(({ id }) => id);
    expect(applies(example())).toEqual(expect.arrayContaining(['beta', 'labelSmoothing', 'lengthAlpha', 'hidden', 'smoothing', 'nllWeight']));
    expect(applies(example())).not.toEqual(expect.arrayContaining(['dpopLambda']));
    expect(applies(example({ algorithm: { loss: 'dpop' } }))).toContain('dpopLambda');
    expect(applies(example({ algorithm: { loss: 'simpo' } }))).toContain('simpoGamma');
    expect(applies(example({ algorithm: { loss: 'ipo' } }))).not.toContain('labelSmoothing');
    expect(applies(example({ policy: { kind: 'tabular' } }))).not.toContain('hidden');
    expect(applies(example({ reference: { kind: 'unigram', wordWeights: [1, 1, 1], stop: 0.3 } }))).not.toContain('smoothing');
    expect(applies(example({ sweep: { beta: [1] } }))).not.toContain('beta');
    expect(applies(example({ algorithm: { kind: 'exact' } }))).toEqual(['algorithm', 'beta', 'optimizer', 'learningRate', 'policy', 'hidden', 'smoothing', 'seeds', 'steps', 'sweepBeta']);
    expect(applies(example({ gold: undefined }))).not.toContain('algorithm');
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

  test('an empty β sweep is no sweep', () => {
    expect(setParam(example({ sweep: { beta: [1, 2] } }), 'sweepBeta', [])).toStrictEqual(example());
  });

  test('refuses what is not allowed and what is not there, naming it', () => {
    expect(() => setParam(example(), 'beta', 0)).toThrow('setParam: beta must be a number in [0.000001, 1000], got 0.');
    expect(() => setParam(example(), 'beta', '0.1')).toThrow(RangeError);
    expect(() => setParam(example({ policy: { kind: 'tabular' } }), 'hidden', [8])).toThrow('needs the policy "mlp"');
    expect(() => setParam(example({ algorithm: { kind: 'exact' } }), 'loss', 'ipo')).toThrow('needs the algorithm "dpo"');
  });
});

describe('text', () => {
  test.each<[ParamId, string, ParamValue]>([
    ['beta', '0.05', 0.05], ['beta', ' 1e-3 ', 0.001], ['beta', '1000', 1000], ['beta', '.5', 0.5], ['lengthAlpha', '-2', -2],
    ['learningRate', '500', 500], ['steps', '0', 0], ['loss', 'ipo', 'ipo'], ['hidden', '16', [16]], ['hidden', '32, 32', [32, 32]],
    ['seeds', '0-7', [0, 1, 2, 3, 4, 5, 6, 7]], ['seeds', '0,3,9', [0, 3, 9]], ['seeds', '5', [5]], ['seeds', '0-2,9', [0, 1, 2, 9]],
    ['seeds', '4294967295', [4294967295]], ['seeds', '0-255', Array.from({ length: 256 }, (_, i) => i)], ['sweepBeta', '0.05,0.1', [0.05, 0.1]], ['sweepBeta', 'none', []],
  ])('%s reads %j', (id, text, value) => {
    expect(parseParam(id, text)).toEqual({ ok: true, value });
    expect(parseParam(id, formatParam(id, value))).toEqual({ ok: true, value });
  });

  test.each<[ParamId, string, string]>([
    ['beta', '', 'a number in [0.000001, 1000]'], ['beta', 'abc', 'a number in [0.000001, 1000]'], ['beta', '0', 'a number in [0.000001, 1000]'], ['beta', '1e999', 'a number in [0.000001, 1000]'],
    ['beta', '0x10', 'a number in [0.000001, 1000]'], ['beta', '0,5', 'a number in [0.000001, 1000]'], ['beta', 'NaN', 'a number in [0.000001, 1000]'], ['labelSmoothing', '0.5', 'a number in [0, 0.5)'],
    ['steps', '1.5', 'an integer in [0, 1000000]'], ['loss', 'IPO', 'one of "sigmoid"'], ['algorithm', 'ppo', 'one of "dpo", "exact"'], ['policy', 'transformer', 'one of "tabular", "mlp"'],
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
