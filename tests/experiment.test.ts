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
    expect(accept({ gold: GOLD, algorithm: { kind: 'online-dpo' } }).algorithm).toEqual({
      ...accept().algorithm, kind: 'online-dpo', resampleEvery: 1, pairsPerResample: 8, judge: 'gold', judgeTemperature: 0.25, judgeLengthBias: 0,
    });
    expect(accept({ algorithm: { kind: 'reward-model' } }).algorithm).toEqual({ kind: 'reward-model', beta: 0.1 });
    expect(accept({ gold: GOLD, algorithm: { kind: 'ppo' } }).algorithm).toEqual({
      kind: 'ppo', beta: 0.1, rolloutBatch: 64, epochs: 4, minibatches: 1, clipRange: 0.2, gamma: 1, gaeLambda: 0.95,
      valueCoef: 0.1, valueClip: 0.2, entropyCoef: 0, whitenAdvantages: true, reward: 'gold',
    });
    expect(accept({ gold: GOLD, algorithm: { kind: 'exact' } }).algorithm).toEqual({ kind: 'exact', beta: 0.1 });
    expect(accept({ gold: {} }).gold).toEqual({ responses: [], otherwise: 0, perWord: {}, containsWord: {}, perToken: 0 });
    expect(accept({ policy: { kind: 'transformer' } }).policy).toEqual({ kind: 'transformer', width: 16, heads: 2 });
  });

  test('the reward model is filled in where it is asked for, and only there', () => {
    const model = { kind: 'mlp', steps: 300, learningRate: 0.02, normalise: true, earlyStop: true };
    expect(accept({ algorithm: { kind: 'ppo', reward: 'reward-model' } }).rewardModel).toEqual(model);
    expect(accept({ algorithm: { kind: 'online-dpo', judge: 'reward-model' } }).rewardModel).toEqual(model);
    expect(accept({ algorithm: { kind: 'reward-model' } }).rewardModel).toEqual(model);
    for (const kind of ['ppo', 'online-dpo', 'exact']) expect(accept({ gold: GOLD, algorithm: { kind } }).rewardModel).toBeUndefined();
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

describe('unusedKnobs', () => {
  test('names what the loss does not read', () => {
    expect(unusedKnobs(accept())).toEqual([]);
    expect(unusedKnobs(accept({ algorithm: { loss: 'ipo', labelSmoothing: 0.1, lengthAlpha: 1, nllWeight: 1 } }))).toEqual(['algorithm.labelSmoothing', 'algorithm.lengthAlpha']);
    expect(unusedKnobs(accept({ algorithm: { loss: 'dpop', dpopLambda: 5, simpoGamma: 1 }, sweep: { simpoGamma: [0, 1] } }))).toEqual(['algorithm.simpoGamma', 'sweep.simpoGamma']);
    expect(unusedKnobs(accept({ algorithm: { loss: 'exo_pair' } }))).toEqual([]);
  });

  const judge = { pairsPerResample: 3, judge: 'reward-model', judgeTemperature: 1, judgeLengthBias: 0.2 };
  const sampled = { sampled: { labels: 'argmax', temperature: 2 } };

  /** [what, patch of a file with a gold reward, paths that have no effect] */
  test.each<[string, Json, string[]]>([
    ['a judge that is asked', { algorithm: { kind: 'online-dpo', ...judge } }, []],
    ['a judge that is never asked', { algorithm: { kind: 'online-dpo', ...judge, resampleEvery: 801 } }, ['algorithm.pairsPerResample', 'algorithm.judge', 'algorithm.judgeTemperature', 'algorithm.judgeLengthBias']],
    ['a judge that some policies ask', { algorithm: { kind: 'online-dpo', ...judge, resampleEvery: 801 }, sweep: { resampleEvery: [801, 800] } }, []],
    ['a minibatch of pairs that are never trained on', { algorithm: { kind: 'online-dpo', batch: 1 } }, ['algorithm.batch']],
    ['a minibatch until the first draw', { algorithm: { kind: 'online-dpo', batch: 1, resampleEvery: 2 } }, []],
    ['a critic', { algorithm: { kind: 'ppo', valueClip: 1, gaeLambda: 0.5 } }, []],
    ['no critic', { algorithm: { kind: 'ppo', valueCoef: 0, valueClip: 1, gaeLambda: 0.5 } }, ['algorithm.valueClip', 'algorithm.gaeLambda']],
    ['an annotator who never errs', { preferences: sampled }, ['preferences.sampled.temperature']],
    ['a reward model nobody asks for', { rewardModel: { earlyStop: false } }, ['rewardModel']],
    ['early stopping on held-out pairs', { algorithm: { kind: 'ppo', reward: 'reward-model' }, rewardModel: { earlyStop: false, steps: 9 }, preferences: { sampled: {} } }, []],
    ['early stopping without held-out pairs', { algorithm: { kind: 'ppo', reward: 'reward-model' }, rewardModel: { earlyStop: false, steps: 9 } }, ['rewardModel.earlyStop']],
    ['the run’s own updates', { algorithm: { kind: 'reward-model' }, rewardModel: { kind: 'table', normalise: false, earlyStop: false, steps: 9, learningRate: 1 } }, ['rewardModel.steps', 'rewardModel.learningRate', 'rewardModel.earlyStop']],
  ])('%s', (_, patch, unused) => {
    expect(unusedKnobs(accept({ gold: GOLD, ...patch }))).toEqual(unused);
  });
});

test('every algorithm and every policy of the format is built', () => {
  for (const kind of ['dpo', 'online-dpo', 'ppo', 'reward-model', 'exact']) {
    for (const policy of ['tabular', 'mlp', 'transformer']) expect(supportProblem(accept({ gold: GOLD, algorithm: { kind }, policy: { kind: policy } }))).toBeNull();
  }
});

describe('sizes', () => {
  const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
  const seeds = (count: number) => Array.from({ length: count }, (_, i) => i);
  /** 10 words, T 4: 11,111 responses, 1,111 contexts. */
  const wide = (patch: Json): Json => ({
    world: { words, maxLength: 4, prompts: ['?'] }, reference: { kind: 'unigram', wordWeights: words.map(() => 1), stop: 0.3 },
    gold: { perToken: 1 }, preferences: { pairs: [{ prompt: 0, chosen: 'a b', rejected: 'b' }] }, policy: { kind: 'tabular' }, seeds: [0], ...patch,
  });
  const sampled = (count: number) => ({ preferences: { sampled: { count } } });

  /** [what, allowed, refused, path, the product, its size] */
  test.each<[string, Json, Json, string, string, string]>([
    ['a table’s rows of PPO', { algorithm: { kind: 'ppo', rolloutBatch: 9000 } }, { algorithm: { kind: 'ppo', rolloutBatch: 9001 } },
      'algorithm.rolloutBatch', 'at most 40000000 entries (policies × prompts × algorithm.rolloutBatch × world.maxLength × contexts, for a table)', `up to ${9001 * 4 * 1111}`],
    ['tokens of PPO', { algorithm: { kind: 'ppo', rolloutBatch: 31_250 }, seeds: seeds(8), policy: { kind: 'mlp' } }, { algorithm: { kind: 'ppo', rolloutBatch: 31_251 }, seeds: seeds(8), policy: { kind: 'mlp' } },
      'algorithm.rolloutBatch', 'at most 1000000 tokens at once', `up to ${8 * 31_251 * 4}`],
    ['PPO’s readings', { algorithm: { kind: 'ppo', epochs: 1000, minibatches: 64 } }, { algorithm: { kind: 'ppo', rolloutBatch: 128, epochs: 1000, minibatches: 79 } },
      'algorithm.epochs', 'at most 40000000 log-probabilities', `up to ${128 * 4 * 79_000}`],
    ['online DPO’s token choices', { algorithm: { kind: 'online-dpo', pairsPerResample: 3273 } }, { algorithm: { kind: 'online-dpo', pairsPerResample: 3274 } },
      'algorithm.pairsPerResample', 'at most 40000000 entries (policies × contexts × tokens × pairs of each)', `up to ${1111 * 11 * 3274}`],
    ['the pairs that online DPO starts with', { algorithm: { kind: 'online-dpo' }, ...sampled(3273) }, { algorithm: { kind: 'online-dpo' }, ...sampled(3274) },
      'preferences.sampled.count', '(policies × contexts × tokens × pairs of each)', `up to ${1111 * 11 * 3274}`],
    ['a table’s rows of online DPO', { algorithm: { kind: 'online-dpo', pairsPerResample: 140 }, seeds: seeds(32) }, { algorithm: { kind: 'online-dpo', pairsPerResample: 140 }, seeds: seeds(33) },
      'algorithm.pairsPerResample', '(policies × contexts of their pairs × contexts, for a table)', `up to ${33 * 1111 * 1111}`],
    ['DPO’s token choices', sampled(3272), sampled(3274), 'preferences.sampled.count', 'at most 40000000 entries (contexts × tokens × different pairs of all policies)', `up to ${1111 * 11 * 3274}`],
    ['DPO’s token choices at two length biases', { ...sampled(1636), sweep: { lengthBias: [0, 1] } }, { ...sampled(1637), sweep: { lengthBias: [0, 1, 2] } },
      'preferences.sampled.count', 'different pairs of all policies', `up to ${1111 * 11 * 2 * 1637}`],
    ['a reward model’s responses', { ...sampled(2777), seeds: seeds(225), algorithm: { kind: 'reward-model' } }, { ...sampled(2778), seeds: seeds(226), algorithm: { kind: 'reward-model' } },
      'preferences.sampled.count', 'policies × different responses of the pairs × 16 units of the reward model', `up to ${226 * 11_111 * 16}`],
    ['weights of pairs', { ...sampled(5000), seeds: seeds(89), algorithm: { kind: 'exact' } }, { ...sampled(5000), seeds: seeds(90), algorithm: { kind: 'exact' } },
      'preferences.sampled.count', 'at most 40000000 weights (policies × different pairs of all of them)', `up to ${90 * 90 * 5000}`],
    ['probabilities', { seeds: seeds(200), sweep: { beta: seeds(18).map((i) => i + 1) } }, { seeds: seeds(200), sweep: { beta: seeds(19).map((i) => i + 1) } },
      'sweep', 'at most 40000000 probabilities at once (seeds × swept values × responses)', `up to ${200 * 19 * 11_111}`],
  ])('%s', (_, allowed, refused, path, product, size) => {
    const within = readExperiment(wide(allowed));
    // 3,600 policies are too many for another reason: only this rule is looked at.
    expect(within.ok ? [] : within.problems.filter((problem) => problem.message.includes(product))).toEqual([]);
    const problem = refuse(wide(refused)).find(({ message }) => message.includes(product));
    expect(problem).toMatchObject({ path, found: size });
  });

  test('a KL term needs the contexts of all responses, not only of those in pairs', () => {
    const many = { world: { words, maxLength: 6, prompts: ['?'] }, preferences: { pairs: seeds(40).map((i) => ({ prompt: 0, chosen: words[i % 10], rejected: `${words[i % 10]} ${words[Math.floor(i / 10)]}` })) } };
    expect(readExperiment(wide(many)).ok).toBe(true);
    for (const klTerm of [{ algorithm: { klWeight: 0.1 } }, { sweep: { klWeight: [0, 0.1] } }]) {
      expect(refuse(wide({ ...many, ...klTerm }))[0]).toMatchObject({ path: 'preferences.pairs', found: `up to ${111_111 * 11 * 40}` });
    }
  });

  test('what an algorithm does not hold does not limit it', () => {
    for (const kind of ['exact', 'ppo']) expect(readExperiment(wide({ ...sampled(100_000), algorithm: { kind } })).ok).toBe(true);
  });
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
