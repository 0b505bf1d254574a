/**
 * JSON text → value, with the line and column of the first fault.
 *
 * Engines word syntax errors differently and some give no position, so the position is found here.
 * Duplicate keys are faults too: JSON.parse keeps the last one silently.
 */
import { msg } from './msg.ts';


/** `line` counts from 1. */
export type JsonResult = { ok: true; value: unknown } | { ok: false; sentence: string; found: string; line: number };

interface Fault {
  index: number;
  what: string;
}

const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;

class FaultError extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.what);
    this.fault = fault;
  }
}

/**
 * Parses JSON text; the sentence of a refusal names line and column (both from 1).
 * @param start  where the text begins, if it is a part of a file
 */
export function parseJson(text: string, start = { line: 1, column: 1 }): JsonResult {
  const fault = findFault(text);
  if (fault !== null) return refusal(text, fault, start);
  return { ok: true, value: JSON.parse(text) };
}

function refusal(text: string, { index, what }: Fault, start: { line: number; column: number }): JsonResult {
  const before = text.slice(0, index);
  const newline = before.lastIndexOf('\n');
  const line = start.line + before.split('\n').length - 1;
  const column = newline < 0 ? start.column + index : index - newline;
  const character = text.codePointAt(index);
  const found = character === undefined ? msg`the end of the text` : JSON.stringify(String.fromCodePoint(character));
  return { ok: false, found, line, sentence: msg`line ${line}, column ${column}: expected ${what}, got ${found}` };
}

/** The first fault of a JSON text, null where there is none. */
function findFault(text: string): Fault | null {
  let at = 0;
  const fail = (what: string, index = at): never => { throw new FaultError({ index, what }); };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const hit = pattern.exec(text);
    if (hit === null) return null;
    at += hit[0].length;
    return hit[0];
  };
  const skip = (): void => { match(SPACE); };
  const string = (what: string): string => {
    const start = at;
    if (text[at] !== '"') fail(what);
    at += 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (!(code >= 0x20)) fail(msg`the closing quote of the string`);
      if (code === QUOTE) break;
      if (code !== BACKSLASH) at += 1;
      else if (match(ESCAPE) === null) fail(msg`a valid escape`);
    }
    at += 1;
    return text.slice(start, at);
  };

  const members = (depth: number): void => {
    const keys = new Set<unknown>();
    for (;;) {
      skip();
      const start = at;
      const key = string(msg`a key in double quotes`);
      const name: unknown = JSON.parse(key);
      if (keys.has(name)) fail(msg`each key of an object once (${key} is given twice)`, start);
      keys.add(name);
      skip();
      if (text[at] !== ':') fail(msg`":" after the key`);
      at += 1;
      value(depth + 1);
      skip();
      if (text[at] === '}') return;
      if (text[at] !== ',') fail('"," or "}"');
      at += 1;
    }
  };
  const items = (depth: number): void => {
    for (;;) {
      value(depth + 1);
      skip();
      if (text[at] === ']') return;
      if (text[at] !== ',') fail('"," or "]"');
      at += 1;
    }
  };
  const value = (depth: number): void => {
    if (depth > MAX_DEPTH) fail(msg`at most ${MAX_DEPTH} levels of nesting`);
    skip();
    const open = text[at];
    if (open === '{' || open === '[') {
      at += 1;
      skip();
      if (text[at] !== (open === '{' ? '}' : ']')) (open === '{' ? members : items)(depth);
      at += 1;
    } else if (open === '"') {
      string('a string');
    } else if (match(LITERAL) === null && match(NUMBER) === null) {
      fail('a value');
    }
  };

  try {
    value(0);
    skip();
    if (at < text.length) fail(msg`the end of the text`);
    return null;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
}
