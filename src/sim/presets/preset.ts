import type { Experiment } from '../experiment.ts';
import { readExperiment, type ExperimentFile } from '../experimentSchema.ts';

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
