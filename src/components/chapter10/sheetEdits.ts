/** Changes of a sheet, pure. What a word or a prompt stands in follows it: lines are renamed, renumbered, or go with it. */
import { readExperiment } from '../../sim/experimentSchema.ts';
import type { Problem } from '../../sim/problem.ts';
import type { CorpusLine, PairLine, RewardLine, Sheet, WordLine } from './sheet.ts';

/** Lines that went with a word or a prompt. */
export interface Taken { sentences: number; pairs: number; rewards: number }

export interface Removed { sheet: Sheet; taken: Taken }

type AnyLine = CorpusLine | RewardLine | PairLine;

const textsOf = (line: AnyLine): string[] => ('response' in line ? [line.response] : [line.chosen, line.rejected]);
const wordsOf = (text: string): string[] => text.split(' ');

/** The sheet with its lines changed, each list by the same rule. */
function withLines(sheet: Sheet, change: <L extends AnyLine>(lines: readonly L[]) => L[]): Sheet {
  const { reference, preferences, gold } = sheet;
  return {
    ...sheet,
    reference: { ...reference, corpus: change(reference.corpus) },
    preferences: { ...preferences, pairs: change(preferences.pairs) },
    gold: { ...gold, responses: change(gold.responses) },
  };
}

function takenBy(before: Sheet, after: Sheet): Taken {
  return {
    sentences: before.reference.corpus.length - after.reference.corpus.length,
    pairs: before.preferences.pairs.length - after.preferences.pairs.length,
    rewards: before.gold.responses.length - after.gold.responses.length,
  };
}

const NEW_WORD: Omit<WordLine, 'word'> = { weight: '1', perWord: '', containsWord: '' };

/** What is wrong with a list of words, in the words of the reader of experiment files; null where nothing is. */
export function wordsProblem(words: readonly string[]): Problem | null {
  const read = readExperiment({
    world: { words, maxLength: 1, prompts: ['?'] },
    reference: { kind: 'unigram', wordWeights: words.map(() => 1), stop: 0.5 },
    preferences: { pairs: [{ prompt: 0, chosen: '', rejected: words[0] ?? 'none' }] },
  });
  return read.ok ? null : read.problems.find(({ path }) => path.startsWith('world.words')) ?? null;
}

export function addWords(sheet: Sheet, added: readonly string[]): Sheet {
  return { ...sheet, words: [...sheet.words, ...added.map((word) => ({ word, ...NEW_WORD }))] };
}

/** Everywhere it is used. */
export function renameWord(sheet: Sheet, index: number, to: string): Sheet {
  const from = sheet.words[index]?.word;
  if (from === undefined || from === to) return sheet;
  const renamed = (text: string) => wordsOf(text).map((word) => (word === from ? to : word)).join(' ');
  const words = sheet.words.map((line, i) => (i === index ? { ...line, word: to } : line));
  return withLines({ ...sheet, words }, (lines) => lines.map((line) => ('response' in line
    ? { ...line, response: renamed(line.response) } : { ...line, chosen: renamed(line.chosen), rejected: renamed(line.rejected) })));
}

/** With every line that uses it. */
export function removeWord(sheet: Sheet, index: number): Removed {
  const word = sheet.words[index]?.word;
  const rest = withLines({ ...sheet, words: sheet.words.filter((_, i) => i !== index) }, (lines) => lines.filter((line) => !textsOf(line).some((text) => word !== undefined && wordsOf(text).includes(word))));
  return { sheet: rest, taken: takenBy(sheet, rest) };
}

/** With one sentence that the reference says to it, for it needs one: what it says to the prompt before. */
export function addPrompt(sheet: Sheet, text: string): Sheet {
  const prompt = sheet.prompts.length;
  const { corpus } = sheet.reference;
  const last = corpus.filter((line) => line.prompt === prompt - 1).map((line) => ({ ...line, prompt }));
  return { ...sheet, prompts: [...sheet.prompts, text], reference: { ...sheet.reference, corpus: [...corpus, ...last] } };
}

/** With every line of it; those of later prompts are renumbered. */
export function removePrompt(sheet: Sheet, index: number): Removed {
  const prompts = sheet.prompts.filter((_, i) => i !== index);
  const rest = withLines({ ...sheet, prompts }, (lines) => lines.filter(({ prompt }) => prompt !== index).map((line) => (line.prompt > index ? { ...line, prompt: line.prompt - 1 } : line)));
  return { sheet: rest, taken: takenBy(sheet, rest) };
}

/** Words of a response that the sheet does not have, each once. */
export function unknownWords(sheet: Sheet, text: string): string[] {
  const known = new Set(sheet.words.map(({ word }) => word));
  return [...new Set(text.split(/\s+/u).filter((word) => word !== '' && !known.has(word)))];
}

/** What a response may be completed to: its last word begun, or one word more. */
export function completions(sheet: Sheet, text: string): string[] {
  const begun = /[^ ]*$/u.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - begun.length);
  return sheet.words.map(({ word }) => word).filter((word) => word.startsWith(begun) && word !== begun).map((word) => `${before}${word}`);
}

export function replaced<T>(list: readonly T[], index: number, change: Partial<T>): T[] {
  return list.map((item, i) => (i === index ? { ...item, ...change } : item));
}

export function without<T>(list: readonly T[], index: number): T[] {
  return list.filter((_, i) => i !== index);
}
