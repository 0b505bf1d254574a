/**
 * The report of a guided path: what a student predicted, did and wrote, with what the lab measured, as one plain value.
 * The student's page writes it, the teacher's page reads it and runs it again.
 */
import type { ExperimentFile } from '../../sim/experimentPrint.ts';
import type { MetricId } from '../../sim/metrics.ts';
import type { PredictionRecord } from '../predict/records.ts';
import type { PathId } from './paths.ts';

/** The state of the run at which a task was found done. */
export interface Evidence {
  /** Query string that leads to the same update of the same run on the same backend (`linkOf` with a step). */
  link: string;
  /** What ran, without what equals a default; where methods trained side by side, each of them. */
  experiments: readonly ExperimentFile[];
  seeds: readonly number[];
  backend: string;
  step: number;
  /** What the sentence over the charts said. */
  headline: string;
  /** Unrounded, one number per policy in the order of the population; only metrics that are finite in every policy. */
  metrics: Readonly<Partial<Record<MetricId, readonly number[]>>>;
  /** The most probable responses, mean over the policies in focus, descending. */
  top: readonly { response: string; probability: number }[];
}

/** Something that a student entered. */
export interface ReportAnswer {
  label: string;
  said: string;
  /** What the lab found of it, in a sentence; empty where nothing was checked: a text of one's own. */
  found: string;
  /** Right at last; null where nothing was checked. */
  right: boolean | null;
  /** How many other answers were given before this one. */
  before: number;
}

/** A picture of a panel as it was seen. */
export interface ReportPicture {
  title: string;
  /** A whole SVG document: shown as an image, never as a part of a page. */
  svg: string;
}

export interface ReportTask {
  id: string;
  title: string;
  /** What was asked, as it was shown. */
  asked: string;
  done: boolean;
  /** ISO 8601; null while it is not done. */
  at: string | null;
  /** What the student entered: a text of their own, a choice, a number as typed; empty where nothing was to be entered. */
  answers: readonly ReportAnswer[];
  /** What the check found, in a sentence; empty while it is not done. */
  found: string;
  evidence: Evidence | null;
  /** Pictures of what was seen, whole SVG documents. */
  pictures: readonly ReportPicture[];
}

export interface Report {
  format: 'dpo-lab-report';
  version: 1;
  path: PathId;
  /** The lab's version that wrote it. */
  lab: string;
  /** Where the lab was open, without a query; empty where that is a place on the student's own machine. */
  address: string;
  /** As the student typed it; may be empty. */
  student: string;
  /** ISO 8601. */
  createdAt: string;
  tasks: readonly ReportTask[];
  /** The predictions made on the way. */
  predictions: readonly PredictionRecord[];
}

/** What is accepted of a report, in characters and pieces; what is written keeps to it. */
export const REPORT_LIMITS = {
  /** Of the whole file, bytes. */
  file: 5_000_000, tasks: 20, text: 20_000, picture: 300_000, pictures: 6, answers: 20, policies: 4096, experiments: 32, responses: 50, predictions: 200,
} as const;
