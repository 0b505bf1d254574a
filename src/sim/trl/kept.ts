/** Which rows of a preference data set a toy world keeps, and as what: pure counting on word indices. */
import { OTHER_WORD, type Choices } from './choices.ts';
import { mayBeWord, type TokenTable } from './tokens.ts';
import { frequentWords, wordsForRows } from './vocabulary.ts';

/** Why a row that was read is not kept; a row counts once, by the first of these. */
export const DROPPED = ['spare', 'prompt', 'long', 'outside', 'same'] as const;
export type Dropped = (typeof DROPPED)[number];

/** Index of the one word for all others. */
export const OTHER_ID = -1;

export interface KeptRow {
  row: number;
  /** Index of the prompt in the table; 0 for all where they are merged. */
  prompt: number;
  chosen: number[];
  rejected: number[];
  /** Responses that were cut, and that have a word written as ‹other› or left out: 0 to 2. */
  truncated: number;
  changed: number;
}

export interface Kept {
  rows: KeptRow[];
  dropped: Record<Dropped, number>;
}

/** A response as it stands in the table, [from, to). */
interface Span {
  from: number;
  to: number;
}
interface Candidate {
  row: number;
  prompt: number;
  sides: [Span, Span];
}

/** The rows that the choices keep. Every row of the table is kept or counted in `dropped`. */
export function keepRows(table: TokenTable, choices: Choices): Kept {
  const dropped: Kept['dropped'] = { spare: 0, prompt: 0, long: 0, outside: 0, same: 0 };
  const looked = spread(table.promptOf.length, choices.rows);
  const asked = candidates(table, choices, looked);
  dropped.spare = table.promptOf.length - looked.length;
  dropped.prompt = looked.length - asked.length;
  // Words that are left out make a response shorter: it is cut after that. Otherwise it is cut first, as TRL does.
  const leaves = choices.outside === 'leave';
  const short = leaves || choices.long !== 'drop' ? asked : asked.filter(({ sides }) => sides.every((side) => length(side) <= choices.maxLength));
  dropped.long = asked.length - short.length;
  const words = vocabularyOf(table, choices, leaves ? short : short.map((row) => ({ ...row, sides: [cut(row.sides[0], choices), cut(row.sides[1], choices)] })));
  const rows: KeptRow[] = [];
  for (const { row, prompt, sides } of short) {
    const read = sides.map((side) => responseOf(table, side, words, choices));
    const [chosen, rejected] = read;
    const reason = read.some(({ long }) => long) ? 'long' : read.some(({ outside }) => outside) ? 'outside' : sameWords(chosen.ids, rejected.ids) ? 'same' : null;
    if (reason !== null) dropped[reason]++;
    else rows.push({ row, prompt, chosen: chosen.ids, rejected: rejected.ids, truncated: Number(chosen.truncated) + Number(rejected.truncated), changed: Number(chosen.changed) + Number(rejected.changed) });
  }
  return { rows, dropped };
}

const length = ({ from, to }: Span) => to - from;

function sameWords(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

/** Indices of at most `most` of `count` rows, evenly spread. */
export function spread(count: number, most: number): number[] {
  const n = Math.min(count, most);
  return Array.from({ length: n }, (_, i) => Math.floor((i * count) / n));
}

/** Rows of the prompts that are kept: those with the most rows, the first of equals. */
function candidates(table: TokenTable, { merge, prompts, prefix }: Choices, looked: readonly number[]): Candidate[] {
  const { promptOf, start, ids } = table;
  const counts = new Float64Array(table.prompts.length);
  for (const row of looked) counts[promptOf[row]]++;
  const ranked = Array.from(counts, (n, prompt) => ({ n, prompt })).sort((a, b) => b.n - a.n || a.prompt - b.prompt);
  const kept = new Set(ranked.slice(0, prompts).map(({ prompt }) => prompt));
  const rows: Candidate[] = [];
  for (const row of looked) {
    if (!merge && !kept.has(promptOf[row])) continue;
    const sides: [Span, Span] = [{ from: start[2 * row], to: start[2 * row + 1] }, { from: start[2 * row + 1], to: start[2 * row + 2] }];
    if (prefix === 'drop') {
      const [a, b] = sides;
      while (a.from < a.to && b.from < b.to && ids[a.from] === ids[b.from]) {
        a.from++;
        b.from++;
      }
    }
    rows.push({ row, prompt: merge ? 0 : promptOf[row], sides });
  }
  return rows;
}

function cut(span: Span, { long, maxLength }: Choices): Span {
  if (length(span) <= maxLength) return span;
  return long === 'keep_end' ? { from: span.to - maxLength, to: span.to } : { from: span.from, to: span.from + maxLength };
}

/** The words that stay as they are: 1 at their index. */
function vocabularyOf({ ids, words }: TokenTable, { words: limit, pick, outside }: Choices, rows: readonly Candidate[]): Uint8Array {
  // A word of the file that is written like the one for all others is one of the others.
  const allowed = (word: number) => mayBeWord(words[word]) && !(outside === 'other' && words[word] === OTHER_WORD);
  const flags = new Uint8Array(words.length);
  if (outside === 'drop' && pick === 'rows') {
    const needed = rows.map(({ sides }) => [...new Set(sides.flatMap(({ from, to }) => Array.from(ids.subarray(from, to))))]);
    for (const word of wordsForRows(needed.filter((row) => row.length <= limit && row.every(allowed)), limit)) flags[word] = 1;
    return flags;
  }
  const counts = new Float64Array(words.length);
  for (const { sides } of rows) for (const { from, to } of sides) for (let at = from; at < to; at++) counts[ids[at]]++;
  const occurring = Array.from(counts.keys()).filter((word) => counts[word] > 0);
  const fit = occurring.filter(allowed);
  // ‹other› is a word too, where there is something for it to stand for.
  const room = outside === 'other' && (fit.length > limit || fit.length < occurring.length) ? limit - 1 : limit;
  for (const word of frequentWords(fit, counts, room)) flags[word] = 1;
  return flags;
}

interface Read {
  ids: number[];
  long: boolean;
  outside: boolean;
  truncated: boolean;
  changed: boolean;
}

/** One response in the words that are kept. */
function responseOf({ ids }: TokenTable, side: Span, words: Uint8Array, choices: Choices): Read {
  const { outside, maxLength, long } = choices;
  if (outside === 'leave') {
    const left: number[] = [];
    for (let at = side.from; at < side.to; at++) if (words[ids[at]] === 1) left.push(ids[at]);
    const tooLong = left.length > maxLength;
    const kept = !tooLong ? left : long === 'keep_end' ? left.slice(-maxLength) : left.slice(0, maxLength);
    return { ids: kept, long: tooLong && long === 'drop', outside: false, truncated: tooLong, changed: left.length < length(side) };
  }
  const span = cut(side, choices);
  const kept = Array.from(ids.subarray(span.from, span.to));
  const missing = kept.some((word) => words[word] === 0);
  return {
    ids: missing && outside === 'other' ? kept.map((word) => (words[word] === 1 ? word : OTHER_ID)) : kept,
    long: false, outside: missing && outside === 'drop', truncated: length(span) < length(side), changed: missing,
  };
}
