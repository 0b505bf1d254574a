/** From preference rows to a toy world: the same one from every format, rows that add up, and suggestions that can be opened. */
import { describe, expect, test } from 'vitest';
import { printExperiment } from '../src/sim/experimentPrint.ts';
import { parseExperiment } from '../src/sim/experimentSchema.ts';
import { MAX_RESPONSES, responseCount } from '../src/sim/experimentSizes.ts';
import { MOST, mostWords, OTHER_WORD, PLAIN, type Choices } from '../src/sim/trl/choices.ts';
import { DROPPED } from '../src/sim/trl/kept.ts';
import { readTrl } from '../src/sim/trl/read.ts';
import { adviceFor, balance } from '../src/sim/trl/reportWords.ts';
import type { TrlRow } from '../src/sim/trl/rows.ts';
import { suggest } from '../src/sim/trl/suggest.ts';
import { mayBeWord, tokenise, wordsOfText } from '../src/sim/trl/tokens.ts';
import { asFile, toyOf, type Toy } from '../src/sim/trl/toy.ts';
import { wholeRows, wordsForRows } from '../src/sim/trl/vocabulary.ts';
import { generator } from './experimentGenerator.ts';
import { finish } from './fixtures/trlFinish.ts';
import { bytesOf, FORMATS, jsonLines, longRows, plainRows, type PlainRow } from './fixtures/trlRows.ts';

const rowsOf = (rows: readonly PlainRow[]): TrlRow[] => rows.map((row, i) => ({ ...row, line: i + 1, weight: 1 }));
const AS_WRITTEN: Choices = { ...PLAIN, split: 'spaces', fold: false, words: 64, maxLength: 12, prompts: 64 };
const toy = (rows: readonly TrlRow[], choices: Choices): Toy => toyOf(finish(tokenise(rows, choices)), choices, 'test');
function fileOf(text: string) {
  const read = finish(readTrl(bytesOf(text)));
  if (!read.ok) throw new Error(read.problems[0].message);
  return read.file;
}
const pairsOf = ({ experiment }: Toy) => (experiment && 'pairs' in experiment.preferences ? experiment.preferences.pairs : []);

test('300 rows make the same world from all four formats, with every row in it', () => {
  const rows = plainRows();
  const worlds = Object.values(FORMATS).map((format) => {
    const { choices, table } = finish(suggest(fileOf(jsonLines(rows.map(format))).rows));
    return toyOf(table, choices, 'test');
  });
  const [first] = worlds;
  for (const world of worlds) expect(world).toEqual(first);
  expect(first.report).toMatchObject({ rows: 300, kept: 300, truncated: 0, changed: 0, words: 9, prompts: 4 });
  const counts = new Map<string, number>();
  for (const { prompt, chosen, rejected } of rows) counts.set(JSON.stringify([prompt, chosen, rejected]), (counts.get(JSON.stringify([prompt, chosen, rejected])) ?? 0) + 1);
  const prompts = first.experiment?.world.prompts ?? [];
  expect(new Map(pairsOf(first).map(({ prompt, chosen, rejected, weight }) => [JSON.stringify([prompts[prompt], chosen, rejected]), weight]))).toEqual(counts);
});

test('the reference has learned what was counted, and the gold reward is the share of comparisons won', () => {
  const rows = rowsOf([
    { prompt: 'q', chosen: 'a', rejected: 'b' }, { prompt: 'q', chosen: 'a', rejected: 'b' }, { prompt: 'q', chosen: 'b', rejected: 'a' }, { prompt: 'q', chosen: 'c', rejected: 'b' },
  ]);
  const both = toy(rows, { ...AS_WRITTEN, maxLength: 1, gold: 'pairs' }).experiment;
  expect(both?.reference).toMatchObject({ corpus: [{ response: 'a', weight: 3 }, { response: 'b', weight: 4 }, { response: 'c', weight: 1 }] });
  expect(both?.gold).toMatchObject({ responses: [{ response: 'a', reward: 2 / 3 }, { response: 'b', reward: 1 / 4 }, { response: 'c', reward: 1 }], otherwise: -2 });
  const chosen = toy(rows, { ...AS_WRITTEN, maxLength: 1, corpus: 'chosen' }).experiment;
  expect(chosen?.reference).toMatchObject({ corpus: [{ response: 'a', weight: 2 }, { response: 'b', weight: 1 }, { response: 'c', weight: 1 }] });
  expect(chosen?.gold).toBeUndefined();
});

