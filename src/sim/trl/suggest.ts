/** The first choice for a file: a small world that keeps as many of its rows as it can. */
import { MOST, mostWords, PLAIN, type Choices } from './choices.ts';
import { responseCount } from '../experimentSizes.ts';
import { keepRows, spread } from './kept.ts';
import type { TrlRow } from './rows.ts';
import { tokenise, type TokenTable, type Wording } from './tokens.ts';
import { toyOf } from './toy.ts';

/** Responses of the worlds that are suggested: their reference is fitted in seconds. */
const RESPONSES = 4000;
/** Rows that are looked at: as many, evenly spread, where the file has more. */
const LOOKED_AT = 600;
/** Entries of the matrices that an update of the suggested worlds reads (contexts × tokens × pairs). */
const ENTRIES = 6_000_000;
/** Fewest words of the worlds that are suggested, where the file has them. */
const FEWEST_WORDS = 6;
/** Rows kept with plain words, of those that can be kept at all, from which on punctuation and case are left out. */
const GOOD_SHARE = 0.95;

/** Words in a row that are tried. */
const LENGTHS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

const AS_WRITTEN: Wording = { split: 'spaces', fold: false };
const WORDS: Wording = { split: 'words', fold: true };
const MARKS: Wording = { split: 'marks', fold: false };

/** How good a choice is: rows kept, then responses unchanged, then words that stand as they are. */
type Merit = readonly [kept: number, unchanged: number, written: number, plain: number];
interface Tried {
  choices: Choices;
  merit: Merit;
}

/** The choices, and the responses of all rows in the words that they ask for. */
export interface Suggestion {
  choices: Choices;
  table: TokenTable;
}

/** Finds the choices in steps. Yields how far it is, 0..1. */
export function* suggest(rows: readonly TrlRow[]): Generator<number, Suggestion> {
  const picked = spread(rows.length, LOOKED_AT);
  const tried: Tried[][] = [];
  for (const [i, wording] of [AS_WRITTEN, WORDS, MARKS].entries()) {
    const table = yield* tokenise(rows, wording, picked);
    tried.push(yield* tryAll(table, rows.length, i / 3));
    // Everything as it is written fits: nothing to choose.
    if (i === 0 && tried[0][0].merit[0] === picked.length && tried[0][0].merit[1] === 2 * picked.length) return yield* firstValid(rows, tried[0]);
  }
  const [asWritten, words, marks] = tried;
  const most = Math.max(...tried.map(([best]) => best.merit[0]));
  const best = [words, marks, asWritten].find(([first]) => first.merit[0] >= GOOD_SHARE * most) ?? words;
  return yield* firstValid(rows, best);
}

/** Worlds of every shape within the limit, the best first. */
function* tryAll(table: TokenTable, rowCount: number, from: number): Generator<number, Tried[]> {
  const tried: Tried[] = [];
  const shapes = shapesFor(table);
  const begins = sharesBeginnings(table);
  for (const [i, { merge, prompts, maxLength, words }] of shapes.entries()) {
    for (const outside of ['drop', 'other', 'leave'] as const) {
      for (const prefix of begins ? ['keep', 'drop'] as const : ['keep'] as const) {
        const choices: Choices = { ...PLAIN, ...table.wording, merge, prompts, maxLength, words, outside, prefix };
        const merit = meritOf(table, choices);
        // As large as the whole file makes it, if all of its pairs are different.
        if (entriesOf(choices, (merit[0] / table.promptOf.length) * rowCount) <= ENTRIES) tried.push({ choices, merit });
        yield from + (i / shapes.length) / 3;
      }
    }
  }
  return tried.sort((a, b) => compare(b.merit, a.merit));
}

interface WorldShape {
  merge: boolean;
  prompts: number;
  maxLength: number;
  words: number;
}

/** Numbers of prompts, words in a row, and words: as many as fit, and fewer. */
function shapesFor({ prompts, words, start }: TokenTable): WorldShape[] {
  const most = Math.min(prompts.length, MOST.prompts);
  const numbers = [...new Set([1, 2, 4, 8, 16, 32, most].filter((n) => n <= most))];
  const worlds = [...numbers.map((n) => ({ merge: false, prompts: n })), ...(prompts.length > 1 ? [{ merge: true, prompts: 1 }] : [])];
  const fewest = Math.min(FEWEST_WORDS, words.length);
  // Single words are a world only where nobody says more.
  const shortest = Array.from(start.subarray(1)).some((to, k) => to - start[k] > 1) ? 2 : 1;
  return worlds.flatMap((world) => LENGTHS.filter((maxLength) => maxLength >= shortest).flatMap((maxLength) => {
    const fit = mostWords(world.prompts, maxLength, RESPONSES);
    return [fit, ...[32, 16, 8].filter((n) => n < fit)].filter((n) => n >= fewest).map((n) => ({ ...world, maxLength, words: n }));
  }));
}

/** Whether the responses of a row begin with the same word somewhere. */
function sharesBeginnings({ ids, start, promptOf }: TokenTable): boolean {
  return Array.from(promptOf.keys()).some((row) => start[2 * row] < start[2 * row + 1] && start[2 * row + 1] < start[2 * row + 2] && ids[start[2 * row]] === ids[start[2 * row + 1]]);
}

/** Contexts × tokens × different pairs, from above. */
function entriesOf({ prompts, words, maxLength }: Choices, rows: number): number {
  const each = responseCount({ words: Array<string>(words).fill(''), maxLength, prompts: [''] });
  const pairs = Math.min(rows, prompts * each ** 2);
  const contexts = Math.min(prompts * (each - words ** maxLength), 2 * pairs * maxLength);
  return contexts * (words + 1) * pairs;
}

function meritOf(table: TokenTable, choices: Choices): Merit {
  const { rows } = keepRows(table, choices);
  const altered = rows.reduce((sum, { truncated, changed }) => sum + Math.min(2, truncated + changed), 0);
  const written = rows.reduce((sum, { chosen, rejected }) => sum + [...chosen, ...rejected].filter((word) => word >= 0).length, 0);
  // Of equal ones: prompts apart, beginnings kept, few words in a row.
  return [rows.length, 2 * rows.length - altered, written, -Number(choices.merge) - Number(choices.prefix === 'drop') - choices.maxLength / 100];
}

function compare(a: Merit, b: Merit): number {
  const differs = a.findIndex((value, i) => value !== b[i]);
  return differs < 0 ? 0 : a[differs] - b[differs];
}

/** The best of them that makes a valid world of the whole file. */
function* firstValid(rows: readonly TrlRow[], tried: readonly Tried[]): Generator<number, Suggestion> {
  const { split, fold } = tried[0].choices;
  const table = yield* tokenise(rows, { split, fold });
  for (const { choices } of tried) {
    const { experiment, problems } = toyOf(table, choices, 'trial');
    if (experiment && problems.length === 0) return { choices, table };
    yield 1;
  }
  return { choices: tried[0].choices, table };
}
