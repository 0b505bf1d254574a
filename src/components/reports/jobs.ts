/** What is replayed: the tasks of reports that have evidence. Pure. */
import type { OpenReport } from './openReports.ts';

/** One task of a report that has evidence. */
export interface Job {
  report: string;
  /** Index into the report's tasks. */
  task: number;
}

export function jobKey({ report, task }: Job): string {
  return `${report} ${task}`;
}

/** The tasks of reports that can be replayed. */
export function jobsOf(opened: readonly OpenReport[]): Job[] {
  return opened.flatMap(({ id, report }) => report.tasks.flatMap(({ evidence }, task) => (evidence ? [{ report: id, task }] : [])));
}