describe('what is kept', () => {
  const rows = rowsOf([
    { prompt: 'p', chosen: 'the big cat sat', rejected: 'the big dog ran' },
    { prompt: 'p', chosen: 'the cat', rejected: 'the dog' },
    { prompt: 'q', chosen: 'The cat.', rejected: 'the cat' },
  ]);
  const all: Choices = { ...AS_WRITTEN, split: 'words', fold: true };
  const texts = (world: Toy) => pairsOf(world).map(({ chosen, rejected }) => `${chosen} | ${rejected}`);
  test.each<[string, Partial<Choices>, string[], Partial<Toy['report']>]>([
    ['everything', {}, ['the big cat sat | the big dog ran', 'the cat | the dog'], { kept: 2, truncated: 0 }],
    ['case apart', { fold: false }, ['the big cat sat | the big dog ran', 'the cat | the dog', 'The cat | the cat'], { kept: 3 }],
    ['punctuation as words', { split: 'marks' }, ['the big cat sat | the big dog ran', 'the cat | the dog', 'the cat . | the cat'], { kept: 3, words: 7 }],
    ['the start', { maxLength: 3 }, ['the big cat | the big dog', 'the cat | the dog'], { truncated: 2 }],
    ['the end', { maxLength: 1, long: 'keep_end' }, ['sat | ran', 'cat | dog'], { kept: 2, truncated: 4 }],
    ['nothing that is too long', { maxLength: 2, long: 'drop' }, ['the cat | the dog'], { kept: 1 }],
    ['one prompt, that with the most rows', { prompts: 1 }, ['the big cat sat | the big dog ran', 'the cat | the dog'], { kept: 2, prompts: 1 }],
    ['the most frequent words, others as one', { words: 3, outside: 'other' }, [`the ${OTHER_WORD} cat ${OTHER_WORD} | the ${OTHER_WORD} ${OTHER_WORD} ${OTHER_WORD}`, `the cat | the ${OTHER_WORD}`], { words: 3, changed: 3 }],
    ['the most frequent words, others left out', { words: 2, outside: 'leave', maxLength: 2 }, ['the cat | the'], { kept: 2, changed: 3, truncated: 0 }],
    ['words that keep rows whole', { words: 3 }, ['the cat | the dog'], { kept: 1, words: 3 }],
    ['without what both begin with', { prefix: 'drop' }, ['cat sat | dog ran', 'cat | dog'], { kept: 2 }],
    ['without that, cut after it', { prefix: 'drop', maxLength: 1 }, ['cat | dog'], { kept: 2, truncated: 2 }],
  ])('%s', (_, change, expected, report) => {
    const world = toy(rows, { ...all, ...change });
    expect(texts(world)).toEqual(expected);
    expect(world.report).toMatchObject(report);
  });
  test('merged prompts are one, and rows beyond the number asked for are counted', () => {
    expect(toy(rows, { ...all, merge: true }).experiment?.world.prompts).toEqual(['all prompts']);
    expect(toy(rows, { ...all, rows: 1 }).report).toMatchObject({ kept: 1, dropped: { spare: 2 } });
  });
});

