/** The responses of a preference data set as words, for a toy world: which texts are one word, and where they stand. */
import type { TrlRow } from './rows.ts';

/**
 * spaces: what stands between white space, as the lab writes its own responses;
 * words: letters and digits, punctuation left out; marks: the same, and every punctuation mark is a word of its own.
 */
export type Split = 'spaces' | 'words' | 'marks';

export interface Wording {
  split: Split;
  /** Upper and lower case are one. */
  fold: boolean;
}

/** All responses as indices of words: chosen of row i, then its rejected. */
export interface TokenTable {
  wording: Wording;
  /** Different words, by first occurrence. */
  words: readonly string[];
  /** Different prompts as they are in the file, by first occurrence, and that of every row. */
  prompts: readonly string[];
  promptOf: Int32Array;
  /** Word indices of all responses; response 2i (chosen) or 2i + 1 (rejected) stands at [start[k], start[k + 1]). */
  ids: Int32Array;
  start: Int32Array;
  weights: Float64Array;
}

/** Longest word of a toy world, in UTF-16 units: longer ones are never in the vocabulary. */
export const MAX_WORD = 64;
/** Rows between two places where splitting may stop. */
const SLICE = 200;

const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
/** What would turn the text around it, or cannot be seen: never part of a word. */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu;
const LONE = /\p{Surrogate}/gu;
const EMOJI = '\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\ufe0f|\\u200d\\p{Extended_Pictographic})*';
const WORD = "[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_\\u200c\\u200d]*(?:(?:['’-]|(?<=\\p{N})[.,](?=\\p{N}))[\\p{L}\\p{M}\\p{N}_]+)*";
const PATTERNS: Readonly<Record<Split, RegExp>> = {
  spaces: /\S+/gu,
  words: new RegExp(`${EMOJI}|${WORD}`, 'gu'),
  marks: new RegExp(`${EMOJI}|${WORD}|[\\p{P}\\p{S}]`, 'gu'),
};
/** Scripts that put no space between words. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** What any reader can see, and that stands as it is written: control characters become a space, half a character the sign for it. */
export function seen(text: string): string {
  return text.replace(CONTROL, ' ').replace(UNSEEN, '').replace(LONE, '\ufffd');
}

/** The words of one text. */
export function wordsOfText(text: string, { split, fold }: Wording): string[] {
  const clean = seen(text);
  const found = (fold ? clean.normalize('NFC').toLowerCase() : clean).match(PATTERNS[split]) ?? [];
  return split === 'spaces' ? found : found.flatMap((word) => (UNSPACED.test(word) ? pieces(word) : [word]));
}

const segmenter = typeof Intl === 'object' && 'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity: 'word' }) : null;

/** A run of a script without spaces, in words where the system knows them, else in characters. */
function pieces(run: string): string[] {
  return segmenter ? Array.from(segmenter.segment(run), ({ segment }) => segment) : [...run];
}

/** Splits all responses into words, in steps. Yields how far it is, 0..1. @param picked  rows, all where absent */
export function* tokenise(rows: readonly TrlRow[], wording: Wording, picked?: readonly number[]): Generator<number, TokenTable> {
  const count = picked?.length ?? rows.length;
  const words = new Map<string, number>();
  const prompts = new Map<string, number>();
  const promptOf = new Int32Array(count);
  const start = new Int32Array(2 * count + 1);
  const weights = new Float64Array(count);
  let ids = new Int32Array(1024);
  let length = 0;
  const add = (text: string) => {
    for (const word of wordsOfText(text, wording)) {
      if (length === ids.length) {
        const longer = new Int32Array(2 * length);
        longer.set(ids);
        ids = longer;
      }
      ids[length++] = indexIn(words, word);
    }
  };
  for (let i = 0; i < count; i++) {
    const row = rows[picked ? picked[i] : i];
    promptOf[i] = indexIn(prompts, row.prompt);
    weights[i] = row.weight;
    start[2 * i] = length;
    add(row.chosen);
    start[2 * i + 1] = length;
    add(row.rejected);
    if (i % SLICE === SLICE - 1) yield i / count;
  }
  start[2 * count] = length;
  return { wording, words: [...words.keys()], prompts: [...prompts.keys()], promptOf, ids: ids.slice(0, length), start, weights };
}

function indexIn(known: Map<string, number>, text: string): number {
  const index = known.get(text);
  if (index !== undefined) return index;
  known.set(text, known.size);
  return known.size - 1;
}

/** Whether a word may be one of an experiment's: no reserved name, not too long. */
export function mayBeWord(word: string): boolean {
  return word.length <= MAX_WORD && word !== 'prototype' && !(word in {});
}
