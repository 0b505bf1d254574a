/** Files that may be reports, read one after another: what each of them is, or a sentence. */
import { msg } from '../../sim/msg.ts';
import { REPORT_LIMITS, type Report } from '../student/report.ts';
import { readReport } from '../student/reportFile.ts';
import { hashOf } from '../student/reportHash.ts';

/** So many reports can be open, and so much of them, bytes. */
export const MOST_REPORTS = 200;
export const MOST_BYTES = 250_000_000;

export interface OpenReport {
  /** SHA-256 of what it says, in hexadecimal digits. */
  id: string;
  file: string;
  /** Bytes of the file. */
  size: number;
  report: Report;
  /** The hash in the file is that of what the file says. */
  intact: boolean;
}

/** A file that was not opened. */
export interface RefusedFile {
  file: string;
  problem: string;
}

/** What is needed of a `File`. */
export interface ReportFile {
  name: string;
  /** Bytes. */
  size: number;
  text(): Promise<string>;
}

/** The report in a file, or why there is none, in a sentence. @param opened  what is open already */
export async function openReport(file: ReportFile, opened: readonly OpenReport[]): Promise<OpenReport | RefusedFile> {
  const refused = (problem: string): RefusedFile => ({ file: file.name, problem });
  if (file.size > REPORT_LIMITS.file) return refused(msg`A report has at most ${megabytes(REPORT_LIMITS.file)} MB, this file has ${megabytes(file.size)} MB.`);
  if (opened.length >= MOST_REPORTS) return refused(msg`At most ${MOST_REPORTS} reports are open at once: forget the others first.`);
  if (opened.reduce((sum, { size }) => sum + size, file.size) > MOST_BYTES) return refused(msg`The open reports may have ${megabytes(MOST_BYTES)} MB together: forget the others first.`);
  let text: string;
  try {
    text = await file.text();
  } catch {
    return refused(msg`The browser could not read this file.`);
  }
  const read = readReport(text);
  if (!read.ok) return refused(read.problem);
  const id = hashOf(read.report);
  const twin = opened.find((other) => other.id === id);
  if (twin) return refused(msg`This is the report that is open already from ${shortName(twin.file)}.`);
  return { id, file: file.name, size: file.size, report: read.report, intact: read.hashMatches };
}

export function isRefused(found: OpenReport | RefusedFile): found is RefusedFile {
  return 'problem' in found;
}

/** The name of a file where there is little room. */
export function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 40)}…${name.slice(-15)}` : name;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 });
}
