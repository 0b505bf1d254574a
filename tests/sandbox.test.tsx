/** Writing an experiment in the sandbox: every edit keeps what refers to what, is judged by the reader of files, and can be undone. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLabStore } from '../src/components/labStore.ts';
import { presetOrigin } from '../src/components/chapters.ts';
import { lineOf, linesOf } from '../src/components/chapter10/jsonLines.ts';
import { byPath, LONG_REST, LONG_TEXT, readSheet, readText, sentenceOf, spaceWords } from '../src/components/chapter10/reading.ts';
import { createSandboxStore, shownOf, workOf } from '../src/components/chapter10/sandboxStore.ts';
import { EMPTY_SHEET, fileOf, numberOf, sheetOf, type Sheet } from '../src/components/chapter10/sheet.ts';
import { addPrompt, addWords, completions, removePrompt, removeWord, renameWord, unknownWords, wordsProblem } from '../src/components/chapter10/sheetEdits.ts';
import { takenWords } from '../src/components/chapter10/Standing.tsx';
import type { Experiment } from '../src/sim/experiment.ts';
import { printExperiment } from '../src/sim/experimentPrint.ts';
import { readExperiment, responseCount } from '../src/sim/experimentSchema.ts';
import { MAX_RESPONSES } from '../src/sim/experimentSizes.ts';
import { setParam } from '../src/sim/params.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import type { Command } from '../src/sim/worker/protocol.ts';
import { generator, randomFile } from './experimentGenerator.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

const THREE = presetOrigin('three-against-one').experiment;
const MANNERS = presetOrigin('two-manners').experiment;

function read(input: unknown): Experiment {
  const result = readExperiment(input);
  if (!result.ok) throw new Error(result.problems[0].message);
  return result.experiment;
}
const randomExperiments = (n: number) => Array.from({ length: n }, (_, seed) => read(randomFile(generator(seed + 1))));

test('every experiment is its sheet and its knobs: written out and read again, nothing is lost', () => {
  for (const experiment of [...PRESETS.map((preset) => preset.experiment), ...randomExperiments(150)]) {
    expect(readSheet(sheetOf(experiment), experiment)).toEqual({ experiment, problems: [] });
    // As text as well.
    expect(readText(printExperiment(experiment))).toEqual({ experiment, problems: [] });
  }
  expect(readSheet(EMPTY_SHEET, THREE).problems).toEqual([]);
});

test('numbers are what was typed: with a point or a comma, nothing for nothing, and what is none stays a text', () => {
  expect(['1', ' 2.5 ', '0,5', '-.5', '1e-3', '', '  ', 'much', '1.', '0x10', 'Infinity'].map(numberOf)).toEqual([1, 2.5, 0.5, -0.5, 0.001, undefined, undefined, 'much', 1, '0x10', 'Infinity']);
});

describe('edits', () => {
  const words = (sheet: Sheet) => sheet.words.map(({ word }) => word);

  test('a word is renamed everywhere: in sentences, pairs and rewards, not inside other words', () => {
    const sheet = sheetOf(THREE);
    const renamed = readSheet(renameWord(sheet, 0, 'chai'), THREE);
    expect(renamed.experiment).toMatchObject({
      world: { words: ['chai', 'coffee', 'with', 'milk', 'please'] },
      reference: { corpus: [{ response: 'chai with milk' }, { response: 'coffee with milk' }] },
      preferences: { pairs: [{ chosen: 'chai with milk', rejected: 'coffee with milk', weight: 3 }, { chosen: 'coffee with milk', rejected: 'chai with milk' }] },
      gold: { responses: [{ response: 'chai with milk' }, { response: 'coffee with milk' }] },
    });
    expect(renameWord(addWords(sheet, ['teapot']), 0, 'chai').words[5].word).toBe('teapot');
    expect(renameWord(renameWord(sheet, 0, 'x'), 0, 'tea')).toEqual(sheet);
  });

  test('a word goes with every line that uses it, and it is said which', () => {
    const { sheet, taken } = removeWord(sheetOf(THREE), 0);
    expect(words(sheet)).toEqual(['coffee', 'with', 'milk', 'please']);
    expect(taken).toEqual({ sentences: 1, pairs: 2, rewards: 1 });
    expect(takenWords({ what: 'word', name: 'tea', taken })).toBe('The word “tea” is gone, and with it 1 sentence, 2 pairs and 1 reward.');
    expect(takenWords({ what: 'word', name: 'please', taken: removeWord(sheetOf(THREE), 4).taken })).toBe('The word “please” is gone; nothing used it.');
    expect(readSheet(sheet, THREE).problems.map(({ path }) => path)).toEqual(['preferences.pairs']);
  });

  test('a prompt goes with its lines, and the later ones are numbered anew', () => {
    const { sheet, taken } = removePrompt(sheetOf(MANNERS), 0);
    expect(taken).toEqual({ sentences: 4, pairs: 1, rewards: 4 });
    expect(readSheet(sheet, MANNERS).experiment).toMatchObject({
      world: { prompts: ['A friend asks.'] },
      preferences: { pairs: [{ prompt: 0, chosen: 'tea', rejected: 'tea please' }] },
      gold: { responses: [{ prompt: 0, response: 'tea', reward: 1 }, { reward: 1 }, { reward: 0 }, { reward: 0 }] },
    });
    expect(readSheet(addPrompt(sheet, 'And then?'), MANNERS).experiment?.reference).toMatchObject({ corpus: { length: 8 } });
  });

  test('after any edits an experiment is right, or its problems name fields that are there', () => {
    let wrong = 0;
    randomExperiments(120).forEach((experiment, seed) => {
      const random = generator(1000 + seed);
      const below = (n: number) => Math.floor(random() * n);
      let sheet = sheetOf(experiment);
      for (let i = 0; i < 6; i++) {
        const { responses } = sheet.gold;
        const edits: (() => Sheet)[] = [
          () => addWords(sheet, [`new${i}`]), () => renameWord(sheet, below(sheet.words.length), `named${i}`),
          () => (sheet.words.length > 1 ? removeWord(sheet, below(sheet.words.length)).sheet : sheet),
          () => addPrompt(sheet, `prompt ${i}`), () => (sheet.prompts.length > 1 ? removePrompt(sheet, below(sheet.prompts.length)).sheet : sheet),
          () => ({ ...sheet, gold: { ...sheet.gold, responses: [...responses, { prompt: 0, response: 'not known', reward: 'much' }] } }),
          () => ({ ...sheet, maxLength: ['1', '', '2', '99'][below(4)] }),
          () => ({ ...sheet, preferences: { ...sheet.preferences, kind: sheet.preferences.kind === 'pairs' ? 'sampled' : 'pairs' } }),
        ];
        sheet = edits[below(edits.length)]();
        const { prompts } = sheet;
        for (const { prompt } of [...sheet.reference.corpus, ...sheet.preferences.pairs, ...sheet.gold.responses]) expect(prompts[prompt]).toBeDefined();
        const { problems } = readSheet(sheet, experiment);
        if (problems.length === 0) continue;
        wrong++;
        // A field that is left out is named too: then what is around it is there.
        const lines = linesOf(JSON.stringify(fileOf(sheet, experiment)));
        for (const { path } of problems) expect(lines.has(path) || lines.has(path.replace(/(\.\w+|\[\d+\])$/, '')), path).toBe(true);
      }
    });
    expect(wrong).toBeGreaterThan(50);
  });

  test('words are judged by the reader, names of objects among them', () => {
    expect(wordsProblem(['tea', 'coffee'])).toBeNull();
    for (const words of [['tea', ''], ['tea', 'a b'], ['tea', 'tea'], ['tea', 'constructor'], ['tea', '__proto__']]) expect(wordsProblem(words)?.path).toBe('world.words[1]');
    expect(wordsProblem(Array.from({ length: 65 }, (_, i) => `w${i}`))?.path).toBe('world.words');
  });

  test('a word is completed, and one that is not known is offered', () => {
    const sheet = sheetOf(THREE);
    expect(completions(sheet, 'tea w')).toEqual(['tea with']);
    expect(completions(sheet, 'tea ')).toEqual(['tea tea', 'tea coffee', 'tea with', 'tea milk', 'tea please']);
    expect(unknownWords(sheet, 'cocoa with cocoa  cream')).toEqual(['cocoa', 'cream']);
  });
});

test('a problem stands at its field, and in the text at its line', () => {
  const sheet = sheetOf(THREE);
  const { pairs } = sheet.preferences;
  const { problems } = readSheet({ ...sheet, preferences: { ...sheet.preferences, pairs: [{ ...pairs[0], chosen: 'tea wiht milk' }, pairs[1]] } }, THREE);
  const problem = byPath(problems).get('preferences.pairs[0].chosen');
  expect(problem && sentenceOf(problem)).toBe('Must be made of the words "tea", "coffee", "with", "milk", "please", got "tea wiht milk", where "wiht" is not one of them.');
  const text = printExperiment(THREE).replace('"rejected": "coffee with milk"', '"rejected": "tea with milk"');
  const line = text.split('\n').findIndex((one) => one.includes('"rejected": "tea with milk"')) + 1;
  expect(readText(text).problems).toMatchObject([{ path: 'preferences.pairs[0].rejected', line }]);
  expect(readText('{\n  "a": [1,\n  }').problems).toMatchObject([{ line: 3 }]);
});

test('a number that is none yet does not hide what is wrong with a response', () => {
  const sheet = sheetOf(THREE);
  const [first, second] = sheet.preferences.pairs;
  const { problems } = readSheet({ ...sheet, maxLength: '', gold: { ...sheet.gold, otherwise: 'much' }, preferences: { ...sheet.preferences, pairs: [{ ...first, chosen: 'cocoa' }, { ...second, weight: 'one' }] } }, THREE);
  expect(problems.map(({ path }) => path).sort()).toEqual(['gold.otherwise', 'preferences.pairs[0].chosen', 'preferences.pairs[1].weight', 'world.maxLength']);
});

test('every value of a text has its line', () => {
  const lines = linesOf('\uFEFF{\n "a": [\n  1, {"b": "x]\\"}"},\n  []\n ],\n "é c": null }');
  expect(Object.fromEntries(lines)).toEqual({ '': 1, a: 2, 'a[0]': 3, 'a[1]': 3, 'a[1].b': 3, 'a[2]': 4, '["é c"]': 6 });
  expect(lineOf(lines, 'a[1].missing.deep')).toBe(3);
  expect(lineOf(lines, 'nowhere')).toBe(1);
});

test('the size of the space is the reader’s own number, also where it is too large', () => {
  for (const experiment of [THREE, MANNERS, ...randomExperiments(20)]) expect(spaceWords(sheetOf(experiment))).toMatchObject({ responses: responseCount(experiment.world), fits: true });
  const sheet = sheetOf(THREE);
  const large = spaceWords({ ...sheet, maxLength: '12' });
  expect(large?.fits).toBe(false);
  expect(large?.responses).toBeGreaterThan(MAX_RESPONSES);
  expect(large?.sentence).toContain('2,000,000 is the most');
  expect(spaceWords({ ...sheet, maxLength: '' })).toBeNull();
  expect(spaceWords({ ...sheet, maxLength: '65' })).toBeNull();
});

describe('the store', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  function setUp() {
    const client = createFakeClient({ startMs: 20 });
    const sent: Command[] = [];
    const { send } = client;
    client.send = (command) => { if (command.type === 'start') sent.push(command); send(command); };
    const run = createRunStore(client);
    const lab = createLabStore(run, { origin: presetOrigin('three-against-one') });
    run.getState().load(THREE);
    vi.advanceTimersByTime(100);
    const sandbox = createSandboxStore(run, lab);
    const sheet = () => shownOf(sandbox.getState(), lab.getState().base).sheet;
    const wait = () => vi.advanceTimersByTime(2000);
    return { run, lab, sandbox, sent, sheet, wait };
  }

  test('what is right is applied once, a moment later, and what is wrong never is; typing is kept as it is', () => {
    const { lab, sandbox, sent, sheet, wait } = setUp();
    const starts = sent.length;
    for (const maxLength of ['', '4', '4.', '4.0']) sandbox.getState().edit({ ...sheet(), maxLength }, 'maxLength');
    expect(sent.length).toBe(starts);
    wait();
    expect(sent.length).toBe(starts + 1);
    expect(lab.getState().base.world.maxLength).toBe(4);
    expect(sheet().maxLength).toBe('4.0');
    sandbox.getState().edit({ ...sheet(), maxLength: 'four' }, 'other');
    wait();
    expect(sent.length).toBe(starts + 1);
    expect(lab.getState().base.world.maxLength).toBe(4);
    expect(sheet().maxLength).toBe('four');
    // A knob that is moved meanwhile leaves what is typed alone.
    lab.getState().commit(setParam(lab.getState().base, 'beta', 0.5));
    expect(sheet().maxLength).toBe('four');
    sandbox.getState().edit({ ...sheet(), maxLength: '2' }, 'other');
    sandbox.getState().edit({ ...sheet(), maxLength: '3' }, 'other');
    wait();
    expect(lab.getState().base).toMatchObject({ world: { maxLength: 3 }, algorithm: { beta: 0.5 } });
  });

  test('what is large begins only when it is asked for, and not at all when it is corrected first', () => {
    const { lab, sandbox, sent, sheet, wait } = setUp();
    const starts = sent.length;
    const { base } = lab.getState();
    sandbox.getState().edit({ ...sheet(), maxLength: '7' }, 'maxLength');
    wait();
    expect(workOf({ ...base, world: { ...base.world, maxLength: 8 } })).toBeGreaterThan(1e6);
    expect(sandbox.getState()).toMatchObject({ waits: true, refused: null });
    expect(lab.getState().base).toBe(base);
    expect(sheet().maxLength).toBe('7');
    sandbox.getState().edit({ ...sheet(), maxLength: '3' }, 'other');
    wait();
    expect(sandbox.getState().waits).toBe(false);
    expect(sent.slice(starts).every(({ type, ...command }) => type !== 'start' || !('experiment' in command) || command.experiment.world.maxLength === 3)).toBe(true);
    sandbox.getState().edit({ ...sheet(), maxLength: '7' }, 'third');
    wait();
    sandbox.getState().runIt();
    vi.advanceTimersByTime(100);
    expect(lab.getState().base.world.maxLength).toBe(7);
    expect(sandbox.getState().waits).toBe(false);
  });

  test('what is right is applied at once where that is asked for; what is wrong or waits is not, and it is said which', () => {
    const { lab, sandbox, sent, sheet, wait } = setUp();
    const starts = sent.length;
    expect(sandbox.getState().flush()).toBe('applied');
    expect(sent.length).toBe(starts);
    sandbox.getState().edit({ ...sheet(), maxLength: '4' }, 'maxLength');
    expect(lab.getState().base.world.maxLength).toBe(3);
    expect(sandbox.getState().flush()).toBe('applied');
    expect(lab.getState().base.world.maxLength).toBe(4);
    wait();
    expect(sent.length).toBe(starts + 1);
    sandbox.getState().edit({ ...sheet(), maxLength: 'four' }, 'other');
    expect(sandbox.getState().flush()).toBe('wrong');
    sandbox.getState().edit({ ...sheet(), maxLength: '8' }, 'other');
    expect(sandbox.getState().flush()).toBe('waits');
    expect(sandbox.getState().flush()).toBe('waits');
    expect(lab.getState().base.world.maxLength).toBe(4);
    expect(sent.length).toBe(starts + 1);
    // Another experiment over it: that one is shown, and nothing is left to apply.
    lab.getState().choosePreset('own-words');
    expect(sandbox.getState().flush()).toBe('applied');
  });

  test('a text over the limit of files is refused unread, and a long one is applied after a longer rest', () => {
    const { lab, sandbox } = setUp();
    expect(readText(' '.repeat(5_000_001)).problems.map(({ message }) => message)).toEqual(['The text must have at most 5,000,000 bytes (5 MB), got 5,000,001 or more; it is not read.']);
    expect(readText('é'.repeat(2_600_000)).problems[0].message).toContain('got 5,200,000; it is not read.');
    sandbox.getState().editText(printExperiment(THREE).replace('"maxLength": 3', `"maxLength": 4${' '.repeat(LONG_TEXT)}`));
    vi.advanceTimersByTime(LONG_REST - 100);
    expect(lab.getState().base.world.maxLength).toBe(3);
    vi.advanceTimersByTime(200);
    expect(lab.getState().base.world.maxLength).toBe(4);
  });

  test('undo and redo give the identical sheets; typing in one field is one step', () => {
    const { sandbox, sheet, wait, lab } = setUp();
    const seen = [sheet()];
    const edits: Sheet[] = [addWords(sheet(), ['now']), removeWord(sheet(), 3).sheet, addPrompt(sheet(), 'So?'), { ...sheet(), maxLength: 'many' }];
    for (const next of edits) { sandbox.getState().edit(next); seen.push(sheet()); wait(); }
    for (let i = seen.length - 2; i >= 0; i--) { sandbox.getState().undo(); expect(sheet()).toEqual(seen[i]); wait(); }
    expect(lab.getState().base).toEqual(THREE);
    expect(sandbox.getState().past).toEqual([]);
    for (let i = 1; i < seen.length; i++) { sandbox.getState().redo(); expect(sheet()).toEqual(seen[i]); }
    sandbox.getState().undo();
    for (const name of ['m', 'my', 'my t', 'my tea']) { sandbox.getState().edit({ ...sheet(), name }, 'name'); vi.advanceTimersByTime(200); }
    sandbox.getState().undo();
    expect(sheet()).toEqual(seen[3]);
  });

  test('a text is the whole experiment; undoing it brings the knobs back, and a knob that is moved is written into it', () => {
    const { lab, sandbox, wait } = setUp();
    sandbox.getState().editText('{');
    wait();
    expect(lab.getState().base).toEqual(THREE);
    sandbox.getState().editText(printExperiment(THREE).replace('"beta": 0.05', '"beta": 0.3').replace('"maxLength": 3', '"maxLength": 4'));
    wait();
    expect(lab.getState().base).toMatchObject({ world: { maxLength: 4 }, algorithm: { beta: 0.3 } });
    expect(shownOf(sandbox.getState(), lab.getState().base)).toMatchObject({ text: sandbox.getState().written?.text, sheet: { maxLength: '4' } });
    lab.getState().commit(setParam(lab.getState().base, 'beta', 2));
    expect(shownOf(sandbox.getState(), lab.getState().base).text).toBeNull();
    while (sandbox.getState().past.length > 0) sandbox.getState().undo();
    wait();
    expect(lab.getState().base).toEqual(THREE);
  });

  test('beginning with something else, and opening another experiment over it, can be undone', () => {
    const { lab, sandbox, sheet, wait } = setUp();
    sandbox.getState().begin({ ...presetOrigin('the-the-the'), chapter: 10 });
    expect(sheet().words.map(({ word }) => word)).toEqual(['the', 'a', 'cat', 'mat', 'on']);
    sandbox.getState().edit({ ...sheet(), maxLength: 'x' });
    lab.getState().choosePreset('own-words');
    expect(sheet().words).toHaveLength(3);
    sandbox.getState().undo();
    expect(sheet().maxLength).toBe('x');
    expect(lab.getState().origin).toMatchObject({ id: 'the-the-the', chapter: 10 });
    sandbox.getState().undo();
    sandbox.getState().undo();
    wait();
    expect(lab.getState()).toMatchObject({ base: THREE, origin: { id: 'three-against-one' } });
  });

  test('a run that played goes on playing, one that stood or had ended does not begin', () => {
    const { run, lab, sandbox, sent, sheet, wait } = setUp();
    const plays = () => { const last = sent.at(-1); return last?.type === 'start' && last.play; };
    sandbox.getState().edit({ ...sheet(), maxLength: '2' });
    sandbox.getState().edit({ ...sheet(), maxLength: '4' });
    wait();
    expect(plays()).toBe(false);
    lab.getState().togglePlay();
    vi.advanceTimersByTime(200);
    sandbox.getState().edit({ ...sheet(), maxLength: '3' });
    expect(plays()).toBe(true);
    vi.advanceTimersByTime(120_000);
    expect(run.getState().state).toBe('done');
    sandbox.getState().edit({ ...sheet(), maxLength: '4' });
    expect(plays()).toBe(false);
  });
});