test('rows in the file are the rows kept and the rows dropped, whatever is chosen', () => {
  const random = generator(7);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)];
  const words = ['a', 'B', 'b', 'cat.', 'dog', '…', '猫犬', OTHER_WORD, 'constructor', '🙂', 'x'.repeat(70)];
  const text = () => Array.from({ length: below(7) }, () => pick(words)).join(' ');
  for (let i = 0; i < 60; i++) {
    const values: unknown[] = Array.from({ length: 1 + below(40) }, () => ({ prompt: `p${below(5)}`, chosen: text(), rejected: text() }));
    for (let k = below(4); k > 0; k--) values.push(pick<unknown>([1, { prompt: 'p' }, { prompt: 'p', chosen: 2, rejected: 'x' }, { chosen: 'q a', rejected: 'q b' }]));
    const file = fileOf(jsonLines(values));
    expect(file.rows.length + [...file.broken.values()].reduce((sum, n) => sum + n, 0)).toBe(file.total);
    const choices: Choices = {
      split: pick(['spaces', 'words', 'marks']), fold: random() < 0.5, rows: 1 + below(50), merge: random() < 0.3, prompts: 1 + below(5), words: 1 + below(8),
      pick: pick(['rows', 'frequent']), maxLength: 1 + below(5), long: pick(['keep_start', 'keep_end', 'drop']), outside: pick(['drop', 'other', 'leave']),
      prefix: pick(['keep', 'drop']), corpus: pick(['both', 'chosen']), gold: pick(['none', 'pairs']),
    };
    const made = toy(file.rows, choices);
    const { report, experiment, problems } = made;
    expect(report.rows).toBe(file.rows.length);
    expect(report.kept + DROPPED.reduce((sum, reason) => sum + report.dropped[reason], 0)).toBe(report.rows);
    // The table of the dialog adds up too.
    expect(balance(file, choices, made).reduce((sum, { n }) => sum + n, report.kept)).toBe(file.total);
    expect(report.truncated).toBeLessThanOrEqual(2 * report.kept);
    expect(report.words).toBeLessThanOrEqual(choices.words);
    expect(pairsOf(made).reduce((sum, { weight }) => sum + weight, 0)).toBe(report.kept);
    expect(experiment === null).toBe(report.kept === 0);
    expect(adviceFor(made, choices).length > 0).toBe(report.kept === 0 || problems.length > 0);
    if (experiment && problems.length === 0) {
      const read = parseExperiment(printExperiment(experiment));
      expect(read, read.ok ? '' : read.problems[0].message).toEqual({ ok: true, experiment });
      expect(asFile(experiment)).toEqual(read);
    }
  }
});

test('a world that is too large says so, with what to reduce', () => {
  const rows = rowsOf(longRows(40, 30).map((row) => row));
  const choices: Choices = { ...PLAIN, words: 64, maxLength: 5, outside: 'leave', merge: true };
  const large = toy(rows, choices);
  expect(large.report.responses).toBeGreaterThan(MAX_RESPONSES);
  expect(adviceFor(large, choices)[0]).toMatch(/^world must be small enough for at most 2000000 responses .*, got \d+ responses\.$/);
  expect(adviceFor(large, choices).at(-1)).toBe('Keep fewer words or prompts, or shorter responses.');
  const none = { ...PLAIN, maxLength: 1, outside: 'drop', words: 1 } as const;
  expect(adviceFor(toy(rows, none), none)[0]).toMatch(/^No row is kept: \d+ rows? (is|are) dropped as /);
});

