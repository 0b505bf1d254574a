/** The class in rows: what the table shows, how it is sorted, and the same as a file. Pure. */
import { msg } from '../../sim/msg.ts';
import { superscript } from '../format.ts';
import { csvOf } from '../takeaway/csv.ts';
import { backendName } from './backendName.ts';
import { sharedWords } from './claims.ts';
import { apartWords, verdictOf, verdictWords, withinOf } from './compare.ts';
import type { OpenReport } from './openReports.ts';
import { jobKey, type Job } from './jobs.ts';
import type { Replayed } from './replay.ts';

/** How a replay stands, from the best to the worst. */
export const REPLAY_STATES = ['none', 'waiting', 'running', 'same', 'close', 'failed', 'differs'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

export interface ReplaySummary {
  state: ReplayState;
  /** In a few words: "the same to the last digit". */
  words: string;
  /** In a sentence where something is wrong; else empty. */
  detail: string;
  /** The exponent of the power of ten within which all numbers are the same; −Infinity where they are the same to the last bit. */
  within: number;
  /** It was made on another backend than the report. */
  elsewhere?: true;
}

export interface ClassRow {
  id: string;
  student: string;
  file: string;
  /** ISO 8601. */
  createdAt: string;
  done: number;
  tasks: number;
  /** Predictions that were scored, and their mean score in [0, 1]; NaN without one. */
  scored: number;
  score: number;
  intact: boolean;
  replay: ReplaySummary;
}

export const SORT_COLUMNS = ['student', 'createdAt', 'done', 'score', 'intact', 'replay'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

/** Whether nothing of a text is seen: spaces, control and format characters. */
function isBlank(text: string): boolean {
  return /^[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]*$/u.test(text);
}

/** What a report is called where its student gave no name. */
export function studentName(report: { student: string }): string {
  return isBlank(report.student) ? msg`no name given` : report.student.trim();
}

export function rowOf(opened: OpenReport, replayed: Readonly<Record<string, Replayed>>, waiting: readonly Job[]): ClassRow {
  const { id, file, report, intact } = opened;
  const scores = report.predictions.flatMap(({ score }) => (score === null ? [] : [score]));
  return {
    id, student: studentName(report), file, createdAt: report.createdAt,
    done: report.tasks.filter(({ done }) => done).length, tasks: report.tasks.length,
    scored: scores.length, score: scores.length === 0 ? NaN : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    intact, replay: replayOf(opened, replayed, waiting),
  };
}

/** How the replay of a whole report stands, and whether its tasks can be what was asked. */
export function replayOf(opened: OpenReport, replayed: Readonly<Record<string, Replayed>>, waiting: readonly Job[]): ReplaySummary {
  const summary = replaysOf(opened, replayed, waiting);
  return { ...summary, detail: [sharedWords(opened.report.tasks), summary.detail].filter((words) => words !== '').join(' ') };
}

function replaysOf({ id, report }: OpenReport, replayed: Readonly<Record<string, Replayed>>, waiting: readonly Job[]): ReplaySummary {
  const tasks = report.tasks.flatMap(({ evidence, title }, task) => (evidence ? [{ evidence, title, outcome: replayed[jobKey({ report: id, task })] }] : []));
  const known = tasks.flatMap(({ outcome, evidence, title }): KnownTask[] => (outcome ? [{ title, summary: summaryOf(outcome, evidence.backend) }] : []));
  const worst = worstOf(known);
  const running = waiting[0]?.report === id;
  if (worst && !running && known.length === tasks.length) return whole(known, worst.summary);
  if (tasks.length === 0) return { state: 'none', words: msg`nothing to replay`, detail: '', within: -Infinity };
  return { state: running ? 'running' : 'waiting', words: unfinishedWords(known.length, tasks.length, running, waiting.some((job) => job.report === id)), detail: detailsOf(known), within: -Infinity };
}

function unfinishedWords(known: number, all: number, running: boolean, queued: boolean): string {
  if (running) return msg`running: ${known} of ${all}`;
  if (queued) return msg`waiting for its turn`;
  return known === 0 ? msg`not yet` : msg`${known} of ${all} replayed`;
}

interface KnownTask { title: string; summary: ReplaySummary }

function worstOf(known: readonly KnownTask[]): KnownTask | undefined {
  return known.toSorted((a, b) => rank(b.summary) - rank(a.summary) || b.summary.within - a.summary.within)[0];
}

function rank({ state }: ReplaySummary): number {
  return REPLAY_STATES.indexOf(state);
}

/** All tasks in one: the worst of them says what the report is. */
function whole(known: readonly KnownTask[], worst: ReplaySummary): ReplaySummary {
  const { state, within } = worst;
  if (state === 'same') return worst;
  if (state === 'close') {
    const words = msg`the same within 10${superscript(within)}`;
    return { ...worst, words: known.some(({ summary }) => summary.elsewhere) ? msg`${words} (another backend)` : words };
  }
  const alike = known.filter(({ summary }) => summary.state === state);
  const name = state === 'differs' ? msg`differs` : msg`could not be replayed`;
  return { state, words: known.length === 1 ? name : msg`${name} (${alike.length} of ${known.length} tasks)`, detail: detailsOf(known), within };
}

/** What is wrong, by task. */
function detailsOf(known: readonly KnownTask[]): string {
  return known.flatMap(({ title, summary: { detail } }) => (detail === '' ? [] : [`${title}: ${detail}`])).join(' ');
}

/** One replay in words. @param backend  that the report names */
export function summaryOf(outcome: Replayed, backend: string): ReplaySummary {
  if (outcome.kind === 'forged') return { state: 'differs', words: msg`differs: the link and the report do not belong together`, detail: outcome.sentence, within: Infinity };
  if (outcome.kind === 'failed') return { state: 'failed', words: msg`could not be replayed`, detail: outcome.sentence, within: Infinity };
  const { comparison, experiments, topApart } = outcome;
  const others = outcome.backend === backend ? null : { reported: backendName(backend), here: backendName(outcome.backend) };
  const state = verdictOf(comparison);
  if (state !== 'differs' && topApart !== null) return { state: 'differs', words: msg`differs: ${topApart}`, detail: `${topApart}.`, within: Infinity };
  return {
    state, words: verdictWords(comparison, experiments, others), within: withinOf(comparison),
    detail: state === 'differs' ? `${apartWords(comparison, experiments, others)}.` : '', ...(others ? { elsewhere: true as const } : {}),
  };
}

/** Sorted by a column; equal rows stay in the order in which they were opened. */
export function sortedRows(rows: readonly ClassRow[], column: SortColumn, descending: boolean): ClassRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compareBy(column, a, b));
}

