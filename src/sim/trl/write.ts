/**
 * Preference pairs as JSON Lines for TRL.
 *
 * Source: TRL, docs "Dataset formats and types": preference (DPO), unpaired preference (KTO), prompt-only (online DPO),
 * each standard or conversational. In the standard format a response begins with the space that parts it from its prompt.
 */
import { sharedText } from './implicit.ts';
import type { Shape } from './rows.ts';

export interface WrittenPair {
  prompt: string;
  chosen: string;
  rejected: string;
  /** > 0; how often it counts. */
  weight: number;
}

export interface WrittenFormat {
  type: 'preference' | 'unpaired' | 'prompt-only';
  shape: Shape;
  /** Only the type "preference" has an implicit prompt. */
  prompt: 'explicit' | 'implicit';
}

export interface WrittenFile {
  text: string;
  rows: number;
  /** Weights that are not whole numbers, or make too many rows, stand in a column that TRL does not read. */
  weightColumn: boolean;
  /** Pairs whose responses begin alike, so that an implicit prompt is read as longer than it was. */
  longerPrompts: number;
}

/** Most rows that whole weights are written out to. */
export const MOST_REPEATED = 50_000;

/** The pairs as a file. */
export function writeTrl(pairs: readonly WrittenPair[], format: WrittenFormat): WrittenFile {
  const { type, shape, prompt } = format;
  if (type === 'prompt-only') {
    const prompts = [...new Set(pairs.map((pair) => pair.prompt))];
    return { text: lines(prompts.map((asked) => ({ prompt: shape === 'standard' ? asked : [user(asked)] }))), rows: prompts.length, weightColumn: false, longerPrompts: 0 };
  }
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0);
  const repeats = total <= MOST_REPEATED && pairs.every(({ weight }) => Number.isInteger(weight));
  const rows = pairs.flatMap((pair) => {
    const one = rowsOf(pair, format).map((row) => (repeats ? row : { ...row, weight: pair.weight }));
    return repeats ? Array.from({ length: pair.weight }, () => one).flat() : one;
  });
  const implicit = type === 'preference' && prompt === 'implicit' && shape === 'standard';
  return {
    text: lines(rows), rows: rows.length, weightColumn: !repeats,
    longerPrompts: implicit ? pairs.filter((pair) => sharedText(whole(pair.prompt, pair.chosen), whole(pair.prompt, pair.rejected)).prompt !== pair.prompt.trimEnd()).length : 0,
  };
}

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
/** A response after its prompt, parted by a space. */
const after = (response: string) => (response === '' ? '' : ` ${response}`);
/** Also where nothing follows, the space is there: it ends the prompt for a reader that looks for what two texts share. */
const whole = (prompt: string, response: string) => `${prompt} ${response}`;

function rowsOf({ prompt, chosen, rejected }: WrittenPair, format: WrittenFormat): object[] {
  const standard = format.shape === 'standard';
  if (format.type === 'unpaired') {
    return [[chosen, true], [rejected, false]].map(([completion, label]) => (standard
      ? { prompt, completion: after(String(completion)), label }
      : { prompt: [user(prompt)], completion: [assistant(String(completion))], label }));
  }
  if (format.prompt === 'explicit') {
    return [standard ? { prompt, chosen: after(chosen), rejected: after(rejected) } : { prompt: [user(prompt)], chosen: [assistant(chosen)], rejected: [assistant(rejected)] }];
  }
  return [standard
    ? { chosen: whole(prompt, chosen), rejected: whole(prompt, rejected) }
    : { chosen: [user(prompt), assistant(chosen)], rejected: [user(prompt), assistant(rejected)] }];
}
