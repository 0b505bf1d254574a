/**
 * Bytes → the rows of a preference data set in TRL's format, with a report of what could not be read.
 *
 * JSON Lines (one row on every line) or one JSON list of rows, in UTF-8. Reading goes in steps, so that whoever drives it
 * can stop between them, for another frame or for good.
 */
import { msg } from '../msg.ts';
import { parseJson } from '../jsonText.ts';
import { mustBe, type Problem } from '../problem.ts';
import { bytesProblem, MAX_ROW_BYTES, piecesOf, theFile, utf8Fault, type Piece } from './bytes.ts';
import { rowOf, type Broken, type Format, type TrlRow } from './rows.ts';

/** Most rows of a file. */
export const MAX_ROWS = 200_000;
/** Problems that are kept as sentences; the others are counted. */
const SAID = 5;
/** Columns beside TRL's that are named. */
const NAMED = 12;
/** Bytes between two places where reading may stop. */
const SLICE = 1 << 16;

export interface TrlFile {
  rows: TrlRow[];
  /** Rows in the file; those that are not in `rows` are counted in `broken`. */
  total: number;
  broken: ReadonlyMap<Broken, number>;
  /** One sentence each for the first of them. */
  problems: Problem[];
  /** That of the first row that could be read: every row has it. */
  format: Format;
  /** Other columns of these rows, which are not read, and how many more there are. */
  extra: readonly string[];
  moreExtra: number;
  /** Rows with an implicit prompt that TRL would end inside a word. */
  insideWord: number;
  /** A row has the lab's own column `weight`. */
  weighted: boolean;
}

export type ReadFile = { ok: true; file: TrlFile } | { ok: false; problems: Problem[] };

/** Reads a file in steps. Yields how far it is, 0..1. */
export function* readTrl(bytes: Uint8Array): Generator<number, ReadFile> {
  const refuse = (...problems: Problem[]): ReadFile => ({ ok: false, problems });
  const unfit = bytesProblem(bytes);
  if (unfit) return refuse(unfit);
  const counted = yield* countPieces(bytes);
  if (typeof counted !== 'number') return refuse(counted);
  if (counted === 0) return refuse(mustBe(msg`The number of rows`, msg`at least 1`, bytes.length === 0 ? msg`an empty file` : '0'));
  if (counted > MAX_ROWS) return refuse(mustBe(msg`The number of rows`, msg`at most ${MAX_ROWS.toLocaleString('en')}`, counted.toLocaleString('en')));
  const reading = createReading();
  let sliceEnd = SLICE;
  for (const piece of piecesOf(bytes)) {
    const wrong = reading.add(bytes, piece);
    if (wrong) return refuse(wrong);
    if (piece.end < sliceEnd) continue;
    yield piece.end / bytes.length;
    sliceEnd = piece.end + SLICE;
  }
  return reading.result(counted);
}

/** The number of rows, or what is wrong with the list of them. */
function* countPieces(bytes: Uint8Array): Generator<number, number | Problem> {
  const pieces = piecesOf(bytes);
  let counted = 0;
  for (let next = pieces.next(); ; next = pieces.next()) {
    if (next.done) return next.value ?? counted;
    counted++;
    if (counted % 10_000 === 0) yield 0;
  }
}

function createReading() {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const rows: TrlRow[] = [];
  const broken = new Map<Broken, number>();
  const problems: Problem[] = [];
  const extra = new Set<string>();
  let [insideWord, weighted, format]: [number, boolean, Format | null] = [0, false, null];

  function drop(reason: Broken, problem: Problem): null {
    broken.set(reason, (broken.get(reason) ?? 0) + 1);
    if (problems.length < SAID) problems.push(problem);
    return null;
  }
  /** One row; returns what forbids the file as a whole. */
  function add(bytes: Uint8Array, { start, end, line, column }: Piece): Problem | null {
    const at = msg`Line ${line}`;
    if (end - start > MAX_ROW_BYTES) return drop('long', mustBe(at, msg`a row of at most ${MAX_ROW_BYTES.toLocaleString('en')} bytes`, msg`${(end - start).toLocaleString('en')} bytes`));
    const text = decoded(decoder, bytes.subarray(start, end));
    if (text === null) {
      const fault = utf8Fault(bytes, start, end);
      return mustBe(theFile(), msg`text in UTF-8`, msg`the byte ${bytes[fault].toString(16).toUpperCase().padStart(2, '0')} at byte ${fault} (line ${line}), which no text in UTF-8 has there`);
    }
    const parsed = parseJson(text, { line, column });
    if (!parsed.ok) return drop('json', mustBe(at, msg`valid JSON`, msg`a fault in ${parsed.sentence}`));
    const read = rowOf(parsed.value, line);
    if (!read.ok) return drop(read.reason, read.problem);
    format ??= read.format;
    if (format.shape !== read.format.shape || format.prompt !== read.format.prompt) return drop('format', mustBe(at, formatWords(format), formatWords(read.format)));
    rows.push(read.row);
    for (const name of read.extra) extra.add(name);
    if (read.insideWord) insideWord++;
    weighted ||= read.weighted;
    return null;
  }
  function result(total: number): ReadFile {
    if (format === null) return { ok: false, problems: [mustBe(theFile(), msg`a preference data set in TRL’s format (JSON Lines with the columns chosen and rejected)`, msg`no such row among ${total.toLocaleString('en')}`), ...problems] };
    const names = [...extra];
    return { ok: true, file: { rows, total, broken, problems, format, extra: names.slice(0, NAMED), moreExtra: Math.max(0, names.length - NAMED), insideWord, weighted } };
  }
  return { add, result };
}

function decoded(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** "standard, explicit prompt". */
export function formatWords({ shape, prompt }: Format): string {
  const what = shape === 'standard' ? msg`standard (texts)` : msg`conversational (messages)`;
  if (prompt === 'mixed') return msg`${what}, with a prompt that is a text`;
  return prompt === 'explicit' ? msg`${what}, with an explicit prompt` : msg`${what}, with an implicit prompt`;
}
