/**
 * One row of a preference data set, as TRL has it: columns `prompt`, `chosen`, `rejected`, each a text (standard) or a
 * list of messages (conversational); without `prompt` it is what both responses begin with (implicit).
 *
 * Source: TRL, docs "Dataset formats and types"; trl/data_utils.py, `extract_prompt`, `maybe_extract_prompt`.
 */
import { msg } from '../msg.ts';
import { mustBe, type Problem } from '../problem.ts';
import { showValue } from '../experimentRanges.ts';
import { sharedMessages, sharedText, type Message } from './implicit.ts';

/** A row as the lab reads it: what was asked, and two answers to it. */
export interface TrlRow {
  line: number;
  prompt: string;
  chosen: string;
  rejected: string;
  /** The lab's own column `weight`; 1 without it. */
  weight: number;
}

export type Shape = 'standard' | 'conversational';
/** mixed: `prompt` is a text beside two conversations, which hold the prompt themselves. */
export type PromptColumn = 'explicit' | 'implicit' | 'mixed';
export interface Format {
  shape: Shape;
  prompt: PromptColumn;
}

/** Why a row cannot be read. */
export type Broken = 'json' | 'long' | 'object' | 'columns' | 'type' | 'format';

export type RowResult =
  | { ok: true; row: TrlRow; format: Format; extra: string[]; /** TRL's prompt would end inside a word. */ insideWord: boolean; weighted: boolean }
  | { ok: false; reason: Broken; problem: Problem };

const COLUMNS = ['prompt', 'chosen', 'rejected', 'weight'];

/** Types of data sets that TRL knows beside this one, by a column that gives them away. */
const OTHER_TYPES: readonly { column: string; name: () => string }[] = [
  { column: 'label', name: () => msg`unpaired preferences, as for KTO` },
  { column: 'labels', name: () => msg`stepwise supervision` },
  { column: 'completion', name: () => msg`prompts with one completion` },
  { column: 'messages', name: () => msg`language modelling` },
  { column: 'text', name: () => msg`language modelling` },
  { column: 'prompt', name: () => msg`prompts only` },
];

/** A row from a JSON value of the file. @param line  where it begins, for sentences */
export function rowOf(value: unknown, line: number): RowResult {
  const broken = (reason: Broken, path: string, expected: string, found: string): RowResult =>
    ({ ok: false, reason, problem: mustBe(path === '' ? msg`Line ${line}` : msg`Line ${line}: ${path}`, expected, found) });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('object', '', msg`an object with the columns chosen and rejected`, showValue(value));
  const columns = new Map<string, unknown>(Object.entries(value));
  // The `datasets` library fills a column that a row lacks with null.
  for (const [key, column] of columns) if (column === null) columns.delete(key);
  const missing = ['chosen', 'rejected'].find((name) => !columns.has(name));
  if (missing !== undefined) {
    const other = OTHER_TYPES.find(({ column }) => columns.has(column));
    const found = columns.size === 0 ? msg`no column` : msg`the columns ${[...columns.keys()].slice(0, 8).join(', ')}`;
    return broken('columns', missing, msg`given, beside ${missing === 'chosen' ? 'rejected' : 'chosen'}`, other && !columns.has('chosen') && !columns.has('rejected') ? msg`${found} (${other.name()})` : found);
  }
  const texts = new Map<string, string | Message[]>();
  for (const name of ['prompt', 'chosen', 'rejected']) {
    if (!columns.has(name)) continue;
    const read = contentOf(columns.get(name));
    if ('expected' in read) return broken('type', `${name}${read.at}`, read.expected, read.found);
    texts.set(name, read.value);
  }
  const [prompt, chosen, rejected] = ['prompt', 'chosen', 'rejected'].map((name) => texts.get(name));
  const weight = columns.get('weight');
  const weighted = typeof weight === 'number' && weight > 0 && weight <= 1e9;
  const rest = {
    ok: true as const, weighted, extra: [...columns.keys()].filter((name) => !COLUMNS.includes(name) || (name === 'weight' && !weighted)),
  };
  const row = (asked: string, better: string, worse: string): TrlRow => ({ line, prompt: asked, chosen: better, rejected: worse, weight: weighted ? weight : 1 });
  if (typeof chosen === 'string' && typeof rejected === 'string') {
    if (typeof prompt === 'object') return broken('type', 'prompt', msg`a text, as chosen and rejected are`, msg`a list of messages`);
    if (prompt !== undefined) return { ...rest, row: row(prompt, chosen, rejected), format: { shape: 'standard', prompt: 'explicit' }, insideWord: false };
    const shared = sharedText(chosen, rejected);
    return { ...rest, row: row(shared.prompt, chosen.slice(shared.prompt.length), rejected.slice(shared.prompt.length)), format: { shape: 'standard', prompt: 'implicit' }, insideWord: shared.insideWord };
  }
  if (typeof chosen !== 'object' || typeof rejected !== 'object') return broken('type', 'rejected', msg`of the same kind as chosen (a text or a list of messages)`, typeof rejected === 'object' ? msg`a list of messages` : msg`a text`);
  if (typeof prompt === 'object') return { ...rest, row: row(promptText(prompt), replyText(chosen), replyText(rejected)), format: { shape: 'conversational', prompt: 'explicit' }, insideWord: false };
  const shared = sharedMessages(chosen, rejected);
  const asked = shared > 0 || prompt === undefined ? promptText(chosen.slice(0, shared)) : prompt;
  return {
    ...rest, row: row(asked, replyText(chosen.slice(shared)), replyText(rejected.slice(shared))),
    format: { shape: 'conversational', prompt: prompt === undefined ? 'implicit' : 'mixed' }, insideWord: false,
  };
}

type Content = { value: string | Message[] } | { at: string; expected: string; found: string };

/** A column: a text, or messages with a role and a text each. */
function contentOf(value: unknown): Content {
  if (typeof value === 'string') return { value };
  const expected = msg`a text or a list of messages (each with role and content)`;
  if (!Array.isArray(value) || value.length === 0) return { at: '', expected, found: showValue(value) };
  const messages: Message[] = [];
  for (const [i, item] of value.entries()) {
    const at = `[${i}]`;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return { at, expected: msg`a message with role and content`, found: showValue(item) };
    const fields = new Map<string, unknown>(Object.entries(item));
    const role = fields.get('role');
    if (typeof role !== 'string') return { at: `${at}.role`, expected: msg`a text`, found: showValue(role) };
    const content = textOf(fields.get('content'));
    if (content === null) return { at: `${at}.content`, expected: msg`a text, or a list of parts of type "text"`, found: showValue(fields.get('content')) };
    messages.push({ role, content });
  }
  return { value: messages };
}

/** A message's text: as it is, or the parts of it put together; null where a part is no text. */
function textOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const parts = content.map((part: unknown) => {
    if (typeof part !== 'object' || part === null) return null;
    const fields = new Map<string, unknown>(Object.entries(part));
    const text = fields.get('text');
    return fields.get('type') === 'text' && typeof text === 'string' ? text : null;
  });
  return parts.includes(null) ? null : parts.join('');
}

/** The messages of a prompt as one text: a single one as it stands, several with their roles. */
function promptText(messages: readonly Message[]): string {
  return messages.length === 1 ? messages[0].content : messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

/** The messages of a response as one text, usually a single one. */
function replyText(messages: readonly Message[]): string {
  return messages.map(({ content }) => content).join('\n');
}