function compareBy(column: SortColumn, a: ClassRow, b: ClassRow): number {
  switch (column) {
    case 'student': return a.student.localeCompare(b.student, undefined, { numeric: true });
    case 'createdAt': return Date.parse(a.createdAt) - Date.parse(b.createdAt);
    case 'done': return a.done - b.done;
    // Without a score is below every score.
    case 'score': return (Number.isNaN(a.score) ? -1 : a.score) - (Number.isNaN(b.score) ? -1 : b.score);
    case 'intact': return Number(a.intact) - Number(b.intact);
    case 'replay': return rank(a.replay) - rank(b.replay) || 0;
  }
}

/** The table as a file. */
export function classCsv(rows: readonly ClassRow[]): string {
  const head = [msg`student`, msg`file`, msg`saved (UTC)`, msg`tasks done`, msg`tasks`, msg`predictions scored`, msg`mean score (0 to 1)`, msg`hash`, msg`replay`, msg`replay, more`, msg`SHA-256 of the contents`];
  return csvOf(head, rows.map(({ id, student, file, createdAt, done, tasks, scored, score, intact, replay }) => [
    student, file, createdAt, done, tasks, scored, Number.isNaN(score) ? null : score, intact ? msg`intact` : msg`changed`, replay.words, replay.detail, id,
  ]));
}
