/** What a student has done, as a report. Pure. */
import type { PredictionRecord } from '../predict/records.ts';
import type { Entry } from './entries.ts';
import { LAB_VERSION } from './labVersion.ts';
import { judgedOf, type Walk } from './pathStore.ts';
import { REPORT_LIMITS, type Report, type ReportAnswer, type ReportPicture, type ReportTask } from './report.ts';
import { isPicture } from './reportSchema.ts';
import type { TaskId } from './taskIds.ts';
import { TASKS } from './tasks.ts';

export interface Made {
  /** ISO 8601. */
  createdAt: string;
  /** Of the page, without its query; empty where it is a file on the student's machine. */
  address: string;
}

/** Most characters of all pictures together: they stand in the page twice, and the file has to stay below REPORT_LIMITS.file. */
const PICTURES_IN_ALL = 1_000_000;

/** @param records  all predictions that are kept on this machine */
export function makeReport(walk: Walk, records: readonly PredictionRecord[], { createdAt, address }: Made): Report {
  const { student, startedAt, tasks } = walk;
  let room = PICTURES_IN_ALL;
  const fits = ({ svg }: ReportPicture) => { room -= svg.length; return room >= 0; };
  return {
    format: 'dpo-lab-report', version: 1, path: 'ood', lab: LAB_VERSION, address, student: student.trim(), createdAt,
    tasks: TASKS.map(({ id, title, asked, entries }): ReportTask => {
      const { at, found } = tasks[id];
      const seen = at === null ? null : found;
      return {
        id, title, asked, done: at !== null, at, answers: entries.flatMap((entry) => answerOf(walk, id, entry)),
        found: seen?.sentence ?? '', evidence: seen?.evidence ?? null, pictures: (seen?.pictures ?? []).filter(isPicture).filter(fits),
      };
    }),
    predictions: records.filter(({ committedAt }) => startedAt !== null && committedAt >= startedAt).slice(-REPORT_LIMITS.predictions),
  };
}

function answerOf({ tasks }: Walk, task: TaskId, entry: Entry): ReportAnswer[] {
  const answered = tasks[task].answers[entry.id];
  const judged = judgedOf(tasks, task, entry.id);
  if (!answered || !judged || answered.said.trim() === '') return [];
  const { id, label } = entry;
  const { said, before } = answered;
  switch (entry.kind) {
    case 'text': return [{ label, said, found: '', right: null, before }];
    case 'number': return [{ label, said: entry.unit === '' ? said : `${said.replace(/\s*%$/, '')} ${entry.unit}`, found: judged.sentence, right: judged.right, before }];
    case 'choice': return [{ label, said: entry.options.find((option) => option.id === said)?.text ?? id, found: judged.sentence, right: judged.right, before }];
  }
}

/** Where the lab is open, for links in a report that stands elsewhere. */
export function addressOfPage({ protocol, origin, pathname }: Pick<Location, 'protocol' | 'origin' | 'pathname'>): string {
  return protocol === 'https:' || protocol === 'http:' ? `${origin}${pathname}` : '';
}

/** "dpo-lab-report-ada-example": what a student typed as a name, in letters and digits of file names. */
export function fileNameOf(student: string): string {
  const name = student.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return name === '' ? 'dpo-lab-report' : `dpo-lab-report-${name}`;
}
