/** A file that the reader chose or dropped, whatever it is: an experiment, preferences in TRL's format, a report. */
import { MAX_TEXT_BYTES } from '../../sim/experimentSchema.ts';
import { signatureOf, type FileSignature } from '../../sim/fileSignature.ts';
import { msg } from '../../sim/msg.ts';
import { printable } from '../../sim/problem.ts';
import type { LabStore } from '../labStore.ts';
import { trlStore } from '../trl/trlStore.ts';

/** Largest file that is looked at, in bytes; experiments and reports are smaller (`MAX_TEXT_BYTES`). */
export const MAX_FILE_BYTES = 50_000_000;

/** What a file is, by what stands in it. */
export type FileKind =
  | { kind: 'experiment'; text: string }
  | { kind: 'report' }
  | { kind: 'preferences' }
  | { kind: 'unknown'; what: string };

const unknown = (what: string): FileKind => ({ kind: 'unknown', what });

const utf16 = () => msg`it is written in UTF-16; save it as UTF-8`;
const utf32 = () => msg`it is written in UTF-32; save it as UTF-8`;
/** Files that are no text in UTF-8, and what to do with them. */
const NO_TEXT: Readonly<Record<FileSignature, () => string>> = {
  'utf-32le': utf32, 'utf-32be': utf32, 'utf-16le': utf16, 'utf-16be': utf16,
  parquet: () => msg`it is a Parquet file; save its rows as JSONL and open that`,
  zip: () => msg`it is a ZIP file; open what is in it`,
  gzip: () => msg`it is compressed; unpack it and open what is in it`,
  pdf: () => msg`it is a PDF; a report is opened as the HTML file that was handed in`,
};

/** The text of a file's bytes, or why it is none. */
function textOf(bytes: Uint8Array): { text: string } | { what: string } {
  const signature = signatureOf(bytes);
  if (signature) return { what: NO_TEXT[signature]() };
  if (bytes.includes(0)) return { what: msg`it is no text` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { what: msg`it is not written in UTF-8` };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Columns that a row of preferences may have in TRL's formats. */
const isRow = (value: unknown): boolean => isObject(value) && ['chosen', 'rejected', 'completion'].some((key) => key in value);
/** Columns of rows that are none of preferences, which the reader of preferences says in its own sentences. */
const isOtherRow = (value: unknown): boolean => isObject(value) && ['prompt', 'messages'].some((key) => key in value);
const SECTIONS = ['world', 'reference', 'preferences', 'algorithm'];

function kindOfJson(value: unknown, text: string): FileKind {
  if (Array.isArray(value)) return value.some(isRow) ? { kind: 'preferences' } : unknown(msg`it is a JSON list, but not of preferences: no entry has “chosen”`);
  if (!isObject(value)) return unknown(msg`it is JSON, but neither an experiment nor a report nor preferences`);
  if (value.format === 'dpo-lab-report' || isObject(value.report)) return { kind: 'report' };
  if (SECTIONS.some((key) => key in value)) return { kind: 'experiment', text };
  // What the command line wrote: the experiment with its results.
  if (isObject(value.experiment)) return { kind: 'experiment', text: JSON.stringify(value.experiment) };
  if (isRow(value) || isOtherRow(value)) return { kind: 'preferences' };
  const [inside] = Object.entries(value).find(([, part]) => Array.isArray(part) && part.some(isRow)) ?? [];
  if (inside !== undefined) return unknown(msg`its rows are inside “${shown(inside)}”; save that list by itself, or one row a line, and open it`);
  return unknown(msg`it is JSON, but neither an experiment nor a report nor preferences`);
}

function parsed(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** What a file is: its content decides, not its name. */
export function fileKind(bytes: Uint8Array): FileKind {
  const read = textOf(bytes);
  if ('what' in read) return unknown(read.what);
  const text = read.text.replace(/^\uFEFF/u, '');
  const start = text.trimStart().charAt(0);
  if (start === '') return unknown(msg`it is empty`);
  if (start === '<') return /id="dpo-lab-report"/u.test(text) ? { kind: 'report' } : unknown(msg`it is a web page, but no report of the DPO Lab`);
  if (start !== '{' && start !== '[') return unknown(msg`it is a text, but not JSON: it must be an experiment, a report, or preferences as JSONL`);
  const whole = parsed(text);
  if (whole) return kindOfJson(whole.value, text);
  // Rows, one a line: the first that can be read decides, and the reader of preferences says what is wrong with others.
  const lines = text.split('\n', 50).filter((line) => line.trim() !== '');
  if (lines.length > 1 && lines.some((line) => isRow(parsed(line)?.value))) return { kind: 'preferences' };
  const first = parsed(lines[0])?.value;
  if (lines.length > 1 && isObject(first) && !('world' in first || 'version' in first)) return { kind: 'preferences' };
  // Broken JSON: the reader of experiments names the line and the column.
  return { kind: 'experiment', text };
}

/** A file's name as a sentence shows it. */
function shown(name: string): string {
  const line = printable(name);
  return line.length > 80 ? `${line.slice(0, 60)}…${line.slice(-12)}` : line;
}

const megabytes = (bytes: number): string => msg`${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** Files that were to be opened so far: what was asked for last is what is opened. */
let asked = 0;

/** Opens it, or says in a sentence why not; nothing changes then. */
export async function openAny(file: File, lab: LabStore): Promise<void> {
  const ticket = ++asked;
  const name = shown(file.name);
  const refuse = (why: string) => { lab.setState({ notices: [msg`“${name}” was not opened: ${why}. Nothing has changed.`] }); };
  if (file.size > MAX_FILE_BYTES) {
    refuse(msg`it has ${megabytes(file.size)}, and ${megabytes(MAX_FILE_BYTES)} is the most that is read`);
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    if (ticket !== asked) return;
    refuse(msg`it could not be read; a folder cannot be opened, and a file must still be where it was`);
    return;
  }
  if (ticket !== asked) return;
  const found = fileKind(bytes);
  switch (found.kind) {
    case 'unknown': refuse(found.what); break;
    case 'report':
      lab.setState({ notices: [msg`“${name}” is a student’s report. Reports are opened on a page of their own: under “Study”, “Reports of a class”.`] });
      break;
    case 'preferences':
      lab.getState().dismissNotices();
      trlStore.getState().open(name, bytes);
      break;
    case 'experiment':
      if (file.size > MAX_TEXT_BYTES) refuse(msg`it has ${megabytes(file.size)}, and an experiment has ${megabytes(MAX_TEXT_BYTES)} at most`);
      else openExperiment(name, found.text, lab);
  }
}

/** Opened in the sandbox, it stays there. */
function openExperiment(name: string, text: string, lab: LabStore): void {
  const { origin: { chapter }, openFile, openChapter } = lab.getState();
  openFile(name, text);
  if (chapter === 10 && lab.getState().notices.length === 0) openChapter(10);
}