describe('the suggestion', () => {
  test.each<[string, PlainRow[], number]>([
    ['short answers', plainRows(50, 3), 50],
    ['one row', [{ prompt: 'p', chosen: 'yes', rejected: 'no' }], 1],
    ['long texts, every prompt once', longRows(200, 80), 190],
    ['long texts that begin alike', longRows(100, 60).map((row) => ({ ...row, chosen: `I am a helpful assistant and ${row.chosen}`, rejected: `I am a helpful assistant and ${row.rejected}` })), 95],
    ['texts that differ in a mark only', plainRows(20).map(({ prompt, chosen }) => ({ prompt, chosen: `${chosen}!`, rejected: `${chosen}.` })), 20],
  ])('keeps rows of %s and can be opened', (_, rows, atLeast) => {
    const { choices, table } = finish(suggest(rowsOf(rows)));
    const { report, experiment, problems } = toyOf(table, choices, 'test');
    expect(problems).toEqual([]);
    expect(report.kept).toBeGreaterThanOrEqual(atLeast);
    expect(report.responses).toBeLessThanOrEqual(4000);
    if (!experiment) throw new Error('no world');
    expect(parseExperiment(printExperiment(experiment)).ok).toBe(true);
  });

  test('is accepted for random files, wherever two responses differ', () => {
    const random = generator(11);
    const below = (n: number) => Math.floor(random() * n);
    const alphabets = [['a', 'b'], ['the', 'a', 'cat', 'Cat', 'mat.'], ['猫', '犬', '。'], ['toString', '__proto__', 'ok'], ['🙂', '🙃', '"q"', 'x-y', '\u202ea', '\ud800']];
    for (let i = 0; i < 25; i++) {
      const words = alphabets[below(alphabets.length)];
      const text = (n: number) => Array.from({ length: below(n) }, () => words[below(words.length)]).join(' ');
      const length = 1 + below(12);
      const rows = rowsOf(Array.from({ length: 1 + below(60) }, () => ({ prompt: text(3), chosen: text(length), rejected: `${text(length)}` })));
      const { choices, table } = finish(suggest(rows));
      const { experiment, problems, report } = toyOf(table, choices, 'random');
      expect(problems).toEqual([]);
      const differ = rows.filter(({ chosen, rejected }) => wordsOfText(chosen, table.wording).join(' ') !== wordsOfText(rejected, table.wording).join(' '));
      expect(report.kept > 0).toBe(differ.length > 0);
      if (!experiment) continue;
      const read = parseExperiment(printExperiment(experiment));
      expect(read.ok, read.ok ? '' : read.problems[0].message).toBe(true);
    }
  }, 60_000);
});

test('texts in words: letters, marks, case, scripts without spaces, nothing that turns a line around', () => {
  const words = (text: string, split: Choices['split'], fold = false) => wordsOfText(text, { split, fold });
  expect(words('Don’t stop-here, it’s 3.14 (or 1,000)!', 'words')).toEqual(['Don’t', 'stop-here', 'it’s', '3.14', 'or', '1,000']);
  expect(words('No. Yes!', 'marks', true)).toEqual(['no', '.', 'yes', '!']);
  expect(words(' a  b\tc\n"d" ', 'spaces')).toEqual(['a', 'b', 'c', '"d"']);
  expect(words('E\u0301tE\u0301', 'words', true)).toEqual(['été']);
  expect(words('猫が好き', 'words').join('')).toBe('猫が好き');
  expect(words('猫が好き', 'words').length).toBeGreaterThan(1);
  expect(words('ok 👩‍👧 🙂', 'words')).toEqual(['ok', '👩‍👧', '🙂']);
  expect(words('a\u202eb\u0000c\ud800', 'spaces')).toEqual(['ab', 'c\ufffd']);
  expect(['constructor', '__proto__', 'prototype', 'toString', 'x'.repeat(65)].filter(mayBeWord)).toEqual([]);
});

test('as many words as fit a world, and words that keep more rows whole than the most frequent ones', () => {
  for (const [prompts, maxLength] of [[1, 3], [4, 2], [64, 1], [1, 12]] as const) {
    const words = mostWords(prompts, maxLength, 4000);
    const size = (n: number) => responseCount({ words: Array<string>(n).fill(''), maxLength, prompts: Array<string>(prompts).fill('') });
    expect(size(words)).toBeLessThanOrEqual(4000);
    if (words < MOST.words) expect(size(words + 1)).toBeGreaterThan(4000);
  }
  // 0 is in every row but none is whole with it alone; 1 and 2 make a row whole.
  const rows = [[0, 3], [0, 4], [0, 5], [1, 2], [1, 2], [0, 6]];
  expect(wholeRows(rows, wordsForRows(rows, 2))).toBe(2);
});
