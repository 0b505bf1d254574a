/** The bytes of a preference file: whether they are UTF-8 text, and where its rows stand. */
import { signatureOf, type FileSignature } from '../fileSignature.ts';
import { msg } from '../msg.ts';
import { mustBe, type Problem } from '../problem.ts';

/** Largest file, in bytes. */
export const MAX_BYTES = 50_000_000;
/** Longest row, in bytes of UTF-8. */
export const MAX_ROW_BYTES = 1_000_000;

const NEWLINE = 0x0a, QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN = 0x7b, CLOSE = 0x7d;

const isSpace = (byte: number) => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;

/** What a file is that begins with these bytes, and is no text in UTF-8. */
const NAMES: Readonly<Record<FileSignature, () => string>> = {
  'utf-32le': () => msg`UTF-32 (its mark FF FE 00 00 at byte 0)`,
  'utf-32be': () => msg`UTF-32 (its mark 00 00 FE FF at byte 0)`,
  'utf-16le': () => msg`UTF-16 (its mark FF FE at byte 0)`,
  'utf-16be': () => msg`UTF-16 (its mark FE FF at byte 0)`,
  parquet: () => msg`a Parquet file (save the data set as JSON Lines first)`,
  gzip: () => msg`a gzip archive (unpack it first)`,
  zip: () => msg`a zip archive (unpack it first)`,
  pdf: () => msg`a PDF`,
};

/** What the sentences call the whole. */
export const theFile = () => msg`The file`;

/** Why these bytes cannot be a preference file, before a row is read; null where they can. */
export function bytesProblem(bytes: Uint8Array): Problem | null {
  if (bytes.length > MAX_BYTES) return sizeProblem(bytes.length);
  const signature = signatureOf(bytes);
  if (signature) return mustBe(theFile(), msg`text in UTF-8`, NAMES[signature]());
  // JSON begins with two characters of ASCII: a zero byte beside one of them is a wider encoding without its mark.
  const zero = bytes.subarray(0, 2).indexOf(0);
  if (zero >= 0 && bytes.length > 1) return mustBe(theFile(), msg`text in UTF-8`, msg`a zero byte at byte ${zero}, as in UTF-16`);
  return null;
}

export function sizeProblem(size: number): Problem {
  return mustBe(msg`The size of the file`, msg`at most ${MAX_BYTES.toLocaleString('en')} bytes (50 MB)`, msg`${size.toLocaleString('en')} bytes`);
}

/** Where the byte order mark of UTF-8 ends; 0 without one. */
export function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** The first byte in [from, to) that no UTF-8 text has there; −1 where there is none. Source: Unicode 15, table 3-7. */
export function utf8Fault(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let at = from;
  while (at < to) {
    const lead = bytes[at];
    const more = lead < 0x80 ? 0 : lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
    if (more < 0) return at;
    for (let i = 1; i <= more; i++) {
      const low = i > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = i > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (at + i >= to || bytes[at + i] < low || bytes[at + i] > high) return at;
    }
    at += more + 1;
  }
  return -1;
}

/** A row as it stands in the file: bytes [start, end), and the line and column (in bytes, both from 1) where it begins. */
export interface Piece {
  start: number;
  end: number;
  line: number;
  column: number;
}

/** Whether the file is one JSON list of rows, instead of a row on every line. */
export function isList(bytes: Uint8Array): boolean {
  let at = afterMark(bytes);
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return bytes[at] === OPEN_LIST;
}

/**
 * The rows of a file, one after the other: its lines, blank ones left out, or the entries of its one list.
 * @returns what is wrong with the list as a whole; null where nothing is
 */
export function piecesOf(bytes: Uint8Array): Generator<Piece, Problem | null> {
  return isList(bytes) ? entriesOf(bytes) : linesOf(bytes);
}

function* linesOf(bytes: Uint8Array): Generator<Piece, null> {
  let line = 1;
  for (let at = afterMark(bytes); at < bytes.length; line++) {
    if (bytes[at] === NEWLINE) {
      at++;
      continue;
    }
    const newline = bytes.indexOf(NEWLINE, at);
    const next = newline < 0 ? bytes.length : newline;
    let [start, end] = [at, next];
    while (start < end && isSpace(bytes[start])) start++;
    while (end > start && isSpace(bytes[end - 1])) end--;
    if (end > start) yield { start, end, line, column: start - at + 1 };
    at = next + 1;
  }
  return null;
}

function* entriesOf(bytes: Uint8Array): Generator<Piece, Problem | null> {
  let [depth, rows, line, lineStart, inText] = [0, 0, 1, 0, false];
  let entry: Piece | null = null;
  for (let at = afterMark(bytes); at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === NEWLINE) {
      line++;
      lineStart = at + 1;
    }
    if (isSpace(byte) && !inText) continue;
    const separates = !inText && depth === 1 && (byte === COMMA || byte === CLOSE_LIST);
    if (separates) {
      // A list of no rows is one, a comma with no row before or after it is not.
      if (entry) yield entry;
      else if (byte === COMMA || rows > 0) return mustBe(theFile(), msg`a list with a row between every two commas`, msg`none before line ${line}, column ${at - lineStart + 1}`);
      rows++;
      entry = null;
    } else if (depth >= 1) {
      entry ??= { start: at, end: at, line, column: at - lineStart + 1 };
      entry.end = at + 1;
    }
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_LIST || byte === OPEN) depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE) depth--;
    if (depth === 0) return afterList(bytes, at + 1, line);
  }
  return mustBe(theFile(), msg`a list of rows that is closed by ]`, msg`the end of the file before that`);
}

/** Only white space may follow the list. */
function afterList(bytes: Uint8Array, from: number, line: number): Problem | null {
  for (let at = from, n = line; at < bytes.length; at++) {
    if (bytes[at] === NEWLINE) n++;
    if (!isSpace(bytes[at])) return mustBe(theFile(), msg`one list of rows, or a row on every line`, msg`more after the list, in line ${n}`);
  }
  return null;
}
