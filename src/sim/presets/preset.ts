import type { Experiment } from '../experiment.ts';
import { readExperiment, type ExperimentFile } from '../experimentSchema.ts';
import type { QuestionId } from '../question.ts';

/** The chapters that are built, in the order of the lecture. */
export const CHAPTER_IDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
export type ChapterId = (typeof CHAPTER_IDS)[number];

/** One experiment with what it shows; the claim is a test over its seeds (tests/presets*.test.ts). */
export interface Preset {
  /** Its name in links. */
  id: string;
  /** Where it is offered. */
  chapter: ChapterId;
  title: string;
  /** The question that is asked before Play, of the table (src/sim/questions.ts); it applies to the experiment. */
  ask: QuestionId;
  /** What to think about before pressing Play, in the preset's own words. */
  question: string;
  /** What to look for while it runs. */
  lookFor: string;
  experiment: Experiment;
  /** Ids of the methods that train side by side on the experiment (src/sim/methods.ts); absent where it trains alone. */
  methods?: readonly string[];
}

/**
 * The full experiment of a preset file.
 * @throws Error when the preset is not valid, which is a mistake in this program
 */
export function presetExperiment(file: ExperimentFile): Experiment {
  const read = readExperiment(file);
  if (!read.ok) throw new Error(`preset "${file.name}": ${read.problems[0].message}`);
  return read.experiment;
}

/** Eight seeds: enough to count failures. */
export const EIGHT_SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
