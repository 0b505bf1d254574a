/** Reading, refusing and printing experiment files (EXPERIMENT_FORMAT.md). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  MAX_TEXT_BYTES, minimalExperiment, parseExperiment, printExperiment, readExperiment, responseCount, supportProblem, unusedKnobs,
} from '../src/sim/experimentSchema.ts';
import { populationOf } from '../src/sim/experiment.ts';
import { generator, randomFile } from './experimentGenerator.ts';
import { BASE, CORPUS, GOLD, MALFORMED, PAIR, REFERENCE, WORLD } from './malformedFiles.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import type { Problem } from '../src/sim/experimentSchema.ts';
import type { Json } from './malformedFiles.ts';

function accept(patch: Json = {}): Experiment {
  const result = readExperiment({ ...BASE, ...patch });
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.experiment;
}

function refuse(input: unknown): Problem[] {
  const result = readExperiment(input);
  if (result.ok) throw new Error('accepted');
  return result.problems;
}

describe('malformed files are refused in one sentence', () => {
  test.each(MALFORMED)('%s', (_, patch, path, expected, found) => {
    const problem = refuse({ ...BASE, ...patch }).find((candidate) => candidate.path === path);
    expect(problem, JSON.stringify(refuse({ ...BASE, ...patch }))).toBeDefined();
    expect(problem?.expected).toContain(expected);
    expect(problem?.found).toContain(found);
    for (const part of [path, expected, found]) expect(problem?.message).toContain(part);
    expect(problem?.message).toMatch(/^[^\n]*\.$/);
  });

  test('reserved keys are refused though every object inherits them', () => {
    expect(refuse({ ...BASE, constructor: 1 })[0]?.path).toBe('constructor');
    const result = parseExperiment('{"algorithm": {"__proto__": {"beta": 1}}}');
    expect(result.ok || result.problems[0]?.path).toBe('algorithm.__proto__');
    expect(refuse({ ...BASE, gold: { perWord: { prototype: 1 } } })[0]?.path).toBe('gold.perWord.prototype');
  });

  test('did you mean', () => {
    expect(refuse({ ...BASE, algorithm: { bta: 1 } })[0]?.message).toContain("did you mean 'beta'?");
    expect(refuse({ ...BASE, optimizer: { learning_rate: 1 } })[0]?.message).toContain("did you mean 'learningRate'?");
    expect(refuse({ ...BASE, zebra: 1 })[0]?.message).not.toContain('did you mean');
  });

  test('every problem is reported, not only the first', () => {
    expect(refuse({ ...BASE, steps: -1, algorithm: { beta: 0 } }).map((problem) => problem.path)).toEqual(['algorithm.beta', 'steps']);
  });

  test.each([null, undefined, 3, 'x', [], [BASE], true])('a file that is %j', (input) => {
    expect(refuse(input)[0]).toMatchObject({ path: '', expected: 'an object' });
  });
});

describe('text', () => {
  test.each([
    ['', 'an empty file'], [' \n', 'an empty file'], ['{"version":1,}', 'line 1, column 14'], ['{\n  "steps": 08\n}', 'line 2, column 13'],
    ['{"a": "x', 'line 1, column 9'], ['{a: 1}', 'column 2'], ["{'a': 1}", 'column 2'], ['{"steps": NaN}', 'column 11'], ['{} x', 'line 1, column 4'],
    ['{"steps": 1, "steps": 2}', '"steps" is given twice'], ['{"a": "\\x"}', 'a valid escape'], ['{"a" 1}', '":" after the key'],
    [`${'['.repeat(200)}`, 'levels of nesting'], ['// hi\n{}', 'line 1, column 1'], ['[1 2]', '"," or "]"'],
  ])('%j is refused, saying where', (text, where) => {
    const result = parseExperiment(text);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]?.message).toContain(where);
    expect(result.problems[0]?.message).toMatch(/^The experiment must be [^\n]*\.$/);
  });

  test('more than 5 MB is refused, in bytes', () => {
    for (const text of [' '.repeat(MAX_TEXT_BYTES + 1), 'é'.repeat(MAX_TEXT_BYTES / 2 + 1)]) {
      const result = parseExperiment(text);
      expect(result.ok || result.problems[0]?.message).toContain('at most 5000000 bytes (5 MB), got 50000');
    }
  });

  test('a long string and a byte-order mark are read', () => {
    const result = parseExperiment(`\uFEFF${JSON.stringify({ ...BASE, name: 'x'.repeat(4_000_000) })}`);
    expect(result.ok || result.problems.map(({ path }) => path)).toEqual(['name']);
    expect(parseExperiment(`\uFEFF${JSON.stringify(BASE)}`).ok).toBe(true);
  });

  test('1e999 is not a finite number', () => {
    const result = parseExperiment(JSON.stringify({ ...BASE, steps: 77 }).replace('77', '1e999'));
    expect(result.ok || result.problems[0]?.message).toBe('steps must be an integer in [0, 1000000], got Infinity.');
  });
});

describe('defaults', () => {
  test('of a file with world, reference and preferences only', () => {
    const experiment = accept();
    expect(experiment).toEqual({
      version: 1, name: 'untitled', world: WORLD,
      reference: { kind: 'corpus', smoothing: 0.001, corpus: CORPUS.map((entry) => ({ ...entry, weight: 1 })) },
      preferences: { pairs: [{ ...PAIR, weight: 1 }] },
      policy: { kind: 'mlp', hidden: [16] },
      algorithm: { kind: 'dpo', loss: 'sigmoid', beta: 0.1, labelSmoothing: 0, lengthAlpha: 0, dpopLambda: 50, simpoGamma: 0.5, nllWeight: 0, klWeight: 0, batch: 0 },
      optimizer: { kind: 'sgd', learningRate: 1 }, steps: 800, seeds: [0, 1, 2, 3],
    });
    expect(Object.keys(experiment)).not.toContain('gold');
    expect(minimalExperiment(experiment)).toEqual({ version: 1, ...BASE });
  });

  test('exo_pair smooths by 0.001 unless it says otherwise', () => {
    expect(accept({ algorithm: { loss: 'exo_pair' } }).algorithm).toMatchObject({ labelSmoothing: 0.001 });
    expect(accept({ algorithm: { loss: 'exo_pair', labelSmoothing: 0.2 } }).algorithm).toMatchObject({ labelSmoothing: 0.2 });
    expect(accept({ algorithm: { loss: 'robust' } }).algorithm).toMatchObject({ labelSmoothing: 0 });
  });

  test('of the other algorithms', () => {
    expect(accept({ gold: GOLD, algorithm: { kind: 'online-dpo' } }).algorithm).toMatchObject({ resampleEvery: 1, pairsPerResample: 8, judge: 'gold', judgeTemperature: 0.25 });
    expect(accept({ gold: GOLD, algorithm: { kind: 'ppo' } }).algorithm).toEqual({
      kind: 'ppo', beta: 0.1, rolloutBatch: 64, epochs: 4, minibatches: 1, clipRange: 0.2, gamma: 1, gaeLambda: 0.95,
      valueCoef: 0.1, valueClip: 0.2, entropyCoef: 0, whitenAdvantages: true, reward: 'gold',
    });
    expect(accept({ gold: GOLD, algorithm: { kind: 'exact' } }).algorithm).toEqual({ kind: 'exact', beta: 0.1 });
    expect(accept({ gold: {} }).gold).toEqual({ responses: [], otherwise: 0, perWord: {}, containsWord: {}, perToken: 0 });
    expect(accept({ policy: { kind: 'transformer' } }).policy).toEqual({ kind: 'transformer', width: 16, heads: 2 });
  });

  test('the reward model is filled in where it is asked for, and only there', () => {
    const model = { kind: 'mlp', steps: 300, learningRate: 0.02, normalise: true };
    expect(accept({ algorithm: { kind: 'ppo', reward: 'reward-model' } }).rewardModel).toEqual(model);
    expect(accept({ algorithm: { kind: 'online-dpo', judge: 'reward-model' } }).rewardModel).toEqual(model);
    expect(accept().rewardModel).toBeUndefined();
    expect(accept({ rewardModel: { kind: 'table' } }).rewardModel).toEqual({ ...model, kind: 'table' });
  });

  test('smoothing 0 and the empty response are allowed', () => {
    for (const kind of ['tabular', 'mlp']) accept({ policy: { kind }, reference: { ...REFERENCE, smoothing: 0 } });
    accept({ preferences: { pairs: [{ ...PAIR, rejected: '' }] } });
  });

  test('a sweep has one order, whatever the file’s', () => {
    const { sweep, seeds } = accept({ seeds: [5, 6], sweep: { learningRate: [1, 2], beta: [0.1, 0.2] } });
    expect(Object.keys(sweep ?? {})).toEqual(['beta', 'learningRate']);
    const members = populationOf(accept({ seeds, sweep }));
    expect(members).toHaveLength(8);
    expect(members[2]).toEqual({ seed: 5, swept: { beta: 0.1, learningRate: 2 } });
    expect(Object.keys(accept({ sweep: {} }))).not.toContain('sweep');
  });
});

describe('round trips', () => {
  test.each(['the-the-the', 'tabular-control', 'two-prompts-tabular'])('%s.json', (name) => {
    const text = readFileSync(new URL(`./golden/${name}.json`, import.meta.url), 'utf8');
    const result = parseExperiment(text);
    expect(result.ok || result.problems).toBe(true);
    if (!result.ok) return;
    expect(result.experiment).toMatchObject(JSON.parse(text) as Json);
    expect(parseExperiment(printExperiment(result.experiment))).toStrictEqual(result);
    expect(readExperiment(minimalExperiment(result.experiment))).toStrictEqual(result);
    expect(supportProblem(result.experiment)).toBeNull();
  });

  test('400 random experiments survive print and minimal, and print the same whatever their key order', () => {
    const random = generator(1);
    for (let i = 0; i < 400; i += 1) {
      const file = randomFile(random);
      const result = readExperiment(file);
      expect(result.ok || [result.problems, file]).toBe(true);
      if (!result.ok) return;
      const printed = printExperiment(result.experiment);
      expect(parseExperiment(printed)).toStrictEqual(result);
      expect(readExperiment(result.experiment)).toStrictEqual(result);
      const minimal = minimalExperiment(result.experiment);
      expect(parseExperiment(JSON.stringify(minimal))).toStrictEqual(result);
      const reversed = Object.fromEntries(Object.entries(result.experiment).reverse());
      const again = readExperiment(reversed);
      expect(again.ok && printExperiment(again.experiment)).toBe(printed);
    }
  });

  test('reading does not change its input', () => {
    const frozen = JSON.stringify(BASE);
    accept({ sweep: { beta: [1] } });
    expect(JSON.stringify(BASE)).toBe(frozen);
    const first = accept();
    first.seeds.push(9);
    expect(accept().seeds).toEqual([0, 1, 2, 3]);
  });
});

test('responseCount counts the empty response and every prompt', () => {
  expect(responseCount({ words: ['a', 'b'], maxLength: 2, prompts: ['?', '!'] })).toBe(2 * (1 + 2 + 4));
  expect(responseCount({ words: ['a'], maxLength: 64, prompts: ['?'] })).toBe(65);
  accept({ world: { ...WORLD, maxLength: 12 } });
});

test('unusedKnobs names what the loss does not read', () => {
  expect(unusedKnobs(accept())).toEqual([]);
  expect(unusedKnobs(accept({ algorithm: { loss: 'ipo', labelSmoothing: 0.1, lengthAlpha: 1, nllWeight: 1 } }))).toEqual(['algorithm.labelSmoothing', 'algorithm.lengthAlpha']);
  expect(unusedKnobs(accept({ algorithm: { loss: 'dpop', dpopLambda: 5, simpoGamma: 1 }, sweep: { simpoGamma: [0, 1] } }))).toEqual(['algorithm.simpoGamma', 'sweep.simpoGamma']);
  expect(unusedKnobs(accept({ rewardModel: {} }))).toEqual(['rewardModel']);
  expect(unusedKnobs(accept({ algorithm: { loss: 'exo_pair' } }))).toEqual([]);
});

test('supportProblem names what is not built yet', () => {
  expect(supportProblem(accept({ gold: GOLD, algorithm: { kind: 'ppo' } }))).toBe('algorithm.kind "ppo" is part of the format but not built yet; this version runs "dpo", "exact".');
  expect(supportProblem(accept({ policy: { kind: 'transformer' } }))).toContain('policy.kind "transformer"');
  expect(supportProblem(accept({ gold: GOLD, algorithm: { kind: 'exact' }, policy: { kind: 'tabular' } }))).toBeNull();
});

describe('somebody else’s text in a sentence', () => {
  const problemOf = (file: Record<string, unknown>) => {
    const read = readExperiment({ ...BASE, ...file });
    return read.ok ? '' : read.problems[0].message;
  };

  test('a very long key is cut', () => {
    const message = problemOf({ ['x'.repeat(100_000)]: 1 });
    expect(message.length).toBeLessThan(600);
    expect(message).toContain('(100000 characters)');
  });

  test('line breaks and direction marks are written out, so that the sentence stays one line', () => {
    expect(problemOf({ 'a\u2028b\u202ec\u0085': 1 })).toContain('a\\u2028b\\u202ec\\u0085');
    expect(problemOf({ 'a\u2028b\u202ec\u0085\n': 1 })).not.toMatch(/[\n\u2028\u202e\u0085]/u);
  });
});
