/** What is kept of a preference data set that is too large for a toy world. */
import { MAX_RESPONSES } from '../experimentSizes.ts';
import { MAX_ROWS } from './read.ts';
import type { Wording } from './tokens.ts';

export interface Choices extends Wording {
  /** Most rows that are looked at: evenly spread ones, where the file has more. */
  rows: number;
  /** All prompts count as one. */
  merge: boolean;
  /** Most prompts kept: those with the most rows. */
  prompts: number;
  /** Most words of the vocabulary. */
  words: number;
  /** Which words: those that keep the most rows whole, or the most frequent ones. Only where a row is dropped for a word. */
  pick: 'rows' | 'frequent';
  /** T: most words of a response. */
  maxLength: number;
  /** What becomes of a longer one: as TRL's `truncation_mode`, or its row is dropped. */
  long: 'keep_start' | 'keep_end' | 'drop';
  /** What becomes of a word outside the vocabulary: its row is dropped, it is written as ‹other›, or it is left out. */
  outside: 'drop' | 'other' | 'leave';
  /** What both responses of a row begin with. */
  prefix: 'keep' | 'drop';
  /** Whose responses the reference has learned. */
  corpus: 'both' | 'chosen';
  /** pairs: a response's reward is the share of its comparisons that it won, −2 where it has none. */
  gold: 'none' | 'pairs';
}

/** Most words, words in a row and prompts that can be asked for. */
export const MOST = { words: 64, maxLength: 12, prompts: 64 } as const;

/** The one word for all that are outside the vocabulary. */
export const OTHER_WORD = '‹other›';

export const PLAIN: Choices = {
  split: 'words', fold: true, rows: MAX_ROWS, merge: false, prompts: 4, words: 12, pick: 'rows', maxLength: 3, long: 'keep_start',
  outside: 'drop', prefix: 'keep', corpus: 'both', gold: 'none',
};

/** Most words of a world of so many prompts and words in a row that has at most `limit` responses; 0 where even one word is too many. */
export function mostWords(prompts: number, maxLength: number, limit: number = MAX_RESPONSES): number {
  const size = (words: number) => {
    let each = 0;
    for (let d = 0; d <= maxLength; d++) each += words ** d;
    return prompts * each;
  };
  let words = 0;
  while (words < MOST.words && size(words + 1) <= limit) words++;
  return words;
}
